import FoundationEssentials
import Phrases
import Settings
import Signals
import Sites
import Support
import Testing

@Suite("The JSON Schema of configuration files and their reader agree", .serialized)
struct DaemonSchemaTests {
  private func read(_ text: String) -> Result<DaemonSettings, SiteErrors> {
    DaemonFile.read(Array(text.utf8), named: "greensplit.yaml")
  }

  private func shipped(_ path: String) throws -> String {
    try String(contentsOfFile: "\(Peers.root)/\(path)", encoding: .utf8)
  }

  /// The whole file of the documentation: every key is in it.
  private func whole() throws -> String {
    let page = try shipped("docs/configuration.md")
    return String(try #require(page.firstMatch(of: /```yaml\n((?s).*?)```/)).output.1)
  }

  @Test("The shipped file and the documented one pass")
  func right() throws {
    for verdict in try schemaVerdicts(
      [whole(), shipped("systemd/greensplit.yaml"), "version: 1\n"], as: "daemon")
    {
      #expect(verdict.isTaken, "\(verdict.words)")
    }
  }

  @Test(
    "What the schema refuses of a file with a slip the reader refuses too; unknown keys both do")
  func neverStricter() throws {
    var random = SeededGenerator(seed: 11)
    let whole = try whole()
    let texts =
      (0..<60).map { _ in withoutLine(whole, &random) }
      + (0..<120).map { _ in withOtherValue(whole, &random) }
      + (0..<60).map { _ in withOtherKey(whole, &random) }
    let said = try schemaVerdicts(texts, as: "daemon")
    var unknown = 0
    for (text, verdict) in zip(texts, said) {
      let read = read(text)
      if !verdict.isTaken {
        #expect(throws: SiteErrors.self, "\(verdict.words)\n\(text)") { try read.get() }
      }
      guard case .failure(let errors) = read,
        errors.errors.contains(where: { $0.problem.text(.english).hasPrefix("is not a key here") })
      else { continue }
      unknown += 1
      #expect(!verdict.isTaken, "\(errors)")
    }
    #expect(unknown > 30 && said.count { !$0.isTaken } > 80)
  }

  @Test(
    "Values that are out of range, or of another kind, are refused by both",
    arguments: [
      ("retention_days: 30", "retention_days: 0"), ("retention_days: 30", "retention_days: long"),
      ("mode: advise ", "mode: watch "), ("control: [J001]", "control: J001"),
      ("connections: 256", "connections: 0"), ("role: operator", "role: admin"),
      ("every: 5 s", "every: 5"), ("dialect: axis", "dialect: native"),
      ("listen: \"0.0.0.0:8017\"", "listen: 8017"), ("records: [counts/#]", "records: []"),
      ("lanes: {Counter_1: J001.S.T}", "lanes: [J001.S.T]"),
      ("time_zone: \"+08:00\"", "time_zone: CST"),
    ])
  func values(_ slip: (right: String, wrong: String)) throws {
    let parts = try whole().pieces(around: slip.right)
    try #require(parts.count > 1)
    let text = parts[0] + slip.wrong + parts.dropFirst().joined(separator: slip.right)
    #expect(try schemaVerdicts([text], as: "daemon").allSatisfy { !$0.isTaken })
    #expect(throws: SiteErrors.self) { try read(text).get() }
  }
}
