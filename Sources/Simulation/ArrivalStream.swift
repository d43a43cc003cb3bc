import Glibc
import Signals

/// Poisson arrivals of a changing flow, drawn one after another whatever the model's step, so that
/// runs of different steps or signals meet the same traffic.
struct ArrivalStream: Sendable {
  private let profile: FlowProfile
  private let platoon: Int
  private let spacing: Double
  private var random: SeededGenerator
  /// How far the flow has been integrated, s.
  private var clock: Double
  private var followers = 0
  private var last = -Double.infinity

  /// The next arrival, seconds since local midnight; infinite when no more can be expected.
  private(set) var next = 0.0

  /// Arrivals from `begin` on; vehicles of a platoon follow each other by `spacing` seconds.
  init(_ profile: FlowProfile, platoon: Int, spacing: Double, begin: Double, seed: UInt64) {
    self.profile = profile
    self.platoon = platoon
    self.spacing = spacing
    random = SeededGenerator(seed: seed)
    clock = begin
    advance()
  }

  /// Takes the next arrival: its time and a random source of its own.
  mutating func take() -> (at: Double, random: SeededGenerator) {
    let arrival = (at: next, random: SeededGenerator(seed: random.next()))
    advance()
    return arrival
  }

  private mutating func advance() {
    if followers > 0 {
      followers -= 1
      next = last + spacing
      last = next
      return
    }
    // A platoon that takes longer than the gap to the next one is joined by it.
    next = max(passing(-log(1 - random.unit())), last)
    last = next
    followers = platoon - 1
  }

  /// Integrates the flow second by second until `expected` platoons have passed.
  private mutating func passing(_ expected: Double) -> Double {
    var left = expected
    let lastPoint = profile.points[profile.points.count - 1]
    while true {
      if clock >= lastPoint.at {
        guard lastPoint.flow > 0 else { return .infinity }
        clock += left * 3600 * Double(platoon) / lastPoint.flow
        return clock
      }
      let piece = min(1, lastPoint.at - clock)
      let rate = profile.flow(at: clock + piece / 2) / 3600 / Double(platoon)
      if rate > 0 && rate * piece >= left {
        clock += left / rate
        return clock
      }
      left -= rate * piece
      clock += piece
    }
  }
}

/// Seeds of independent streams of one run: `stream` must differ for each use.
func seed(_ run: UInt64, stream: UInt64) -> UInt64 {
  var mixer = SeededGenerator(seed: run)
  let first = mixer.next()
  var second = SeededGenerator(seed: first ^ (stream &* 0xD6E8_FEB8_6659_FD93))
  return second.next()
}
