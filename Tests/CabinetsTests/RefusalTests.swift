import Signals
import Support
import Testing

@testable import Cabinets

@Suite("What a cabinet refuses by itself")
struct RefusalTests {
  private let round = TimingPlan.of([(0, 30), (1, 15), (2, 30), (3, 15)])

  private func cabinet(_ junction: Intersection = Sample.fourArm()) -> VirtualCabinet {
    VirtualCabinet(intersection: junction, at: .after(0))
  }

  @Test("A plan whose checksum is wrong never counts (0x81)")
  func checksum() throws {
    var cabinet = cabinet()
    var registers = PlanOrder(epoch: 1, sequence: 1, plan: round, leaseSeconds: 60).registers
    registers[17] += 10
    try cabinet.write(address: 400, values: registers)
    let result = try cabinet.readResult()
    #expect(result.code == .checksum)
    #expect(result.sequence == 0)
    cabinet.advance(to: .after(300))
    #expect(try cabinet.readActive().sequence == 0)
  }

  @Test("An epoch below the highest is refused (0x82), also after a restart")
  func staleEpoch() throws {
    var cabinet = cabinet()
    #expect(try cabinet.order(round, epoch: 7).code == .pending)
    #expect(try cabinet.order(round, sequence: 2, epoch: 6).code == .staleEpoch)
    cabinet.restart(at: .after(10))
    cabinet.advance(to: .after(60))
    let result = try cabinet.order(round, sequence: 9, epoch: 6)
    #expect(result.code == .staleEpoch)
    #expect(result.highestEpoch == 7)
    #expect(try cabinet.order(round, sequence: 9, epoch: 7).code == .pending)
  }

