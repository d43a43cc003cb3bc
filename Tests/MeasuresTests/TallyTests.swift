import Counts
import Signals
import Support
import Testing

@testable import Measures

@Suite("Greens that did not clear the queue")
struct SplitFailureTests {
  let group = Sample.fourArm().laneGroups[0]

  /// One green of ten seconds after which so many stand, or nobody knows.
  private func failures(queue: Double?) -> Ratio {
    var tally = LaneGroupTally(of: group)
    for _ in 0..<10 { tally.pass(1, in: 7, isOpen: true, rate: 1, queue: queue) }
    tally.pass(1, in: 7, isOpen: false, rate: 1, queue: (queue ?? 0) + 5)
    return tally.failures[7]
  }

  @Test("A vehicle for each lane that stands when green ends is a failure, fewer are none")
  func residual() {
    let lanes = Double(group.lanes)
    #expect(failures(queue: lanes) == Ratio(above: 1, below: 1))
    #expect(failures(queue: lanes - 0.1) == Ratio(above: 0, below: 1))
  }

  @Test("A green whose queue nobody knew is neither")
  func unknown() { #expect(failures(queue: nil) == Ratio()) }

  @Test("Capacity comes of green alone, delay of every second that was known")
  func sums() {
    var tally = LaneGroupTally(of: group)
    for second in 0..<60 {
      tally.pass(1, in: 8, isOpen: second < 20, rate: 0.5, queue: second < 40 ? 3 : nil)
    }
    #expect(tally.capacity[8] == 10)
    #expect(tally.queues[8] == Ratio(above: 120, below: 40))
    #expect(tally.capacity[7] == 0)
  }
}

@Suite("Wait at crossings")
struct CrossingTallyTests {
  /// A crossing that shows steady green for `walk` seconds of each cycle, for two hours.
  private func wait(cycle: Int64, walk: Int64) -> Double? {
    var tally = CrossingTally()
    for second in 0..<Int64(7200) {
      tally.pass(isWalk: second % cycle < walk, at: second * 1000, in: Int(second / 3600))
    }
    return tally.waits[1].value(least: 1)
  }

  @Test("Cycles that are all alike give the HCM's delay of pedestrians", arguments: [60, 90, 120])
  func manual(cycle: Int64) throws {
    let red = Double(cycle - 15 - 4)
    let mean = try #require(wait(cycle: cycle, walk: 15))
    #expect(abs(mean - red * red / (2 * Double(cycle))) < 1e-9)
  }

  @Test("A cycle of which a part is unknown is left out")
  func broken() {
    var tally = CrossingTally()
    tally.pass(isWalk: false, at: 0, in: 0)
    tally.pass(isWalk: true, at: 1000, in: 0)
    tally.pass(isWalk: false, at: 11_000, in: 0)
    tally.breakOff()
    tally.pass(isWalk: true, at: 500_000, in: 0)
    tally.pass(isWalk: false, at: 510_000, in: 0)
    #expect(tally.waits[0] == Ratio())
  }
}

@Suite("Arrivals in the cycle")
struct ArrivalTallyTests {
  /// A signal that is red for the first 40 s of each minute, and vehicles that come into view, 10 s from the
  /// stop line, `second` seconds after the minute begins.
  private func sums(second: Int64) -> (onGreen: Double, all: Double) {
    var tally = ArrivalTally(view: 100, speed: 10, detectors: 1)
    for now in 0..<Int64(600) {
      tally.pass(isOpen: now % 60 >= 40, at: now * 1000)
      let isIn = now % 60 >= second && now % 60 < second + 10
      tally.note(
        CountRecord(
          detector: "D", start: UTC(milliseconds: now * 1000),
          end: UTC(milliseconds: (now + 1) * 1000),
          count: VehicleCount(total: now % 60 == second + 10 ? 1 : 0), inView: isIn ? 1 : 0),
        of: 0)
    }
    return tally.cycles.compactMap(\.sums).reduce((0, 0)) { ($0.0 + $1.onGreen, $0.1 + $1.all) }
  }

  @Test("Who comes into view 10 s before green arrives on green, 30 s before it on red")
  func platoon() {
    let green = sums(second: 35)
    #expect(green.all >= 7 && green.onGreen == green.all)
    let red = sums(second: 10)
    #expect(red.all >= 7 && red.onGreen == 0)
  }

  @Test("A camera without a view tells of no arrivals, nor does a record that follows a gap")
  func unknown() {
    var blind = ArrivalTally(view: 0, speed: 10, detectors: 1)
    #expect(blind.viewTime == nil)
    var tally = ArrivalTally(view: 100, speed: 10, detectors: 1)
    for start in [Int64(0), 5000] {
      let record = CountRecord(
        detector: "D", start: UTC(milliseconds: start), end: UTC(milliseconds: start + 1000),
        count: VehicleCount(total: 3), inView: 2)
      tally.note(record, of: 0)
      blind.note(record, of: 0)
    }
    tally.pass(isOpen: true, at: 0)
    tally.pass(isOpen: false, at: 1000)
    tally.pass(isOpen: false, at: 60_000)
    #expect(tally.cycles.map(\.arrivals) == [[]])
  }

  @Test("A cycle in which the signal was not known is none")
  func broken() {
    var tally = ArrivalTally(view: 100, speed: 10, detectors: 1)
    for now in 0..<Int64(200) {
      if now == 90 { tally.breakOff() }
      tally.pass(isOpen: now % 60 >= 40, at: now * 1000)
    }
    // Red from 60 on is broken off at 90; that from 120 on is whole.
    #expect(tally.cycles.filter { $0.sums != nil }.map(\.begin) == [120_000])
  }
}
