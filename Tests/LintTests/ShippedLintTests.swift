import Sites
import Support
import Testing

@testable import Lint

@Suite("The shipped site files and the reference")
struct ShippedLintTests {
  @Test("Every shipped site file is as the trade would have it, or says why not")
  func shipped() {
    var findings: [Finding] = []
    let set = SiteSet.read(["\(Peers.root)/intersections"]) { findings += lint($0, in: $1) }
    #expect(set.errors.isEmpty && set.files.count >= 5)
    for finding in findings {
      #expect(finding.acceptance != nil, "\(finding.file) \(finding.place.key): \(finding.rule.id)")
    }
  }

  @Test("docs/check.md has a row for each rule and for no other")
  func documented() throws {
    let whole = try Command.run("cat", ["\(Peers.root)/docs/check.md"]).output
    let rows = String(decoding: whole, as: UTF8.self).split(separator: "\n").filter {
      $0.hasPrefix("| `") && $0.contains("-")
    }
    let named = rows.map { String($0.dropFirst(3).prefix { $0 != "`" }) }
    let known = Set(rules.map(\.id))
    #expect(Set(named).intersection(known) == known)
    #expect(Set(named.filter { $0.contains("-") }) == known)
  }
}
