import Phrases
public import Signals

/// Reads an hour profile, a table of comma-separated values (RFC 4180): the flow of each lane group in
/// each hour of a day.
///
/// The first line is `hour,lane_group,flow`; each other line holds an hour of local time, 0 to 23, a
/// lane group of `junction` and its flow in that hour in pcu/h. Every lane group that a signal holds
/// has all 24 hours; of one that no signal holds, hours that are missing count as nothing.
///
/// - Returns: For each hour the flow of each lane group, pcu/h, or every error by position.
public func readFlows(
  _ path: String, at junction: Intersection
) -> Result<[[Double]], SiteErrors> {
  switch YAMLFile.contents(of: path) {
  case .success(let bytes): return readFlows(bytes, named: path, at: junction)
  case .failure(let unreadable):
    let error = SiteError(file: path, mark: .start, key: "file", problem: unreadable.problem)
    return .failure(SiteErrors([error]))
  }
}

/// Reads an hour profile's `bytes`, as `readFlows(_:at:)` does; errors call it `name`.
public func readFlows(
  _ bytes: [UInt8], named name: String, at junction: Intersection
) -> Result<[[Double]], SiteErrors> {
  let problems = Problems(file: name)
  if let text = String(validating: bytes, as: UTF8.self) {
    var table = FlowTable(junction, problems)
    table.read(text)
    if problems.isEmpty { return .success(table.flows.map { $0.map { $0 ?? 0 } }) }
  } else {
    problems.report(
      .start, "file", "is not UTF-8; save it as CSV UTF-8",
      "不是 UTF-8 编码；请另存为 CSV UTF-8")
  }
  return .failure(SiteErrors(problems.sorted))
}

/// An hour profile while it is read.
private struct FlowTable {
  static let header = ["hour", "lane_group", "flow"]
  /// More than any lane group carries: a slip of the keyboard, pcu/h.
  static let mostFlow = 20_000.0

  private let junction: Intersection
  private let problems: Problems
  /// Flow of each hour and lane group, pcu/h, and the line that has it.
  private(set) var flows: [[Double?]]
  private var lines: [[Int]]

  init(_ junction: Intersection, _ problems: Problems) {
    self.junction = junction
    self.problems = problems
    flows = Array(repeating: Array(repeating: nil, count: junction.laneGroups.count), count: 24)
    lines = flows.map { $0.map { _ in 0 } }
  }

  mutating func read(_ text: String) {
    // Spreadsheets begin a file with a byte order mark and end lines with a carriage return.
    let rows = text.drop { $0 == "\u{FEFF}" }
      .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (position, row) in rows.enumerated() where position == 0 || !row.isEmpty {
      let cells = Cells(row, line: position + 1, problems)
      guard let fields = cells?.fields else { continue }
      if position == 0 { checkHeader(fields) } else { take(fields) }
    }
    if problems.isEmpty { checkWhole(lastLine: rows.count) }
  }

  private func checkHeader(_ fields: [Cells.Field]) {
    guard fields.map(\.text) != Self.header else { return }
    let line = shown(fields.map(\.text).joined(separator: ","))
    let header = Self.header.joined(separator: ",")
    problems.report(
      .start, "header",
      "\(line) is not the first line of an hour profile; write \(header)",
      "\(line) 不是小时流量表的首行；请写 \(header)")
  }

  private mutating func take(_ fields: [Cells.Field]) {
    guard fields.count == 3 else {
      problems.report(
        fields[0].mark, "line", "has \(fields.count) values; write hour,lane_group,flow",
        "有 \(fields.count) 个值；请写 hour,lane_group,flow")
      return
    }
    let hour = hour(fields[0])
    let group = laneGroup(fields[1])
    let flow = flow(fields[2])
    guard let hour, let group, let flow else { return }
    guard flows[hour][group] == nil else {
      problems.report(
        fields[0].mark, "hour",
        "hour \(hour) of \(junction.laneGroups[group].name) is on line \(lines[hour][group]) "
          + "already; keep one of them",
        "\(junction.laneGroups[group].name) 第 \(hour) 小时已在第 \(lines[hour][group]) 行；请保留一行")
      return
    }
    flows[hour][group] = flow
    lines[hour][group] = fields[0].mark.line
  }

