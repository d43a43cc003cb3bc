import Signals
import Support
import Testing

@testable import Cabinets

@Suite("A virtual cabinet runs its stages")
struct VirtualCabinetTests {
  private let round = TimingPlan.of([(0, 30), (1, 15), (2, 30), (3, 15)])

  private func cabinet(_ junction: Intersection = Sample.fourArm()) -> VirtualCabinet {
    VirtualCabinet(intersection: junction, at: .after(0))
  }

  /// Stage and sub-state at `seconds`.
  private func state(_ cabinet: inout VirtualCabinet, at seconds: Double) throws -> String {
    cabinet.advance(to: .after(seconds))
    let live = try cabinet.readLive()
    return "\(live.stage) \(live.subState) \(live.timeInState.count)"
  }

  @Test("Its own plan runs to the tenth of a second")
  func ownPlan() throws {
    var cabinet = cabinet()
    let expected: [(Double, String)] = [
      (0, "0 green 0"), (29.9, "0 green 299"), (30, "0 yellow 0"), (33, "0 allRed 0"),
      (34.9, "0 allRed 19"), (35, "1 green 0"), (50, "1 yellow 0"), (55, "2 green 0"),
      (90, "3 green 0"), (110, "0 green 0"), (145, "1 green 0"), (1100, "0 green 0"),
    ]
    for (time, text) in expected { #expect(try state(&cabinet, at: time) == text) }
    #expect(try cabinet.readLive().cycleNumber == 11)
    #expect(try cabinet.readLive().mode == .fixedTime)
  }

  @Test("A change consists of flashing green, yellow, all-red and the rest of the intergreen")
  func changeParts() throws {
    var cabinet = cabinet(Junctions.overlapping())
    let expected: [(Double, String)] = [
      (10, "0 greenFlash 0"), (13, "0 yellow 0"), (16, "0 allRed 0"), (17, "1 green 0"),
    ]
    for (time, text) in expected { #expect(try state(&cabinet, at: time) == text) }
    var groups = VirtualCabinet(intersection: Junctions.overlapping(), at: .after(0))
    groups.advance(to: .after(14))
    // North through stays green through the overlap, north left is yellow.
    #expect(groups.lamps[0] == .green)
    #expect(groups.lamps[1] == .yellow)
    #expect(groups.lamps[2] == .red)
    // 10 + 7 + 20 + 7 + 10 + 7 + 20 s to the end of D, then 3 s of flash and an intergreen of 7 s.
    #expect(try state(&groups, at: 80.9) == "3 green 199")
    #expect(try state(&groups, at: 90.9) == "3 allRed 39")
    #expect(try state(&groups, at: 91) == "0 green 0")
  }

  @Test("One long jump leads where many small steps do", arguments: [0, 1, 2, 3, 4, 5] as [UInt64])
  func jumps(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var jumping = cabinet(Junctions.overlapping())
    var stepping = jumping
    try jumping.order(.of([(0, 20), (1, 25), (2, 12), (3, 40)], .stageBoundary), lease: 300)
    try stepping.order(.of([(0, 20), (1, 25), (2, 12), (3, 40)], .stageBoundary), lease: 300)
    var time = 0.0
    for _ in 0..<20 {
      let next = time + random.unit() * 100
      var step = time
      while step < next {
        step = min(next, step + 0.05 + random.unit())
        stepping.advance(to: .after(step))
      }
      jumping.advance(to: .after(next))
      #expect(jumping.live == stepping.live)
      time = next
    }
  }

  @Test("A moment in the past changes nothing, and days are no trouble")
  func farAway() throws {
    var cabinet = cabinet()
    cabinet.advance(to: .after(100))
    let before = cabinet.live
    cabinet.advance(to: .after(50))
    #expect(cabinet.live == before)
    cabinet.advance(to: .after(110 * 3600.0))
    #expect(try state(&cabinet, at: 110 * 3600) == "0 green 0")
  }

  @Test(
    "A plan with a cycle comes into step with UTC by a tenth of the cycle a round",
    arguments: [40, 80])
  func offset(offset: Int) throws {
    var cabinet = cabinet()
    let plan = TimingPlan.of([(0, 30), (1, 15), (2, 30), (3, 15)], cycle: 110, offset: offset)
    try cabinet.order(plan, lease: 600)
    var begins: [Double] = []
    var cycle = cabinet.live.cycleNumber
    for second in 1..<11_000 {
      cabinet.advance(to: .after(Double(second) / 10))
      if second % 1000 == 0 { renew(&cabinet, beat: UInt16(second / 1000)) }
      if cabinet.live.cycleNumber != cycle { begins.append(Double(second) / 10) }
      cycle = cabinet.live.cycleNumber
    }
    for (before, after) in zip(begins, begins.dropFirst()) {
      #expect(abs(after - before - 110) <= 11)
    }
    let last = try #require(begins.last)
    #expect(last.truncatingRemainder(dividingBy: 110) == Double(offset))
  }

  private func renew(_ cabinet: inout VirtualCabinet, beat: UInt16) {
    let beat = Heartbeat(epoch: 1, sequence: 1, beat: beat, leaseSeconds: 600)
    #expect(throws: Never.self) {
      try cabinet.write(address: RegisterMap.heartbeat.address, values: beat.registers)
    }
  }

  @Test("The plan that the day's schedule has takes over at a cycle's start")
  func schedule() throws {
    let sample = Sample.fourArm()
    let plans = [round, TimingPlan.of([(0, 20), (2, 20), (1, 10), (3, 10)])]
    // 08:00 local is 00:00 UTC; the tests begin within a day of plan 0.
    let minute = Int((Moment.after(0).utc.milliseconds / 60_000 + 480) % 1440)
    let junction = Intersection(
      id: "J", name: "J", timeZoneMinutes: 480, approaches: sample.approaches,
      signalGroups: sample.signalGroups, laneGroups: [], crossings: [], stages: sample.stages,
      changes: sample.changes, detectors: [], limits: sample.limits,
      plans: plans.enumerated().map { NamedPlan(name: "\($0.offset)", plan: $0.element) },
      schedule: [
        ScheduleEntry(fromMinute: minute, plan: 0), ScheduleEntry(fromMinute: minute + 3, plan: 1),
      ], control: sample.control)
    var cabinet = cabinet(junction)
    cabinet.advance(to: .after(500))
    #expect(try cabinet.readActive().plan.entries == plans[1].entries)
    #expect(try cabinet.readActive().planID == 2)
  }

  @Test("Conflicting greens in the site's own tables end in flashing yellow")
  func conflict() throws {
    let sample = Sample.fourArm()
    let stages =
      sample.stages.prefix(3)
      + [
        Stage(
          name: "D", green: [0, 2], minimumGreen: .seconds(6), maximumGreen: .seconds(40),
          yellow: .seconds(3), allRed: .seconds(2))
      ]
    let junction = Intersection(
      id: "J", name: "J", timeZoneMinutes: 0, approaches: sample.approaches,
      signalGroups: sample.signalGroups, laneGroups: [], crossings: [], stages: Array(stages),
      changes: sample.changes, detectors: [], limits: sample.limits, plans: sample.plans,
      schedule: sample.schedule, control: sample.control)
    var cabinet = cabinet(junction)
    cabinet.advance(to: .after(89.9))
    #expect(cabinet.source == .timeOfDay)
    cabinet.advance(to: .after(90))
    #expect(cabinet.lamps[0] == .flashingYellow)
    #expect(cabinet.lamps[8] == .dark)
    #expect(try cabinet.readLive().criticalFaults == 1)
    cabinet.setSource(.timeOfDay, at: .after(100))
    #expect(cabinet.source == .flash)
  }
}

@Suite("A virtual cabinet and the person before it")
struct CabinetSourceTests {
  private let round = TimingPlan.of([(0, 30), (1, 15), (2, 30), (3, 15)], .stageBoundary)

