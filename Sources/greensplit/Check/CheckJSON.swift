import FoundationEssentials
import Lint
import Phrases
import Sites

/// A check as JSON (docs/site-file.md); fields are added, never renamed.
struct CheckJSON: Encodable {
  struct Counts: Encodable {
    let errors: Int
    let warnings: Int
    let accepted: Int
  }

  struct File: Encodable {
    let path: String
    let summary: String
  }

  struct Named: Encodable {
    let kind: String
    let name: String
  }

  struct Entry: Encodable {
    let level: CheckReport.Level
    let rule: String
    let file: String
    let line: Int?
    let column: Int?
    let key: String?
    let junction: String?
    let elements: [Named]?
    let found: String?
    let expected: String?
    let message: String
    let formula: String?
    let source: String?
    let reason: String?
  }

  let format = "greensplit-check-1"
  let counts: Counts
  let files: [File]
  let findings: [Entry]

  init(_ report: CheckReport, in language: Language) {
    counts = Counts(
      errors: report.count(.error), warnings: report.count(.warning),
      accepted: report.count(.accepted))
    files = report.files.map { File(path: $0.path, summary: $0.summary.text(language)) }
    findings = report.problems.map { Entry($0, in: language) }
  }
}

extension CheckJSON.Entry {
  fileprivate init(_ problem: CheckReport.Problem, in language: Language) {
    let finding = problem.finding
    level = problem.level
    rule = problem.rule
    file = problem.file
    line = problem.place?.mark.line
    column = problem.place?.mark.column
    key = problem.place?.key
    junction = finding?.junction
    elements = finding?.elements.map { CheckJSON.Named(kind: $0.kind.rawValue, name: $0.name) }
    found = finding?.found
    expected = finding?.expected
    message = problem.message.text(language)
    formula = finding?.rule.formula.text(language)
    source = finding?.rule.source.text(language)
    reason = finding?.acceptance
  }
}

/// `value` as indented JSON with sorted keys.
func indentedJSON(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
