public import Signals

/// Fixed timing by Webster's method (1958): what adaptive timing is compared with.
public struct WebsterPlan: Sendable, Hashable {
  /// The cycle.
  public let cycle: Tenths

  /// Greens, one for each stage, in the problem's resolution.
  public let greens: [Tenths]

  /// Y: the sum of the critical flow ratios.
  public let criticalRatio: Double
}

/// Webster's cycle C = (1.5 L + 5) / (1 - Y) within the range, its green shared in proportion to
/// the stages' critical flow ratios within their bounds.
///
/// - Parameter problem: Stages, demands and the range of cycles; its objective is not looked at.
/// - Returns: The plan; `nil` if limits clash (`solveSplit` names them).
public func websterPlan(_ problem: SplitProblem) -> WebsterPlan? {
  guard problem.clashes().isEmpty else { return nil }
  let ratios = problem.criticalRatios()
  let critical = ratios.reduce(0, +)
  let lost = problem.lost.count
  // Above Y = 0.95 the formula is past its pole or near it: the longest cycle.
  let wanted =
    critical < 0.95
    ? (1.5 * problem.lost.seconds + 5) / (1 - critical) : problem.cycle.upperBound.seconds
  let rounding = SplitRounding(problem)
  let totals = rounding.totals(of: problem)
  let wantedTenths = Int(min(1e6, wanted * 10).rounded()) - lost
  let total = min(
    totals.upperBound, max(totals.lowerBound, ceiling(wantedTenths, rounding.unit)))
  let ideal = proportional(
    to: ratios, lower: problem.stages.map(\.shortestGreen.seconds),
    upper: problem.stages.map(\.longestGreen.seconds), total: Double(total) / 10)
  let greens = rounding.apportion(ideal, total: total)
  return WebsterPlan(
    cycle: Tenths(total + lost), greens: problem.stages.indices.map { Tenths(greens[$0]) },
    criticalRatio: critical)
}

extension SplitProblem {
  /// The flow ratio y = q / s that each stage must make room for: of the lane groups it alone
  /// serves the greatest, then of those with several stages what these do not yet offer together.
  func criticalRatios() -> [Double] {
    var ratios = Array(repeating: 0.0, count: stages.count)
    let byChoice = stages.indices.flatMap { choice in
      demands.filter { $0.flow > 0 && served($0).count == choice + 1 }
    }
    for demand in byChoice {
      let open = served(demand)
      let need = demand.flow / demand.saturationFlow
      let offered = open.reduce(0) { $0 + demand.service[$1] * ratios[$1] }
      let shares = open.reduce(0) { $0 + demand.service[$1] }
      guard need > offered, shares > 0 else { continue }
      for stage in open { ratios[stage] += (need - offered) / shares }
    }
    return ratios
  }

  private func served(_ demand: SplitDemand) -> [Int] {
    stages.indices.filter { demand.service[$0] > 0 }
  }
}

/// Numbers in proportion to `weights` between bounds that add up to `total`, by bisection on the
/// common factor.
private func proportional(
  to weights: [Double], lower: [Double], upper: [Double], total: Double
) -> StageVector {
  // A trace of weight lets stages without demand take what no other has room for.
  let trace = weights.map { max($0, 1e-6) }
  func shares(_ factor: Double) -> [Double] {
    trace.indices.map { min(upper[$0], max(lower[$0], factor * trace[$0])) }
  }
  var low = 0.0
  var high = 1e12
  for _ in 0..<200 {
    let middle = (low + high) / 2
    if shares(middle).reduce(0, +) < total { low = middle } else { high = middle }
  }
  var found = StageVector(repeating: 0)
  for (stage, share) in shares(high).enumerated() { found[stage] = share }
  return found
}
