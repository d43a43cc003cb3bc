import Phrases
import Signals
import Sites
import Support
import Testing

@testable import Lint

@Suite("Whatever a site file that can be read says, lint answers")
struct LintMutationTests {
  private static let names = ["J001", "J002", "J003", "J004", "GS_cluster_357187_359543"]

  @Test(
    "Other numbers bring findings that stand in the file, none of which traps", arguments: names)
  func numbers(name: String) throws {
    let path = "\(Peers.root)/intersections/\(name).yaml"
    let whole = String(decoding: try Command.run("cat", [path]).output, as: UTF8.self)
    let numbers = whole.ranges(of: /[0-9]+ (?:s|m|km\/h|pcu\/h|deg)\b/)
    var random = SeededGenerator(seed: 11)
    var tried = 0
    var found: Set<String> = []
    for _ in 0..<150 {
      var text = whole
      let range = numbers[Int.random(in: 0..<numbers.count, using: &random)]
      let unit = whole[range].drop { $0 != " " }
      let value = Int.random(in: 0...200, using: &random)
      text.replaceSubrange(range, with: "\(value)\(unit)")
      let said = readSite(Array(text.utf8), named: "m.yaml") { lint($0, in: $1) }
      guard case .success(let findings) = said else { continue }
      tried += 1
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for finding in findings {
        found.insert(finding.rule.id)
        #expect((1...lines.count).contains(finding.place.mark.line))
        #expect(!finding.found.isEmpty && !finding.expected.isEmpty)
        for language in Language.allCases { #expect(!finding.message.text(language).isEmpty) }
      }
      #expect(findings.map(\.place.mark) == findings.map(\.place.mark).sorted())
    }
    #expect(tried > 20 && found.count > 1, "\(tried) \(found)")
  }
}
