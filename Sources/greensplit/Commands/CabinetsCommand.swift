import Phrases
import Control
import FoundationEssentials

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
      throw Failure("the daemon tells its links in another way: is it of this version?")
    }
    write(table(report), to: 1)
    return .success
  }

  /// A line for each cabinet, and below what went wrong last and what makes lack.
  static func table(_ report: LinkReport) -> String {
    var table = TextTable(header: [
      "junction", "cabinet", "link", "control", "wanted", "running", "lease", "answer",
    ])
    for link in report.cabinets {
      table.add([
        link.junction, link.address, link.link, link.source ?? "–", text(link.wanted),
        text(link.running), link.leaseLeft.map { "\($0) s" } ?? "–",
        link.roundTrip.map { "\($0) ms" } ?? "–",
      ])
    }
    let troubles = report.cabinets.compactMap { link in
      link.lastError.map { "\(link.junction)  \($0.at)  \($0.what)\n" }
    }
    let lacks = report.cabinets.flatMap { link in
      link.lacks.map { "\(link.junction)  \(link.make)  \($0)\n" }
    }
    return table.text + section("last errors", troubles) + section("other makes", lacks)
  }

  private static func section(_ title: String, _ lines: [String]) -> String {
    lines.isEmpty ? "" : "\n\(title)\n\(lines.joined())"
  }

  /// "#18 A 24, B 22": number and greens; the cabinet's own plan has no number.
  private static func text(_ plan: LinkReport.Plan?) -> String {
    guard let plan else { return "–" }
    let greens = plan.greens.map { "\($0.stage) \(decimal($0.green, places: 0))" }
    return (plan.sequence == 0 ? "own " : "#\(plan.sequence) ") + greens.joined(separator: ", ")
  }
}
