import Support
import Testing

@testable import greensplit

@Suite("What commands say, in both languages")
struct BothLanguagesTests {
  /// What a command line comes to in English and in Chinese; the lines of a log are left out.
  static func run(
    _ line: [String], input: String = "/dev/null"
  ) async throws -> (english: Said, chinese: Said) {
    var said: [Said] = []
    for language in ["en", "zh"] {
      let program = try Program([line[0], "--lang", language] + line.dropFirst(), input: input)
      let status = try await program.end()
      let errors = program.errors.split(separator: "\n").filter { !$0.contains(" event=") }
      said.append(
        Said(status: status, output: program.output, errors: errors.joined(separator: "\n")))
    }
    return (said[0], said[1])
  }

  struct Said {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Wrong command lines of every command, beside those that `UsageTests` knows.
  static let wrong: [[String]] = [
    ["check", "--format", "xml", "x"], ["check", "--schema", "cabinet"],
    ["feed-test"], ["feed-test", "--dialect", "morse", "x"], ["feed-test", "--camera", "x", "y"],
    ["plan"], ["plan", "x"], ["plan", "--flows", "x", "--worth", "101", "y"],
    ["run", "--retention", "0", "--sites", "x"],
    ["run", "--sites", "x", "--writes-per-minute", "0"],
    ["run", "--advise=yes"], ["status", "--http", "x"], ["cabinets", "x"], ["writes"],
    ["writes", "--state", "/tmp", "pause"], ["override"], ["override", "dance"],
    ["override", "stage", "A", "B"], ["override", "plan", "A=x"], ["override", "route", "J001"],
    ["override", "stage", "A", "--minutes", "x"], ["override", "stage", "A", "--until", "x"],
    ["override", "stage", "A"], ["override", "flash", "--junction", "J001", "--reason", "x"],
    ["explain"], ["explain", "J001", "--at", "x"], ["cabinet", "--site", "SITE", "--unit", "0"],
    ["cabinet", "--site", "SITE", "--baud", "9600"],
    ["cabinet", "--site", "SITE", "--serial", "x", "--baud", "1"],
    ["cabinet", "--site", "SITE", "--serial", "x", "--parity", "1"],
    ["cabinet", "--site", "SITE", "--serial", "x", "--stop-bits", "3"],
    ["cabinet", "--site", "SITE", "--serial", "x", "--listen", "127.0.0.1:0"],
    ["cabinet-read"], ["cabinet-read", "--profile", "MAP"],
    ["cabinet-read", "--profile", "MAP", "--connect", "x"],
    ["cabinet-read", "--profile", "MAP", "--connect", "127.0.0.1:1", "--deadline", "0"],
    ["cabinet-read", "--profile", "MAP", "--serial", "x", "--connect", "127.0.0.1:1"],
    ["cabinet-read", "--profile", "MAP", "--serial", "x", "--unit", "255"],
    ["simulate", "x", "--begin", "1"], ["simulate", "x", "--history", "y", "--pace", "all"],
    ["simulate", "--plant", "x"], ["simulate", "--plant", "x", "--sites", "y", "--sequence", "z"],
    ["replay"], ["replay", "x", "--workers", "0"], ["replay", "x", "--from", "noon"],
    ["report"], ["report", "x"], ["report", "--days", "x"], ["report", "--day", "x", "y"],
    ["report", "--day", "x", "--history", "y"], ["report", "--fixed", "x"],
    ["report", "--history", "x"], ["report", "--days", "2026-11-02..2026-11-15", "--day", "x"],
    ["report", "--days", "2026-11-02..2026-11-15", "--fixed", "2026-12-01"],
    [
      "report", "--days", "2026-11-02..2026-11-15", "--fixed", "2026-11-03", "--adaptive",
      "2026-11-03",
    ],
    ["report", "--day", "2026-11-02", "--history", "x", "--time-space", "noon"],
    ["import"], ["import", "x"], ["history"], ["history", "backup"], ["demo", "--speed", "0"],
    ["bench"], ["bench", "core", "--seconds", "x"], ["bench", "once", "--of", "x"],
    ["bench", "once"], ["bench", "cabinets", "--site", "SITE", "--cabinets", "0"],
  ]