  private func hour(_ field: Cells.Field) -> Int? {
    if field.text.count <= 2, field.isDigits, let hour = Int(field.text), hour < 24 { return hour }
    problems.report(
      field.mark, "hour", "\(shown(field.text)) is no hour; write 0 to 23",
      "\(shown(field.text)) 不是小时；请写 0 至 23")
    return nil
  }

  private func laneGroup(_ field: Cells.Field) -> Int? {
    let names = junction.laneGroups.map(\.name)
    if let position = names.firstIndex(of: field.text) { return position }
    let meant = suggestion(for: field.text, among: names, of: .laneGroup)
    problems.report(
      field.mark, "lane_group",
      "\(shown(field.text)) is no lane group of \(junction.id); \(meant.text(.english))",
      "\(shown(field.text)) 不是 \(junction.id) 的车道组；\(meant.text(.chinese))")
    return nil
  }

  private func flow(_ field: Cells.Field) -> Double? {
    let parts = field.text.split(separator: ".", omittingEmptySubsequences: false)
    let isPlain = parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
    if isPlain, let flow = Double(field.text), flow <= Self.mostFlow { return flow }
    problems.report(
      field.mark, "flow",
      "\(shown(field.text)) is no flow; write pcu/h without a unit, 0 to 20000, such as 640",
      "\(shown(field.text)) 不是流量；请写 pcu/h 数值，不带单位，0 至 20000，例如 640")
    return nil
  }

  /// Every hour of every lane group that a signal holds.
  private func checkWhole(lastLine: Int) {
    for (position, group) in junction.laneGroups.enumerated()
    where group.movements.contains(where: { $0.signalGroup != nil }) {
      let hours = (0..<24).filter { flows[$0][position] == nil }.map(String.init)
      guard !hours.isEmpty else { continue }
      problems.report(
        Mark(line: lastLine, column: 1), "lane_group",
        "\(group.name) has no flow in hour \(choice(hours)); write a line for each hour from 0 to 23",
        "\(group.name) 缺少第 \(choice(hours, .chinese)) 小时的流量；请为 0 至 23 的每个小时写一行")
    }
  }
}

private func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

/// The values of one line.
private struct Cells {
  /// A value and where it begins.
  struct Field {
    var text = ""
    let mark: Mark

    var isDigits: Bool { !text.isEmpty && text.allSatisfy(isDigit) }
  }

  let fields: [Field]

  /// Splits `row` at its commas; a value that holds one stands in double quotes, a quote in it twice.
  /// `nil` after an error.
  init?(_ row: Substring, line: Int, _ problems: Problems) {
    var fields: [Field] = []
    var rest = row
    var column = 1
    repeat {
      var field = Field(mark: Mark(line: line, column: column))
      if rest.first == "\"" {
        guard let quoted = Self.unquote(&rest, &column) else {
          problems.report(
            field.mark, "line", "a quote is not closed; write \" at its end",
            "引号没有闭合；请在末尾写 \"")
          return nil
        }
        field.text = quoted
      } else {
        let plain = rest.prefix { $0 != "," }
        field.text = String(plain)
        rest = rest.dropFirst(plain.count)
        column += plain.count
      }
      fields.append(field)
      guard rest.isEmpty || rest.first == "," else {
        problems.report(
          Mark(line: line, column: column), "line", "text follows a quote; write a comma",
          "引号之后还有文字；请写逗号")
        return nil
      }
      column += 1
    } while rest.popFirst() != nil
    self.fields = fields
  }

  private static func unquote(_ rest: inout Substring, _ column: inout Int) -> String? {
    var text = ""
    rest.removeFirst()
    column += 1
    while let next = rest.popFirst() {
      column += 1
      if next != "\"" {
        text.append(next)
      } else if rest.first == "\"" {
        text.append("\"")
        rest.removeFirst()
        column += 1
      } else {
        return text
      }
    }
    return nil
  }
}
