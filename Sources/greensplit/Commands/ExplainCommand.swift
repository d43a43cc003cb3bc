import Control
import Counts
import FoundationEssentials
import History
import Phrases
import Replay
import Signals

/// Why a junction's plan is as it is (`docs/explain.md`).
enum ExplainCommand: Command {
  static let options = OptionList(
    command: "explain",
    purpose: Phrase(
      "Why a junction's plan is as it is, to be read aloud.", "说明路口方案的由来，可直接口头汇报。"),
    operands: "JUNCTION",
    options: [
      ControlQuestion.option,
      .init(
        name: "--at", value: "TIME",
        help: Phrase(
          "then instead of now: 08:14:30 of today on the junction's clock, or 2026-11-25T00:14:30Z",
          "改为当时：当日路口本地时间 08:14:30，或 2026-11-25T00:14:30Z")),
      .init(
        name: "--history", value: "FILE",
        help: Phrase(
          "from this history instead of a running daemon", "改为读取此历史数据库，而非运行中的守护进程")),
      .init(
        name: "--json", value: nil,
        help: Phrase("the figures as JSON (docs/explain.md)", "以 JSON 给出各项数值（docs/explain.md）")),
    ])

  static func run(_ options: Options) throws -> ExitStatus {
    guard let junction = options.operands.first, options.operands.count == 1 else {
      throw options.wrong("name one junction", "请指定一个路口")
    }
    let report =
      try options["--history"].map { try explained(junction, in: $0, options) }
      ?? asked(junction, options)
    if options.has("--json") {
      say(jsonText(report))
    } else {
      say(report.words.text(options.language))
    }
    return .success
  }

  /// From a history.
  private static func explained(
    _ junction: String, in path: String, _ options: Options
  ) throws -> ExplanationReport {
    let reader = try HistoryReader(path: path)
    let known = try reader.intersections()
    guard known.contains(junction) else {
      let names = known.joined(separator: ", ")
      throw Failure(
        "no junction \(junction) in \(path); it has \(names)",
        "\(path) 中没有路口 \(junction)；现有：\(names)")
    }
    let moment = try options["--at"].map { text in
      try DayTime(text, at: junction, in: reader) ?? { throw wrongTime(text, options) }()
    }
    guard let found = try explanation(of: junction, at: moment?.utc, in: reader) else {
      throw Failure(
        "\(path) has no decision of \(junction) in the day before",
        "\(path) 中没有 \(junction) 此前一天的决策")
    }
    return ExplanationReport(found)
  }

  private static func wrongTime(_ text: String, _ options: Options) -> UsageError {
    options.wrong(
      "--at \(text): expected 08:14, 08:14:30 or 2026-11-25T00:14:30Z",
      "--at \(text)：应为 08:14、08:14:30 或 2026-11-25T00:14:30Z")
  }

  /// From a running daemon.
  private static func asked(_ junction: String, _ options: Options) throws -> ExplanationReport {
    var line = #"{"do":"explain","junction":\#(jsonText(junction))"#
    if let text = options["--at"] {
      guard DayTime.isOne(text) else { throw wrongTime(text, options) }
      line += #","at":\#(jsonText(text))"#
    }
    let (status, body) = try ControlQuestion(options).answer(to: line + "}")
    guard status < 300 else {
      let problem = try? JSONDecoder().decode(DeskProblem.Body.self, from: Data(body))
      throw Failure(
        problem?.words.phrase ?? Phrase("the daemon answers \(status)", "守护进程答复 \(status)"))
    }
    guard let report = try? JSONDecoder().decode(ExplanationReport.self, from: Data(body)),
      report.format == ExplanationReport.format
    else { throw Failure.otherVersion }
    return report
  }
}

/// A moment of a junction's history: a whole time, or a time of the day of its newest session or decision.
struct DayTime {
  let utc: UTC

  /// Whether `text` can be one.
  static func isOne(_ text: String) -> Bool { UTC(rfc3339: text) != nil || seconds(text) != nil }

  /// The moment that `text` says: of a time of day the last that is not after `end`.
  init?(_ text: String, zone minutes: Int, notAfter end: UTC) {
    if let whole = UTC(rfc3339: text) {
      utc = whole
      return
    }
    guard let seconds = Self.seconds(text) else { return nil }
    let local = end.milliseconds + Int64(minutes) * 60_000
    let day: Int64 = 86_400_000
    let midnight = (local - ((local % day) + day) % day) - Int64(minutes) * 60_000
    let today = midnight + Int64(seconds) * 1000
    utc = UTC(milliseconds: today > end.milliseconds ? today - day : today)
  }

  /// Likewise, of the last day that `reader` has of `junction`.
  init?(_ text: String, at junction: String, in reader: HistoryReader) throws {
    let newest = try explanation(of: junction, at: nil, in: reader)
    self.init(
      text, zone: newest?.timeZoneMinutes ?? 0,
      notAfter: try reader.lastDecision(of: junction) ?? newest?.at ?? UTC(milliseconds: 0))
  }

  /// Seconds since midnight.
  private static func seconds(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.count == 2 ? Int($0) : nil }
    guard (2...3).contains(parts.count), numbers.count == parts.count,
      (0..<24).contains(numbers[0]),
      numbers.dropFirst().allSatisfy({ (0..<60).contains($0) })
    else { return nil }
    return numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
  }
}
