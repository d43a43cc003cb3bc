import Signals

/// Divides the cycle: the best greens at the best cycle of the range, rounded, with certificate.
///
/// - Parameter problem: Stages, demands and the range of cycles.
/// - Returns: The split, or the limits that clash.
public func solveSplit(_ problem: SplitProblem) -> SplitOutcome {
  let clashes = problem.clashes()
  guard clashes.isEmpty else { return .infeasible(clashes) }
  var search = CycleSearch(problem)
  return .solved(search.run())
}

extension SplitProblem {
  /// Every set of limits that cannot be kept; empty if the problem has a solution.
  func clashes() -> [SplitClash] {
    var found = stages.indices.filter { stages[$0].minimumGreen > stages[$0].maximumGreen }.map {
      SplitClash.stage(
        $0, minimumGreen: stages[$0].minimumGreen, maximumGreen: stages[$0].maximumGreen)
    }
    let need = stages.reduce(lost) { $0 + $1.minimumGreen }
    if need > cycle.upperBound {
      found.append(.minimumGreens(need: need, longestCycle: cycle.upperBound))
    }
    let reach = stages.reduce(lost) { $0 + $1.maximumGreen }
    if reach < cycle.lowerBound {
      found.append(.maximumGreens(reach: reach, shortestCycle: cycle.lowerBound))
    }
    for (position, demand) in demands.enumerated() {
      let isAsked = demand.flow > 0 || demand.initialQueue > 0
      if isAsked && demand.service.allSatisfy({ $0 == 0 }) {
        found.append(.neverServed(laneGroup: position))
      }
    }
    return found
  }
}

/// The search over the cycle: every 5 s of the range, then every second around the best.
///
/// The best objective of a cycle is not convex in the cycle (where a bound of a green begins to
/// bind it may bend down), so no bisection; neighbours on the grid start from each other's greens.
private struct CycleSearch {
  /// Step of the first pass, tenths.
  static let coarse = 50
  /// Step of the second pass, tenths.
  static let fine = 10

  let problem: SplitProblem
  let rounding: SplitRounding
  var program: SplitProgram
  var iterations = 0

  /// Tenths of green in a cycle that has been solved.
  struct Solved {
    let total: Int
    let greens: [Double]
    let certificate: SplitCertificate
  }

  init(_ problem: SplitProblem) {
    self.problem = problem
    rounding = SplitRounding(problem)
    program = SplitProgram(problem)
  }

  mutating func run() -> Split {
    let totals = range()
    var best = solve(totals.lowerBound)
    let coarse = max(Self.coarse, rounding.unit)
    for total in stride(from: totals.lowerBound + coarse, through: totals.upperBound, by: coarse) {
      keep(&best, total)
    }
    let middle = best.total
    let fine = max(Self.fine, rounding.unit)
    for total in stride(from: middle - coarse + fine, to: middle + coarse, by: fine)
    where totals.contains(total) && total != middle {
      keep(&best, total)
    }
    keep(&best, totals.upperBound)
    return finish(best)
  }

  /// Sums of greens, in tenths, that bounds and cycle range allow.
  private func range() -> ClosedRange<Int> {
    let lost = problem.lost.count
    let least = max(rounding.lower.reduce(0, +), problem.cycle.lowerBound.count - lost)
    let most = min(rounding.upper.reduce(0, +), problem.cycle.upperBound.count - lost)
    return ceiling(least, rounding.unit)...floor(most, rounding.unit)
  }

  private mutating func keep(_ best: inout Solved, _ total: Int) {
    guard total != best.total else { return }
    let other = solve(total)
    if other.certificate.objective < best.certificate.objective { best = other }
  }

  private mutating func solve(_ total: Int) -> Solved {
    let cycle = Double(total + problem.lost.count) / 10
    program.start(total: Double(total) / 10)
    var certificate = SplitCertificate(objective: 0, gap: 0, iterations: 0)
    // High powers have no curvature far from their optimum: approach them through low ones.
    let exponents = problem.objective == .saturation ? [4, 16, 64] : [0]
    for exponent in exponents {
      program.take(cycle: cycle, of: problem, exponent: exponent)
      certificate = program.minimise()
      iterations += certificate.iterations
    }
    return Solved(total: total, greens: program.green, certificate: certificate)
  }

