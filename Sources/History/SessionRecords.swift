public import Signals

/// A stretch of one junction's control whose decisions follow from its configuration, the state that it
/// begins with, and what comes: counts and readings.
public struct RecordedSession: Sendable, Hashable {
  /// Identifier of the junction.
  public let intersection: String

  /// When it began.
  public let at: Moment

  /// Epoch of the process.
  public let epoch: UInt32

  /// Running number of the junction's sessions in that epoch, from 1.
  public let number: Int

  /// The program that decided: its version.
  public let program: String

  /// The configuration as canonical text; kept once for all sessions that share it.
  public let configuration: String

  /// What the controller had gathered when it began, as canonical text; `nil` for nothing.
  public let state: String?

  /// Ticks of the junction in this epoch before it.
  public let ticks: Int64

  /// The rung of the ladder at the last tick before it; `nil` if there was none in this epoch.
  public let level: DegradeLevel?

  /// Why that rung.
  public let cause: String

  /// Session `number` of `intersection` in `epoch`.
  public init(
    intersection: String, at: Moment, epoch: UInt32, number: Int, program: String,
    configuration: String, state: String?, ticks: Int64, level: DegradeLevel?, cause: String
  ) {
    self.intersection = intersection
    self.at = at
    self.epoch = epoch
    self.number = number
    self.program = program
    self.configuration = configuration
    self.state = state
    self.ticks = ticks
    self.level = level
    self.cause = cause
  }

  /// Fingerprint of its texts: what was altered since is not taken for what was recorded.
  var digest: String { fingerprint([configuration, state ?? "", program, cause]) }
}

/// What a few consecutive decisions of one session were made on beside its own counts.
public struct RecordedReadings: Sendable, Hashable {
  /// Identifier of the junction.
  public let intersection: String

  /// Epoch of the process.
  public let epoch: UInt32

  /// Number of the session.
  public let session: Int

  /// When the last of its ticks was.
  public let at: UTC

  /// Number of its first tick, as in `RecordedDecision.tick`.
  public let firstTick: Int64

  /// How many ticks.
  public let ticks: Int

  /// The readings, in a form that the recorder and the replay agree on.
  public let body: [UInt8]

  /// `ticks` readings from `firstTick` on.
  public init(
    intersection: String, epoch: UInt32, session: Int, at: UTC, firstTick: Int64, ticks: Int,
    body: [UInt8]
  ) {
    self.intersection = intersection
    self.epoch = epoch
    self.session = session
    self.at = at
    self.firstTick = firstTick
    self.ticks = ticks
    self.body = body
  }
}

/// Which tick an accepted record was for, and as what it was taken.
public struct CountUse: Sendable, Hashable {
  /// What became of a record that the history keeps; the raw value is the database's.
  public enum Verdict: Int, Sendable, CaseIterable {
    /// Taken for control.
    case accepted = 0
    /// Took the place of another.
    case replaced = 1
    /// A sign of life without figures.
    case heartbeat = 2
    /// Too old for control.
    case late = 3
  }

  /// Epoch of the process.
  public let epoch: UInt32

  /// Number of the junction's session.
  public let session: Int

  /// The tick that could see it first, as in `RecordedDecision.tick`.
  public let tick: Int64

  /// What became of it.
  public let verdict: Verdict

  /// A record for `tick` of `session`.
  public init(epoch: UInt32, session: Int, tick: Int64, verdict: Verdict) {
    self.epoch = epoch
    self.session = session
    self.tick = tick
    self.verdict = verdict
  }
}

/// FNV-1a, 64 bits, over the bytes of `texts`, each ended by a zero: 16 hexadecimal digits. It tells
/// damage, not malice.
func fingerprint(_ texts: [String]) -> String {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for text in texts {
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = hash &* 0x100_0000_01b3
  }
  let digits = String(hash, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