  @Test("Manual control holds the stage, ends the plan of ours and is given back without a jump")
  func manual() throws {
    var cabinet = VirtualCabinet(intersection: Sample.fourArm(), at: .after(0))
    var watch = LampWatch(cabinet.intersection, cabinet.lamps)
    #expect(try cabinet.order(round, lease: 300).code == .pending)
    run(&cabinet, from: 0, to: 40, under: &watch)
    #expect(cabinet.source == .central)
    cabinet.setSource(.manual, at: .after(40))
    watch.isHeld = true
    #expect(try cabinet.readResult().code == .finished)
    #expect(try cabinet.readLive().activeSequence == 0)
    run(&cabinet, from: 40, to: 240, under: &watch)
    #expect(try cabinet.readLive().mode == .localManual)
    let stage = try cabinet.readLive().stage
    cabinet.setSource(.timeOfDay, at: .after(240))
    #expect(cabinet.source == .timeOfDay)
    run(&cabinet, from: 240, to: 245, under: &watch)
    #expect(try cabinet.readLive().stage == (stage + 1) % 4)
    watch.isHeld = false
    run(&cabinet, from: 245, to: 600, under: &watch)
    #expect(watch.faults.isEmpty)
  }

  @Test("Flash begins at once and ends through all-red with the first stage")
  func flash() throws {
    var cabinet = VirtualCabinet(intersection: Sample.fourArm(), at: .after(0))
    cabinet.setSource(.flash, at: .after(12.3))
    #expect(Set(cabinet.lamps.prefix(8)) == [.flashingYellow])
    cabinet.setSource(.timeOfDay, at: .after(100))
    #expect(Set(cabinet.lamps) == [.red])
    #expect(try cabinet.readLive().mode == .allRed)
    cabinet.advance(to: .after(104.9))
    #expect(Set(cabinet.lamps) == [.red])
    cabinet.advance(to: .after(105))
    #expect(cabinet.lamps[0] == .green)
    #expect(cabinet.source == .timeOfDay)
  }

