import Signals
import Support
import Testing

@testable import Cabinets

@Suite("When a plan takes over in a virtual cabinet, and for how long")
struct TakeoverTests {
  private let entries = [(stage: 0, green: 40), (1, 10), (2, 40), (3, 10)]

  private func cabinet(notice: Int = 0) -> VirtualCabinet {
    VirtualCabinet(
      intersection: Junctions.fourArm(limits: Junctions.limits(notice: notice)), at: .after(0))
  }

  private func sequence(_ cabinet: inout VirtualCabinet, at seconds: Double) throws -> UInt32 {
    cabinet.advance(to: .after(seconds))
    return try cabinet.readLive().activeSequence
  }

  @Test("At cycle start: when the last stage's green ends")
  func cycleStart() throws {
    var cabinet = cabinet()
    #expect(try cabinet.order(.of(entries), lease: 300).code == .pending)
    #expect(try sequence(&cabinet, at: 104.9) == 0)
    #expect(try sequence(&cabinet, at: 105) == 1)
    #expect(try cabinet.readResult().code == .active)
    cabinet.advance(to: .after(149.9))
    #expect(cabinet.lamps[0] == .green)
    cabinet.advance(to: .after(150))
    #expect(cabinet.lamps[0] == .yellow)
  }

  @Test("At the stage boundary: the first entry is the stage to come")
  func stageBoundary() throws {
    var cabinet = cabinet()
    cabinet.advance(to: .after(20))
    let plan = TimingPlan.of([(2, 25), (3, 10), (0, 40), (1, 10)], .stageBoundary)
    #expect(try cabinet.order(plan, lease: 300).code == .pending)
    #expect(try cabinet.readLive().nextStage == 2)
    #expect(try sequence(&cabinet, at: 29.9) == 0)
    #expect(try sequence(&cabinet, at: 30) == 1)
    cabinet.advance(to: .after(35))
    #expect(try cabinet.readLive().stage == 2)
    cabinet.advance(to: .after(60))
    #expect(try cabinet.readLive().subState == .yellow)
  }

  @Test("At the stage boundary during a change: at once if the change leads to the first entry")
  func duringChange() throws {
    var cabinet = cabinet()
    cabinet.advance(to: .after(32))
    let plan = TimingPlan.of([(1, 25), (2, 40), (3, 10), (0, 40)], .stageBoundary)
    #expect(try cabinet.order(plan, lease: 300).code == .active)
    cabinet.advance(to: .after(59.9))
    #expect(try cabinet.readLive().subState == .green)
    var other = self.cabinet()
    other.advance(to: .after(32))
    let later = TimingPlan.of([(3, 10), (0, 40), (1, 10), (2, 40)], .stageBoundary)
    #expect(try other.order(later, lease: 300).code == .pending)
    #expect(try sequence(&other, at: 50) == 1)
    other.advance(to: .after(55))
    #expect(try other.readLive().stage == 3)
  }

  @Test("Now: the first entry is the running stage with its whole green")
  func now() throws {
    var cabinet = cabinet()
    cabinet.advance(to: .after(25))
    #expect(try cabinet.order(.of(entries, .now), lease: 300).code == .active)
    #expect(try cabinet.readLive().mostLeft == .seconds(15))
    cabinet.advance(to: .after(39.9))
    #expect(cabinet.lamps[0] == .green)
    cabinet.advance(to: .after(40))
    #expect(cabinet.lamps[0] == .yellow)
    #expect(try cabinet.readActive().sequence == 1)
  }

  @Test("Now, after more than its green: the stage ends at once, or when its minimum has passed")
  func nowTooLate() throws {
    var cabinet = cabinet()
    cabinet.advance(to: .after(25))
    let short = TimingPlan.of([(0, 20), (1, 10), (2, 40), (3, 10)], .now)
    try cabinet.order(short, lease: 300)
    #expect(cabinet.lamps[0] == .yellow)
    var young = self.cabinet()
    young.advance(to: .after(12))
    try young.order(short, lease: 300)
    young.advance(to: .after(19.9))
    #expect(young.lamps[0] == .green)
    young.advance(to: .after(20))
    #expect(young.lamps[0] == .yellow)
  }

  @Test("Now, with notice: the stage ends no sooner than announced")
  func nowWithNotice() throws {
    var cabinet = cabinet(notice: 3)
    cabinet.advance(to: .after(24))
    #expect(try cabinet.readLive().leastLeft == .seconds(3))
    try cabinet.order(.of([(0, 20), (1, 10), (2, 40), (3, 10)], .now), lease: 300)
    cabinet.advance(to: .after(26.9))
    #expect(cabinet.lamps[0] == .green)
    cabinet.advance(to: .after(27))
    #expect(cabinet.lamps[0] == .yellow)
    // An end already announced is kept.
    var ending = self.cabinet(notice: 3)
    ending.advance(to: .after(29))
    try ending.order(.of([(0, 20), (1, 10), (2, 40), (3, 10)], .now), lease: 300)
    ending.advance(to: .after(30))
    #expect(ending.lamps[0] == .yellow)
  }

