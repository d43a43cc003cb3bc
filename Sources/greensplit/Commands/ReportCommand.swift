import Phrases
import Reports

/// One page about the results of simulations, or about a recorded day.
enum ReportCommand: Command {
  static let options = OptionList(
    command: "report",
    purpose: Phrase(
      "One page of HTML about results of simulate --json, or about recorded days.",
      "把 simulate --json 的结果或历史库中的一天写成一页 HTML。"),
    operands: "RESULT.json...",
    options: [
      .init(name: "--out", value: "FILE.html", help: Phrase("where the page goes", "页面存放处"))
    ] + dayOptions + daysOptions)

  static func run(_ options: Options) throws -> ExitStatus {
    let own = daysOptions.map(\.name).filter { $0 != "--days" && options.has($0) }
    if let text = options["--days"] {
      guard options.operands.isEmpty, !options.has("--day") else {
        throw options.wrong(
          "--days takes neither --day nor results", "--days 不与 --day 或仿真结果同用")
      }
      return try days(text, options)
    }
    if let name = own.first {
      throw options.wrong("\(name) goes with --days", "\(name) 用于 --days")
    }
    if let date = options["--day"] { return try day(date, options) }
    for name in dayOptions.map(\.name) where options.has(name) {
      throw options.wrong("\(name) goes with --day or --days", "\(name) 用于 --day 或 --days")
    }
    guard !options.operands.isEmpty else {
      throw options.wrong(
        "name one result of simulate --json or several", "请指定一个或多个 simulate --json 的结果")
    }
    let path = try options.require("--out")
    let output = try OutputFile(path)
    var files: [(name: String, bytes: [UInt8])] = []
    for name in options.operands {
      files.append((name, try readWhole(name, atMost: sizeLimit)))
    }
    let report: Report
    do throws(ResultError) {
      report = try Report(files)
    } catch {
      throw Failure(error.words, status: .usage)
    }
    try output.write(Array(report.page(in: options.language).utf8))
    return .success
  }

  /// Most bytes of a result: a day of a hundred junctions is some 100 MB.
  private static let sizeLimit = 512 << 20
}
