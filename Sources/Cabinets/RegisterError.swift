/// Why registers are not what their block says.
public enum RegisterError: Error, Sendable, Hashable {
  /// Another number of registers came than the block has.
  case length(block: String, found: Int, expected: Int)
  /// The block begins with another word: a stale or misrouted reply, or no such cabinet.
  case signature(block: String, found: UInt16, expected: UInt16)
  /// The checksum does not fit the content.
  case checksum(block: String, found: UInt32, expected: UInt32)
  /// The block changed while it was read.
  case torn(block: String, counterA: UInt16, counterB: UInt16)
  /// A field holds what it cannot.
  case value(block: String, field: String, found: Int, allowed: String)
}

extension RegisterError: CustomStringConvertible {
  /// For the person who must act: which block, what was found, what would be right.
  public var description: String {
    switch self {
    case .length(let block, let found, let expected):
      "block \(block): \(found) registers came, \(expected) were asked for"
    case .signature(let block, let found, let expected):
      "block \(block): begins with \(hexadecimal(found)), not \(hexadecimal(expected))"
    case .checksum(let block, let found, let expected):
      "block \(block): checksum \(hexadecimal(found)), its content gives \(hexadecimal(expected))"
    case .torn(let block, let counterA, let counterB):
      "block \(block): changed while it was read (counters \(counterA) and \(counterB))"
    case .value(let block, let field, let found, let allowed):
      "block \(block): \(field) is \(found), allowed is \(allowed)"
    }
  }
}

/// `value` as people write register values: "0x5453".
func hexadecimal(_ value: some BinaryInteger) -> String {
  "0x" + String(value, radix: 16, uppercase: true)
}
