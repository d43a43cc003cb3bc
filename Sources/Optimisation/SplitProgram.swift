import Signals

/// A number for each stage, in place, so that nothing is allocated while solving.
typealias StageVector = [16 of Double]

/// The convex program of one cycle length: minimise Σ curve(effective green) over greens between
/// bounds that add up to a total. What it owns is kept from cycle to cycle and problem to problem.
///
/// Method: projected Newton steps; the certificate is the lower bound that the tangent plane gives
/// over all feasible greens.
struct SplitProgram {
  /// Duality gap, relative to the objective, at which a cycle is solved.
  static let tolerance = 1e-8

  /// Number of stages.
  private(set) var stages = 0
  /// Bounds of the greens, s.
  private(set) var lower = StageVector(repeating: 0)
  private(set) var upper = StageVector(repeating: 0)
  /// Greens, s.
  var green = StageVector(repeating: 0)
  /// Slope of the objective by each green, and stages from the steepest to the flattest.
  private(set) var slope = StageVector(repeating: 0)
  private var order: [16 of Int] = .init(repeating: 0)
  var newton = SplitNewton()

  /// Lane groups in fours: the part of their effective greens that does not depend on the greens, s,
  /// and for each stage the share of their saturation flow at which they discharge.
  private var fixed: [Four] = []
  private var shares: [Four] = []
  private var delays: [DelayCurve] = []
  private var saturations: [SaturationCurve] = []
  private(set) var isDelay = true
  /// For each stage the stages, as bits, with which it has a lane group in common.
  private var common: [16 of UInt16] = .init(repeating: 0)
  /// Slopes and curvature of each lane group by its effective green.
  private var firsts: [Four] = []
  private var seconds: [Four] = []

  /// A program without a problem.
  init() {}

  /// Takes up another problem; a cycle is still to be taken up.
  mutating func take(_ problem: borrowing SplitProblem) {
    stages = problem.stages.count
    for stage in 0..<stages {
      lower[stage] = problem.stages[stage].shortestGreen.seconds
      upper[stage] = problem.stages[stage].longestGreen.seconds
      green[stage] = lower[stage]
      order[stage] = stage
    }
    isDelay = problem.objective == .delay
    fixed.removeAll(keepingCapacity: true)
    shares.removeAll(keepingCapacity: true)
    delays.removeAll(keepingCapacity: true)
    saturations.removeAll(keepingCapacity: true)
    common = .init(repeating: 0)
    reserve(blocks: (problem.demands.count + 3) / 4)
    for begin in stride(from: 0, to: problem.demands.count, by: 4) { takeFour(problem, begin) }
    var isSeparable = true
    for stage in 0..<stages where common[stage] & ~(1 << UInt16(stage)) != 0 { isSeparable = false }
    newton.take(stages: stages, isSeparable: isSeparable)
  }

  /// Room for `blocks` times four lane groups.
  private mutating func reserve(blocks: Int) {
    fixed.reserveCapacity(blocks)
    shares.reserveCapacity(blocks * stages)
    if isDelay { delays.reserveCapacity(blocks) } else { saturations.reserveCapacity(blocks) }
    guard firsts.count < blocks else { return }
    firsts = Array(repeating: Four(repeating: 0), count: blocks)
    seconds = firsts
  }

  /// Takes up four lane groups of the problem, from number `begin` on.
  private mutating func takeFour(_ problem: borrowing SplitProblem, _ begin: Int) {
    var demands = FourDemands()
    var constant = Four(repeating: 0)
    let base = shares.count
    for _ in 0..<stages { shares.append(Four(repeating: 0)) }
    for lane in 0..<min(4, problem.demands.count - begin) {
      let position = begin + lane
      demands.set(lane, problem.demands[position])
      constant[lane] = problem.fixedGreen(of: problem.demands[position])
      var served: UInt16 = 0
      for stage in 0..<stages {
        let share = problem.demands[position].service[stage]
        shares[base + stage][lane] = share
        if share != 0 { served |= 1 << UInt16(stage) }
      }
      guess(problem, position, served)
    }
    fixed.append(constant)
    if isDelay {
      delays.append(
        DelayCurve(demands, period: problem.period, randomness: problem.randomness))
    } else {
      saturations.append(SaturationCurve(demands))
    }
  }

