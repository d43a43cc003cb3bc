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
      throw options.wrong("name one file of counts", "请指定一个计数文件")
    }
    _ = try options.require("--sites")
    let path = options.operands[0]
    let history = try options.require("--history")
    let sites = try readSites(options.all("--sites")).get()
    let input = CountTable.read(try readWhole(path, atMost: limit))
    var junctions: [String: String] = [:]
    for site in sites { for detector in site.detectors { junctions[detector.id] = site.id } }
    var errors = input.errors.map { Phrase(of: $0) }
    errors += Set(input.records.map(\.detector)).filter { junctions[$0] == nil }.sorted().map {
      Phrase("no site file has the detector \($0)", "没有路口文件包含检测器 \($0)")
    }
    // All or nothing: half a table is found twice when it is read again.
    guard errors.isEmpty else {
      let more = Phrase("and \(errors.count - 100) more", "另有 \(errors.count - 100) 处")
      for error in errors.prefix(100) + (errors.count > 100 ? [more] : []) {
        complain("\(path): \(error.text(options.language))")
      }
      return .failure
    }
    try write(input.records.map { event($0, of: junctions[$0.detector] ?? "") }, to: history)
    let count = input.records.count
    say(
      Phrase("\(count) records are in \(history)", "\(count) 条记录已写入 \(history)")
        .text(options.language))
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
    let history = try HistoryWriter(path: path) {
      complain(Phrase(recorded: $0.description).text(Log.language))
    }
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
      let lost = events.count - status.committed
      throw Failure(
        "\(lost) records could not be written to \(path)", "\(lost) 条记录无法写入 \(path)")
    }
  }
}
