import Signals
import Support
import Testing

@testable import Counts

@Suite("Counts set against a witness")
struct DriftTests {
  private let limits = HealthLimits()

  private func quarters(_ count: Double, of expected: Double, most: Int = 40) -> Int? {
    var drift = Drift()
    for quarter in 1...most {
      drift.note(count, of: expected...expected, allowed: 0.8...1.2, limit: 30)
      if drift.side != nil { return quarter }
    }
    return nil
  }

  @Test(
    "Half is found in a quarter of an hour of the peak, a small error late, none within tolerance")
  func speed() {
    #expect(quarters(87, of: 175) == 1)
    #expect(quarters(18, of: 35) == 3)
    #expect(quarters(228, of: 175) == 2)
    #expect(quarters(141, of: 175) == nil && quarters(209, of: 175) == nil)
    #expect(quarters(0, of: 0) == nil)
  }

  @Test("What was found lasts until as much speaks for the camera as spoke against it")
  func hysteresis() {
    var drift = Drift()
    func note(_ count: Double) {
      drift.note(count, of: 100...100, allowed: 0.8...1.2, limit: 30)
    }
    note(50)
    #expect(drift.side == .few && drift.percent == "50 %")
    note(100)
    #expect(drift.side == .few)
    note(100)
    #expect(drift.side == nil)
    for _ in 0..<50 { note(160) }
    #expect(drift.side == .many)
    // Capped at one and a half times the limit: forgotten in two good quarters more.
    for _ in 0..<3 { note(100) }
    #expect(drift.side == nil)
  }

  private func loop(_ number: Int, counts: Double, of vehicles: Int = 1, isFaulty: Bool = false)
    -> LoopWatch
  {
    var loop = LoopWatch(number: number)
    for minute in 0..<15 {
      let start = UTC(milliseconds: Int64(minute) * 60_000)
      loop.note(
        CountRecord(
          detector: "loop \(number)", start: start, end: start.advanced(bySeconds: 60),
          count: VehicleCount(total: counts / 15),
          quality: CountQuality(status: isFaulty ? .fault : .ok)))
    }
    return loop
  }

  @Test("A camera that counts half of what its loops do is found; who agrees with them is not")
  func camera() {
    var comparison = LoopComparison()
    for _ in 0..<2 {
      comparison.note(camera: (80, 900), loops: [loop(1, counts: 90), loop(2, counts: 75)], limits)
    }
    #expect(comparison.drift.side == .few && comparison.trouble == nil)
    comparison = LoopComparison()
    for _ in 0..<20 {
      comparison.note(
        camera: (160, 900), loops: [loop(1, counts: 90), loop(2, counts: 75)], limits)
    }
    #expect(comparison.drift.side == nil && comparison.haveAgreed)
  }

  @Test(
    "A loop that is dead, silent, faulty or chatters condemns no camera",
    arguments: ["dead", "silent", "faulty", "chatters"])
  func deadLoop(_ kind: String) {
    let broken: LoopWatch =
      switch kind {
      case "dead": loop(2, counts: 0)
      case "silent": LoopWatch(number: 2)
      case "faulty": loop(2, counts: 80, isFaulty: true)
      default: loop(2, counts: 2000)
      }
    var comparison = LoopComparison()
    for _ in 0..<8 {
      comparison.note(
        camera: (160, 900), loops: [loop(1, counts: 80), loop(2, counts: 80)], limits)
    }
    // It dies in the midst of a quarter of an hour.
    comparison.note(camera: (160, 900), loops: [loop(1, counts: 80), loop(2, counts: 5)], limits)
    for _ in 0..<8 {
      comparison.note(camera: (160, 900), loops: [loop(1, counts: 80), broken], limits)
      #expect(comparison.drift.side == nil)
      #expect(comparison.trouble?.contains("loop 2") == true)
    }
  }

  /// A cycle of 60 s with 30 s of green on one lane that lets 0.5 pcu/s through, a record a second.
  private func discharge(counting share: Double, blocked: Bool = false) -> Drift {
    var watch = DetectorWatch()
    let context = HealthContext(
      limits: limits, lanes: 1, capacity: 0.5, now: Sample.moment(0), begin: Sample.moment(0).utc,
      isNight: false, usual: nil, scale: 1)
    var due = 0.0
    for second in 0..<3600 {
      let inGreen = second % 60
      watch.green.pass(1, isOpen: inGreen < 30)
      // A blocked exit lets nobody through in the second half of green.
      let crosses = inGreen < 30 && !(blocked && inGreen >= 15)
      due += crosses ? 0.5 * share : 0
      let count = due.rounded(.down)
      due -= count
      watch.green.note(pcu: count, in: 1, queue: 6, lanes: 1)
      if second % 900 == 899 { HealthChecks.noteDischarge(&watch, context) }
    }
    return watch.discharge
  }

  @Test("A queue that comes off at half of the saturation flow through many greens is miscounted")
  func discharge() {
    #expect(discharge(counting: 1).side == nil)
    #expect(discharge(counting: 0.75).side == nil)
    #expect(discharge(counting: 0.5).side == .few)
    #expect(discharge(counting: 1.5).side == .many)
    #expect(discharge(counting: 1, blocked: true).side == nil)
  }
}