  private mutating func finish(_ best: Solved) -> Split {
    // Solved once more, so that curves and slopes are those of the cycle chosen.
    program.green = best.greens
    let last = solve(best.total)
    let prices = shadowPrices(last)
    let greens = rounding.round(last.greens, total: last.total, cost: program.objective)
    let seconds = greens.map { Double($0) / 10 }
    let cycle = Tenths(last.total + problem.lost.count)
    return Split(
      cycle: cycle, greens: greens.map(Tenths.init), resolution: Tenths(rounding.unit),
      idealGreens: last.greens, objective: last.certificate.objective,
      dualityGap: last.certificate.gap,
      roundingLoss: program.objective(seconds) - last.certificate.objective,
      iterations: iterations, shadowPrices: prices,
      performance: problem.performance(greens: seconds, cycle: cycle.seconds))
  }

  /// The multipliers: what a second is worth between free greens, and how much more or less it is
  /// worth to each green at a bound.
  private func shadowPrices(_ solved: Solved) -> [ShadowPrice] {
    let stages = problem.stages.indices
    let level = program.level()
    var prices: [ShadowPrice] = []
    for stage in stages {
      let slope = program.slope[stage]
      if solved.greens[stage] <= program.lower[stage], slope > level {
        prices.append(ShadowPrice(limit: .minimumGreen(stage: stage), saving: slope - level))
      } else if solved.greens[stage] >= program.upper[stage], slope < level {
        prices.append(ShadowPrice(limit: .maximumGreen(stage: stage), saving: level - slope))
      }
    }
    prices.append(ShadowPrice(limit: .cycle, saving: -level))
    return prices
  }
}

extension SplitProgram {
  /// The multiplier of the sum: the mean slope of the greens between their bounds; without any, the
  /// middle between the steepest that could grow and the flattest that could shrink.
  func level() -> Double {
    var sum = 0.0
    var count = 0
    var growing = Double.infinity
    var shrinking = -Double.infinity
    for position in 0..<stages {
      let mayGrow = green[position] < upper[position]
      let mayShrink = green[position] > lower[position]
      if mayGrow { growing = min(growing, slope[position]) }
      if mayShrink { shrinking = max(shrinking, slope[position]) }
      if mayGrow && mayShrink {
        sum += slope[position]
        count += 1
      }
    }
    if count > 0 { return sum / Double(count) }
    if growing == .infinity { return shrinking }
    return shrinking == -.infinity ? growing : (growing + shrinking) / 2
  }
}

extension SplitProblem {
  /// What greens of `greens` seconds at a cycle of `cycle` seconds do to each lane group, by the
  /// HCM's own formulas.
  func performance(greens: [Double], cycle: Double) -> [SplitPerformance] {
    demands.map { demand in
      let served = zip(demand.service, greens).reduce(0) { $0 + $1.0 * $1.1 }
      let green = min(cycle, max(SplitCurve.floor, fixedGreen(of: demand) + served))
      let capacity = demand.saturationFlow * green / cycle
      let saturation = demand.flow / capacity
      let delay =
        ControlDelay.uniform(cycle: cycle, greenRatio: green / cycle, saturation: saturation)
        + ControlDelay.incremental(
          flow: demand.flow, capacity: capacity, period: period, randomness: randomness)
        + ControlDelay.initialQueue(
          demand.initialQueue, flow: demand.flow, capacity: capacity, period: period)
      return SplitPerformance(
        effectiveGreen: green, capacity: capacity, saturation: saturation, delay: delay,
        backOfQueue: ControlDelay.backOfQueue(
          flow: demand.flow, saturationFlow: demand.saturationFlow, effectiveGreen: green,
          cycle: cycle, queue: demand.initialQueue, period: period),
        levelOfService: LevelOfService(delay: delay, saturation: saturation))
    }
  }
}
