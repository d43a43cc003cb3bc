import Control
import FoundationEssentials
import Phrases
import Settings

/// How the daemon and its cabinets get on with each other.
enum CabinetsCommand: Command {
  static let options = OptionList(
    command: "cabinets",
    purpose: Phrase("Show the links of a running daemon to its cabinets.", "显示运行中的守护进程与各信号机的链路。"),
    operands: nil,
    options: HTTPQuestion.options + [
      .init(name: "--json", value: nil, help: Phrase("all that is known, as JSON", "全部内容，JSON 格式"))
    ])

  static func run(_ options: Options) throws -> ExitStatus {
    let page = try HTTPQuestion("/v1/cabinets", options).answer()
    if options.has("--json") {
      write(String(decoding: page, as: UTF8.self), to: 1)
      return .success
    }
    guard let report = try? JSONDecoder().decode(LinkReport.self, from: Data(page)) else {
      throw Failure(
        "the daemon tells its links in another way: is it of this version?",
        "守护进程的链路格式不同：是否为同一版本？")
    }
    write(table(report, in: options.language), to: 1)
    return .success
  }

  private static let (up, down) = (Phrase("up", "正常"), Phrase("down", "中断"))
  private static let own = Phrase("own", "自身")

  /// A line for each cabinet, and below what went wrong last and what makes lack.
  static func table(_ report: LinkReport, in language: Language) -> String {
    let header = [
      Phrase("junction", "路口"), Phrase("cabinet", "信号机"), Phrase("link", "链路"),
      Phrase("control", "控制方式"), Phrase("wanted", "期望方案"), Phrase("running", "运行方案"),
      Phrase("lease", "租约"), Phrase("answer", "应答"),
    ]
    var table = TextTable(header: header, in: language)
    for link in report.cabinets {
      table.add([
        link.junction, link.address, (link.link == "up" ? up : down).text(language),
        link.source.map { Phrase(recorded: $0).text(language) } ?? "–",
        text(link.wanted, own.text(language)), text(link.running, own.text(language)),
        link.leaseLeft.map { "\($0) s" } ?? "–",
        link.roundTrip.map { "\($0) ms" } ?? "–",
      ])
    }
    let troubles = report.cabinets.compactMap { link in
      link.lastError.map { error in
        "\(link.junction)  \(error.at)  \(Phrase(recorded: error.what).text(language))\n"
      }
    }
    let lacks = report.cabinets.flatMap { link in
      link.lacksWords.map { "\(link.junction)  \(link.make)  \($0.text(language))\n" }
    }
    let advised = report.cabinets.filter { $0.mode == JunctionMode.advise.rawValue }.map {
      "\($0.junction)\n"
    }
    return table.text
      + section(Phrase("advisory mode, nothing is written", "建议模式，不写入").text(language), advised)
      + section(Phrase("last errors", "最近的错误").text(language), troubles)
      + section(Phrase("other makes", "其他型号").text(language), lacks)
  }

  private static func section(_ title: String, _ lines: [String]) -> String {
    lines.isEmpty ? "" : "\n\(title)\n\(lines.joined())"
  }

  /// "#18 A 24, B 22": number and greens; the cabinet's own plan has no number.
  private static func text(_ plan: LinkReport.Plan?, _ own: String) -> String {
    guard let plan else { return "–" }
    let greens = plan.greens.map { "\($0.stage) \(decimal($0.green, places: 0))" }
    return (plan.sequence == 0 ? "\(own) " : "#\(plan.sequence) ") + greens.joined(separator: ", ")
  }
}