  /// What cannot be done, for reasons that a person must mend.
  static let failing: [[String]] = [
    ["check", "/nowhere"], ["feed-test", "/nowhere"],
    ["feed-test", "--config", "/nowhere", "--camera", "x", "y"],
    ["plan", "/nowhere", "--flows", "x"], ["run", "--sites", "/nowhere"],
    ["run", "--sites", "SITE", "--cabinets", "X=127.0.0.1:1"],
    ["run", "--sites", "SITE", "--state", "/nowhere"],
    ["run", "--sites", "SITE", "--counts", "/tmp"],
    ["run", "--sites", "SITE", "--control", "/nowhere/x"],
    ["run", "--sites", "SITE", "--http", "localhost:0"],
    ["run", "--sites", "SITE", "--http", "127.0.0.1:0", "--token-file", "/dev/null"],
    ["status", "--http", "127.0.0.1:1"], ["status", "--token-file", "/nowhere"],
    ["cabinets", "--http", "127.0.0.1:1"], ["writes", "--state", "/nowhere", "stop"],
    ["override", "list", "--control", "/nowhere"],
    ["explain", "J001", "--control", "/nowhere"], ["explain", "J001", "--history", "/nowhere"],
    ["cabinet", "--site", "/nowhere"], ["cabinet", "--site", "SITE", "--serial", "/dev/null"],
    ["cabinet", "--site", "SITE", "--serial", "/nowhere"],
    ["cabinet", "--site", "SITE", "--listen", "192.0.2.1:0"],
    ["cabinet", "--site", "SITE", "--json", "/nowhere/x"],
    ["cabinet", "--site", "SITE", "--json", "/tmp"], ["cabinet-read", "--profile", "/nowhere"],
    ["cabinet-test", "--profile", "OTHER", "--connect", "127.0.0.1:1"],
    ["cabinet-read", "--profile", "MAP", "--connect", "localhost:1"],
    ["simulate", "/nowhere"], ["replay", "/nowhere"], ["replay", "--with", "/nowhere", "x"],
    ["report", "/nowhere", "--out", "/dev/null"], ["report", "SITE", "--out", "/dev/null"],
    ["report", "--day", "2026-11-02", "--history", "/nowhere", "--out", "/dev/null"],
    ["import", "/nowhere", "--sites", "SITE", "--history", "x"], ["history", "check", "/nowhere"],
    ["history", "check", "/dev/null"],
    ["history", "restore", "/nowhere", "--history", "/nowhere/x"],
    ["demo", "--scenario", "SCENARIO"],
  ]

  private static func line(_ words: [String]) -> [String] {
    let places = [
      "SITE": "intersections/J004.yaml", "MAP": "intersections/cabinets/tsc-mb.yaml",
      "OTHER": "intersections/cabinets/plc-table.yaml",
      "SCENARIO": "simulations/ten-junctions.yaml",
    ]
    return words.map { word in places[word].map { "\(Peers.root)/\($0)" } ?? word }
  }

  @Test("A wrong command line is told in both", arguments: UsageTests.wrong.map(\.line) + wrong)
  func usage(words: [String]) async throws {
    let (english, chinese) = try await Self.run(Self.line(words))
    #expect(english.status == 2 && chinese.status == 2)
    #expect(flaw(ofEnglish: english.errors, chinese: chinese.errors) == nil)
  }

  @Test("What cannot be done is told in both", arguments: failing)
  func failures(words: [String]) async throws {
    let (english, chinese) = try await Self.run(Self.line(words))
    #expect(english.status == chinese.status && english.status > 0)
    #expect(
      flaw(
        ofEnglish: english.output + english.errors, chinese: chinese.output + chinese.errors) == nil
    )
    #expect(chinese.errors != english.errors || english.errors == "")
  }

  @Test("--lang=zh is read as --lang zh, and a language that is not there is told in the machine's")
  func languages() async throws {
    let joined = try await Program.run("check", "--lang=zh")
    #expect(joined.errors == "greensplit check: 请指定路口文件或其文件夹；见 greensplit check --help\n")
    let program = try Program(["check", "--lang", "de"], environment: [("LC_ALL", "zh_CN.UTF-8")])
    #expect(try await program.end() == 2)
    #expect(program.errors.contains("应为 en 或 zh"))
  }
}
