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

  /// How long a queue that loses green goes on into the yellow: the extension of effective green e
  /// (HCM 6 ch. 19).
  public let usedYellow: Tenths

  /// Longest red of a signal group at which somebody waits, or may unseen; `nil`: the junction's longest red.
  public let longestWait: Tenths?

  /// The usual e (HCM 6 ch. 19).
  public static let usualYellow = Tenths.seconds(2)

  /// Settings of one junction.
  public init(
    pace: Pace, sequence: Sequence, lease: Tenths, usedYellow: Tenths = usualYellow,
    longestWait: Tenths? = nil
  ) {
    self.pace = pace
    self.sequence = sequence
    self.lease = lease
    self.usedYellow = usedYellow
    self.longestWait = longestWait
  }

  /// Reads settings; those that were written before `usedYellow` was known have the usual one.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      pace: try fields.decode(Pace.self, forKey: .pace),
      sequence: try fields.decode(Sequence.self, forKey: .sequence),
      lease: try fields.decode(Tenths.self, forKey: .lease),
      usedYellow: try fields.decodeIfPresent(Tenths.self, forKey: .usedYellow)
        ?? Self.usualYellow,
      longestWait: try fields.decodeIfPresent(Tenths.self, forKey: .longestWait))
  }

  /// The same settings with another pace or order of stages, where told.
  public func with(pace: Pace? = nil, sequence: Sequence? = nil) -> ControlSettings {
    ControlSettings(
      pace: pace ?? self.pace, sequence: sequence ?? self.sequence, lease: lease,
      usedYellow: usedYellow, longestWait: longestWait)
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
