public import Signals

/// Whether a detector's reports can be relied on.
public enum DetectorHealth: Sendable, Hashable {
  /// Why a detector is of no use.
  public enum Cause: String, Sendable {
    /// It has been silent for too long.
    case silent
    /// Its source's clock is wrong.
    case clock
    /// It calls its own figures wrong.
    case reported
  }

  /// It reports as it should.
  case ok
  /// Nothing has come for two of its intervals; its last word was at the time given.
  case stale(since: UTC)
  /// It is of no use, since the time given.
  case fault(since: UTC, cause: Cause)
}

/// Why the figures of a source are refused, and since when.
struct SourceState {
  let name: String
  var lastHeard: UTC
  var faultSince: UTC?
  var lastFault: UTC?
  var sequences = SequenceTrack()

  /// Whether it is still too early to trust its clock again. A clock of ours that was set back since
  /// ends the quarantine, whose end would otherwise be far away.
  func isQuarantined(at now: UTC) -> Bool {
    guard let lastFault else { return false }
    return now >= lastFault && now.seconds(since: lastFault) < CountLedger.quarantine
  }
}
