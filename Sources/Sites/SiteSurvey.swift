/// What was measured of a junction on site and nothing drives by: the trade's rules need it.
public struct SiteSurvey: Sendable, Equatable {
  /// What is known of an arm.
  public struct Approach: Sendable, Equatable {
    /// Rise towards the stop line as a share; downhill is negative.
    public let grade: Double
    /// Way of through traffic from the stop line to the far edge of the last conflicting lane, m; `nil`
    /// if nobody has measured it.
    public let width: Double?
  }

  /// Each arm, in the order of the junction's.
  public let approaches: [Approach]

  /// Walking speed on each crossing, m/s, in the order of the junction's; `nil` for the usual one.
  public let walkingSpeeds: [Double?]

  /// What counts down at the junction.
  public let countdown: Countdown

  /// Where streams meet.
  public let conflictPoints: [ConflictPoint]

  /// What its engineer has decided to accept.
  public let acceptances: [Acceptance]
}

/// How countdown displays (倒计时显示器) know what is left of a green; the kinds of GA/T 508.
public enum Countdown: String, Sendable, CaseIterable {
  /// There are none.
  case none
  /// They learn from the cycles before (学习式).
  case follow
  /// A pulse at the start of a green's last seconds starts them (触发式).
  case trigger
  /// The cabinet tells them every second (通信式).
  case communication
}

/// The point where a stream that ends meets one that begins, and their ways to it.
public struct ConflictPoint: Sendable, Equatable {
  /// Position of the signal group whose traffic clears.
  public let clearing: Int

  /// Position of the signal group whose traffic enters.
  public let entering: Int

  /// From the stop line of the clearing stream to the point, m.
  public let clearingDistance: Double

  /// From the stop line of the entering stream to the point, m.
  public let enteringDistance: Double
}

/// A finding that the file accepts.
public struct Acceptance: Sendable, Equatable {
  /// Name of the rule.
  public let rule: String

  /// Name of the stage, arm or other element that it is accepted of; `nil`: of all.
  public let element: String?

  /// Why.
  public let reason: String
}
