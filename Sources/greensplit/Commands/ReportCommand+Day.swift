import Counts
import Glibc
import Phrases
import Replay
import Reports
import Signals

/// A page about one day out of a history.
extension ReportCommand {
  static let dayOptions: [OptionList.Option] = [
    .init(
      name: "--day", value: "DATE",
      help: Phrase(
        "no results but a day of a history, such as 2026-11-23 (docs/day-report.md)",
        "不用仿真结果，改用历史库中的一天，如 2026-11-23（docs/day-report.md）")),
    .init(
      name: "--history", value: "HISTORY.db",
      help: Phrase("with --day, --days: the history", "用于 --day、--days：历史库")),
    .init(
      name: "--sites", value: "ID,ID",
      help: Phrase("with --day, --days: these junctions alone", "用于 --day、--days：只要这些路口")),
    .init(
      name: "--json", value: "FILE",
      help: Phrase(
        "with --day, --days: write all measures to FILE", "用于 --day、--days：把全部指标写入 FILE")),
    .init(
      name: "--time-space", value: "HH:MM",
      help: Phrase(
        "with --day: when time-space diagrams begin (07:15 where 7 to 8 is the busiest hour)",
        "用于 --day：时距图的起始时刻（若最忙小时为 7 至 8 点，则为 07:15）")),
    .init(
      name: "--any-version", value: nil,
      help: Phrase(
        "with --day, --days: also what another version of greensplit recorded",
        "用于 --day、--days：也用其他版本记录的内容")),
  ]

  /// Measures of the day `date` as a page, and for programs.
  static func day(_ date: String, _ options: Options) throws -> ExitStatus {
    guard options.operands.isEmpty else {
      throw options.wrong("--day takes no results", "--day 不带仿真结果")
    }
    let path = try options.require("--history")
    guard let utc = midnight(of: date) else {
      throw options.wrong(
        "--day \(date): expected a date such as 2026-11-23", "--day \(date)：应为日期，例如 2026-11-23")
    }
    let timeSpace = try options.value(
      "--time-space",
      expected: Phrase("a time of the day, such as 07:30", "一天中的时刻，例如 07:30"),
      read: secondsOfDay)
    let output = try OutputFile(try options.require("--out"))
    let measures = try options["--json"].map(JSONFile.init)
    return try ReplayCommand.usable {
      guard let midnight = try DayReplay.midnight(of: utc, in: path) else {
        throw nothingRecorded(path)
      }
      let replay = try DayReplay(
        path: path, midnight: midnight, junctions: junctions(options),
        options: replayOptions(options))
      let progress = Progress("report", "报告")
      defer { progress.end() }
      let day = try replay.measures(timeSpace: timeSpace, progress: progress.show)
      progress.end()
      try measures?.write(day)
      try output.write(Array(DayReport(day, date: date).page(in: options.language).utf8))
      return .success
    }
  }

  /// A history without a session.
  static func nothingRecorded(_ path: String) -> Failure {
    Failure("\(path): nothing was recorded", "\(path)：没有任何记录", status: .usage)
  }

  /// Seconds since midnight of a time such as 07:30; `nil` if it is none.
  private static func secondsOfDay(_ text: String) -> Double? {
    guard text.utf8.count == 5, text.utf8.dropFirst(2).first == UInt8(ascii: ":"),
      let hour = Int(text.prefix(2)), let minute = Int(text.suffix(2)), (0...23).contains(hour),
      (0...59).contains(minute)
    else { return nil }
    return Double(hour * 3600 + minute * 60)
  }

  /// Junctions that are wanted; none for all.
  static func junctions(_ options: Options) -> [String] {
    options.all("--sites").flatMap { $0.split(separator: ",").map(String.init) }
  }

  static func replayOptions(_ options: Options) -> ReplayOptions {
    var wanted = ReplayOptions(program: CommandTable.version)
    wanted.takesOtherPrograms = options.has("--any-version")
    wanted.workers = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    return wanted
  }
}
