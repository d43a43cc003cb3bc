public import Signals

/// A limit of one stage's green.
public enum GreenLimit: String, Sendable, CaseIterable, Codable, CustomStringConvertible {
  /// Shortest green (最小绿).
  case minimumGreen
  /// Walk + clearance of the crossings that run in the stage.
  case pedestrian
  /// Longest green (最大绿).
  case maximumGreen
  /// Largest change from the running plan.
  case largestChange

  /// In words, as after "the".
  public var description: String {
    switch self {
    case .minimumGreen: "shortest green"
    case .pedestrian: "pedestrian time"
    case .maximumGreen: "longest green"
    case .largestChange: "largest change from the running plan"
    }
  }
}

/// One stage of the cycle to be divided, in the order in which stages run.
public struct SplitStage: Sendable, Hashable {
  /// Shortest green: the greatest of minimum green, pedestrian time and step limit.
  public let shortestGreen: Tenths

  /// Which of them it is.
  public let shortestLimit: GreenLimit

  /// Longest green: the least of maximum green and step limit.
  public let longestGreen: Tenths

  /// Which of them it is.
  public let longestLimit: GreenLimit

  /// Time from the end of its green to the start of the next stage's.
  public let change: Tenths

  /// A stage with its limits and the change after it.
  ///
  /// - Parameters:
  ///   - minimumGreen: Shortest green.
  ///   - pedestrian: Walk + clearance; zero without pedestrians.
  ///   - maximumGreen: Longest green.
  ///   - running: Its green in the running plan; `nil` if it is not in it.
  ///   - largestChange: Largest change from `running`; zero: no limit. A running green outside the
  ///     other limits may go to the nearest of them at once.
  ///   - change: Time to the next stage's green.
  public init(
    minimumGreen: Tenths, pedestrian: Tenths = .zero, maximumGreen: Tenths,
    running: Tenths? = nil, largestChange: Tenths = .zero, change: Tenths
  ) {
    // Where both are the same, the one that no setting of the cabinet can ease.
    let isWalked = pedestrian > .zero && pedestrian >= minimumGreen
    var shortest = (isWalked ? pedestrian : minimumGreen, GreenLimit.minimumGreen)
    if isWalked { shortest.1 = .pedestrian }
    var longest = (maximumGreen, GreenLimit.maximumGreen)
    if let running, largestChange > .zero, shortest.0 <= longest.0 {
      let least = min(longest.0, running - largestChange)
      let most = max(shortest.0, running + largestChange)
      if least > shortest.0 { shortest = (least, .largestChange) }
      if most < longest.0 { longest = (most, .largestChange) }
    }
    (shortestGreen, shortestLimit) = shortest
    (longestGreen, longestLimit) = longest
    self.change = change
  }
}
