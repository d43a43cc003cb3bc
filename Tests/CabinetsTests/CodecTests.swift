import Signals
import Support
import Testing

@testable import Cabinets

@Suite("Blocks of registers and the values they stand for")
struct CodecTests {
  private func order(_ random: inout SeededGenerator) -> PlanOrder {
    let entries = (0..<Int.random(in: 0...16, using: &random)).map { _ in
      let green = Int.random(in: 1...65_535, using: &random)
      return PlanEntry(
        stage: Int.random(in: -1...99, using: &random), green: Tenths(green),
        longestGreen: Tenths(Int.random(in: 1...65_535, using: &random)))
    }
    let cycle = Bool.random(using: &random) ? Int.random(in: 1...65_535, using: &random) : nil
    return PlanOrder(
      epoch: .random(in: 0 ... .max, using: &random),
      sequence: .random(in: 0 ... .max, using: &random),
      planID: .random(in: 0 ... .max, using: &random),
      plan: TimingPlan(
        entries: entries, cycle: cycle.map(Tenths.init),
        offset: Tenths(Int.random(in: -99_999...99_999, using: &random)),
        takeover: Takeover.allCases.randomElement(using: &random) ?? .now),
      leaseSeconds: .random(in: 0 ... .max, using: &random),
      operation: PlanOperation.allCases.randomElement(using: &random) ?? .stage)
  }

  @Test("Plans come back as they were written, also from the block of the active plan")
  func plans() throws {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<500 {
      let order = order(&random)
      #expect(try PlanOrder(registers: order.registers) == order)
      let source = ControlSource.allCases.randomElement(using: &random) ?? .central
      let known = order.plan.entries.allSatisfy { (0..<16).contains($0.stage) }
      let registers = ActivePlan.registers(of: order.registers, source: source)
      guard known else {
        #expect(throws: RegisterError.self) { try ActivePlan(registers: registers, stages: 16) }
        continue
      }
      let active = try ActivePlan(registers: registers, stages: 16)
      #expect(active.plan == order.plan)
      #expect(active.checksum == order.checksum)
      #expect(active.sequence == order.sequence)
      #expect(active.source == source)
    }
  }

  @Test("Any change of a single bit of a plan is found")
  func bitErrors() {
    var random = SeededGenerator(seed: 2)
    let registers = order(&random).registers
    for register in 0..<82 {
      for bit in 0..<16 {
        var broken = registers
        broken[register] ^= 1 << bit
        #expect(throws: RegisterError.self) { try PlanOrder(registers: broken) }
      }
    }
  }

