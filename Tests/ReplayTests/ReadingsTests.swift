import Control
import Counts
import Demand
import FoundationEssentials
import Signals
import Support
import Testing

@testable import Replay

@Suite("Readings as bytes")
struct ReadingsTests {
  private static let inbound = ["J001.W.T", "J001.W.L"]

  private func written(_ readings: [TickReading]) -> [UInt8] {
    var encoder = ReadingsEncoder(inboundDetectors: Self.inbound)
    var writer = ByteWriter()
    for reading in readings { encoder.encode(reading, into: &writer) }
    return writer.bytes
  }

  private func read(_ bytes: [UInt8], stages: Int = 4) throws(ReadingsError) -> [TickReading] {
    var decoder = ReadingsDecoder(inboundDetectors: Self.inbound, stages: stages)
    var reader = ByteReader(bytes[...])
    var found: [TickReading] = []
    while !reader.isAtEnd { found.append(try decoder.decode(&reader)) }
    return found
  }

  /// Readings of which nothing follows from the one before.
  private func random(_ count: Int, seed: UInt64) -> [TickReading] {
    var random = SeededGenerator(seed: seed)
    var report: CabinetReport?
    return (0..<count).map { _ in
      let at = Moment(
        monotonic: Instant(milliseconds: Int64.random(in: 0...(1 << 40), using: &random)),
        utc: UTC(milliseconds: Int64.random(in: 0...(1 << 42), using: &random)))
      switch Int.random(in: 0...3, using: &random) {
      case 0: report = nil
      case 1: break
      default: report = Self.report(at: at, &random)
      }
      return TickReading(
        at: at, ownCounts: Int.random(in: 0...300, using: &random),
        inbound: (0..<Int.random(in: 0...2, using: &random)).map { _ in
          Self.record(before: at.utc, &random)
        }, releases: Self.releases(before: at.utc, &random), report: report,
        limits: Bool.random(using: &random) ? nil : Self.limits(&random),
        override: Bool.random(using: &random) ? nil : Self.override(at: at, &random))
    }
  }

  private static func report(
    at moment: Moment, _ random: inout SeededGenerator
  ) -> CabinetReport {
    func number(_ most: Int) -> Int { Int.random(in: 0...most, using: &random) }
    func maybe(_ most: Int) -> Int? { number(2) == 0 ? nil : number(most) }
    let plan =
      number(3) == 0
      ? nil
      : TimingPlan(
        entries: (0..<number(16)).map { _ in
          PlanEntry(
            stage: number(3), green: Tenths(number(900)), longestGreen: Tenths(number(900)))
        }, cycle: maybe(1800).map { Tenths($0) }, offset: Tenths(number(1800) - 900),
        takeover: .stageBoundary)
    return CabinetReport(
      at: moment.advanced(bySeconds: -Double(number(3))),
      source: ControlSource(rawValue: UInt16(number(4))) ?? .flash, stage: number(3),
      subState: SubState(rawValue: UInt16(number(3))) ?? .green,
      timeInState: Tenths(number(65_535)), leastLeft: maybe(999).map { Tenths($0) },
      mostLeft: maybe(999).map { Tenths($0) }, nextStage: maybe(3),
      cycleNumber: .random(in: 0...(.max), using: &random), timeInCycle: Tenths(number(65_535)),
      activeSequence: .random(in: 0...(.max), using: &random), leaseLeft: number(600),
      criticalFaults: .random(in: 0...(.max), using: &random),
      otherFaults: .random(in: 0...(.max), using: &random),
      lamps: (0..<number(12)).map { _ in Lamp.allCases[number(Lamp.allCases.count - 1)] },
      plan: plan)
  }

  private static func limits(_ random: inout SeededGenerator) -> CabinetLimits {
    let times = CabinetLimits.StageTimes(
      minimumGreen: Tenths(Int.random(in: 0...300, using: &random)), maximumGreen: .seconds(60),
      pedestrian: .zero, greenFlash: .seconds(3), yellow: .seconds(3), allRed: Tenths(15))
    return CabinetLimits(
      revision: 7, stages: [times, times], changes: .free(stages: 2, but: [(from: 0, to: 1)]),
      limits: Limits(
        minimumCycle: .seconds(40), maximumCycle: .seconds(180), longestRed: .seconds(150)),
      leaseSeconds: 5...600)
  }

