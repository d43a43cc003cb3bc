import Cabinets
import Signals

extension FuzzTarget {
  /// Registers of a block: the first byte says of which, the second what of them is put right, since
  /// no fuzzer guesses a checksum.
  static let registers = FuzzTarget("registers", longest: 300) { bytes in
    var dice = Dice(bytes)
    let block = Block.allCases[dice.number(below: Block.allCases.count)]
    let flags = dice.byte()
    var registers: [UInt16] = []
    while !dice.isEmpty && registers.count < 140 { registers.append(dice.word()) }
    if flags & 1 == 0 { registers = fitted(registers, to: block.place) }
    if flags & 2 == 0, let signature = block.place.signature, !registers.isEmpty {
      registers[0] = signature
    }
    if flags & 4 == 0 { block.sign(&registers) }
    try block.hold(registers)
  }

  private static func fitted(_ registers: [UInt16], to block: RegisterBlock) -> [UInt16] {
    let missing = max(0, Int(block.length) - registers.count)
    return Array(registers.prefix(Int(block.length))) + Array(repeating: 0, count: missing)
  }
}

/// A block of the reference map that is read as a whole.
private enum Block: CaseIterable {
  case identity, clock, setClock, stages, intergreens, limits, plan, result, active, live, heartbeat
  case detectors

  var place: RegisterBlock {
    switch self {
    case .identity: RegisterMap.identity
    case .clock: RegisterMap.clock
    case .setClock: RegisterMap.setClock
    case .stages: RegisterMap.stages
    case .intergreens: RegisterMap.intergreensLow
    case .limits: RegisterMap.limits
    case .plan: RegisterMap.plan
    case .result: RegisterMap.result
    case .active: RegisterMap.active
    case .live: RegisterMap.live
    case .heartbeat: RegisterMap.heartbeat
    case .detectors: RegisterMap.detectors(page: 0)
    }
  }

  /// Puts checksum, key or counter right.
  func sign(_ registers: inout [UInt16]) {
    guard registers.count == Int(place.length) else { return }
    switch self {
    case .stages: registers[3] = IntergreensBlock.checksum(Array(registers[4...]))
    case .plan, .active:
      signPlan(&registers)
      if self == .plan { registers[83] = 0xA55A ^ registers[5] }
    case .setClock: registers[5] = 0xA55A ^ registers[3]
    case .live: registers[39] = registers[1]
    default: break
    }
  }

  /// What is read is written, and read again the same; what is refused is refused in words.
  func hold(_ registers: [UInt16]) throws {
    switch self {
    case .identity:
      try again(registers, { try CabinetIdentity(registers: $0) }, \.registers)
    case .clock: try again(registers, { try CabinetClock(registers: $0) }, \.registers)
    case .setClock: try again(registers, { try ClockOrder(registers: $0) }, \.registers)
    case .stages: try again(registers, { try StagesBlock(registers: $0) }, \.registers)
    case .limits: try again(registers, { try LimitsBlock(registers: $0) }, \.registers)
    case .plan: try again(registers, { try PlanOrder(registers: $0) }, \.registers)
    case .result: try again(registers, { try OrderResult(registers: $0) }, \.registers)
    case .heartbeat: try again(registers, { try Heartbeat(registers: $0) }, \.registers)
    case .detectors: try again(registers, { try DetectorPage(registers: $0) }, \.registers)
    case .intergreens:
      try again(
        registers + registers, { try IntergreensBlock.table(registers: $0, stages: 16) },
        { IntergreensBlock.registers(of: $0) })
    case .live:
      for (stages, groups) in [(16, 64), (4, 10), (1, 1)] {
        try again(
          registers, { try LiveState(registers: $0, stages: stages, signalGroups: groups) },
          \.registers)
      }
    case .active:
      let active = try? ActivePlan(registers: registers, stages: 4)
      let stages = active?.plan.entries.map(\.stage) ?? []
      try promise(stages.allSatisfy { (0..<4).contains($0) }, "a plan of stages that are not there")
    }
  }

  private func again<Value: Equatable>(
    _ registers: [UInt16], _ read: ([UInt16]) throws -> Value, _ write: (Value) -> [UInt16]
  ) throws {
    do {
      let value = try read(registers)
      try promise(try read(write(value)) == value, "\(value) is read as another when written")
    } catch let error as RegisterError {
      try promise(!"\(error)".isEmpty, "a block refused without a word")
    }
  }
}

/// Gives a plan's registers the checksum of their content, as an order.
func signPlan(_ registers: inout [UInt16]) {
  var summed = registers.prefix(80)
  if registers[0] == RegisterMap.active.signature {
    summed[0] = RegisterMap.plan.signature ?? 0
  }
  let sum = Checksum.crc32(summed)
  (registers[80], registers[81]) = (UInt16(sum >> 16), UInt16(sum & 0xFFFF))
}
