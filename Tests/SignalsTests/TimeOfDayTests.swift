import Signals
import Support
import Testing

@Suite("Durations, times and day plans")
struct TimeTests {
  @Test("Durations are exact tenths and read as seconds", arguments: [0, 1, 9, 10, 35, 1200, -5])
  func tenths(count: Int) {
    #expect(Tenths(seconds: Tenths(count).seconds) == Tenths(count))
  }

  @Test("Durations are written as a person reads them")
  func written() {
    #expect(Tenths.seconds(12).description == "12 s")
    #expect(Tenths(35).description == "3.5 s")
    #expect(Tenths(-5).description == "-0.5 s")
  }

  @Test("A moment moves on both scales together")
  func moment() {
    let start = Moment(monotonic: Instant(milliseconds: 5), utc: UTC(seconds: 1.5))
    let later = start.advanced(bySeconds: 0.25)
    #expect(later.monotonic.seconds(since: start.monotonic) == 0.25)
    #expect(later.utc.milliseconds == 1750)
  }

  @Test(
    "The plan that is due follows local time; before the first entry the last of the day before runs",
    arguments: [("22:00", "night"), ("22:29", "night"), ("22:30", "day"), ("12:00", "peak")])
  func schedule(utcClock: String, expected: String) {
    let parts = utcClock.split(separator: ":").compactMap { Double($0) }
    let sample = Sample.fourArm()
    let names = ["night", "day", "peak"]
    let junction = Intersection(
      id: "X", name: "X", timeZoneMinutes: 480, approaches: sample.approaches,
      signalGroups: sample.signalGroups, laneGroups: sample.laneGroups, crossings: [],
      stages: sample.stages, changes: sample.changes, detectors: [], limits: sample.limits,
      plans: names.map { NamedPlan(name: $0, plan: sample.plans[0].plan) },
      // 06:30 local time is 22:30 UTC of the day before.
      schedule: [
        ScheduleEntry(fromMinute: 390, plan: 1), ScheduleEntry(fromMinute: 1020, plan: 2),
        ScheduleEntry(fromMinute: 1320, plan: 0),
      ], control: sample.control)
    let day = 1_795_478_400.0
    let utc = UTC(seconds: day + parts[0] * 3600 + parts[1] * 60)
    #expect(junction.timeOfDayPlan(at: utc).name == expected)
  }
}

@Suite("A seeded random source")
struct SeededGeneratorTests {
  @Test("The first numbers of SplitMix64 for seed 1234567 are the published ones")
  func published() {
    var random = SeededGenerator(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
    ]
    #expect((0..<3).map { _ in random.next() } == expected)
  }

  @Test("Unit numbers fill [0, 1) evenly")
  func unit() {
    var random = SeededGenerator(seed: 3)
    let numbers = (0..<10_000).map { _ in random.unit() }
    #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(numbers.reduce(0, +) / 10_000 - 0.5) < 0.01)
  }
}

@Suite("Limits of the site and of the cabinet")
struct ConstrainedTests {
  @Test("The stricter of two limits counts, field by field; zero is no limit")
  func stricter() {
    let a = Limits(
      minimumCycle: .seconds(40), maximumCycle: .seconds(180), longestRed: .seconds(150),
      largestChange: .zero, planInterval: .seconds(5), notice: .zero)
    let b = Limits(
      minimumCycle: .seconds(50), maximumCycle: .seconds(200), longestRed: .seconds(120),
      largestChange: .seconds(10), planInterval: .zero, notice: .seconds(3))
    let expected = Limits(
      minimumCycle: .seconds(50), maximumCycle: .seconds(180), longestRed: .seconds(120),
      largestChange: .seconds(10), planInterval: .seconds(5), notice: .seconds(3))
    #expect(a.stricter(than: b) == expected)
    #expect(b.stricter(than: a) == expected)
  }

  @Test("A cabinet of another number of stages is another junction's")
  func otherJunction() {
    let junction = Sample.fourArm()
    let told = CabinetLimits(
      revision: 1, stages: [], changes: ChangeTable([]), limits: junction.limits,
      leaseSeconds: 60...300)
    #expect(junction.constrained(by: told) == nil)
  }

  @Test("Greens take the stricter limit, clearances are the cabinet's, forbidden stays forbidden")
  func constrained() throws {
    let junction = Sample.fourArm(forbidding: [(0, 1)])
    let told = CabinetLimits(
      revision: 1,
      stages: junction.stages.map { _ in
        .init(
          minimumGreen: .seconds(8), maximumGreen: .seconds(50), pedestrian: .seconds(22),
          greenFlash: .seconds(3), yellow: .seconds(4), allRed: .seconds(1))
      }, changes: ChangeTable.free(stages: 4, but: [(1, 2)]), limits: junction.limits,
      leaseSeconds: 60...300)
    let both = try #require(junction.constrained(by: told))
    #expect(both.stages.map(\.minimumGreen) == [10, 8, 10, 8].map { .seconds($0) })
    #expect(both.stages.map(\.maximumGreen) == [50, 40, 50, 40].map { .seconds($0) })
    #expect(both.stages[0].yellow == .seconds(4))
    #expect(both.changes.intergreen(from: 0, to: 1) == nil)
    #expect(both.changes.intergreen(from: 1, to: 2) == nil)
    #expect(both.changes.intergreen(from: 2, to: 3) == .zero)
  }
}
