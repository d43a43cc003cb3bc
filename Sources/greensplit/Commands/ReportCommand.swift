import Reports

/// One page about the results of simulations.
enum ReportCommand: Command {
  static let options = OptionList(
    command: "report",
    purpose: "One page of HTML about results of simulate --json: verdict, pictures, confidence.",
    operands: "RESULT.json...",
    options: [
      .init(name: "--out", value: "FILE.html", help: "where the page goes"),
      .init(name: "--lang", value: "LANGUAGE", help: "en or zh (en)"),
    ])

  static func run(_ options: Options) throws -> ExitStatus {
    guard !options.operands.isEmpty else {
      throw UsageError(
        command: options.command, problem: "name one result of simulate --json or several")
    }
    let path = try options.require("--out")
    let language = try options.value("--lang", expected: "en or zh") { Language(rawValue: $0) }
    let output = try OutputFile(path)
    var files: [(name: String, bytes: [UInt8])] = []
    for name in options.operands {
      files.append((name, try readWhole(name, atMost: sizeLimit)))
    }
    let report: Report
    do throws(ResultError) {
      report = try Report(files)
    } catch {
      throw Failure(error.description, status: .usage)
    }
    try output.write(Array(report.page(in: language ?? .english).utf8))
    return .success
  }

  /// Most bytes of a result: a day of a hundred junctions is some 100 MB.
  private static let sizeLimit = 512 << 20
}
