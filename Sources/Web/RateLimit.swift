import Signals

/// Lets each source send so many requests a second, and so many at once (token bucket).
struct RateLimit {
  /// Most sources that are remembered; beyond it the one that has been silent longest is forgotten.
  static let sourceLimit = 1024

  /// Requests a second.
  let rate: Double

  /// Requests at once.
  let burst: Double

  private struct Bucket {
    var left: Double
    var at: Instant
  }

  private var buckets: [String: Bucket] = [:]

  init(rate: Double, burst: Double) {
    precondition(rate > 0 && burst >= 1, "at least one request")
    self.rate = rate
    self.burst = burst
  }

  /// Takes one request of `source` at `now`; `nil` if it may pass, else the seconds to wait.
  mutating func take(_ source: String, at now: Instant) -> Double? {
    if buckets[source] == nil && buckets.count >= Self.sourceLimit { forgetOldest() }
    var bucket = buckets[source] ?? Bucket(left: burst, at: now)
    bucket.left = min(burst, bucket.left + max(0, now.seconds(since: bucket.at)) * rate)
    bucket.at = now
    defer { buckets[source] = bucket }
    guard bucket.left >= 1 else { return (1 - bucket.left) / rate }
    bucket.left -= 1
    return nil
  }

  private mutating func forgetOldest() {
    let oldest = buckets.min { ($0.value.at, $0.key) < ($1.value.at, $1.key) }
    if let oldest { buckets[oldest.key] = nil }
  }
}
