public import Signals

/// What became of a record.
public enum Verdict: Sendable, Hashable {
  /// Taken for control.
  case accepted
  /// Took the place of a record of the same key, having the higher running number (or belonging to
  /// the camera's newer start).
  case replaced
  /// A sign of life without figures.
  case heartbeat
  /// The same key and figures as a record before: nothing to do.
  case duplicate
  /// The same key and other figures, but no higher running number: the record before is kept.
  case conflict
  /// Too old for control; for history alone. `seconds` have passed since its end.
  case late(seconds: Double)
  /// Refused: it overlaps the record of this detector from `start` to `end`.
  case overlap(start: UTC, end: UTC)
  /// Refused: its end lies `seconds` ahead of now, so the source's clock is wrong and all that it
  /// says is refused until its clock is right again.
  case clockFault(seconds: Double)
  /// Refused: the source's clock was wrong less than `CountLedger.quarantine` seconds ago.
  case quarantined
  /// Refused: the site file names no such detector.
  case unknownDetector

  /// Whether the record belongs into history.
  public var isForHistory: Bool {
    switch self {
    case .accepted, .replaced, .heartbeat, .late: true
    case .duplicate, .conflict, .overlap, .clockFault, .quarantined, .unknownDetector: false
    }
  }
}

extension Verdict: CustomStringConvertible {
  /// For the person who must act.
  public var description: String {
    switch self {
    case .accepted: "accepted"
    case .replaced: "accepted in place of an earlier record of the same interval"
    case .heartbeat: "heartbeat"
    case .duplicate: "repeated, ignored"
    case .conflict:
      "other figures for an interval already reported, without a higher seq; the first are kept"
    case .late(let seconds): "\(seconds) s late, kept for history alone"
    case .overlap(let start, let end):
      "overlaps the record from \(TimeText.format(start)) to \(TimeText.format(end)); "
        + "intervals of one detector follow each other"
    case .clockFault(let seconds):
      "ends \(seconds) s in the future; set the camera's clock (NTP)"
    case .quarantined: "refused while its source's clock is not yet trusted again"
    case .unknownDetector: "names a detector that no site file has"
    }
  }
}

/// How many records met each verdict, and what was lost on the way.
public struct CountTally: Sendable, Hashable {
  /// Taken for control.
  public internal(set) var accepted = 0
  /// Taken in place of another.
  public internal(set) var replaced = 0
  /// Signs of life.
  public internal(set) var heartbeats = 0
  /// Repetitions.
  public internal(set) var duplicates = 0
  /// Other figures for a known interval, refused.
  public internal(set) var conflicts = 0
  /// Too old for control.
  public internal(set) var late = 0
  /// Overlaps, refused.
  public internal(set) var overlaps = 0
  /// From the future, refused.
  public internal(set) var clockFaults = 0
  /// Refused while their source was not trusted.
  public internal(set) var quarantined = 0
  /// Of detectors that no site file names.
  public internal(set) var unknownDetectors = 0
  /// Running numbers that never came.
  public internal(set) var lost = 0
  /// Starts of cameras beyond the first one heard.
  public internal(set) var restarts = 0
  /// Accepted records that were thrown away because nobody took them.
  public internal(set) var overflowed = 0

  /// Nothing yet.
  public init() {}

  mutating func note(_ verdict: Verdict) {
    switch verdict {
    case .accepted: accepted += 1
    case .replaced: replaced += 1
    case .heartbeat: heartbeats += 1
    case .duplicate: duplicates += 1
    case .conflict: conflicts += 1
    case .late: late += 1
    case .overlap: overlaps += 1
    case .clockFault: clockFaults += 1
    case .quarantined: quarantined += 1
    case .unknownDetector: unknownDetectors += 1
    }
  }
}
