import FoundationEssentials
import Testing

/// The package's own sources, read as text.
enum Tree {
  static let root = #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/\($1)" }

  static func sources(of target: String) throws -> [(path: String, text: String)] {
    let folder = "\(root)/Sources/\(target)"
    return try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
      .filter { $0.hasSuffix(".swift") }
      .map { ("\(target)/\($0)", try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)) }
  }
}

@Suite("The core is a pure function of its arguments")
struct CorePurityTests {
  static let core = [
    "Signals", "Counts", "Demand", "Optimisation", "Safety", "Control", "Cabinets", "Profiles",
    "Junctions", "Measures",
  ]

  /// What each room of the core may import; libm and the JSON parsers are computation, not I/O.
  static let allowed = [
    "Signals": ["Glibc"],
    "Counts": ["Signals", "CJansson", "CSimdjson", "Glibc"],
    "Demand": ["Signals", "Counts", "Glibc"],
    "Optimisation": ["Signals", "Glibc"],
    "Safety": ["Signals"],
    "Control": ["Signals", "Counts", "Demand", "Optimisation", "Safety", "Glibc"],
    "Cabinets": ["Signals", "Safety"],
    "Profiles": ["Signals", "Cabinets", "Safety"],
    "Junctions": ["Signals", "Counts", "Demand", "Control", "Cabinets", "Safety"],
    "Measures": ["Signals", "Counts", "Demand", "Optimisation"],
  ]

  @Test(
    "A core target imports only the rooms below it: no Foundation, no Dispatch", arguments: core)
  func imports(target: String) throws {
    let sources = try Tree.sources(of: target)
    #expect(!sources.isEmpty)
    for (path, text) in sources {
      for line in text.split(separator: "\n") where line.contains("import ") {
        guard let module = imported(line) else { continue }
        #expect(Self.allowed[target]?.contains(module) == true, "\(path): \(line)")
      }
    }
  }

  @Test(
    "A core target, Console, Lint and Reports have no clock, no random source of their own and no I/O",
    arguments: core + ["Console", "Lint", "Reports"])
  func effects(target: String) throws {
    let banned = [
      "SystemRandomNumberGenerator", "ContinuousClock", "SuspendingClock", "clock_gettime",
      "gettimeofday", "time(nil)", "Task {", "Task.detached", " async ", "await ", "print(",
      "fopen(",
      "open(", "read(fd", "getenv(", ".random(in: 0", ".shuffled()", ".randomElement()",
    ]
    for (path, text) in try Tree.sources(of: target) {
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      {
        let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
        for word in banned where calls(code, word) && !code.contains("using:") {
          Issue.record("\(path):\(number + 1): \(word)")
        }
      }
    }
  }

  /// Whether `code` has `word` as a word of its own, not as the end of another or as a method.
  private func calls(_ code: Substring, _ word: String) -> Bool {
    guard let found = code.firstRange(of: word) else { return false }
    guard let before = code[..<found.lowerBound].last, word.first?.isLetter == true else {
      return true
    }
    return !(before.isLetter || before.isNumber || before == "_" || before == ".")
  }

  /// The module of an import line; `nil` if the line is not one.
  private func imported(_ line: Substring) -> String? {
    var words = line.split(separator: " ").map(String.init)
    if let first = words.first, ["public", "internal", "private", "package"].contains(first) {
      words.removeFirst()
    }
    guard words.count == 2, words[0] == "import" else { return nil }
    return words[1]
  }
}
