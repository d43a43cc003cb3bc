public import Signals

/// What one camera has sent, what became of it, and how its clock stands.
public struct SourceReport: Sendable, Hashable {
  /// The camera; a detector that names none is a source of its own.
  public let name: String

  /// When it was last heard.
  public let lastHeard: UTC

  /// Seconds that its clock is behind ours, with the shortest way of a record; negative if it is ahead.
  public let behind: Double

  /// Since when its clock is wrong, so that all it says is refused; `nil` if it is believed.
  public let quarantinedSince: UTC?

  /// What became of its records.
  public let tally: CountTally
}

/// What is kept of a source: its running numbers and clock, and why its figures are refused.
struct SourceState {
  let name: String
  var lastHeard: UTC
  var faultSince: UTC?
  var lastFault: UTC?
  var sequences = SequenceTrack()
  var skew = ClockSkew()
  var tally = CountTally()

  /// Whether it is still too early to trust its clock again. A clock of ours that was set back since
  /// ends the quarantine, whose end would otherwise be far away.
  func isQuarantined(at now: UTC) -> Bool {
    guard let lastFault else { return false }
    return now >= lastFault && now.seconds(since: lastFault) < CountLedger.quarantine
  }

  func report(at now: UTC) -> SourceReport {
    SourceReport(
      name: name, lastHeard: lastHeard, behind: skew.seconds ?? 0,
      quarantinedSince: isQuarantined(at: now) ? faultSince : nil, tally: tally)
  }
}
