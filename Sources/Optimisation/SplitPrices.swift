/// A limit that the best split would like to break.
public struct ShadowPrice: Sendable, Hashable {
  /// Which limit it is.
  public enum Limit: Sendable, Hashable {
    /// A limit of a stage's green; stages by their position.
    case green(stage: Int, GreenLimit)
    /// The sum of greens that cycle and changes leave.
    case cycle
  }

  /// The limit.
  public let limit: Limit

  /// What one second more room would save: vehicle seconds of delay an hour per second of green
  /// with the objective `delay`. For `cycle`, of green at the same cycle.
  public let saving: Double
}

extension SplitProgram {
  /// The multipliers: what a second is worth between free greens, and how much more or less it is
  /// worth to each green at a bound. Greens and slopes are those of the optimum.
  func shadowPrices(of problem: borrowing SplitProblem) -> [ShadowPrice] {
    let level = level()
    var prices: [ShadowPrice] = []
    prices.reserveCapacity(stages + 1)
    for stage in 0..<stages {
      let price = slope[stage] - level
      if green[stage] <= lower[stage], price > 0 {
        let limit = problem.stages[stage].shortestLimit
        prices.append(ShadowPrice(limit: .green(stage: stage, limit), saving: price))
      } else if green[stage] >= upper[stage], price < 0 {
        let limit = problem.stages[stage].longestLimit
        prices.append(ShadowPrice(limit: .green(stage: stage, limit), saving: -price))
      }
    }
    prices.append(ShadowPrice(limit: .cycle, saving: -level))
    return prices
  }

  /// The multiplier of the sum: the mean slope of the greens between their bounds; without any, the
  /// middle between the steepest that could grow and the flattest that could shrink.
  private func level() -> Double {
    var sum = 0.0
    var count = 0
    var growing = Double.infinity
    var shrinking = -Double.infinity
    for stage in 0..<stages {
      let mayGrow = green[stage] < upper[stage]
      let mayShrink = green[stage] > lower[stage]
      if mayGrow { growing = min(growing, slope[stage]) }
      if mayShrink { shrinking = max(shrinking, slope[stage]) }
      if mayGrow && mayShrink {
        sum += slope[stage]
        count += 1
      }
    }
    if count > 0 { return sum / Double(count) }
    if growing == .infinity { return shrinking }
    return shrinking == -.infinity ? growing : (growing + shrinking) / 2
  }
}
