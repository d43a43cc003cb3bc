import Phrases
import Counts
import Dispatch
import Feeds
import History
import Signals
import Sites

/// Puts counts of other systems into a history.
enum ImportCommand: Command {
  static let options = OptionList(
    command: "import",
    purpose: Phrase(
      "Put a table of counts (CSV) into a history, for later study.", "把计数表（CSV）导入历史数据，供日后研究。"),
    operands: "FILE",
    options: [
      .init(
        name: "--sites", value: "PATH",
        help: Phrase("whose detectors they are; several times", "检测器所属的路口文件；可多次给出")),
      .init(name: "--history", value: "FILE", help: Phrase("the SQLite database", "SQLite 数据库")),
    ])

  /// Largest table, bytes.
  private static let limit = 1 << 30

  /// Records that are committed together.
  private static let piece = 10_000

  static func run(_ options: Options) throws -> ExitStatus {
    guard options.operands.count == 1 else {
      throw UsageError(command: options.command, problem: "name one file of counts")
    }
    guard !options.all("--sites").isEmpty else {
      throw UsageError(command: options.command, problem: "--sites is missing")
    }
    let path = options.operands[0]
    let history = try options.require("--history")
    let sites = try readSites(options.all("--sites")).get()
    let input = CountTable.read(try readWhole(path, atMost: limit))
    var junctions: [String: String] = [:]
    for site in sites { for detector in site.detectors { junctions[detector.id] = site.id } }
    var errors = input.errors.map(\.description)
    errors += Set(input.records.map(\.detector)).filter { junctions[$0] == nil }.sorted().map {
      "no site file has the detector \($0)"
    }
    // All or nothing: half a table is found twice when it is read again.
    guard errors.isEmpty else {
      for error in errors.prefix(100) { complain("\(path): \(error)") }
      if errors.count > 100 { complain("\(path): and \(errors.count - 100) more") }
      return .failure
    }
    try write(input.records.map { event($0, of: junctions[$0.detector] ?? "") }, to: history)
    say("\(input.records.count) records are in \(history)")
    return .success
  }

  /// As if it had come when its interval ended.
  private static func event(_ record: CountRecord, of junction: String) -> HistoryEvent {
    .count(
      RecordedCount(
        intersection: junction, detector: record.detector, start: record.start, end: record.end,
        received: record.end, line: record.line))
  }

  private static func write(_ events: [HistoryEvent], to path: String) throws {
    let history = try HistoryWriter(path: path) { complain($0.description) }
    for begin in stride(from: 0, to: events.count, by: piece) {
      let done = DispatchSemaphore(value: 0)
      history.append(Array(events[begin..<min(begin + piece, events.count)])) { _ in done.signal() }
      done.wait()
    }
    let closed = DispatchSemaphore(value: 0)
    history.close { _ in closed.signal() }
    closed.wait()
    let status = history.status
    guard status.committed == events.count else {
      throw Failure("\(events.count - status.committed) records could not be written to \(path)")
    }
  }
}
