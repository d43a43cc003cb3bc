import Signals

/// The convex program of one cycle length: minimise Σ curve(effective green) over greens between
/// bounds that add up to `total`. All arrays are kept from cycle to cycle.
///
/// Method: projected Newton steps on the free greens; the certificate is the lower bound that the
/// tangent plane gives over all feasible greens.
struct SplitProgram {
  let stages: Int
  let demands: Int
  let lower: [Double]
  let upper: [Double]

  /// Greens, s.
  var green: [Double]
  /// Slope of the objective by each green.
  private(set) var slope: [Double]
  private var curves: [SplitCurve] = []
  private let service: [Double]
  private let fixed: [Double]
  private var hessian: [Double]
  private var factor: [Double]
  private var step: [Double]
  private var unit: [Double]
  private var free: [Int] = []
  private var order: [Int]
  private var trial: [Double]

  init(_ problem: SplitProblem) {
    stages = problem.stages.count
    demands = problem.demands.count
    lower = problem.stages.map(\.minimumGreen.seconds)
    upper = problem.stages.map(\.maximumGreen.seconds)
    green = lower
    service = problem.demands.flatMap(\.service)
    fixed = problem.demands.map(problem.fixedGreen)
    slope = Array(repeating: 0, count: stages)
    step = slope
    unit = slope
    trial = slope
    hessian = Array(repeating: 0, count: stages * stages)
    factor = hessian
    order = Array(0..<stages)
    free.reserveCapacity(stages)
    curves.reserveCapacity(demands)
  }

  /// Takes up another cycle length.
  mutating func take(cycle: Double, of problem: SplitProblem, exponent: Int = 0) {
    curves.removeAll(keepingCapacity: true)
    for demand in problem.demands {
      curves.append(SplitCurve(demand, cycle: cycle, problem: problem, exponent: exponent))
    }
  }

  /// Moves `green` to the nearest feasible point that keeps the proportions between bounds.
  mutating func start(total: Double) {
    var sum = 0.0
    for position in 0..<stages { sum += green[position] }
    // What is missing or too much is shared in proportion to the room each green has left.
    let excess = sum - total
    var room = 0.0
    for position in 0..<stages {
      room += excess > 0 ? green[position] - lower[position] : upper[position] - green[position]
    }
    guard room > 0 else { return }
    let share = min(1, abs(excess) / room)
    for position in 0..<stages {
      green[position] -=
        excess > 0
        ? share * (green[position] - lower[position])
        : -share * (upper[position] - green[position])
    }
  }

  /// Effective green of a lane group under `greens`, s.
  func effectiveGreen(_ demand: Int, _ greens: [Double]) -> Double {
    var sum = fixed[demand]
    for position in 0..<stages { sum += service[demand * stages + position] * greens[position] }
    return sum
  }

  /// The objective at `greens`.
  func objective(_ greens: [Double]) -> Double {
    var sum = 0.0
    for demand in 0..<demands { sum += curves[demand].value(effectiveGreen(demand, greens)) }
    return sum
  }

  /// Newton steps from `green` until the gap is below `tolerance` of the objective.
  mutating func minimise(tolerance: Double = 1e-9, limit: Int = 200) -> SplitCertificate {
    var value = differentiate()
    for iteration in 0..<limit {
      let gap = certify()
      if gap <= tolerance * abs(value) {
        return SplitCertificate(objective: value, gap: gap, iterations: iteration)
      }
      guard direct(), advance(from: &value) else {
        return SplitCertificate(objective: value, gap: gap, iterations: iteration)
      }
      value = differentiate()
    }
    return SplitCertificate(objective: value, gap: certify(), iterations: limit)
  }

  /// Objective, slopes and curvature at `green`.
  private mutating func differentiate() -> Double {
    var value = 0.0
    for position in 0..<stages { slope[position] = 0 }
    for position in 0..<(stages * stages) { hessian[position] = 0 }
    for demand in 0..<demands {
      let jet = curves[demand].jet(effectiveGreen(demand, green))
      value += jet.value
      let base = demand * stages
      for row in 0..<stages where service[base + row] != 0 {
        slope[row] += service[base + row] * jet.first
        let scaled = service[base + row] * jet.second
        for column in 0...row {
          hessian[row * stages + column] += scaled * service[base + column]
        }
      }
    }
    return value
  }

  /// How far at most the objective lies above the optimum: by convexity it lies nowhere below the
  /// tangent plane, whose least value over all feasible greens gives every second to the stage of
  /// the steepest slope that still has room.
  private mutating func certify() -> Double {
    sortBySlope()
    var spare = 0.0
    for position in 0..<stages { spare += green[position] - lower[position] }
    var gap = 0.0
    for position in order {
      let best = lower[position] + min(spare, upper[position] - lower[position])
      spare -= best - lower[position]
      gap += slope[position] * (green[position] - best)
    }
    return max(0, gap)
  }

  /// Insertion sort: at most 16 stages, nearly in order from the step before.
  private mutating func sortBySlope() {
    for position in 1..<max(1, stages) {
      var place = position
      while place > 0, slope[order[place]] < slope[order[place - 1]] {
        order.swapAt(place, place - 1)
        place -= 1
      }
    }
  }

