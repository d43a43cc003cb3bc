/// What a plan may break.
public enum Rule: String, Sendable, CaseIterable, Codable {
  /// A plan has 1 to 16 entries: the cabinet's table has no more, and none would be no plan.
  case entryCount = "entry count"
  /// Every entry names a stage of the junction.
  case knownStages = "known stages"
  /// Drivers who have begun to move must not be stopped at once.
  case minimumGreens = "minimum green"
  /// People who have stepped off must reach the other side.
  case pedestrianTimes = "pedestrian time"
  /// Drivers who wait longer take a signal for broken.
  case maximumGreens = "maximum green"
  /// Some changes would bring conflicting streams together or skip a clearance.
  case allowedChanges = "allowed change"
  /// The cabinet takes no other cycle.
  case cycleRange = "cycle range"
  /// A cycle that differs from its entries would fall out of step with the neighbours.
  case cycleSum = "cycle sum"
  /// A plan that takes over now goes on with the stage that runs.
  case runningStage = "running stage"
  /// A stage must be announced as ending before it ends.
  case notice = "notice"
  /// Drivers learn the timing; large jumps surprise them.
  case largestChange = "largest change"
  /// A cabinet needs time between plans.
  case planInterval = "plan interval"
  /// Nobody waits for ever.
  case longestRed = "longest red"
}

/// One rule that a plan breaks, and where.
public struct Violation: Hashable, Sendable {
  /// The rule.
  public let rule: Rule

  /// Name of the stage or signal group at fault, if there is one.
  public let place: String?

  /// The value found.
  public let value: String

  /// What would be right.
  public let limit: String
}

extension Violation: CustomStringConvertible {
  /// For the person who must act: "minimum green: stage B: 4 s, at least 6 s".
  public var description: String {
    "\(rule.rawValue): " + (place.map { "\($0): " } ?? "") + "\(value), \(limit)"
  }
}

/// Why a plan may not be sent.
public struct PlanRejected: Error, Hashable, Sendable, CustomStringConvertible {
  /// Every violation found, in the order of the rules.
  public let violations: [Violation]

  /// All violations in one line.
  public var description: String { violations.map(\.description).joined(separator: "; ") }
}
