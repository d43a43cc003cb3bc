import Signals

/// How far a camera's clock seems to be behind ours.
///
/// What a camera sends cannot come before it has happened: the least of the times from the end of a record
/// to its arrival is the difference of the clocks and the shortest way. Waiting in queues adds to single
/// records, not to the least of many.
struct ClockSkew: Sendable, Equatable, Codable {
  /// Time of which the least is taken, s. Two such spans are kept, so that it is never of a moment alone.
  static let span = 60.0

  /// What the way and waiting for a tick take at most in the ordinary, s.
  static let tolerance = 5.0

  private var least: Double?
  private var leastBefore: Double?
  private var since: UTC?

  /// Nothing has been heard yet.
  init() {}

  /// Takes in that a record that ended at `end` came at `now`.
  mutating func note(end: UTC, at now: UTC) {
    let delay = now.seconds(since: end)
    guard let since, now >= since, now.seconds(since: since) < 2 * Self.span else {
      (least, leastBefore, self.since) = (delay, nil, now)
      return
    }
    if now.seconds(since: since) >= Self.span {
      (leastBefore, least, self.since) = (least, delay, now)
    } else {
      least = min(least ?? delay, delay)
    }
  }

  /// Seconds that the clock is behind; negative if it is ahead; `nil` before the first record.
  var seconds: Double? {
    guard let least else { return nil }
    return min(least, leastBefore ?? least)
  }

  /// What is to be added to the camera's times: nothing for the usual way of a record.
  var correction: Double {
    guard let seconds, seconds > Self.tolerance else { return 0 }
    return seconds
  }
}
