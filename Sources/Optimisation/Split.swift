public import Signals

/// What came of a `SplitProblem`.
public enum SplitOutcome: Sendable, Equatable {
  /// The best greens, with their certificate.
  case solved(Split)
  /// No greens keep to the limits: which of them clash.
  case infeasible([SplitClash])
}

/// Limits that no plan can keep together.
public enum SplitClash: Sendable, Hashable {
  /// A stage whose shortest green exceeds its longest.
  case stage(Int, minimumGreen: Tenths, maximumGreen: Tenths)
  /// The shortest greens and the changes need more than the longest cycle.
  case minimumGreens(need: Tenths, longestCycle: Tenths)
  /// The longest greens and the changes do not fill the shortest cycle.
  case maximumGreens(reach: Tenths, shortestCycle: Tenths)
  /// A lane group with demand that no stage serves.
  case neverServed(laneGroup: Int)
}

extension SplitClash: CustomStringConvertible {
  /// What clashes, and what would be right.
  public var description: String {
    switch self {
    case .stage(let stage, let minimum, let maximum):
      "stage number \(stage + 1): shortest green \(minimum) exceeds longest green \(maximum)"
    case .minimumGreens(let need, let longest):
      "shortest greens and changes need \(need), the longest cycle is \(longest)"
    case .maximumGreens(let reach, let shortest):
      "longest greens and changes reach \(reach), the shortest cycle is \(shortest)"
    case .neverServed(let laneGroup):
      "lane group number \(laneGroup + 1) has demand, but no stage serves it"
    }
  }
}

/// A limit that the best split would like to break.
public struct ShadowPrice: Sendable, Hashable {
  /// Which limit it is.
  public enum Limit: Sendable, Hashable {
    /// The shortest green of a stage.
    case minimumGreen(stage: Int)
    /// The longest green of a stage.
    case maximumGreen(stage: Int)
    /// The sum of greens that cycle and changes leave.
    case cycle
  }

  /// The limit.
  public let limit: Limit

  /// What one second more room would save: vehicle seconds of delay an hour per second of green
  /// with the objective `delay`. For `cycle`, of green at the same cycle.
  public let saving: Double
}

/// What a split does to one lane group.
public struct SplitPerformance: Sendable, Hashable {
  /// Effective green, s.
  public let effectiveGreen: Double

  /// Capacity, veh/h.
  public let capacity: Double

  /// Degree of saturation X (饱和度).
  public let saturation: Double

  /// Control delay d1 + d2 + d3 of the HCM, s/veh.
  public let delay: Double

  /// Average back of queue, vehicles.
  public let backOfQueue: Double

  /// Level of service.
  public let levelOfService: LevelOfService
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
