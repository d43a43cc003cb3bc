/// One line of a log, read by the rules of logfmt and independently of the code under test: keys of
/// letters and underscores, values of plain characters or in quotes, one blank between pairs.
struct LogEntry {
  struct Malformed: Error { let line: String }

  /// The syslog priority in front.
  let priority: Int
  /// Keys and values in their order.
  let fields: [(key: String, value: String)]

  init(_ line: String) throws(Malformed) {
    var rest = Array(line.unicodeScalars)[...]
    guard rest.count > 3, rest.popFirst() == "<", let digit = rest.popFirst(),
      let priority = Int(String(digit)), rest.popFirst() == ">"
    else { throw Malformed(line: line) }
    self.priority = priority
    var fields: [(key: String, value: String)] = []
    repeat {
      let key = rest.prefix { "a" <= $0 && $0 <= "z" || $0 == "_" }
      rest = rest[key.endIndex...]
      guard !key.isEmpty, rest.popFirst() == "=", let value = Self.value(&rest) else {
        throw Malformed(line: line)
      }
      fields.append((Self.text(key), value))
      guard rest.isEmpty || rest.popFirst() == " " else { throw Malformed(line: line) }
    } while !rest.isEmpty
    self.fields = fields
  }

  /// The value of `key`; `nil` if there is none, or more than one.
  subscript(_ key: String) -> String? {
    let found = fields.filter { $0.key == key }
    return found.count == 1 ? found[0].value : nil
  }

  private static func value(_ rest: inout ArraySlice<Unicode.Scalar>) -> String? {
    guard rest.first == "\"" else {
      let plain = rest.prefix { $0.value > 32 && $0.value < 127 && $0 != "\"" && $0 != "=" }
      rest = rest[plain.endIndex...]
      return plain.isEmpty ? nil : text(plain)
    }
    rest = rest.dropFirst()
    var value: [Unicode.Scalar] = []
    while let scalar = rest.popFirst() {
      if scalar == "\"" { return text(value[...]) }
      guard scalar == "\\" else {
        value.append(scalar)
        continue
      }
      guard let escaped = escape(&rest) else { return nil }
      value.append(escaped)
    }
    return nil
  }

  private static func escape(_ rest: inout ArraySlice<Unicode.Scalar>) -> Unicode.Scalar? {
    switch rest.popFirst() {
    case "n": return "\n"
    case "\"": return "\""
    case "\\": return "\\"
    case "u":
      guard rest.popFirst() == "{" else { return nil }
      let digits = rest.prefix { $0 != "}" }
      rest = rest[digits.endIndex...].dropFirst()
      return UInt32(text(digits), radix: 16).flatMap(Unicode.Scalar.init)
    default: return nil
    }
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }
}

extension Program {
  /// Its log so far, whole lines only.
  ///
  /// - Throws: If a line is none of a log's.
  var log: [LogEntry] {
    get throws {
      let text = errors
      guard let end = text.utf8.lastIndex(of: 10) else { return [] }
      return try text[..<end].split(separator: "\n").map { line in
        do { return try LogEntry(String(line)) } catch {
          throw NeverCame(description: "a line that is none of a log in\n\(text)")
        }
      }
    }
  }

  /// The first entry of the log, from entry `first` on, that is as wanted, and its position.
  func heard(
    from first: Int = 0, within seconds: Double = 60, _ what: String,
    _ isWanted: (LogEntry) -> Bool
  ) async throws -> (entry: LogEntry, position: Int) {
    try await eventually(within: seconds, what, details: { self.errors }) {
      let log = try self.log
      return log.indices.dropFirst(first).first { isWanted(log[$0]) }.map { (log[$0], $0) }
    }
  }

  /// The first entry of the log, from entry `first` on, for `event` with these fields.
  @discardableResult
  func hears(
    _ event: String, _ fields: [String: String] = [:], from first: Int = 0,
    within seconds: Double = 60
  ) async throws -> (entry: LogEntry, position: Int) {
    try await heard(from: first, within: seconds, "\(event) \(fields)") { entry in
      entry["event"] == event && fields.allSatisfy { entry[$0.key] == $0.value }
    }
  }
}
