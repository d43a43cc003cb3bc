public import Signals

/// A count record as it was accepted.
public struct RecordedCount: Sendable, Hashable {
  /// Identifier of the junction.
  public let intersection: String

  /// Identifier of the detector.
  public let detector: String

  /// Start of the half-open interval it counts.
  public let start: UTC

  /// End of that interval.
  public let end: UTC

  /// When it was accepted: what it is found and ordered by, since a replay must see it then.
  public let received: UTC

  /// The record as one line of canonical JSON.
  public let line: String

  /// Which tick it was for; `nil` in records of schema 1 and 2.
  public let use: CountUse?

  /// The count of `detector` from `start` to `end`.
  public init(
    intersection: String, detector: String, start: UTC, end: UTC, received: UTC, line: String,
    use: CountUse? = nil
  ) {
    self.use = use
    self.intersection = intersection
    self.detector = detector
    self.start = start
    self.end = end
    self.received = received
    self.line = line
  }
}

/// What control decided in one tick, on what input and why.
public struct RecordedDecision: Sendable, Hashable {
  /// Identifier of the junction.
  public let intersection: String

  /// The moment of the tick.
  public let at: Moment

  /// Epoch of the process that decided; monotonic times compare only within one.
  public let epoch: UInt32

  /// Running number of the tick in that epoch.
  public let tick: Int64

  /// The rung of the degrade ladder.
  public let level: DegradeLevel

  /// Input, decision and reason as canonical text.
  public let body: String

  /// The decision of `tick`.
  public init(
    intersection: String, at: Moment, epoch: UInt32, tick: Int64, level: DegradeLevel, body: String
  ) {
    self.intersection = intersection
    self.at = at
    self.epoch = epoch
    self.tick = tick
    self.level = level
    self.body = body
  }
}

/// Trouble that lasts from one time to another.
public struct RecordedFault: Sendable, Hashable {
  /// Identifier of the junction; `nil` for the whole installation.
  public let intersection: String?

  /// What is wrong, such as "detector silent"; one word for one kind of fault.
  public let what: String

  /// Where, such as the detector's identifier; may be empty.
  public let place: String

  /// When it began.
  public let since: UTC

  /// When it ended; `nil` while it lasts.
  public let until: UTC?

  /// The fault `what` at `place`.
  public init(intersection: String?, what: String, place: String, since: UTC, until: UTC? = nil) {
    self.intersection = intersection
    self.what = what
    self.place = place
    self.since = since
    self.until = until
  }
}

/// What a person told greensplit to do.
public struct OperatorAct: Sendable, Hashable {
  /// The act after which plans of a junction, or of all that are not named otherwise at the same time, are
  /// recorded alone.
  public static let advisoryMode = "advisory mode"

  /// The act after which they go to the cabinet.
  public static let controlMode = "control mode"

  /// The act after which nothing is written to any cabinet.
  public static let writingStopped = "writing stopped"

  /// The act after which it is again; also told at the start.
  public static let writingAllowed = "writing allowed"

  /// Identifier of the junction; `nil` for the whole installation.
  public let intersection: String?

  /// When.
  public let at: Moment

  /// Who, as far as it is known.
  public let who: String

  /// What, such as "override".
  public let act: String

  /// With which arguments and why; may be empty.
  public let detail: String

  /// `who` told greensplit to do `act`.
  public init(intersection: String?, at: Moment, who: String, act: String, detail: String = "") {
    self.intersection = intersection
    self.at = at
    self.who = who
    self.act = act
    self.detail = detail
  }
}