  /// Notes which stages a lane group has in common, and raises their first greens to where it is just
  /// saturated (Webster).
  private mutating func guess(
    _ problem: borrowing SplitProblem, _ position: Int, _ served: UInt16
  ) {
    let ratio = problem.demands[position].flow / problem.demands[position].saturationFlow
    let need = ratio * problem.cycle.lowerBound.seconds / Double(max(1, served.nonzeroBitCount))
    for stage in 0..<stages where served >> UInt16(stage) & 1 == 1 {
      common[stage] |= served
      green[stage] = max(green[stage], min(upper[stage], need))
    }
  }

  /// Takes up another cycle length, s; `exponent` is that of the objective `saturation`.
  mutating func take(cycle: Double, exponent: Int = 64) {
    for position in delays.indices { delays[position].take(cycle: cycle) }
    for position in saturations.indices {
      saturations[position].take(cycle: cycle, exponent: exponent)
    }
  }

  /// Brings the sum of `green` to `total` within the bounds: what is missing is shared in proportion to
  /// the greens, what is too much in proportion to what they have above their shortest.
  mutating func start(total: Double) {
    var missing = total
    for stage in 0..<stages { missing -= green[stage] }
    // Bounds may stop some greens; what they leave over is shared among the room that is left.
    for round in 0..<2 where missing != 0 {
      var parts = StageVector(repeating: 0)
      var sum = 0.0
      for stage in 0..<stages {
        let room = missing > 0 ? upper[stage] - green[stage] : green[stage] - lower[stage]
        parts[stage] = round == 0 && missing > 0 && room > 0 ? green[stage] : room
        sum += parts[stage]
      }
      guard sum > 0 else { continue }
      let scale = missing / sum
      for stage in 0..<stages {
        let before = green[stage]
        green[stage] = min(upper[stage], max(lower[stage], before + scale * parts[stage]))
        missing -= green[stage] - before
      }
    }
  }

  /// Newton steps from `green` until the gap is below the tolerance, or until it is
  /// certain that no greens of this cycle come below `bound`.
  mutating func minimise(bound: Double = .infinity, limit: Int = 100) -> SplitCertificate {
    var value = differentiate()
    var gap = certify()
    var steps = 0
    while gap > Self.tolerance * abs(value), value - gap < bound, steps < limit {
      bend()
      guard newton.direct(green, slope, lower, upper), advance(from: &value) else { break }
      gap = certify()
      steps += 1
    }
    return SplitCertificate(objective: value, gap: gap, iterations: steps)
  }

  /// Goes along the Newton step as far as descent allows; answers whether that was any way. Slopes
  /// are then those of the new greens.
  private mutating func advance(from value: inout Double) -> Bool {
    let before = green
    var rate = 0.0
    for stage in 0..<stages { rate += slope[stage] * newton.step[stage] }
    var length = 1.0
    for _ in 0..<30 {
      if length == 1 {
        green = newton.target
      } else {
        for stage in 0..<stages { green[stage] = before[stage] + length * newton.step[stage] }
      }
      let reached = differentiate()
      // Armijo's rule; the last term is what rounding of the sum may hide.
      if reached <= value + 1e-4 * length * rate + 1e-14 * abs(value) {
        value = reached
        return true
      }
      length /= 2
    }
    green = before
    value = differentiate()
    return false
  }

  /// How far at most the objective lies above the optimum: by convexity it lies nowhere below the
  /// tangent plane, whose least value over all feasible greens gives every second to the stage of
  /// the steepest slope that still has room.
  private mutating func certify() -> Double {
    sortBySlope()
    var spare = 0.0
    for stage in 0..<stages { spare += green[stage] - lower[stage] }
    var gap = 0.0
    for place in 0..<stages {
      let stage = order[place]
      let extra = min(spare, upper[stage] - lower[stage])
      spare -= extra
      gap += slope[stage] * (green[stage] - lower[stage] - extra)
    }
    return max(0, gap)
  }

