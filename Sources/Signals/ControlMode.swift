/// How often control decides, and so when its plans take over.
public enum Pace: String, Sendable, CaseIterable, Codable {
  /// The whole next cycle at once.
  case cycle
  /// The stage to come, before it starts.
  case stage
  /// Each second, whether the running stage goes on.
  case second

  /// When a plan made at this pace takes over.
  public var takeover: Takeover {
    switch self {
    case .cycle: .cycleStart
    case .stage: .stageBoundary
    case .second: .now
    }
  }
}

/// What control may do to the order of stages.
public enum Sequence: String, Sendable, CaseIterable, Codable {
  /// Every stage, in the order of the fixed plan.
  case fixed
  /// In that order, stages without demand may be left out.
  case skip
  /// Any allowed order.
  case free
}

/// How a junction is to be controlled.
public struct ControlSettings: Sendable, Equatable, Codable {
  /// How often control decides.
  public let pace: Pace

  /// What it may do to the order of stages.
  public let sequence: Sequence

  /// How long a plan runs without being renewed before the cabinet returns to its own.
  public let lease: Tenths

  /// Settings of one junction.
  public init(pace: Pace, sequence: Sequence, lease: Tenths) {
    self.pace = pace
    self.sequence = sequence
    self.lease = lease
  }
}

/// The rungs of the degrade ladder, best first. Each step is recorded with its cause.
public enum DegradeLevel: Int, Sendable, Comparable, CaseIterable, Codable {
  /// Adaptive, in step with the neighbours (协调自适应).
  case coordinated = 0
  /// Adaptive for itself alone (单点自适应).
  case isolated = 1
  /// Adaptive, with history in place of failed detectors.
  case onHistory = 2
  /// The time-of-day plan, sent by us (单点定时).
  case timeOfDay = 3
  /// Nothing is sent and the lease lapses: the cabinet's own plan (本地控制).
  case local = 4

  /// Whether `a` is the better state.
  public static func < (a: DegradeLevel, b: DegradeLevel) -> Bool { a.rawValue < b.rawValue }
}