  private static func override(
    at moment: Moment, _ random: inout SeededGenerator
  ) -> Override {
    let stage = Int.random(in: 0...3, using: &random)
    let actions: [Override.Action] = [
      .stage(stage), .dayPlan(stage), .handOver,
      .plan([PlanEntry(stage: stage, green: Tenths(Int.random(in: 0...900, using: &random)))]),
    ]
    return Override(
      id: "7-\(stage)", action: actions[stage], who: "王", reason: "\"'", begins: moment,
      ends: moment.advanced(bySeconds: 60))
  }

  private static func releases(
    before utc: UTC, _ random: inout SeededGenerator
  ) -> [ComingRelease] {
    inbound.prefix(Int.random(in: 0...2, using: &random)).map { detector in
      ComingRelease(
        detector: detector, start: utc.advanced(bySeconds: -.random(in: -2...90, using: &random)),
        crossings: (0..<Int.random(in: 0...ComingRelease.longest, using: &random)).map { _ in
          .random(in: 0...(.max), using: &random)
        })
    }
  }

  private static func record(before utc: UTC, _ random: inout SeededGenerator) -> CountRecord {
    let end = utc.advanced(bySeconds: -Double.random(in: -2...90, using: &random))
    let isPlain = Bool.random(using: &random)
    return CountRecord(
      detector: inbound[Int.random(in: 0...1, using: &random)],
      start: end.advanced(bySeconds: -1), end: end,
      count: isPlain
        ? VehicleCount(total: Double(Int.random(in: 0...9, using: &random)))
        : VehicleCount(classes: [.init(name: "bus", vehicles: 1.5)]),
      quality: CountQuality(status: isPlain ? .ok : .degraded))
  }

  @Test("Any readings are read back as they were", arguments: 1...20)
  func roundTrip(seed: UInt64) throws {
    let readings = random(40, seed: seed)
    #expect(try read(written(readings)) == readings)
  }

  @Test("A second of a steady green costs three bytes and the time between two clocks two")
  func size() {
    var readings: [TickReading] = []
    for second in 0..<100 {
      let at = Sample.moment(Double(second))
      readings.append(
        TickReading(
          at: at, ownCounts: 8, inbound: [], report: Self.green(second * 10, at: at), limits: nil))
    }
    let first = written([readings[0]]).count
    // Parts, counts, twice when the report was read, and what differs in it.
    #expect(written(readings).count == first + 99 * 5)
  }

  private static func green(_ tenths: Int, at moment: Moment) -> CabinetReport {
    CabinetReport(
      at: moment, source: .central, stage: 1, subState: .green, timeInState: Tenths(tenths),
      leastLeft: nil, mostLeft: nil, nextStage: 2, cycleNumber: 7, timeInCycle: Tenths(tenths),
      activeSequence: 3, leaseLeft: 0, criticalFaults: 0, otherFaults: 0, lamps: [.red, .green],
      plan: nil)
  }

  @Test("Bytes that end anywhere, or are anything, are an error and never a trap")
  func damaged() throws {
    let bytes = written(random(10, seed: 3))
    for end in bytes.indices.dropFirst() where end % 7 == 0 {
      _ = try? read(Array(bytes[..<end]))
    }
    var random = SeededGenerator(seed: 9)
    for _ in 0..<500 {
      _ = try? read((0..<60).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
    #expect(throws: ReadingsError.self) { try read(Array(bytes.dropLast(3))) }
    #expect(throws: ReadingsError.self, "a stage that the junction does not have") {
      try read(
        written([
          TickReading(
            at: Sample.moment(1), ownCounts: 0, inbound: [],
            report: Self.green(5, at: Sample.moment(1)), limits: nil)
        ]), stages: 1)
    }
  }
}

@Suite("What is seen of the street")
struct TallyTests {
  private func report(_ second: Int, stage: Int, green: Int?) -> CabinetReport {
    CabinetReport(
      at: Sample.moment(Double(second)), source: .central, stage: stage,
      subState: green == nil ? .yellow : .green, timeInState: .seconds(green ?? 1), leastLeft: nil,
      mostLeft: nil, nextStage: nil, cycleNumber: 0, timeInCycle: .zero, activeSequence: 0,
      leaseLeft: 0, criticalFaults: 0, otherFaults: 0, lamps: [], plan: nil)
  }