  @Test("A restart forgets plan and lease, keeps the epoch, and begins with flash and all-red")
  func restart() throws {
    var cabinet = VirtualCabinet(intersection: Sample.fourArm(), at: .after(0))
    try cabinet.order(round, sequence: 3, epoch: 4, lease: 300)
    cabinet.restart(at: .after(50))
    #expect(try cabinet.readLive().mode == .flash)
    #expect(cabinet.source == .flash)
    cabinet.advance(to: .after(62))
    #expect(try cabinet.readLive().mode == .allRed)
    cabinet.advance(to: .after(65))
    #expect(cabinet.lamps[0] == .green)
    #expect(try cabinet.readLive().cycleNumber == 1)
    let result = try cabinet.readResult()
    #expect(result.code == .none)
    #expect(result.highestEpoch == 4)
    #expect(result.sequence == 3)
    #expect(try cabinet.order(round, sequence: 3, epoch: 4).code == .staleSequence)
  }

  @Test("The clock is set by an order with its key, and not by a lower epoch")
  func clock() throws {
    var cabinet = VirtualCabinet(intersection: Sample.fourArm(), at: .after(0))
    try cabinet.order(round, epoch: 5)
    let time = UTC(milliseconds: 1_800_000_000_123)
    try cabinet.write(address: 48, values: ClockOrder(epoch: 4, utc: time).registers)
    #expect(cabinet.utc == Moment.after(0).utc)
    try cabinet.write(address: 48, values: ClockOrder(epoch: 5, utc: time).registers)
    cabinet.advance(to: .after(2.5))
    let clock = try CabinetClock(registers: cabinet.readAll(RegisterMap.clock))
    #expect(clock.utc == time.advanced(bySeconds: 2.5))
    #expect(clock.source == .central)
    #expect(clock.secondsSinceSet == 2)
    var wrong = ClockOrder(epoch: 5, utc: time).registers
    wrong[5] ^= 1
    #expect(throws: RegisterException.illegalValue) {
      try cabinet.write(address: 48, values: wrong)
    }
  }
}