  @Test("A plan lies where the map says")
  func planLayout() {
    let plan = TimingPlan(
      entries: [
        PlanEntry(stage: 2, green: .seconds(31), longestGreen: .seconds(40)),
        PlanEntry(stage: 0, green: .seconds(25)),
      ], cycle: .seconds(70), offset: .seconds(-5), takeover: .stageBoundary)
    let registers = PlanOrder(
      epoch: 0x0001_0002, sequence: 0x0003_0004, planID: 9, plan: plan, leaseSeconds: 120,
      operation: .validate
    ).registers
    #expect(
      registers.prefix(24) == [
        0x504C, 1, 1, 2, 3, 4, 9, 2, 700, 650, 1, 120, 0, 0, 0, 0, 3, 310, 400, 0, 1, 250, 250, 0,
      ])
    // CRC-32 of the 160 bytes by Python's zlib.
    #expect(registers[80...83] == [0xAF3D, 0xAC7F, 1, 0xA55A ^ 4])
    #expect(registers.count == 90)
  }

  @Test("Live states come back as they were written")
  func live() throws {
    var random = SeededGenerator(seed: 3)
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    for _ in 0..<300 {
      let groups = number(0...64)
      let state = LiveState(
        counter: UInt16(number(0...65_535)), mode: OperatingMode.allCases[number(0...13)],
        source: ControlSource.allCases[number(0...4)], stage: number(0...15),
        subState: SubState.allCases[number(0...3)], timeInState: Tenths(number(0...65_535)),
        leastLeft: number(0...1) == 0 ? nil : Tenths(number(0...65_534)),
        mostLeft: number(0...1) == 0 ? nil : Tenths(number(0...65_534)),
        nextStage: number(0...1) == 0 ? nil : number(0...15),
        cycleNumber: UInt32(number(0...0xFFFF_FFFF)), timeInCycle: Tenths(number(0...65_535)),
        activeSequence: UInt32(number(0...0xFFFF_FFFF)), leaseLeft: number(0...65_535),
        criticalFaults: UInt16(number(0...65_535)), otherFaults: UInt16(number(0...65_535)),
        detectorFaults: UInt16(number(0...65_535)),
        lamps: (0..<groups).map { _ in
          let code = number(0...8)
          return code == 0 ? nil : Lamp.allCases[code - 1]
        }, door: UInt16(number(0...1)), power: UInt16(number(0...1)))
      let read = try LiveState(registers: state.registers, stages: 16, signalGroups: groups)
      #expect(read == state)
    }
  }

  @Test("The colours of the groups lie four bits each, the first in the highest of register 19")
  func colours() throws {
    var cabinet = VirtualCabinet(intersection: Sample.fourArm(), at: .after(0))
    cabinet.advance(to: .after(31))
    let registers = try cabinet.readAll(RegisterMap.live)
    // North and south through are yellow (4), their pedestrians red, all others red (5).
    #expect(registers[19...21] == [0x4555, 0x4555, 0x5500])
    #expect(registers[1] == registers[39])
  }

  @Test("A live block whose counters differ is torn")
  func torn() {
    var registers = VirtualCabinet(intersection: Sample.fourArm(), at: .after(0)).live.registers
    registers[39] &+= 1
    #expect(
      throws: RegisterError.torn(
        block: "live", counterA: registers[1], counterB: registers[39])
    ) { try LiveState(registers: registers, stages: 4, signalGroups: 10) }
  }

  @Test("Identity, clock, results and heartbeats come back as they were written")
  func small() throws {
    var random = SeededGenerator(seed: 4)
    func word() -> UInt16 { UInt16.random(in: 0 ... .max, using: &random) }
    func long() -> UInt32 { UInt32.random(in: 0 ... .max, using: &random) }
    for round in 0..<200 {
      let identity = CabinetIdentity(
        major: word(), minor: word(), id: long(), vendor: word(), firmware: word(),
        siteRevision: word(), stages: Int(word()), signalGroups: Int(word()),
        detectors: Int(word()), capabilities: CabinetCapabilities(rawValue: word()),
        countdown: CountdownKind.allCases[round % 4], leaseSeconds: 5...(5 + Int(word() / 2)),
        model: String("Model \(round) of a cabinet, long name".prefix(round % 33)))
      #expect(try CabinetIdentity(registers: identity.registers) == identity)
      let utc = UTC(milliseconds: Int64(long()) * 1000 + Int64(word() % 1000))
      let clock = CabinetClock(
        utc: utc, source: ClockSource.allCases[round % 3],
        secondsSinceSet: round % 5 == 0 ? nil : Int(word() / 2))
      #expect(try CabinetClock(registers: clock.registers) == clock)
      let setting = ClockOrder(epoch: long(), utc: utc)
      #expect(try ClockOrder(registers: setting.registers) == setting)
      let result = OrderResult(
        highestEpoch: long(), sequence: long(), code: ResultCode.allCases[round % 19],
        entry: round % 17 == 0 ? nil : round % 17,
        utc: UTC(milliseconds: Int64(long()) * 1000))
      #expect(try OrderResult(registers: result.registers) == result)
      let beat = Heartbeat(epoch: long(), sequence: long(), beat: word(), leaseSeconds: word())
      #expect(try Heartbeat(registers: beat.registers) == beat)
      let page = DetectorPage(
        interval: long(), start: UTC(milliseconds: Int64(long()) * 1000),
        length: Tenths(Int(word())),
        readings: (0..<round % 31).map { _ in
          DetectorPage.Reading(count: word(), occupancy: word() % 214, speed: word() / 2)
        })
      #expect(try DetectorPage(registers: page.registers) == page)
    }
  }

  @Test("Stages, intergreens and limits come back as they were written")
  func tables() throws {
    var random = SeededGenerator(seed: 5)
    func time(_ most: Int) -> Tenths { Tenths(Int.random(in: 0...most, using: &random)) }
    for _ in 0..<200 {
      let count = Int.random(in: 1...16, using: &random)
      let stages = StagesBlock(
        revision: .random(in: 0 ... .max, using: &random),
        stages: (0..<count).map { _ in
          CabinetLimits.StageTimes(
            minimumGreen: time(65_535), maximumGreen: time(65_535), pedestrian: time(65_535),
            greenFlash: time(65_535), yellow: time(65_535), allRed: time(65_535))
        })
      #expect(try StagesBlock(registers: stages.registers) == stages)
      var broken = stages.registers
      broken[4 + Int.random(in: 0..<96, using: &random)] ^= 0x0100
      #expect(throws: RegisterError.self) { try StagesBlock(registers: broken) }
      let rows = (0..<count).map { _ in
        (0..<count).map { _ in Bool.random(using: &random) ? time(254) : nil }
      }
      let table = ChangeTable(rows)
      let registers = IntergreensBlock.registers(of: table)
      #expect(try IntergreensBlock.table(registers: registers, stages: count) == table)
      let limits = LimitsBlock(
        limits: Limits(
          minimumCycle: time(65_535), maximumCycle: time(65_535), longestRed: time(65_535),
          largestChange: time(65_535), planInterval: time(65_535), notice: time(65_535)),
        intergreensChecksum: IntergreensBlock.checksum(registers))
      #expect(try LimitsBlock(registers: limits.registers) == limits)
    }
  }

  @Test("An intergreen too long for the map is told as forbidden, never as shorter")
  func longIntergreen() throws {
    let table = ChangeTable([[.zero, .seconds(26)], [Tenths(254), .zero]])
    let told = try IntergreensBlock.table(
      registers: IntergreensBlock.registers(of: table), stages: 2)
    #expect(told == ChangeTable([[.zero, nil], [Tenths(254), .zero]]))
  }

  @Test(
    "Random registers are an error or a value, never a trap", arguments: Array(0..<20) as [UInt64])
  func randomRegisters(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var errors = 0
    func reads(_ read: () throws -> Void) {
      do { try read() } catch { errors += 1 }
    }
    for round in 0..<300 {
      let length = [0, 1, 6, 8, 10, 32, 40, 64, 90, 97, 100, 128][round % 12]
      var registers = (0..<length).map { _ in
        UInt16.random(in: Bool.random(using: &random) ? 0...5 : 0...65535, using: &random)
      }
      for block in RegisterMap.readable where Int(block.length) == length && round % 3 == 0 {
        registers[0] = block.signature ?? registers[0]
      }
      reads { _ = try CabinetIdentity(registers: registers) }
      reads { _ = try CabinetClock(registers: registers) }
      reads { _ = try ClockOrder(registers: registers) }
      reads { _ = try StagesBlock(registers: registers) }
      reads { _ = try IntergreensBlock.table(registers: registers, stages: 16) }
      reads { _ = try LimitsBlock(registers: registers) }
      reads { _ = try PlanOrder(registers: registers) }
      reads { _ = try ActivePlan(registers: registers, stages: 4) }
      reads { _ = try OrderResult(registers: registers) }
      reads { _ = try Heartbeat(registers: registers) }
      reads { _ = try LiveState(registers: registers, stages: 4, signalGroups: 70) }
      reads { _ = try DetectorPage(registers: registers) }
    }
    #expect(errors > 300 * 8)
  }

  @Test("An error says which block, what was found, and what would be right")
  func wording() {
    let live = VirtualCabinet(intersection: Sample.fourArm(), at: .after(0)).live.registers
    func message(_ change: (inout [UInt16]) -> Void) -> String {
      var registers = live
      change(&registers)
      do {
        _ = try LiveState(registers: registers, stages: 4, signalGroups: 10)
        return "none"
      } catch { return "\(error)" }
    }
    #expect(message { $0[0] = 0x4143 } == "block live: begins with 0x4143, not 0x4C56")
    #expect(message { $0.removeLast() } == "block live: 39 registers came, 40 were asked for")
    #expect(message { $0[4] = 9 } == "block live: stage is 9, allowed is 1 to 4")
    #expect(message { $0[3] = 7 } == "block live: source is 7, allowed is 0, 1, 2, 3, 4")
    #expect(
      message { $0[19] |= 0xF000 }
        == "block live: lamps of signal group 1 is 15, allowed is 0 to 8")
  }
}
