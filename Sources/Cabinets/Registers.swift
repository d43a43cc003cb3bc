import Signals

/// The registers of one block as they came, with their length and signature checked.
struct RegisterReader {
  let block: RegisterBlock
  let registers: [UInt16]

  init(_ registers: [UInt16], of block: RegisterBlock) throws(RegisterError) {
    guard registers.count == Int(block.length) else {
      throw .length(block: block.name, found: registers.count, expected: Int(block.length))
    }
    if let signature = block.signature, registers[0] != signature {
      throw .signature(block: block.name, found: registers[0], expected: signature)
    }
    self.block = block
    self.registers = registers
  }

  func word(_ offset: Int) -> UInt16 { registers[offset] }

  func number(_ offset: Int) -> Int { Int(registers[offset]) }

  func tenths(_ offset: Int) -> Tenths { Tenths(Int(registers[offset])) }

  /// Two registers, high word first.
  func long(_ offset: Int) -> UInt32 {
    UInt32(registers[offset]) << 16 | UInt32(registers[offset + 1])
  }

  /// `nil` for an unknown value.
  func known(_ offset: Int) -> UInt16? {
    registers[offset] == RegisterMap.unknown ? nil : registers[offset]
  }

  /// A number that must lie in `range`.
  func number(
    _ offset: Int, _ field: String, in range: ClosedRange<Int>
  ) throws(RegisterError) -> Int {
    guard range.contains(number(offset)) else {
      throw .value(
        block: block.name, field: field, found: number(offset),
        allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
    return number(offset)
  }

  /// A number that must be the raw value of a case.
  func code<Code: RawRepresentable & CaseIterable>(
    _ offset: Int, _ field: String
  ) throws(RegisterError) -> Code where Code.RawValue == UInt16 {
    guard let code = Code(rawValue: registers[offset]) else {
      throw .value(
        block: block.name, field: field, found: number(offset),
        allowed: Code.allCases.map { "\($0.rawValue)" }.joined(separator: ", "))
    }
    return code
  }
}

/// The registers of one block as they are filled; all zero but the signature at first.
struct RegisterWriter {
  private(set) var registers: [UInt16]

  init(_ block: RegisterBlock) {
    registers = Array(repeating: 0, count: Int(block.length))
    if let signature = block.signature { registers[0] = signature }
  }

  mutating func put(_ value: UInt16, at offset: Int) { registers[offset] = value }

  /// A number that no register can hold becomes the nearest that one can.
  mutating func put(_ value: Int, at offset: Int) { registers[offset] = UInt16(clamping: value) }

  mutating func put(_ value: Tenths, at offset: Int) { put(value.count, at: offset) }

  /// High word first.
  mutating func put(_ value: UInt32, at offset: Int) {
    registers[offset] = UInt16(value >> 16)
    registers[offset + 1] = UInt16(value & 0xFFFF)
  }

  /// An unknown value reads as such; a known one never does.
  mutating func put(known value: Int?, at offset: Int) {
    registers[offset] =
      value.map { min(UInt16(clamping: $0), RegisterMap.unknown - 1) } ?? RegisterMap.unknown
  }
}
