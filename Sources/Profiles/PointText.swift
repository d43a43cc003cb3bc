extension CabinetProfile.Point {
  /// What registers say, for people; `registers` begin with the point's own first one. `said` puts the
  /// words for single values into the reader's language.
  public func text(_ registers: [UInt16], said: (String) -> String = { $0 }) -> String {
    switch kind {
    case .text: return Self.characters(registers.prefix(count))
    case .bits: return bits(Int(registers[0]), said)
    case .bytes: return row(Self.parts(registers, of: 8, count), said)
    case .nibbles: return row(Self.parts(registers, of: 4, count), said)
    case .u16, .u32:
      return row(
        (0..<count).map { position in
          let first = position * stride
          return raw(registers[first..<first + width])
        }, said)
    }
  }

  /// The first value in `registers`, which begin with the point's own first one.
  public func value(of registers: ArraySlice<UInt16>) -> Int { raw(registers.prefix(width)) }

  /// Registers from the first to the last of the row.
  public var span: Range<Int> {
    switch kind {
    case .text: address..<address + count
    case .bytes: address..<address + (count + 1) / 2
    case .nibbles: address..<address + (count + 3) / 4
    case .u16, .u32, .bits: address..<registers(count - 1).upperBound
    }
  }

  private func row(_ values: [Int], _ said: (String) -> String) -> String {
    values.map { words($0, said) }.joined(separator: ", ")
  }

  /// A value with its meaning, or in its unit.
  private func words(_ value: Int, _ said: (String) -> String) -> String {
    if let meaning = meanings.first(where: { $0.value == value }) {
      return "\(value) \(said(meaning.words))"
    }
    let space = unit.isEmpty ? "" : " \(unit)"
    return "\(Self.decimal(value * step))\(space)"
  }

  private func bits(_ value: Int, _ said: (String) -> String) -> String {
    let set = (0..<16).filter { value >> $0 & 1 == 1 }.map { bit in
      said(meanings.first { $0.value == bit }?.words ?? "bit \(bit)")
    }
    return set.isEmpty ? said("none") : set.joined(separator: ", ")
  }

  /// Thousandths as a decimal number.
  private static func decimal(_ thousandths: Int) -> String {
    let rest = thousandths % 1000
    guard rest != 0 else { return "\(thousandths / 1000)" }
    var digits = String(String(rest + 1000).dropFirst())
    while digits.last == "0" { digits.removeLast() }
    return "\(thousandths / 1000).\(digits)"
  }

  private static func parts(_ registers: [UInt16], of width: Int, _ count: Int) -> [Int] {
    let each = 16 / width
    return (0..<count).map { position in
      let word = Int(registers[position / each])
      return word >> (16 - width * (position % each + 1)) & (1 << width - 1)
    }
  }

  /// Two characters a register, up to a zero; what is no ASCII shows as a question mark.
  private static func characters(_ registers: ArraySlice<UInt16>) -> String {
    let bytes = registers.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }.prefix { $0 != 0 }
    return String(
      String.UnicodeScalarView(
        bytes.map { (32..<127).contains($0) ? Unicode.Scalar($0) : "?" }))
  }
}
