import Phrases
import Sites
import Testing

@testable import Lint

@Suite("The rules of the trade")
struct LintRuleTests {
  static let cases = changeCases + greenCases + cycleCases

  @Test("Have nothing to say of a junction that is as the trade would have it")
  func plain() throws {
    #expect(try Plain.findings([]) == [])
  }

  @Test("Tell a value that is not, where it stands, and what would be right", arguments: cases)
  func tells(_ expected: LintCase) throws {
    let text = try Plain.changed(by: expected.changes)
    let findings = try Plain.findings(in: text)
    #expect(Set(findings.map(\.rule.id)) == Set([expected.rule] + expected.besides))
    let finding = try #require(findings.first { $0.rule.id == expected.rule })
    #expect(finding.place.key == expected.key)
    let line = text.split(separator: "\n", omittingEmptySubsequences: false)[
      finding.place.mark.line - 1]
    #expect(line.dropFirst(finding.place.mark.column - 1).hasPrefix(expected.text))
    #expect(finding.found == expected.found)
    #expect(finding.expected == expected.expected)
    #expect(finding.junction == "L1" && finding.file == "l.yaml" && finding.acceptance == nil)
  }

  @Test("Have each a case here, a name of their own, and words in both languages")
  func whole() {
    let ids = rules.map(\.id)
    #expect(Set(ids).count == ids.count)
    let tried = Set(Self.cases.map(\.rule))
    for rule in rules {
      #expect(tried.contains(rule.id) || rule.id.hasPrefix("acceptance-"), "\(rule.id)")
      #expect(rule.id.allSatisfy { $0 == "-" || ("a"..."z").contains($0) })
      #expect(isChinese(rule.title.text(.chinese)) && !isChinese(rule.title.text(.english)))
      for language in Language.allCases {
        #expect(!rule.formula.text(language).isEmpty && !rule.source.text(language).isEmpty)
      }
    }
  }

  @Test("Say what they found in both languages", arguments: cases)
  func languages(_ expected: LintCase) throws {
    for finding in try Plain.findings(expected.changes) {
      #expect(isChinese(finding.message.text(.chinese)))
      #expect(!isChinese(finding.message.text(.english)))
    }
  }

  private func isChinese(_ text: String) -> Bool {
    text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
  }

  @Test("Look at cycles and countdowns only where there are any")
  func free() throws {
    let free = [
      ("sequence: fixed", "sequence: free"), ("longest_red: 100 s", "longest_red: 121 s"),
    ]
    #expect(try Plain.findings(free) == [])
    #expect(try Plain.findings([("pace: stage", "pace: second")]) == [])
  }

  @Test("Do not mind a longest red beyond the longest cycle where nobody may wait so long")
  func longestWait() throws {
    let red = ("longest_red: 100 s", "longest_red: 121 s")
    let wait = ("pace: stage", "pace: stage, longest_wait: 120 s")
    #expect(try Plain.findings([red, wait]) == [])
  }
}

@Suite("A stage in which nobody's green both begins and ends")
struct PassingStageTests {
  /// W.T goes on alone for a second after it went with P.
  private let passing = (
    "limits:",
    "  - {name: C, green: [W.T], min_green: 1 s, max_green: 9 s, yellow: 3 s, all_red: 2 s}\nlimits:"
  )

  private func forbidding(_ changes: String) -> (String, String) {
    ("detectors:", "changes: {forbidden: [\(changes)]}\ndetectors:")
  }

  @Test("Passes in a second, if it comes after longer ones of the same signal groups alone")
  func runningOn() throws {
    #expect(try Plain.findings([passing, forbidding("[A, C]")]) == [])
  }

  @Test("Or if it leads to such alone")
  func goingOn() throws {
    #expect(try Plain.findings([passing, forbidding("[C, A]")]) == [])
  }

  @Test("Is like any other if it may come from elsewhere and lead elsewhere")
  func free() throws {
    let findings = try Plain.findings([passing])
    #expect(findings.map(\.rule.id) == ["min-green-too-short"])
    #expect(findings.first?.place.key == "stages[C].min_green")
  }

  @Test("Is like any other behind one that passes as soon")
  func twice() throws {
    let again = (
      "limits:",
      "  - {name: D, green: [W.T], min_green: 1 s, max_green: 9 s, yellow: 3 s, all_red: 2 s}\nlimits:"
    )
    let findings = try Plain.findings([
      passing, again, forbidding("[A, C], [D, C], [A, D], [B, D]"),
    ])
    #expect(findings.map(\.place.key) == ["stages[D].min_green"])
  }
}

@Suite("What a site file accepts")
struct AcceptanceTests {
  private let short = ("walk: 7 s", "walk: 6 s")

  private func accepted(_ entry: String) -> (String, String) {
    ("control: {", "accepted:\n  - {\(entry)}\ncontrol: {")
  }

  @Test("Is still found, with its reason")
  func reason() throws {
    for of in ["", "of: X, "] {
      let findings = try Plain.findings([
        short, accepted("rule: walk-too-short, \(of)reason: hardly anybody crosses"),
      ])
      #expect(findings.map(\.rule.id) == ["walk-too-short"])
      #expect(findings.first?.acceptance == "hardly anybody crosses")
    }
  }

  @Test("Is accepted of what it names alone, and told once it is of no use")
  func others() throws {
    let findings = try Plain.findings([
      short, accepted("rule: walk-too-short, of: Y, reason: hardly anybody crosses"),
    ])
    #expect(findings.map(\.rule.id) == ["walk-too-short", "acceptance-needless"])
    #expect(findings.map(\.acceptance) == [nil, nil])
    #expect(findings[1].place.key == "accepted[#1]")
  }

  @Test("Is a rule that exists")
  func unknown() throws {
    let findings = try Plain.findings([accepted("rule: walk-to-short, reason: hardly anybody")])
    #expect(findings.map(\.rule.id) == ["acceptance-unknown"])
    #expect(findings[0].place.key == "accepted[#1].rule")
  }
}
