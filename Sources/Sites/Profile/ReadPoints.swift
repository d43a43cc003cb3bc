import Profiles

/// Which of two registers comes first.
enum WordOrder: String, CaseIterable {
  case highFirst = "high_first"
  case lowFirst = "low_first"
}

/// A point; `nil` after an error.
func readPoint(_ row: Row, order: WordOrder) -> CabinetProfile.Point? {
  guard let table = row.table else { return nil }
  let address = table["address"]?.integer()
  let kind = table["type"]?.choice(of: CabinetProfile.Point.Kind.self)
  let order = table.value("word_order", or: order) { $0.choice(of: WordOrder.self) }
  let count = table.value("count", or: 1) { $0.integer() }
  let stride = table.value("stride", or: kind == .u32 ? 2 : 1) { $0.integer() }
  let step = table.value("step", or: (thousandths: 1000, unit: "")) { $0.step() }
  let meanings = table.value("means", or: []) { $0.meanings() }
  let constant = table.value("constant", or: UInt32?.none) { $0.register(wide: kind == .u32) }
  let value = table.value("value", or: CabinetValue?.none) { field in
    field.choice(of: CabinetValue.self).map { .some($0) }
  }
  guard let name = row.name, let address, let kind, let order, let count, let stride, let step,
    let meanings, let constant, let value
  else { return nil }
  if constant != nil, value != nil {
    row.at("constant").report(
      "stands beside a value; keep one of them",
      "与 value 并存；请保留一个")
    return nil
  }
  guard count == 1 || kind != .u32 || stride >= 2 else {
    row.at("stride").report(
      "is 1, but each value takes two registers; write 2 or more",
      "为 1，而每个值占两个寄存器；请写 2 或以上")
    return nil
  }
  let point = CabinetProfile.Point(
    name: name, address: address, kind: kind, isHighWordFirst: order == .highFirst, count: count,
    stride: stride, step: step.thousandths, unit: step.unit, meanings: meanings,
    constant: constant, value: value)
  guard point.span.upperBound <= 65_536 else {
    row.at("address").report(
      "the point ends after the last register, 65535",
      "该点超出最后一个寄存器 65535")
    return nil
  }
  return point
}

extension Field {
  /// What one step of a register is worth: "0.1 s", or "0.5" without a unit.
  fileprivate func step() -> (thousandths: Int, unit: String)? {
    guard let text = text() else { return nil }
    let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
    let digits =
      parts.first.map { $0.split(separator: ".", omittingEmptySubsequences: false) } ?? []
    let isPlain =
      (1...2).contains(digits.count)
      && digits.allSatisfy { !$0.isEmpty && $0.allSatisfy { "0"..."9" ~= $0 } }
    let fraction = digits.count == 2 ? String(digits[1]) : ""
    guard isPlain, fraction.count <= 3, let whole = Int(digits[0]), whole <= 1000,
      let rest = Int((fraction + "000").prefix(3)), whole * 1000 + rest > 0
    else {
      return refuse(
        "\(shown(text)) is no step; write a number and its unit, such as 0.1 s",
        "\(shown(text)) 不是步长；请写数值和单位，例如 0.1 s")
    }
    return (whole * 1000 + rest, parts.count > 1 ? parts[1] : "")
  }

  /// Words for values, or for bits.
  fileprivate func meanings() -> [CabinetProfile.Point.Meaning]? {
    guard let entries = entries() else { return nil }
    return entries.compactMap { name, words in
      guard let value = name.register(wide: false).flatMap({ $0 }), let words = words.name() else {
        return nil
      }
      return CabinetProfile.Point.Meaning(value: Int(value), words: words)
    }
  }

  /// A number that a register can hold, or two: "13", or "0x0D". Twice optional as tables want it.
  func register(wide: Bool) -> UInt32?? {
    guard let text = text() else { return .none }
    let isHexadecimal = text.hasPrefix("0x")
    let digits = isHexadecimal ? text.dropFirst(2) : text[...]
    guard !digits.isEmpty, digits.allSatisfy({ $0.isHexDigit && $0.isASCII }),
      let value = UInt32(digits, radix: isHexadecimal ? 16 : 10),
      wide || value <= UInt16.max
    else {
      report(
        "\(shown(text)) is no number that a register holds; write 0 to "
          + "\(wide ? "0xFFFFFFFF" : "0xFFFF")",
        "\(shown(text)) 不是寄存器能容纳的数；请写 0 至 \(wide ? "0xFFFFFFFF" : "0xFFFF")")
      return .none
    }
    return .some(value)
  }
}
