import Phrases
import Profiles
import Signals
import Support
import Testing

@testable import Sites

/// Slips in a profile, each with where and what the error says.
@Suite("A cabinet profile that is wrong")
struct ProfileErrorTests {
  private static let text: String = {
    let path = "\(shippedDirectory)/cabinets/plc-table.yaml"
    let bytes = (try? YAMLFile.contents(of: path).get()) ?? []
    return String(decoding: bytes, as: UTF8.self)
  }()

  /// The errors after `old` was replaced, without the file's name; `line` is where `old` stood.
  private func errors(_ old: String, _ new: String) throws -> (said: [String], line: Int) {
    let range = try #require(Self.text.firstRange(of: old), "\(old)")
    let line = Self.text[..<range.lowerBound].count { $0 == "\n" } + 1
    let changed = Self.text.replacing(old, with: new, maxReplacements: 1)
    switch readProfile(Array(changed.utf8), named: "p.yaml") {
    case .success: return ([], line)
    case .failure(let errors):
      for error in errors.errors { #expect(flaw(of: error.problem) == nil) }
      return (errors.description.split(separator: "\n").map(String.init), line)
    }
  }

  struct Slip: CustomTestStringConvertible, Sendable {
    let old: String
    let new: String
    let said: String
    var testDescription: String { said }
  }

  /// Errors that stand in the line of the slip.
  static let there = [
    Slip(old: "unit: 1", new: "units: 1", said: "units: is not a key here; did you mean \"unit\"?"),
    Slip(old: "unit: 1", new: "unit: 250", said: "unit: 250 is no cabinet's own; write 1 to 247"),
    Slip(old: "unit: 1", new: "unit: 0", said: "unit: 0 is out of range"),
    Slip(old: "address: 141", new: "address: 140", said: "is point \"outcome\" of line"),
    Slip(old: "address: 142", new: "address: 160", said: "do not lie in one block"),
    Slip(
      old: "address: 130, length: 1", new: "address: 110, length: 1",
      said: "lies over block \"table\""),
    Slip(
      old: "type: u16, value: entries", new: "type: u17, value: entries",
      said: "is not among the choices"),
    Slip(old: "value: entries", new: "value: entires", said: "is not among the choices"),
    Slip(old: "value: entries", new: "constant: 70000", said: "no number that a register holds"),
    Slip(old: "step: 1 s, value: cycle", new: "step: s, value: cycle", said: "is no step"),
    Slip(old: "- read_back: table", new: "- read_back: tabel", said: "did you mean \"table\"?"),
    Slip(old: "- read_back: table", new: "- compute: table", said: "is not a key here"),
    Slip(
      old: "- set: {point: strobe, to: 0}", new: "- write: yellows",
      said: "are forbidden (yellow times"),
    Slip(
      old: "- set: {point: strobe, to: 0}", new: "- set: {point: stage, to: 0}",
      said: "is only read"),
    Slip(old: "- set: {point: strobe, to: 0}", new: "- write: status", said: "is only read"),
    Slip(old: "from: 200, to: 215", new: "from: 125, to: 135", said: "at least"),
    Slip(old: "fencing: false", new: "fencing: true", said: "no point has value: epoch"),
    Slip(old: "lease: watchdog", new: "lease: heartbeat", said: "no point has value: lease"),
    Slip(old: "lease: watchdog", new: "lease: none", said: "is not among the choices"),
    Slip(old: "apply: [cycle]", new: "apply: [cycle, now]", said: "no point has value: apply"),
    Slip(old: "\"10006400", new: "\"10006500", said: "the profile gives another frame: 10006400"),
    Slip(old: "stage: 3, green: 25 s", new: "stage: 3, green: 25.5 s", said: "no whole number"),
  ]

  @Test("is an error at the slip, and says what would be right", arguments: there)
  func atTheSlip(slip: Slip) throws {
    guard slip.said != "at least" else {
      // A forbidden range is broken where the write stands.
      let (said, _) = try errors(slip.old, slip.new)
      #expect(said.count == 2)
      #expect(said.allSatisfy { $0.contains("of which 125 to 135 are forbidden") })
      return
    }
    let (said, line) = try errors(slip.old, slip.new)
    let found = said.contains { $0.hasPrefix("p.yaml:") && $0.contains(slip.said) }
    #expect(found, "\(said)")
    let isThere = said.contains { $0.contains(slip.said) && isNear($0, line) }
    #expect(isThere, "line \(line): \(said)")
  }

  /// In the line of the slip, or in the few lines of the entry that it belongs to.
  private func isNear(_ error: String, _ line: Int) -> Bool {
    let parts = error.split(separator: ":", maxSplits: 3)
    guard parts.count == 4, let found = Int(parts[1]), Int(parts[2]) != nil else { return false }
    return abs(found - line) <= 3
  }

  /// What is missing, or cannot be safe, and what is said of it.
  static let unsafe = [
    Slip(
      old: "  sole_master: true\n", new: "",
      said: "capabilities.fencing: is false, so the cabinet obeys whoever wrote last"),
    Slip(
      old: "renewal:\n  - write: watchdog\n", new: "",
      said: "capabilities.lease: needs steps renewal"),
    Slip(
      old: "  - write: watchdog\n", new: "  - pause: 1 s\n",
      said: "capabilities.lease: needs steps renewal"),
    Slip(
      old: "lease: watchdog", new: "lease: schedule", said: "renewal: stands beside lease: schedule"
    ),
    Slip(
      old: "  - read_back: table\n  - commit: {point: strobe, to: 1}\n", new: "  - write: strobe\n",
      said: "strobe].value"),
    Slip(
      old: "  - commit: {point: strobe, to: 1}\n", new: "  - write: table\n",
      said: "order: needs more than one request, so half a plan could run"),
    Slip(
      old: "  - set: {point: strobe, to: 0}\n", new: "  - write: table\n",
      said: "order: writes on after its commit"),
    Slip(old: "longest_write: 64", new: "longest_write: 10", said: "frames"),
    Slip(
      old: "  - {name: table.cycle, address: 101, type: u16, step: 1 s, value: cycle}",
      new: "  - {name: table.cycle, address: 101, type: u16, step: 1 s}",
      said: "nothing says with what"),
  ]

  @Test("and what cannot be safe is refused", arguments: unsafe)
  func unsafeProfile(slip: Slip) throws {
    let (said, _) = try errors(slip.old, slip.new)
    let wanted = slip.said == "strobe].value" ? "nothing says with what" : slip.said
    #expect(said.contains { $0.contains(wanted) }, "\(said)")
  }

  @Test("A plan that cannot be read again may take over at the start of a cycle only")
  func notReadBack() throws {
    let reading = "  - read_back: table\n"
    let text = Self.text.replacing("read_back: true", with: "read_back: false")
      .replacing(reading, with: "").replacing("apply: [cycle]", with: "apply: [stage]")
    guard case .failure(let errors) = readProfile(Array(text.utf8), named: "p.yaml") else {
      Issue.record("it was taken")
      return
    }
    #expect(
      errors.description.contains("cannot be read again may take over at the start of a cycle"))
  }

