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
      help: Phrase("with --day: the history", "用于 --day：历史库")),
    .init(
      name: "--sites", value: "ID,ID",
      help: Phrase("with --day: these junctions alone", "用于 --day：只要这些路口")),
    .init(
      name: "--json", value: "FILE",
      help: Phrase("with --day: write all measures to FILE", "用于 --day：把全部指标写入 FILE")),
    .init(
      name: "--any-version", value: nil,
      help: Phrase(
        "with --day: also what another version of greensplit recorded", "用于 --day：也用其他版本记录的内容")),
  ]

  /// Measures of the day `date` as a page, and for programs.
  static func day(_ date: String, _ options: Options) throws -> ExitStatus {
    guard options.operands.isEmpty else {
      throw UsageError(command: options.command, problem: "--day takes no results")
    }
    let path = try options.require("--history")
    guard date.utf8.count == 10, let utc = UTC(rfc3339: date + "T00:00:00Z") else {
      throw UsageError(
        command: options.command, problem: "--day \(date): expected a date such as 2026-11-23")
    }
    let output = try OutputFile(try options.require("--out"))
    let measures = try options["--json"].map(JSONFile.init)
    let junctions = options.all("--sites").flatMap { $0.split(separator: ",").map(String.init) }
    var wanted = ReplayOptions(program: CommandTable.version)
    wanted.takesOtherPrograms = options.has("--any-version")
    wanted.workers = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    return try ReplayCommand.usable {
      guard let midnight = try DayReplay.midnight(of: utc, in: path) else {
        throw Failure("\(path): nothing was recorded", status: .usage)
      }
      let replay = try DayReplay(
        path: path, midnight: midnight, junctions: junctions, options: wanted)
      let progress = Progress("report")
      defer { progress.end() }
      let day = try replay.measures(progress: progress.show)
      progress.end()
      try measures?.write(day)
      try output.write(Array(DayReport(day, date: date).page(in: options.language).utf8))
      return .success
    }
  }
}
