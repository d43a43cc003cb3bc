public import Signals

/// What came of a `SplitProblem`.
public enum SplitOutcome: Sendable, Equatable {
  /// The best greens, with their certificate.
  case solved(Split)
  /// No greens keep to the limits: which of them clash.
  case infeasible([SplitClash])
}

/// Greens for one cycle and how good they are.
public struct Split: Sendable, Hashable {
  /// The cycle.
  public let cycle: Tenths

  /// Greens in whole units of `resolution`, one for each stage; with the changes they add up to
  /// the cycle.
  public let greens: [Tenths]

  /// What the greens are multiples of: the problem's, or tenths if the limits are finer than that.
  public let resolution: Tenths

  /// Greens before rounding, s.
  public let idealGreens: [Double]

  /// Objective of `idealGreens`: with `delay`, vehicle seconds of delay per hour.
  public let objective: Double

  /// Certificate: no greens at this cycle have an objective below `objective - dualityGap`.
  public let dualityGap: Double

  /// What rounding added to the objective.
  public let roundingLoss: Double

  /// Newton steps over all cycles tried.
  public let iterations: Int

  /// Limits that bind, in the order of stages, the cycle last.
  public let shadowPrices: [ShadowPrice]

  /// What `greens` do to each lane group.
  public let performance: [SplitPerformance]

  /// `dualityGap` relative to the objective.
  public var relativeGap: Double { dualityGap / max(objective, .leastNormalMagnitude) }
}
