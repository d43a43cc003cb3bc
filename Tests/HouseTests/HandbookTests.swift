import FoundationEssentials
import Testing

@Suite("The handbook")
struct HandbookTests {
  /// A page of the handbook, read as text.
  private static func page(_ name: String, _ language: String = "en") throws -> String {
    try String(contentsOfFile: "\(Tree.root)/docs/handbook/\(language)/\(name)", encoding: .utf8)
  }

  static func pages(_ language: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(Tree.root)/docs/handbook/\(language)")
      .sorted()
  }

  /// The fenced blocks of `kind`, in order.
  static func blocks(_ kind: String, of text: String) -> [String] {
    text.components(separatedBy: "```\(kind)\n").dropFirst().map { rest in
      rest.components(separatedBy: "```")[0]
    }
  }

  @Test("has the same pages in both languages, with the same headings, commands and tables")
  func languages() throws {
    #expect(try Self.pages("en") == Self.pages("zh"))
    #expect(try Self.pages("en").count > 6)
    for name in try Self.pages("en") {
      let (english, chinese) = (try Self.page(name), try Self.page(name, "zh"))
      func lines(_ text: String, _ start: String) -> Int {
        text.split(separator: "\n").count { $0.hasPrefix(start) }
      }
      for start in ["# ", "## ", "| ", "1. ", "- "] {
        #expect(lines(english, start) == lines(chinese, start), "\(name): lines with '\(start)'")
      }
      #expect(Self.blocks("sh", of: english) == Self.blocks("sh", of: chinese), "\(name)")
    }
  }

  /// The words that the program knows as commands.
  private static func commands() throws -> [String] {
    try Tree.sources(of: "greensplit").flatMap { source in
      source.text.matches(of: /OptionList\(\s*command: "([a-z-]+)"/).map { String($0.output.1) }
    }
  }

  @Test("and all other documents name only commands that there are")
  func commands() throws {
    let known = try Self.commands()
    #expect(known.count > 10)
    let folder = "\(Tree.root)/docs"
    let documents = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
      .filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
    for document in documents + ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"] {
      let text = try String(contentsOfFile: "\(Tree.root)/\(document)", encoding: .utf8)
      // In code: at its beginning, or at that of a line of a block.
      for match in text.matches(of: /(?:`|\n *|release\/)greensplit ([a-z][a-z-]*)/) {
        let isProse =
          match.output.0.first == "\n" && !Self.isInBlock(match.range.lowerBound, of: text)
        #expect(
          isProse || known.contains(String(match.output.1)),
          "\(document) names greensplit \(match.output.1)")
      }
    }
  }

  private static func isInBlock(_ index: String.Index, of text: String) -> Bool {
    text[..<index].components(separatedBy: "\n```").count % 2 == 0
  }

  /// The first column of the tables of alarms, each cell as its phrases in code.
  private static func alarms() throws -> [String] {
    try page("alarms.md").split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { row in
      row.split(separator: "|")[0].matches(of: /`([^`]+)`/).map { String($0.output.1) }
    }
  }

  @Test("explains every message about a cabinet that is a warning or an error")
  func messages() throws {
    let source = try #require(
      try Tree.sources(of: "greensplit/Daemon").first { $0.path.hasSuffix("EventWords.swift") }
    ).text
    let levels = try #require(source.firstMatch(of: /var logLevel[^}]*\}/)).output
    let grave = levels.components(separatedBy: "case ").filter {
      $0.contains(".warning") || $0.contains(".error")
    }
    let names = grave.flatMap { $0.matches(of: /\.([a-zA-Z]+)/).map { String($0.output.1) } }
      .filter { !["warning", "error", "notice", "central"].contains($0) }
    #expect(names.count > 10)
    let alarms = try Self.alarms()
    for name in names {
      let cases = source.components(separatedBy: "case .\(name)").dropFirst()
        .map { $0.components(separatedBy: "case .")[0] }.filter { $0.contains("\"") }
      let words = try #require(cases.first, "\(name) has no words")
      #expect(
        alarms.contains { words.contains($0) }, "alarms.md does not explain \(name): \(words)")
    }
  }

  @Test("explains nothing that the program does not say, in Chinese the same")
  func phrases() throws {
    let rooms = ["greensplit", "History", "Counts", "Feeds", "Settings", "Signals", "Junctions"]
    let sources = try rooms.flatMap { try Tree.sources(of: $0) }.map(\.text).joined()
    let chinese = try Self.page("alarms.md", "zh")
    let alarms = try Self.alarms()
    #expect(alarms.count > 40)
    for phrase in alarms {
      // Names of values stand where the text has them from elsewhere.
      let known = phrase.replacing("to manual", with: "manual").replacing("to flash", with: "flash")
        .replacing("to preempt", with: "preempt")
      #expect(sources.contains(known), "\(phrase) is said nowhere")
      #expect(chinese.contains("`\(phrase)`"), "\(phrase) is missing in Chinese")
    }
  }

  @Test("has every check of a detector, and every rung of the ladder")
  func checks() throws {
    let health = try #require(
      try Tree.sources(of: "Counts").first { $0.path.hasSuffix("HealthCheck.swift") }
    ).text
    let checks = health.components(separatedBy: "}")[0].matches(of: /case ([a-z]+)\n/)
      .map { String($0.output.1) }
    #expect(checks.count == 13)
    let alarms = try Self.alarms()
    for check in checks { #expect(alarms.contains(check)) }
    let rungs = try Tree.sources(of: "Signals").map(\.text).joined()
      .firstMatch(of: /enum DegradeLevel[^}]*/)
    let names = try #require(rungs).output.matches(of: /case ([a-zA-Z]+)/)
      .map { String($0.output.1) }
    #expect(names.count == 5)
    let ladder = try Self.page("degrade-ladder.md")
    for name in names { #expect(ladder.contains("| `\(name)` |"), "\(name)") }
  }
}
