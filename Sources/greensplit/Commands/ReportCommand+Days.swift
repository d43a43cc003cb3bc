import Counts
import Glibc
import Measures
import Phrases
import Replay
import Reports
import Signals

/// A page that compares recorded days under greensplit with days under the fixed plan.
extension ReportCommand {
  /// Most days of one comparison.
  private static let mostDays = 366

  static let daysOptions: [OptionList.Option] = [
    .init(
      name: "--days", value: "FROM..TO",
      help: Phrase(
        "compare days under greensplit with days under the fixed plan, such as "
          + "2026-11-02..2026-11-15 (docs/day-report.md)",
        "对比 greensplit 控制与固定配时的日子，如 2026-11-02..2026-11-15（docs/day-report.md）")),
    .init(
      name: "--adaptive", value: "DATE,DATE",
      help: Phrase(
        "with --days: take these for days under greensplit, whatever the record says",
        "用于 --days：不论记录如何，视为 greensplit 控制的日子")),
    .init(
      name: "--fixed", value: "DATE,DATE",
      help: Phrase(
        "with --days: take these for days under the fixed plan", "用于 --days：视为固定配时的日子")),
    .init(
      name: "--without", value: "DATE,DATE",
      help: Phrase(
        "with --days: leave these out, such as holidays", "用于 --days：不计这些日子，如节假日")),
  ]

  /// The measures of days of both regimes as a page, and for programs.
  static func days(_ text: String, _ options: Options) throws -> ExitStatus {
    let dates = try span(text, options)
    let said = try self.said(dates, options)
    let without = try list("--without", of: dates, options)
    let path = try options.require("--history")
    let output = try OutputFile(try options.require("--out"))
    let file = try options["--json"].map(JSONFile.init)
    return try ReplayCommand.usable {
      guard let midnight = try DayReplay.midnight(of: dates[0], in: path) else {
        throw nothingRecorded(path)
      }
      let replay = try DayReplay(
        path: path, midnight: midnight, days: dates.count, junctions: junctions(options),
        options: replayOptions(options))
      let progress = Progress("report", "报告")
      defer { progress.end() }
      let found = try replay.compared(progress: progress.show)
      progress.end()
      let days = zip(dates, found.days).filter { !without.contains($0.0) }.map { date, junctions in
        DayComparison.Day(
          date: name(of: date), weekday: weekday(of: date), said: said[date], junctions: junctions)
      }
      let comparison = DayComparison(days, gaps: found.gaps)
      try file?.write(comparison)
      try output.write(Array(ComparisonReport(comparison).page(in: options.language).utf8))
      return .success
    }
  }

  /// Midnights in UTC of the dates from one to the other.
  private static func span(_ text: String, _ options: Options) throws -> [UTC] {
    let ends = text.split(separator: ".", omittingEmptySubsequences: true).map(String.init)
    guard ends.count == 2, text == "\(ends[0])..\(ends[1])", let from = midnight(of: ends[0]),
      let until = midnight(of: ends[1]), from < until,
      until.milliseconds - from.milliseconds < Int64(mostDays) * 86_400_000
    else {
      throw options.wrong(
        "--days \(text): expected two dates, at most \(mostDays) days, such as "
          + "2026-11-02..2026-11-15",
        "--days \(text)：应为两个日期，至多 \(mostDays) 天，例如 2026-11-02..2026-11-15")
    }
    let count = Int((until.milliseconds - from.milliseconds) / 86_400_000) + 1
    return (0..<count).map { from.advanced(bySeconds: Double($0) * 86_400) }
  }

  /// What a person says of the days.
  private static func said(_ dates: [UTC], _ options: Options) throws -> [UTC: Regime] {
    var said: [UTC: Regime] = [:]
    for date in try list("--adaptive", of: dates, options) { said[date] = .adaptive }
    for date in try list("--fixed", of: dates, options) {
      guard said[date] == nil else {
        throw options.wrong(
          "\(name(of: date)) is named by both --adaptive and --fixed",
          "\(name(of: date)) 同时出现在 --adaptive 和 --fixed 中")
      }
      said[date] = .fixed
    }
    return said
  }

  /// The dates that an option names, each one of `dates`.
  private static func list(
    _ option: String, of dates: [UTC], _ options: Options
  ) throws -> [UTC] {
    try options.all(option).flatMap { $0.split(separator: ",").map(String.init) }.map { text in
      guard let date = midnight(of: text), dates.contains(date) else {
        throw options.wrong(
          "\(option) \(text): expected a date within --days", "\(option) \(text)：应为 --days 之内的日期")
      }
      return date
    }
  }

  /// Midnight in UTC of a date such as 2026-11-23; `nil` if it is none.
  static func midnight(of date: String) -> UTC? {
    date.utf8.count == 10 ? UTC(rfc3339: date + "T00:00:00Z") : nil
  }

  private static func name(of date: UTC) -> String { String(date.rfc3339.prefix(10)) }

  /// 1 for Monday to 7: the epoch began on a Thursday.
  private static func weekday(of date: UTC) -> Int {
    Int((date.milliseconds / 86_400_000 + 3) % 7 + 7) % 7 + 1
  }
}
