import Glibc
import Phrases
import Signals

/// The daemon's two time scales, in real time or faster for demonstrations.
///
/// Faster, both scales run from a common origin in real UTC, so that processes which are told the
/// same origin agree on the time.
struct DaemonClock: Sendable {
  /// Simulated seconds that pass in a second.
  let speed: Double

  private let originReal: Double
  private let originUTC: Double

  /// The machine's own clocks.
  static let real = DaemonClock(speed: 1, originReal: 0, originUTC: 0)

  /// A clock that read `utc` seconds at `real` seconds of real UTC and runs `speed` times as fast.
  init(speed: Double, originReal: Double, originUTC: Double) {
    precondition(speed > 0, "time runs forward")
    self.speed = speed
    self.originReal = originReal
    self.originUTC = originUTC
  }

  /// Reads "UTC@REALxSPEED", all in seconds, as `description` writes it.
  init?(_ text: String) {
    let halves = text.split(separator: "@", omittingEmptySubsequences: false)
    guard halves.count == 2, let utc = Double(halves[0]),
      let times = halves[1].lastIndex(of: "x"), let real = Double(halves[1][..<times]),
      let speed = Double(halves[1][times...].dropFirst()),
      Self.origins.contains(utc), Self.origins.contains(real), Self.speeds.contains(speed)
    else { return nil }
    self.init(speed: speed, originReal: real, originUTC: utc)
  }

  /// Unix time that the registers of a cabinet can hold.
  private static let origins = 0.0...4_294_967_295
  /// Slower than a thousandth nothing would happen, faster than a thousand nothing could keep up.
  private static let speeds = 0.001...1000

  /// What `init(_:)` reads, for a person.
  static let form = Phrase(
    "three numbers, such as 1795478400@1795478400x60", "三个数字，例如 1795478400@1795478400x60")

  /// The form that `init(_:)` reads.
  var description: String { "\(originUTC)@\(originReal)x\(speed)" }

  /// Now, on both scales.
  func now() -> Moment {
    let real = seconds(CLOCK_REALTIME)
    guard speed != 1 || originReal != 0 else {
      return Moment(
        monotonic: Instant(milliseconds: Int64(seconds(CLOCK_MONOTONIC) * 1000)),
        utc: UTC(seconds: real))
    }
    let simulated = originUTC + (real - originReal) * speed
    // An accelerated clock is for demonstrations on one machine: one scale serves for both.
    return Moment(
      monotonic: Instant(milliseconds: Int64(simulated * 1000)), utc: UTC(seconds: simulated))
  }

  /// Real nanoseconds in which `seconds` of this clock pass.
  func nanoseconds(_ seconds: Double) -> Int { Int(seconds / speed * 1e9) }

  /// Seconds of real UTC now.
  static var realUTC: Double { DaemonClock.real.seconds(CLOCK_REALTIME) }

  private func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