  @Test("Without a lease only a plan table that takes over at the start of a cycle is taken")
  func schedule() throws {
    let text = Self.text.replacing("lease: watchdog", with: "lease: schedule")
      .replacing("renewal:\n  - write: watchdog\n", with: "")
    let profile = try readProfile(Array(text.utf8), named: "p.yaml").get()
    #expect(profile.capabilities.lease == .schedule)
    let now = text.replacing("apply: [cycle]", with: "apply: [now]")
    #expect(throws: SiteErrors.self) { try readProfile(Array(now.utf8), named: "p.yaml").get() }
  }

  @Test("Missing golden frames are an error")
  func golden() throws {
    let end = try #require(Self.text.firstRange(of: "golden:"))
    let text = String(Self.text[..<end.lowerBound])
    guard case .failure(let errors) = readProfile(Array(text.utf8), named: "p.yaml") else {
      Issue.record("it was taken")
      return
    }
    #expect(errors.description.contains("golden: is missing"))
    #expect(throws: SiteErrors.self) {
      try readProfile(Array((text + "golden: []\n").utf8), named: "p.yaml").get()
    }
  }

  @Test("A profile cut or changed anywhere is refused or read, and never traps")
  func mutations() {
    var random = SeededGenerator(seed: 5)
    let bytes = Array(Self.text.utf8)
    var refused = 0
    for _ in 0..<400 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let position = Int.random(in: 0..<changed.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: changed[position] = UInt8.random(in: 32..<127, using: &random)
        case 1: changed.removeSubrange(position..<min(position + 9, changed.count))
        default: changed.insert(contentsOf: Array("0x9: ".utf8), at: position)
        }
      }
      if case .failure = readProfile(changed, named: "p.yaml") { refused += 1 }
    }
    #expect(refused > 300)
  }
}
