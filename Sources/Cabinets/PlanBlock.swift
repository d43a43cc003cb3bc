public import Signals

/// What the cabinet is to do with a plan. The raw value is the register's.
public enum PlanOperation: UInt16, Sendable, CaseIterable {
  /// Keep it, nothing more.
  case stage = 0
  /// Check it as if it were to be activated now.
  case validate = 1
  /// Run it when it says.
  case activate = 2
  /// Drop a plan that waits to take over; its entries do not matter.
  case cancel = 3
  /// Return to the cabinet's own plan at the next stage boundary; its entries do not matter.
  case release = 4
}

/// An order to the cabinet: block "plan".
public struct PlanOrder: Sendable, Hashable {
  /// Format of the block.
  public static let format: UInt16 = 1

  /// Registers under the checksum.
  static let summed = 80

  /// Epoch of whoever orders; the cabinet refuses one lower than it has seen.
  public let epoch: UInt32
  /// Number of the order within its epoch, from 1.
  public let sequence: UInt32
  /// Free number for people, such as that of a time-of-day plan.
  public let planID: UInt16
  /// The plan. Positions of stages are not checked; -1 stands for stage number 0.
  public let plan: TimingPlan
  /// How long it runs without being renewed, seconds.
  public let leaseSeconds: UInt16
  /// What is to be done with it.
  public let operation: PlanOperation

  /// An order; its plan's offset is taken modulo the cycle, and is zero without one.
  public init(
    epoch: UInt32, sequence: UInt32, planID: UInt16 = 0, plan: TimingPlan, leaseSeconds: UInt16,
    operation: PlanOperation = .activate
  ) {
    self.epoch = epoch
    self.sequence = sequence
    self.planID = planID
    self.plan = plan.normalised
    self.leaseSeconds = leaseSeconds
    self.operation = operation
  }

  /// Reads the block "plan"; throws what is wrong with it, a wrong checksum before all else.
  public init(registers: [UInt16]) throws(RegisterError) {
    let block = RegisterMap.plan
    guard registers.count == Int(block.length) else {
      throw .length(block: block.name, found: registers.count, expected: Int(block.length))
    }
    try PlanBody.check(registers, of: block)
    let reader = try RegisterReader(registers, of: block)
    let body = try PlanBody(reader)
    try checkKey(reader.word(83), over: reader.word(5), in: block)
    self.init(
      epoch: body.epoch, sequence: body.sequence, planID: body.planID, plan: body.plan,
      leaseSeconds: body.leaseSeconds, operation: try reader.code(82, "operation"))
  }

  /// The block's registers.
  public var registers: [UInt16] {
    var registers = body.registers(of: RegisterMap.plan)
    registers[82] = operation.rawValue
    registers[83] = RegisterMap.key ^ UInt16(sequence & 0xFFFF)
    return registers
  }

  /// The checksum of the plan, by which it is recognised in the block "active".
  public var checksum: UInt32 { Checksum.crc32(registers.prefix(Self.summed)) }

  private var body: PlanBody {
    PlanBody(
      epoch: epoch, sequence: sequence, planID: planID, plan: plan, leaseSeconds: leaseSeconds)
  }
}

/// The plan that runs: block "active".
public struct ActivePlan: Sendable, Hashable {
  /// Epoch of its order, 0 for the cabinet's own plan.
  public let epoch: UInt32
  /// Number of its order, 0 for the cabinet's own plan.
  public let sequence: UInt32
  /// Free number for people.
  public let planID: UInt16
  /// The plan.
  public let plan: TimingPlan
  /// The checksum of the order that it came with.
  public let checksum: UInt32
  /// Who decides what the lamps show.
  public let source: ControlSource

  /// Reads the block of a cabinet of `stages` stages; throws what is wrong with it.
  public init(registers: [UInt16], stages: Int) throws(RegisterError) {
    let block = RegisterMap.active
    let reader = try RegisterReader(registers, of: block)
    try PlanBody.check(registers, of: block)
    let body = try PlanBody(reader)
    for (position, entry) in body.plan.entries.enumerated()
    where !(0..<stages).contains(entry.stage) {
      throw .value(
        block: block.name, field: "stage of entry \(position + 1)", found: entry.stage + 1,
        allowed: "1 to \(stages)")
    }
    epoch = body.epoch
    sequence = body.sequence
    planID = body.planID
    plan = body.plan
    checksum = reader.long(PlanOrder.summed)
    source = try reader.code(82, "control source")
  }

