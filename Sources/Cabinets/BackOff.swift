public import Signals

/// When to try again after a lost link: 1 s, then twice as long each time. For the first minute
/// never more than 5 s, so that a short fault costs little; then never more than a minute, so that a
/// dead cabinet costs little. A fifth of jitter keeps cabinets from coming back in one instant.
public struct BackOff: Sendable {
  private let seed: UInt64
  private var attempts: UInt64 = 0
  /// Since when the link is lost; `nil` while it is up.
  public private(set) var since: Instant?
  /// When the next attempt is due.
  public private(set) var retry: Instant?

  /// The jitter follows from `name` alone, so that a run can be repeated.
  public init(name: String) {
    // FNV-1a, 64 bits.
    seed = name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// The link is lost at `now`; returns the seconds until the next attempt.
  public mutating func fail(at now: Instant) -> Double {
    let start = since ?? now
    since = start
    let longest = now.seconds(since: start) < 60 ? 4.0 : 50.0
    var random = SeededGenerator(seed: seed &+ attempts)
    let jitter = 0.8 + 0.4 * random.unit()
    let delay = min(Double(1 << min(attempts, 6)), longest) * jitter
    attempts += 1
    retry = now.advanced(bySeconds: delay)
    return delay
  }

  /// An answer came; returns for how many seconds the link was lost, `nil` if it was not.
  public mutating func succeed(at now: Instant) -> Double? {
    guard let since else { return nil }
    (self.since, retry, attempts) = (nil, nil, 0)
    return now.seconds(since: since)
  }
}
