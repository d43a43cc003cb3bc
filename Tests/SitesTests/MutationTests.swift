import Phrases
import Safety
import Signals
import Support
import Testing

@testable import Sites

@Suite("A shipped file with slips in it is either refused with clear errors or still right")
struct MutationTests {
  private static let names = ["J001", "J002", "J003", "J004", "GS_cluster_357187_359543"]

  /// Values that are wrong almost everywhere, and some that are right somewhere.
  private static let values = [
    "", "[]", "{}", "-1 s", "0 s", "30 s", "9999999999999999999999", "1e9 s", ".nan", "true",
    "none", "[[[]]]", "\"\\u0000\"", "N.T", "A", "[A, A]", "0.1 s", "0.05 s", "360 deg", "{a: 1}",
    "1", "路",
  ]

  private func text(_ name: String) throws -> String {
    let bytes = try YAMLFile.contents(of: "\(shippedDirectory)/\(name).yaml").get()
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads `text`: errors must stand in the file and say something, and what passes must satisfy the
  /// independent check of its plans too.
  private func judge(_ text: String) {
    let lines = text.pieces(around: "\n").count
    switch readSite(Array(text.utf8), named: "m.yaml") {
    case .failure(let errors):
      #expect(errors.errors.allSatisfy { (1...lines).contains($0.line) && $0.column >= 1 })
      #expect(errors.errors.allSatisfy { !$0.key.isEmpty && !$0.problem.text(.english).isEmpty })
      for error in errors.errors { #expect(flaw(of: error.problem) == nil) }
      #expect(errors.errors.map(\.mark) == errors.errors.map(\.mark).sorted())
    case .success(let junction):
      for named in junction.plans {
        #expect(throws: Never.self) {
          try check(named.plan, at: junction, under: .start(of: named.plan, at: junction))
        }
      }
    }
  }

  @Test("Lines lost, doubled or moved", arguments: names)
  func lines(name: String) throws {
    var random = SeededGenerator(seed: 1)
    let lines = try text(name).pieces(around: "\n")
    for _ in 0..<60 {
      var changed = lines
      let line = Int.random(in: 0..<lines.count, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: changed.remove(at: line)
      case 1: changed.insert(lines[line], at: line)
      default: changed.swapAt(line, Int.random(in: 0..<lines.count, using: &random))
      }
      judge(changed.joined(separator: "\n"))
    }
  }

  @Test("Values of another type", arguments: names)
  func values(name: String) throws {
    var random = SeededGenerator(seed: 2)
    let pieces = try text(name).pieces(around: ": ")
    for _ in 0..<80 {
      var changed = pieces
      let position = Int.random(in: 1..<pieces.count, using: &random)
      let rest = changed[position].drop { !",]}\n".contains($0) }
      let value = Self.values[Int.random(in: 0..<Self.values.count, using: &random)]
      changed[position] = value + rest
      judge(changed.joined(separator: ": "))
    }
  }

  @Test("Characters lost, exchanged or put in", arguments: names)
  func characters(name: String) throws {
    var random = SeededGenerator(seed: 3)
    let characters = Array(try text(name))
    let others = Array("abzAN.: {}[],0159-'\"#&*!\n\t路")
    for _ in 0..<80 {
      var changed = characters
      let position = Int.random(in: 0..<characters.count, using: &random)
      let other = others[Int.random(in: 0..<others.count, using: &random)]
      switch Int.random(in: 0..<3, using: &random) {
      case 0: changed.remove(at: position)
      case 1: changed.insert(other, at: position)
      default: changed[position] = other
      }
      judge(String(changed))
    }
  }

  @Test("A key that is missing or misspelt is always refused", arguments: names)
  func keys(name: String) throws {
    var random = SeededGenerator(seed: 4)
    let pieces = try text(name).pieces(around: ": ")
    for _ in 0..<30 {
      var changed = pieces
      let position = Int.random(in: 0..<(pieces.count - 1), using: &random)
      // A comment's colon is no key.
      guard pieces[position].pieces(around: "\n").last?.contains("#") == false else { continue }
      changed[position] += "x"
      let said = readSite(Array(changed.joined(separator: ": ").utf8), named: "m.yaml")
      #expect(throws: SiteErrors.self) { try said.get() }
    }
  }
}