  /// Finds the Newton direction on the free greens: those between their bounds, and of the others
  /// the pair that gains most. Answers whether there is anything left to move.
  private mutating func direct() -> Bool {
    free.removeAll(keepingCapacity: true)
    let gainer = order.first { green[$0] < upper[$0] }
    let loser = order.last { green[$0] > lower[$0] }
    guard let gainer, let loser, slope[gainer] < slope[loser] else { return false }
    for position in 0..<stages {
      let isBetween = green[position] > lower[position] && green[position] < upper[position]
      if isBetween || position == gainer || position == loser { free.append(position) }
    }
    while free.count > 2 {
      guard solveNewton() else { break }
      // A green at its bound that wants to leave the box stays out of this step.
      let blocked = free.firstIndex { position in
        (green[position] <= lower[position] && step[position] < 0)
          || (green[position] >= upper[position] && step[position] > 0)
      }
      guard let blocked else { return descends() }
      free.remove(at: blocked)
    }
    free.removeAll(keepingCapacity: true)
    free.append(gainer)
    free.append(loser)
    return solvePair(gainer, loser)
  }

  private func descends() -> Bool {
    var rate = 0.0
    for position in free { rate += slope[position] * step[position] }
    return rate < 0
  }

  /// One green grows at the cost of one other.
  private mutating func solvePair(_ gainer: Int, _ loser: Int) -> Bool {
    let mixed = hessian[max(gainer, loser) * stages + min(gainer, loser)]
    let bend =
      hessian[gainer * stages + gainer] + hessian[loser * stages + loser] - 2 * mixed
    let drop = slope[loser] - slope[gainer]
    let room = min(upper[gainer] - green[gainer], green[loser] - lower[loser])
    let length = bend * room > drop ? drop / bend : room
    step[gainer] = length
    step[loser] = -length
    return length > 0
  }

  /// Solves H d = ν 1 - slope with Σ d = 0 on the free greens, by Cholesky's factorisation.
  private mutating func solveNewton() -> Bool {
    let count = free.count
    var largest = 0.0
    for position in free { largest = max(largest, hessian[position * stages + position]) }
    guard largest > 0 else { return false }
    // Stages that serve nobody, or only beyond saturation, have no curvature of their own.
    let ridge = largest * 1e-10
    for row in 0..<count {
      for column in 0...row {
        var sum = hessian[free[row] * stages + free[column]] + (row == column ? ridge : 0)
        for inner in 0..<column {
          sum -= factor[row * stages + inner] * factor[column * stages + inner]
        }
        if row == column {
          guard sum > 0 else { return false }
          factor[row * stages + row] = sum.squareRoot()
        } else {
          factor[row * stages + column] = sum / factor[column * stages + column]
        }
      }
    }
    for row in 0..<count {
      trial[row] = slope[free[row]]
      unit[row] = 1
    }
    Self.substitute(factor, stages, count, &trial)
    Self.substitute(factor, stages, count, &unit)
    var slopes = 0.0
    var units = 0.0
    for row in 0..<count {
      slopes += trial[row]
      units += unit[row]
    }
    let level = slopes / units
    for row in 0..<count { step[free[row]] = level * unit[row] - trial[row] }
    return true
  }

  /// Solves L Lᵀ x = x in place.
  private static func substitute(
    _ factor: [Double], _ stages: Int, _ count: Int, _ x: inout [Double]
  ) {
    for row in 0..<count {
      var sum = x[row]
      for column in 0..<row { sum -= factor[row * stages + column] * x[column] }
      x[row] = sum / factor[row * stages + row]
    }
    for row in (0..<count).reversed() {
      var sum = x[row]
      for column in (row + 1)..<max(row + 1, count) {
        sum -= factor[column * stages + row] * x[column]
      }
      x[row] = sum / factor[row * stages + row]
    }
  }

  /// Goes along `step` as far as bounds and descent allow; answers whether that was any way.
  private mutating func advance(from value: inout Double) -> Bool {
    var length = 1.0
    var stopper = -1
    var rate = 0.0
    for position in free {
      rate += slope[position] * step[position]
      let room =
        step[position] > 0 ? upper[position] - green[position] : lower[position] - green[position]
      if step[position] != 0, room / step[position] < length {
        length = room / step[position]
        stopper = position
      }
    }
    var isFull = true
    for _ in 0..<50 {
      for position in 0..<stages { trial[position] = green[position] }
      for position in free { trial[position] += length * step[position] }
      let reached = objective(trial)
      // Armijo's rule; the last term is what rounding of the sum may hide.
      if reached <= value + 1e-4 * length * rate + 1e-15 * abs(value) {
        settle(stopper: isFull ? stopper : -1)
        value = reached
        return true
      }
      length /= 2
      isFull = false
    }
    return false
  }

  /// Takes `trial` over, exactly on the bound that stopped the step.
  private mutating func settle(stopper: Int) {
    for position in free {
      green[position] = min(upper[position], max(lower[position], trial[position]))
    }
    if stopper >= 0 { green[stopper] = step[stopper] > 0 ? upper[stopper] : lower[stopper] }
  }
}

/// How good the greens of a `SplitProgram` are.
struct SplitCertificate {
  /// The objective reached.
  let objective: Double
  /// How far at most it lies above the optimum.
  let gap: Double
  /// Newton steps taken.
  let iterations: Int
}