  @Test("A stage is green once from its first to its last second, also twice in a row")
  func stages() {
    var tally = StageTally(of: Sample.fourArm())
    var second = 0
    func see(_ stage: Int, _ green: Int?) {
      tally.observe(report(second, stage: stage, green: green), at: Sample.moment(Double(second)))
      second += 1
    }
    for green in 0...10 { see(0, green) }
    see(0, nil)
    for green in 0...6 { see(1, green) }
    for green in 0...4 { see(1, green) }
    see(1, nil)
    #expect(tally.stages.map(\.runs) == [1, 2, 0, 0])
    #expect(tally.stages.map(\.green) == [10, 10, 0, 0])
    #expect(tally.stages[1].mean == 5)
    #expect(tally.seconds == Double(second - 1))
  }

  @Test("Counts become a flow of the whole lane group, wherever a camera told enough of a stretch")
  func flows() {
    let site = Sample.fourArm()
    var flows = RecordedFlows(of: site)
    for minute in 0..<5 {
      let start = UTC(milliseconds: Int64(minute) * 60_000)
      for detector in ["J001.N.T", "J001.N.L"] where detector == "J001.N.T" || minute == 0 {
        flows.add(
          CountRecord(
            detector: detector, start: start, end: start.advanced(bySeconds: 50),
            count: VehicleCount(total: 10)))
      }
    }
    #expect(flows.flow(of: 0, in: 0) == 720)
    #expect(flows.flow(of: 1, in: 0) == nil, "50 s of 300 are too few")
    #expect(flows.flow(of: 0, in: 1) == nil)
    let all = UTC(milliseconds: .min)..<UTC(milliseconds: .max)
    #expect(RecordedFlows.stretches(of: [flows], in: all) == 0..<1)
    #expect(RecordedFlows.stretches(of: [RecordedFlows(of: site)], in: all) == nil)
  }
}

@Suite("Decisions as text")
struct BodyTextTests {
  private func body(_ cause: String, _ number: Double, _ plan: TimingPlan?) -> DecisionBody {
    let estimate = LaneGroupEstimate(
      queue: number, approaching: 0, viewTime: 5.76, flow: 1e16, inbound: [0.1, number], trust: 1,
      heldUp: plan == nil ? nil : number, capacity: plan == nil ? nil : number)
    return DecisionBody(
      cause: cause, plan: plan,
      reason: Reason(
        text: "\(cause)/",
        demand: DemandEstimate(
          laneGroups: [estimate], discharge: [[], [number]],
          changes: plan == nil
            ? nil : [ChangeDischarge(from: 0, to: 3, laneGroup: 1, rate: number)]),
        cost: plan == nil ? nil : number,
        alternative: plan == nil ? nil : .init(text: "hold", cost: -number), refused: [cause, ""]),
      stage: plan == nil ? nil : 3, timeInState: plan == nil ? nil : Tenths(7))
  }

  @Test("are JSON that says what was decided, whatever its texts and numbers")
  func roundTrip() throws {
    let plan = TimingPlan(
      entries: [PlanEntry(stage: 1, green: Tenths(85), longestGreen: Tenths(90))],
      cycle: Tenths(900), offset: Tenths(-3), takeover: .now)
    for cause in ["", "a \"quoted\" \\ text", "路口 🚦", "\0\n\u{1F}"] {
      for number in [0, -0.25, 1.0 / 3, 1e-300, 123_456_789, 1e300] {
        for plan in [nil, plan] {
          let body = body(cause, number, plan)
          let read = try JSONDecoder().decode(DecisionBody.self, from: Data(body.text.utf8))
          #expect(read == body)
          // Sorted keys and no white space: what a general encoder makes of it is as long.
          #expect(body.text.hasPrefix("{\"cause\":"))
          #expect(!body.text.contains("\": "))
        }
      }
    }
  }
}
