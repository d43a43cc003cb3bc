import Phrases
import FoundationEssentials

/// Asks a running daemon how its junctions stand.
enum StatusCommand: Command {
  static let options = OptionList(
    command: "status",
    purpose: Phrase(
      "How the junctions of a running daemon stand, in words.", "用文字说明运行中的守护进程所控各路口的状况。"),
    operands: "[JUNCTION…]",
    options: HTTPQuestion.options + [
      .init(
        name: "--json", value: nil,
        help: Phrase(
          "all that is known, as JSON (docs/running.md)", "全部内容，JSON 格式（docs/running.md）"))
    ])

  static func run(_ options: Options) throws -> ExitStatus {
    let question = try HTTPQuestion("/v1/status", options)
    let body = try question.answer()
    let report: StatusReport
    do {
      report = try JSONDecoder().decode(StatusReport.self, from: Data(body))
    } catch {
      throw Failure(
        "\(question.host) is no greensplit daemon of this version",
        "\(question.host) 不是此版本的 greensplit 守护进程")
    }
    guard report.format == StatusReport.format else {
      throw Failure(
        "the daemon tells its status as \(report.format); this is another version",
        "守护进程的状态格式为 \(report.format)，与本版本不同")
    }
    let known = report.junctions.map(\.id)
    for wanted in options.operands where !known.contains(wanted) {
      throw Failure(
        "no junction \(wanted); the daemon controls \(known.joined(separator: ", "))",
        "没有路口 \(wanted)；守护进程控制的路口：\(known.joined(separator: ", "))")
    }
    let wanted = report.junctions.filter {
      options.operands.isEmpty || options.operands.contains($0.id)
    }
    if options.has("--json") {
      say(report.only(wanted).json)
    } else {
      if report.mode == "advise" {
        say(
          Phrase(
            "Advisory mode: everything is decided and recorded, nothing is written.",
            "建议模式（Advisory mode）：计算并记录一切，不写入信号机。"
          ).text(options.language))
      }
      for junction in wanted { say(junction.told.text(options.language)) }
    }
    return .success
  }
}
