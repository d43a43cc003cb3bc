public import Counts
import JSONText

/// Count records as a table of comma-separated values (RFC 4180): counts of other systems, for history
/// alone.
///
/// The first line names the fields as count records do, classes as `count.car`; each other line is a
/// record. An empty value is not measured.
public enum CountTable {
  /// Longest line, bytes.
  private static let lineLimit = 4096

  /// Fields that are texts even where they look like numbers.
  private static let texts = ["det", "src", "boot"]

  private static let fields =
    texts + ["start", "end", "seq", "count", "in_view", "queue", "occ", "speed_kmh"]

  /// The records of a table, and what of it cannot be read, by its line.
  public static func read(_ bytes: [UInt8]) -> CountInput {
    var input = CountInput()
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
    // Spreadsheets begin a file with a byte order mark.
    let first = lines.popFirst().map { $0.starts(with: [0xEF, 0xBB, 0xBF]) ? $0.dropFirst(3) : $0 }
    let names = first.flatMap(cells) ?? []
    if let problem = problem(of: names) {
      return CountInput(errors: [CountError(line: 1, field: nil, reason: problem)])
    }
    for (position, line) in lines.enumerated() where !line.allSatisfy({ $0 == 13 || $0 == 32 }) {
      let number = position + 2
      guard line.count <= lineLimit, let values = cells(line), values.count == names.count else {
        input.errors.append(
          CountError(
            line: number, field: nil,
            reason: "is no line of \(names.count) values with commas between them"))
        continue
      }
      let record = CountParser.parse(line: object(names, values)[...], number: number)
      input.records += record.records
      input.errors += record.errors
    }
    return input
  }

  private static func problem(of names: [String]) -> String? {
    let unknown = names.first { !fields.contains($0) && !$0.hasPrefix("count.") }
    if let unknown {
      return "names \(String(unknown.prefix(40)).debugDescription); the fields are "
        + "\(fields.joined(separator: ", ")) and classes such as count.car"
    }
    let hasClasses = names.contains { $0.hasPrefix("count.") }
    if hasClasses && names.contains("count") {
      return "has count and classes of it; one of the two is due"
    }
    return Set(names).count == names.count && names.contains("det")
      ? nil : "is no first line; write det,start,end,count, each field once"
  }

  /// The line as the object that a count record is, so that it is read as strictly.
  private static func object(_ names: [String], _ values: [String]) -> [UInt8] {
    var fields = ["\"v\":1"]
    var classes: [String] = []
    for (name, value) in zip(names, values) where !value.isEmpty {
      let json = texts.contains(name) || !isNumber(value) ? jsonString(value) : value
      if name.hasPrefix("count.") {
        classes.append("\(jsonString(String(name.dropFirst(6)))):\(json)")
      } else {
        fields.append("\"\(name)\":\(json)")
      }
    }
    if !classes.isEmpty { fields.append("\"count\":{\(classes.joined(separator: ","))}") }
    return Array("{\(fields.joined(separator: ","))}".utf8)
  }

  /// Whether JSON would read `text` as a number of decimal digits.
  private static func isNumber(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isLeadingZero = parts[0].count > 1 && parts[0].first == "0"
    return parts.count <= 2 && !isLeadingZero
      && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { ("0"..."9").contains($0) } }
  }

  /// The values of a line; one that holds a comma stands in double quotes, a quote in it twice. `nil` if
  /// a quote is not closed, or it is no UTF-8.
  private static func cells(_ line: ArraySlice<UInt8>) -> [String]? {
    guard let text = String(validating: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
    else { return nil }
    var values: [String] = []
    // Scalars, not letters: a comma before an accent is a comma.
    var rest = text.unicodeScalars[...]
    repeat {
      if rest.first == "\"" {
        var value = String.UnicodeScalarView()
        rest = rest.dropFirst()
        while let end = rest.firstIndex(of: "\"") {
          value += rest[..<end]
          rest = rest[end...].dropFirst()
          guard rest.first == "\"" else { break }
          value.append("\"")
          rest = rest.dropFirst()
          if !rest.contains("\"") { return nil }
        }
        guard rest.isEmpty || rest.first == "," else { return nil }
        values.append(String(value))
      } else {
        let value = rest.prefix { $0 != "," }
        values.append(String(value))
        rest = rest.dropFirst(value.count)
      }
    } while rest.popFirst() != nil
    return values
  }
}