  /// Insertion sort: at most 16 stages, nearly in order from the step before.
  private mutating func sortBySlope() {
    for next in 1..<max(1, stages) {
      let stage = order[next]
      var place = next
      while place > 0, slope[stage] < slope[order[place - 1]] {
        order[place] = order[place - 1]
        place -= 1
      }
      order[place] = stage
    }
  }

  /// Objective and slopes at `green`; `bend` makes the curvature there.
  mutating func differentiate() -> Double {
    isDelay ? differentiate(delays) : differentiate(saturations)
  }

  private mutating func differentiate(_ curves: [some SplitCurve]) -> Double {
    for block in 0..<fixed.count {
      let green = effectiveGreen(block)
      firsts[block] = green
      seconds[block] = curves[block].rootWithin(green)
    }
    var value = Four(repeating: 0)
    for block in 0..<fixed.count {
      let jet = curves[block].jet(firsts[block], root: seconds[block])
      value += jet.value
      firsts[block] = jet.first
      seconds[block] = jet.second
    }
    for stage in 0..<stages {
      var sum = Four(repeating: 0)
      for block in 0..<fixed.count { sum += shares[block &* stages &+ stage] * firsts[block] }
      slope[stage] = sum.sum()
    }
    return value.sum()
  }

  /// Effective greens of the problem's lane groups under `green`, s: of four, from number `position`
  /// on, which is a multiple of four.
  func effectiveGreens(fromDemand position: Int) -> Four { effectiveGreen(position / 4) }

  /// Effective greens of four lane groups under `green`, s.
  @inline(__always)
  private func effectiveGreen(_ block: Int) -> Four {
    var sum = fixed[block]
    for stage in 0..<stages { sum += shares[block &* stages &+ stage] * green[stage] }
    return sum
  }

  /// Whether every lane group runs in one stage only.
  var isSeparable: Bool { newton.isSeparable }

  /// Curvature where slopes were taken last: Σ second × share × share.
  mutating func bend() {
    for row in 0..<stages {
      for column in 0..<row {
        let isCommon = common[row] >> UInt16(column) & 1 == 1
        if isCommon || !newton.isSeparable {
          newton.bend(row, column, isCommon ? curvature(row, column) : 0)
        }
      }
      newton.bend(row, curvature(row, row))
    }
  }

  @inline(__always)
  private func curvature(_ row: Int, _ column: Int) -> Double {
    var sum = Four(repeating: 0)
    for block in 0..<fixed.count {
      let base = block &* stages
      sum += shares[base &+ row] * shares[base &+ column] * seconds[block]
    }
    return sum.sum()
  }

  /// The objective after an exchange of `extra` seconds.
  func objective(after exchange: Exchange, _ extra: Double) -> Double {
    isDelay
      ? objective(exchange, extra, delays) : objective(exchange, extra, saturations)
  }

  private func objective(
    _ exchange: Exchange, _ extra: Double, _ curves: [some SplitCurve]
  ) -> Double {
    var sum = Four(repeating: 0)
    for block in 0..<fixed.count {
      let base = block &* stages
      var more = shares[base &+ exchange.gainers.0] - shares[base &+ exchange.losers.0]
      if exchange.isDouble {
        more += shares[base &+ exchange.gainers.1] - shares[base &+ exchange.losers.1]
      }
      sum += curves[block].jet(effectiveGreen(block) + extra * more).value
    }
    return sum.sum()
  }
}

/// How good the greens of a `SplitProgram` are.
struct SplitCertificate {
  /// The objective reached.
  var objective = 0.0
  /// How far at most it lies above the optimum.
  var gap = 0.0
  /// Newton steps taken.
  var iterations = 0
}