  @Test("At the stage boundary, in the running stage: it runs on for its whole green, not longer")
  func runningOn() throws {
    var cabinet = cabinet()
    cabinet.advance(to: .after(20))
    try cabinet.order(.of(entries, .stageBoundary), lease: 300)
    cabinet.advance(to: .after(30))
    #expect(try cabinet.readLive().activeSequence == 1)
    #expect(try cabinet.readLive().timeInState == .seconds(30))
    cabinet.advance(to: .after(39.9))
    #expect(cabinet.lamps[0] == .green)
    cabinet.advance(to: .after(40))
    #expect(cabinet.lamps[0] == .yellow)
    // Its whole green is over already: it ends where it would have ended.
    var late = self.cabinet()
    try late.order(.of([(0, 25), (1, 10), (2, 40), (3, 10)], .stageBoundary), lease: 300)
    late.advance(to: .after(30))
    #expect(late.lamps[0] == .yellow)
  }

  @Test("A plan of one stage stays in it, round after round")
  func oneStage() throws {
    let junction = Intersection(
      id: "J", name: "J", timeZoneMinutes: 0, approaches: [],
      signalGroups: [SignalGroup(name: "main", kind: .vehicle, conflicts: [])], laneGroups: [],
      crossings: [],
      stages: [
        Stage(
          name: "A", green: [0], minimumGreen: .seconds(5), maximumGreen: .seconds(30),
          yellow: .seconds(3), allRed: .seconds(1))
      ], changes: ChangeTable([[nil]]), detectors: [],
      limits: Limits(
        minimumCycle: .seconds(5), maximumCycle: .seconds(90), longestRed: .seconds(90)),
      plans: [NamedPlan(name: "own", plan: .of([(0, 20)]))],
      schedule: [ScheduleEntry(fromMinute: 0, plan: 0)],
      control: Sample.fourArm().control)
    var cabinet = VirtualCabinet(intersection: junction, at: .after(0))
    #expect(try cabinet.order(.of([(0, 30)]), lease: 300).code == .pending)
    cabinet.advance(to: .after(20))
    #expect(try cabinet.readLive().activeSequence == 1)
    cabinet.advance(to: .after(200))
    #expect(cabinet.lamps == [.green])
    // The own plan's round of 20 s became the first of ours, of 30 s altogether.
    #expect(try cabinet.readLive().cycleNumber == 8)
  }

  @Test("A newer plan takes the place of one that waits")
  func replaced() throws {
    var cabinet = cabinet()
    try cabinet.order(.of(entries), sequence: 1, lease: 300)
    try cabinet.order(.of([(0, 20), (1, 10), (2, 20), (3, 10)]), sequence: 2, lease: 300)
    #expect(try sequence(&cabinet, at: 110) == 2)
  }

  @Test("Asking the same again changes nothing, however often")
  func repeated() throws {
    var cabinet = cabinet()
    try cabinet.order(.of(entries), lease: 100)
    var once = cabinet
    cabinet.advance(to: .after(60))
    once.advance(to: .after(60))
    let result = try cabinet.order(.of(entries), lease: 100)
    #expect(result.code == .pending)
    #expect(result == (try once.readResult()))
    #expect(cabinet.live == once.live)
  }

