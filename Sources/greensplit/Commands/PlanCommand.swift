import Phrases
import Control
import Signals
import Sites

/// Time-of-day plans from an hour profile, for the site file.
enum PlanCommand: Command {
  static let options = OptionList(
    command: "plan",
    purpose: Phrase(
      "Time-of-day plans of least delay from an hour profile, for the site file.",
      "由小时流量求延误最小的时段方案，供写入路口文件。"),
    operands: "SITE.yaml",
    options: [
      .init(
        name: "--flows", value: "FILE.csv",
        help: Phrase(
          "flow of each lane group in each hour of the day (docs/day-plans.md)",
          "一天中每小时各车道组的流量（docs/day-plans.md）")),
      .init(
        name: "--worth", value: "PERCENT",
        help: Phrase(
          "share of the day's delay that a change of plan must save; default 1",
          "更换方案至少须节省全天延误的百分之几（默认 1）")),
    ])

  static func run(_ options: Options) throws -> ExitStatus {
    guard options.operands.count == 1 else {
      throw options.wrong("name one site file", "请指定一个路口文件")
    }
    let flowPath = try options.require("--flows")
    let worth = try options.value(
      "--worth", expected: Phrase("a percentage from 0 to 100", "0 至 100 的百分数")
    ) { text in
      Double(text).flatMap { (0...100).contains($0) ? $0 : nil }
    }
    let path = options.operands[0]
    switch readSite(path) {
    case .failure(let errors): return refuse(errors, in: options.language)
    case .success(let junction):
      switch readFlows(flowPath, at: junction) {
      case .failure(let errors): return refuse(errors, in: options.language)
      case .success(let flows):
        let percent = worth ?? 1
        switch planDay(at: junction, flows: flows, worth: percent / 100) {
        case .failure(let failure):
          throw Failure("\(path): \(failure)", "\(path)：\(Phrase(of: failure).text(.chinese))")
        case .success(let plans):
          let text = DayPlanText(
            junction: junction, plans: plans, site: path, flows: flowPath, worth: percent,
            language: options.language)
          write(text.text, to: 1)
          return .success
        }
      }
    }
  }

  private static func refuse(_ errors: SiteErrors, in language: Language) -> ExitStatus {
    complain(errors.text(language))
    return .failure
  }
}