  @Test("A number used before is refused (0x83), a higher epoch begins anew")
  func staleSequence() throws {
    var cabinet = cabinet()
    #expect(try cabinet.order(round, sequence: 5).code == .pending)
    #expect(
      try cabinet.order(round.taking(over: .stageBoundary), sequence: 5).code == .staleSequence)
    #expect(try cabinet.order(round, sequence: 4).code == .staleSequence)
    #expect(try cabinet.order(round, sequence: 1, epoch: 2).code == .pending)
    #expect(try cabinet.order(round, sequence: 0, epoch: 3).code == .staleSequence)
  }

  @Test(
    "A green below minimum, below pedestrian time, or above maximum is refused (0x84)",
    arguments: [(1, 5, 2), (0, 19, 1), (3, 41, 4), (1, 0, 2)])
  func greens(stage: Int, green: Int, fault: Int) throws {
    var cabinet = cabinet()
    var entries = [(0, 30), (1, 15), (2, 30), (3, 15)]
    entries[stage].1 = green
    let result = try cabinet.order(.of(entries.map { (stage: $0.0, green: $0.1) }))
    #expect(result.code == .belowMinimumGreen)
    #expect(result.entry == fault)
  }

  @Test("A cycle that is not the sum of greens and changes is refused (0x85)")
  func cycleSum() throws {
    var cabinet = cabinet()
    let entries = [(stage: 0, green: 30), (1, 15), (2, 30), (3, 15)]
    #expect(try cabinet.order(.of(entries, cycle: 111), sequence: 1).code == .cycleSum)
    #expect(try cabinet.order(.of(entries, cycle: 110), sequence: 2).code == .pending)
  }

  @Test("A cycle out of range is refused (0x86)", arguments: [39, 181])
  func cycleRange(cycle: Int) throws {
    var cabinet = cabinet()
    #expect(
      try cabinet.order(.of([(0, 30), (1, 15), (2, 30), (3, 15)], cycle: cycle)).code == .cycleRange
    )
  }

  @Test("A forbidden change within the plan or to it is refused (0x87)")
  func forbiddenChange() throws {
    var cabinet = cabinet(Junctions.overlapping())
    let within = try cabinet.order(.of([(1, 20), (3, 20), (0, 10), (2, 10)]))
    #expect(within.code == .forbiddenChange)
    #expect(within.entry == 4)
    let entering = try cabinet.order(
      .of([(2, 10), (3, 20), (0, 10), (1, 20)], .stageBoundary), sequence: 2)
    #expect(entering.code == .forbiddenChange)
    #expect(entering.entry == 1)
  }

  @Test("A stage that does not exist, or a plan without entries, is refused (0x88)")
  func unknownStage() throws {
    var cabinet = cabinet()
    let five = try cabinet.order(.of([(0, 30), (4, 20)]))
    #expect(five.code == .unknownStage)
    #expect(five.entry == 2)
    #expect(try cabinet.order(.of([(-1, 30), (2, 20)]), sequence: 2).entry == 1)
    #expect(try cabinet.order(.of([]), sequence: 3).code == .unknownStage)
  }

  @Test(
    "Manual, flash and preemption are never fought (0x89)",
    arguments: [ControlSource.manual, .flash, .preempt])
  func held(source: ControlSource) throws {
    var cabinet = cabinet()
    cabinet.setSource(source, at: .after(5))
    #expect(try cabinet.order(round).code == .held)
    #expect(cabinet.source == source)
  }

  @Test("A lease out of range is refused (0x8A)", arguments: [4, 601])
  func leaseRange(lease: UInt16) throws {
    var cabinet = cabinet()
    #expect(try cabinet.order(round, lease: lease).code == .leaseRange)
  }

  @Test("After work at the cabinet plans are refused until its stages were read again (0x8B)")
  func revision() throws {
    var cabinet = cabinet()
    cabinet.setSiteRevision(2)
    #expect(try cabinet.order(round).code == .revisionChanged)
    let stages = try StagesBlock(registers: cabinet.readAll(RegisterMap.stages))
    #expect(stages.revision == 2)
    #expect(try cabinet.order(round, sequence: 2).code == .pending)
  }

  @Test("A plan for now must begin with the stage that is green (0x8C)")
  func runningStage() throws {
    var cabinet = cabinet()
    let second = TimingPlan.of([(1, 15), (2, 30), (3, 15), (0, 30)], .now)
    #expect(try cabinet.order(second).code == .notRunningStage)
    // 30 s of green are over: yellow.
    cabinet.advance(to: .after(31))
    let first = round.taking(over: .now)
    #expect(try cabinet.order(first, sequence: 2).code == .notRunningStage)
  }

  @Test(
    "A signal group that would stay red too long is refused, with the entry it waits for (0x8D)")
  func longestRed() throws {
    var cabinet = cabinet(Junctions.fourArm(limits: Junctions.limits(longestRed: 100)))
    // Stage B waits for C and D and A: 5 + 40 + 5 + 15 + 5 + 40 + 5 = 115 s.
    let long = TimingPlan.of([(0, 40), (1, 15), (2, 40), (3, 15)])
    let result = try cabinet.order(long)
    #expect(result.code == .longestRed)
    #expect(result.entry == 2)
    let never = try cabinet.order(.of([(0, 30), (1, 15), (2, 30)]), sequence: 2)
    #expect(never.code == .longestRed)
    #expect(never.entry == nil)
    #expect(try cabinet.order(round, sequence: 3).code == .pending)
  }

  @Test("A group that is overdue already does not stop a plan that serves it as soon as can be")
  func overdue() throws {
    var cabinet = cabinet(Junctions.fourArm(limits: Junctions.limits(longestRed: 100)))
    cabinet.setSource(.manual, at: .after(5))
    cabinet.setSource(.timeOfDay, at: .after(600))
    let slow = TimingPlan.of([(1, 15), (2, 30), (3, 15), (0, 30)], .stageBoundary)
    #expect(try cabinet.order(slow).code == .longestRed)
    let prompt = TimingPlan.of([(1, 6), (2, 20), (3, 6), (0, 20)], .stageBoundary)
    let code = try cabinet.order(prompt, sequence: 2).code
    #expect(code == .pending || code == .active)
  }

  @Test("A plan sooner than the shortest time between plans finds the cabinet busy")
  func busy() throws {
    var cabinet = cabinet(Junctions.fourArm(limits: Junctions.limits(planInterval: 30)))
    #expect(try cabinet.order(round).code == .pending)
    cabinet.advance(to: .after(29.9))
    #expect(throws: RegisterException.busy) { try cabinet.order(round, sequence: 2) }
    #expect(try cabinet.order(round).code == .pending)
    cabinet.advance(to: .after(30))
    #expect(try cabinet.order(round, sequence: 2).code == .pending)
  }

  @Test("Registers outside the map, parts of whole blocks and empty requests are exceptions")
  func exceptions() {
    var cabinet = cabinet()
    for address: UInt16 in [32, 54, 90, 350, 390, 490, 520, 740, 766, 799, 897, 65535] {
      #expect(throws: RegisterException.illegalAddress) {
        try cabinet.read(address: address, count: 1)
      }
      #expect(throws: RegisterException.illegalAddress) {
        try cabinet.write(address: address, values: [0])
      }
    }
    #expect(throws: RegisterException.illegalAddress) { try cabinet.read(address: 30, count: 3) }
    #expect(throws: RegisterException.illegalValue) { try cabinet.read(address: 0, count: 0) }
    #expect(throws: RegisterException.illegalValue) { try cabinet.read(address: 200, count: 101) }
    #expect(throws: RegisterException.illegalAddress) {
      try cabinet.write(address: 100, values: Array(repeating: 0, count: 100))
    }
    for block in [RegisterMap.setClock, RegisterMap.plan, RegisterMap.heartbeat] {
      #expect(throws: RegisterException.illegalValue) {
        try cabinet.write(address: block.address, values: [1])
      }
      #expect(throws: RegisterException.illegalValue) {
        try cabinet.write(
          address: block.address + 1, values: Array(repeating: 0, count: Int(block.length)))
      }
    }
  }
}