  @Test("Staged, then valid, then activated: one number goes through all three")
  func operations() throws {
    var cabinet = cabinet()
    #expect(try cabinet.order(.of(entries), operation: .stage).code == .staged)
    #expect(try cabinet.order(.of(entries), operation: .validate).code == .valid)
    #expect(cabinet.pending == nil)
    #expect(try cabinet.order(.of(entries), operation: .activate).code == .pending)
    let bad = TimingPlan.of([(0, 1), (2, 30)])
    #expect(try cabinet.order(bad, sequence: 2, operation: .stage).code == .staged)
    #expect(
      try cabinet.order(bad, sequence: 2, operation: .validate).code == .belowMinimumGreen)
  }

  @Test("Cancelling drops the plan that waits, not the one that runs")
  func cancel() throws {
    var cabinet = cabinet()
    try cabinet.order(.of(entries, .now), sequence: 1, lease: 300)
    try cabinet.order(.of([(0, 20), (1, 10), (2, 20), (3, 10)]), sequence: 2, lease: 300)
    #expect(try cabinet.order(.of([]), sequence: 3, operation: .cancel).code == .finished)
    #expect(try sequence(&cabinet, at: 200) == 1)
  }

  @Test("Releasing returns to the cabinet's own plan at the next stage boundary")
  func release() throws {
    var cabinet = cabinet()
    try cabinet.order(.of(entries, .now), sequence: 1, lease: 300)
    cabinet.advance(to: .after(10))
    #expect(try cabinet.order(.of([]), sequence: 2, operation: .release).code == .finished)
    #expect(try sequence(&cabinet, at: 39.9) == 1)
    #expect(try sequence(&cabinet, at: 40) == 0)
    #expect(cabinet.source == .timeOfDay)
    cabinet.advance(to: .after(45))
    #expect(try cabinet.readLive().stage == 1)
  }

  @Test("A lease that runs out returns to the own plan, in an allowed stage, at the boundary")
  func lease() throws {
    var cabinet = cabinet()
    try cabinet.order(.of(entries, .now), lease: 70)
    // B begins at 45 s, C at 60 s and is green until 100 s.
    #expect(try sequence(&cabinet, at: 69.9) == 1)
    #expect(try cabinet.readLive().leaseLeft == 1)
    #expect(try sequence(&cabinet, at: 99.9) == 1)
    #expect(try cabinet.readLive().leaseLeft == 0)
    #expect(try sequence(&cabinet, at: 100) == 0)
    #expect(try cabinet.readResult().code == .finished)
    cabinet.advance(to: .after(105))
    #expect(try cabinet.readLive().stage == 3)
  }

  @Test("A plan for the cycle's start is not lost while the cabinet finds back to its own plan")
  func waitsThroughReturn() throws {
    var cabinet = cabinet()
    try cabinet.order(.of(entries, .now), sequence: 1, lease: 300)
    cabinet.setSource(.manual, at: .after(10))
    cabinet.setSource(.timeOfDay, at: .after(20))
    #expect(try cabinet.order(.of(entries), sequence: 2, lease: 300).code == .pending)
    // A, held until 20 s, ends; B, C and D of the own plan follow, then the cycle begins.
    #expect(try sequence(&cabinet, at: 94.9) == 0)
    #expect(try sequence(&cabinet, at: 95) == 2)
    #expect(try cabinet.readResult().code == .active)
  }

  @Test("The own plan is entered only by a stage that may follow")
  func allowedEntrance() throws {
    // The own plan has no C, and B, its first stage, must not follow C.
    let junction = Junctions.overlapping()
    let changed = Intersection(
      id: "J", name: "J", timeZoneMinutes: 0, approaches: junction.approaches,
      signalGroups: junction.signalGroups, laneGroups: [], crossings: [], stages: junction.stages,
      changes: ChangeTable(
        (0..<4).map { from in
          (0..<4).map { from == $0 || (from == 2 && $0 == 1) ? nil : .zero }
        }),
      detectors: [], limits: junction.limits,
      plans: [NamedPlan(name: "own", plan: .of([(1, 20), (3, 20), (0, 10)]))],
      schedule: junction.schedule, control: junction.control)
    var cabinet = VirtualCabinet(intersection: changed, at: .after(0))
    try cabinet.order(.of([(2, 20), (3, 20), (0, 20), (1, 20)], .stageBoundary), lease: 30)
    #expect(try sequence(&cabinet, at: 27) == 1)
    #expect(try cabinet.readLive().stage == 2)
    #expect(try sequence(&cabinet, at: 47) == 0)
    cabinet.advance(to: .after(54))
    #expect(try cabinet.readLive().stage == 3)
  }

  @Test("A heartbeat renews the lease once for each beat, and only for the plan that is held")
  func heartbeat() throws {
    var cabinet = cabinet()
    try cabinet.order(.of(entries, .now), sequence: 4, epoch: 2, lease: 60)
    cabinet.advance(to: .after(20))
    func beat(_ sequence: UInt32, _ beat: UInt16, epoch: UInt32 = 2, lease: UInt16 = 60) throws {
      let heartbeat = Heartbeat(
        epoch: epoch, sequence: sequence, beat: beat, leaseSeconds: lease)
      try cabinet.write(address: 760, values: heartbeat.registers)
    }
    try beat(3, 1)
    try beat(4, 1, epoch: 1)
    try beat(4, 1, epoch: 3)
    try beat(4, 1, lease: 601)
    #expect(try cabinet.readLive().leaseLeft == 40)
    try beat(4, 1)
    #expect(try cabinet.readLive().leaseLeft == 60)
    cabinet.advance(to: .after(30))
    try beat(4, 1)
    #expect(try cabinet.readLive().leaseLeft == 50)
    try beat(4, 2)
    #expect(try cabinet.readLive().leaseLeft == 60)
    #expect(try cabinet.readResult().code == .active)
  }
}
