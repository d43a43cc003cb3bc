import Lint
import Phrases

/// A check as a SARIF 2.1.0 log, which code hosts and editors show beside the lines.
struct SARIFLog: Encodable {
  struct Text: Encodable {
    let text: String
  }

  struct Rule: Encodable {
    struct Configuration: Encodable {
      let level: String
    }

    let id: String
    let shortDescription: Text
    let fullDescription: Text?
    let defaultConfiguration: Configuration
  }

  struct Driver: Encodable {
    let name = "greensplit"
    let version = CommandTable.version
    let rules: [Rule]
  }

  struct Tool: Encodable {
    let driver: Driver
  }

  struct Run: Encodable {
    let tool: Tool
    /// libyaml counts characters, not units of UTF-16.
    let columnKind = "unicodeCodePoints"
    let results: [SARIFResult]
  }

  enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case version, runs
  }

  let schema = "https://json.schemastore.org/sarif-2.1.0.json"
  let version = "2.1.0"
  let runs: [Run]

  init(_ report: CheckReport, in language: Language) {
    let known =
      OtherRule.allCases.map { Rule($0, in: language) } + rules.map { Rule($0, in: language) }
    let ids = known.map(\.id)
    let results = report.problems.map { problem in
      SARIFResult(problem, rule: ids.firstIndex(of: problem.rule), in: language)
    }
    runs = [Run(tool: Tool(driver: Driver(rules: known)), results: results)]
  }
}

extension SARIFLog.Rule {
  fileprivate init(_ rule: OtherRule, in language: Language) {
    id = rule.id
    shortDescription = SARIFLog.Text(text: rule.title.text(language))
    fullDescription = nil
    defaultConfiguration = Configuration(level: rule.level.rawValue)
  }

  fileprivate init(_ rule: Lint.Rule, in language: Language) {
    let (formula, source) = (rule.formula.text(language), rule.source.text(language))
    id = rule.id
    shortDescription = SARIFLog.Text(text: rule.title.text(language))
    fullDescription = SARIFLog.Text(text: "\(formula) (\(source))")
    defaultConfiguration = Configuration(level: "warning")
  }
}
