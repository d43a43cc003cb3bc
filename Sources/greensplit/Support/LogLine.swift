/// A line that `Log` wrote, taken apart again: by scalars, since a quotation mark and what stands
/// beside it may be one character.
struct LogLine {
  private var fields: [(key: String, value: String)] = []

  init(_ text: String) {
    var rest = text.unicodeScalars[...]
    if rest.first == "<", let end = rest.firstIndex(of: ">") { rest = rest[end...].dropFirst() }
    while let equals = rest.firstIndex(of: "=") {
      let key = rest[..<equals].split(separator: " ").last.map(String.init) ?? ""
      rest = rest[equals...].dropFirst()
      fields.append((key, Self.takeValue(&rest)))
    }
  }

  /// The value of the field `key`.
  subscript(_ key: String) -> String? { fields.first { $0.key == key }?.value }

  private static func takeValue(_ rest: inout Substring.UnicodeScalarView) -> String {
    guard rest.first == "\"" else {
      let value = rest.prefix { $0 != " " }
      rest = rest[value.endIndex...]
      return String(value)
    }
    rest = rest.dropFirst()
    var value = String.UnicodeScalarView()
    while let scalar = rest.popFirst(), scalar != "\"" {
      value.append(scalar == "\\" ? takeEscaped(&rest) : scalar)
    }
    return String(value)
  }

  /// What stands behind a backslash: "n", "u{1b}", or the scalar itself.
  private static func takeEscaped(_ rest: inout Substring.UnicodeScalarView) -> Unicode.Scalar {
    switch rest.popFirst() {
    case "n": return "\n"
    case "u":
      let digits = rest.dropFirst().prefix { $0 != "}" }
      rest = rest[digits.endIndex...].dropFirst()
      return UInt32(String(digits), radix: 16).flatMap(Unicode.Scalar.init) ?? "?"
    case let scalar?: return scalar
    case nil: return "\\"
    }
  }
}