  /// The block's registers for a plan that came as `order`, the registers of the block "plan".
  static func registers(of order: [UInt16], source: ControlSource) -> [UInt16] {
    var registers = order
    registers[0] = RegisterMap.active.signature ?? 0
    registers[82] = source.rawValue
    for offset in 83..<registers.count { registers[offset] = 0 }
    return registers
  }
}

/// What the blocks "plan" and "active" have in common: registers 0 to 81.
struct PlanBody {
  let epoch: UInt32
  let sequence: UInt32
  let planID: UInt16
  let plan: TimingPlan
  let leaseSeconds: UInt16

  init(epoch: UInt32, sequence: UInt32, planID: UInt16, plan: TimingPlan, leaseSeconds: UInt16) {
    precondition(plan.entries.count <= TimingPlan.entryLimit, "a plan has at most 16 entries")
    self.epoch = epoch
    self.sequence = sequence
    self.planID = planID
    self.plan = plan
    self.leaseSeconds = leaseSeconds
  }

  init(_ reader: RegisterReader) throws(RegisterError) {
    _ = try reader.number(1, "format", in: Int(PlanOrder.format)...Int(PlanOrder.format))
    let count = try reader.number(7, "number of entries", in: 0...TimingPlan.entryLimit)
    let entries = (0..<count).map { entry in
      let first = 16 + entry * 4
      let longest = reader.tenths(first + 2)
      return PlanEntry(
        stage: reader.number(first) - 1, green: reader.tenths(first + 1),
        longestGreen: longest == .zero ? nil : longest)
    }
    let cycle = reader.tenths(8)
    self.init(
      epoch: reader.long(2), sequence: reader.long(4), planID: reader.word(6),
      plan: TimingPlan(
        entries: entries, cycle: cycle == .zero ? nil : cycle, offset: reader.tenths(9),
        takeover: try reader.code(10, "apply")), leaseSeconds: reader.word(11))
  }

  /// The checksum is that of the order, so it is counted with the plan's signature.
  static func check(_ registers: [UInt16], of block: RegisterBlock) throws(RegisterError) {
    var summed = registers.prefix(PlanOrder.summed)
    if registers[0] == block.signature { summed[0] = RegisterMap.plan.signature ?? 0 }
    let expected = Checksum.crc32(summed)
    let found = UInt32(registers[80]) << 16 | UInt32(registers[81])
    guard found == expected else {
      throw .checksum(block: block.name, found: found, expected: expected)
    }
  }

  func registers(of block: RegisterBlock) -> [UInt16] {
    var writer = RegisterWriter(block)
    writer.put(PlanOrder.format, at: 1)
    writer.put(epoch, at: 2)
    writer.put(sequence, at: 4)
    writer.put(planID, at: 6)
    writer.put(plan.entries.count, at: 7)
    writer.put(plan.cycle ?? .zero, at: 8)
    writer.put(plan.offset, at: 9)
    writer.put(plan.takeover.rawValue, at: 10)
    writer.put(leaseSeconds, at: 11)
    for (position, entry) in plan.entries.enumerated() {
      let first = 16 + position * 4
      writer.put(entry.stage + 1, at: first)
      writer.put(entry.green, at: first + 1)
      writer.put(entry.longestGreen, at: first + 2)
    }
    writer.put(Checksum.crc32(writer.registers.prefix(PlanOrder.summed)), at: PlanOrder.summed)
    return writer.registers
  }
}

extension TimingPlan {
  /// The same plan with an offset that a register holds: 0 ..< cycle, zero without a cycle.
  var normalised: TimingPlan {
    var within = 0
    if let cycle, cycle > .zero {
      within = ((offset.count % cycle.count) + cycle.count) % cycle.count
    }
    return TimingPlan(
      entries: entries, cycle: cycle, offset: Tenths(within), takeover: takeover)
  }
}
