import Phrases
import Signals
import Support
import Testing

@testable import Sites

@Suite("The JSON Schema of site files and their reader agree", .serialized)
struct SchemaTests {
  static let names = ["J001", "J002", "J003", "J004", "GS_cluster_357187_359543"]

  private func text(_ name: String) throws -> String {
    let bytes = try YAMLFile.contents(of: "\(shippedDirectory)/\(name).yaml").get()
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("Every shipped site file passes, and junctions that were made in code do")
  func shipped() throws {
    var texts = try Self.names.map(text)
    texts += Pace.allCases.map { SiteWriter(junction: Sample.fourArm(pace: $0)).text }
    texts.append(Mini.text)
    for verdict in try schemaVerdicts(texts, as: "site") {
      #expect(verdict.isTaken, "\(verdict.words)")
    }
  }

  @Test("What the schema refuses of files with a slip the reader refuses too", arguments: names)
  func neverStricter(name: String) throws {
    var random = SeededGenerator(seed: 7)
    let whole = try text(name)
    let texts =
      (0..<40).map { _ in withoutLine(whole, &random) }
      + (0..<40).map { _ in withOtherValue(whole, &random) }
      + (0..<20).map { _ in withOtherKey(whole, &random) }
    let said = try schemaVerdicts(texts, as: "site")
    for (text, verdict) in zip(texts, said) where !verdict.isTaken {
      #expect(throws: SiteErrors.self, "\(verdict.words)") {
        try readSite(Array(text.utf8), named: "m.yaml").get()
      }
    }
    // A schema that refuses nothing would agree with everybody.
    #expect(said.count { !$0.isTaken } > 40)
  }

  @Test("A key that the reader does not know the schema does not know either", arguments: names)
  func unknownKeys(name: String) throws {
    var random = SeededGenerator(seed: 8)
    let whole = try text(name)
    let texts = (0..<40).map { _ in withOtherKey(whole, &random) }
    var unknown = 0
    for (text, verdict) in zip(texts, try schemaVerdicts(texts, as: "site")) {
      let said = readSite(Array(text.utf8), named: "m.yaml")
      guard case .failure(let errors) = said,
        errors.errors.contains(where: { $0.problem.text(.english).hasPrefix("is not a key here") })
      else { continue }
      unknown += 1
      #expect(!verdict.isTaken, "\(errors)")
    }
    #expect(unknown > 20)
  }

  @Test("Values that are out of range, or of another kind, are refused by both")
  func values() throws {
    let slips = [
      ("lanes: 2", "lanes: 9"), ("lanes: 2", "lanes: two"), ("heading: 180 deg", "heading: 180"),
      ("speed: 50 km/h}\n  - {name: W", "speed: 50 mph}\n  - {name: W"),
      ("min_green: 10 s", "min_green: 10.05 s"), ("share: 0.7", "share: 1.7"),
      ("pace: stage", "pace: fast"), ("from: \"06:30\"", "from: \"24:00\""),
      ("time_zone: \"+08:00\"", "time_zone: CST"), ("version: 1", "version: 2"),
      ("stages:\n", "stages: []\nold:\n"), ("name: Mini", "name:"),
      ("gives_way_to: [P]", "gives_way_to: P"), ("  N.T: [W.T, W.L, P]", "  N.T: W.T"),
    ]
    let texts = slips.map { right, wrong in
      let parts = Mini.text.pieces(around: right)
      return parts[0] + wrong + parts.dropFirst().joined(separator: right)
    }
    for ((slip, text), verdict) in zip(zip(slips, texts), try schemaVerdicts(texts, as: "site")) {
      #expect(!verdict.isTaken, "\(slip)")
      #expect(throws: SiteErrors.self) { try readSite(Array(text.utf8), named: "m.yaml").get() }
    }
  }
}

@Suite("The JSON Schema of cabinet profiles and their reader agree", .serialized)
struct ProfileSchemaTests {
  static let names = ["plc-table", "slot-at-a-time", "tsc-mb"]

  private func text(_ name: String) throws -> String {
    let bytes = try YAMLFile.contents(of: "\(shippedDirectory)/cabinets/\(name).yaml").get()
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("Every shipped profile passes")
  func shipped() throws {
    for verdict in try schemaVerdicts(Self.names.map(text), as: "profile") {
      #expect(verdict.isTaken, "\(verdict.words)")
    }
  }

  @Test("What the schema refuses of profiles with a slip the reader refuses too", arguments: names)
  func neverStricter(name: String) throws {
    var random = SeededGenerator(seed: 9)
    let whole = try text(name)
    let texts =
      (0..<40).map { _ in withoutLine(whole, &random) }
      + (0..<40).map { _ in withOtherValue(whole, &random) }
      + (0..<40).map { _ in withOtherKey(whole, &random) }
    let said = try schemaVerdicts(texts, as: "profile")
    for (text, verdict) in zip(texts, said) {
      let read = readProfile(Array(text.utf8), named: "m.yaml")
      if !verdict.isTaken {
        #expect(throws: SiteErrors.self, "\(verdict.words)") { try read.get() }
      }
      guard case .failure(let errors) = read,
        errors.errors.contains(where: { $0.problem.text(.english).hasPrefix("is not a key here") })
      else { continue }
      #expect(!verdict.isTaken, "\(errors)")
    }
    #expect(said.count { !$0.isTaken } > 50)
  }
}
