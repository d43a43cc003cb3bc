import Phrases
import Support
import Testing

@testable import greensplit

@Suite("The command line")
struct UsageTests {
  static let commands = CommandTable.commands.map { $0.options.command }

  @Test("of every command is told by --help, with each of its options", arguments: commands)
  func help(command: String) async throws {
    let (status, output, errors) = try await Program.run(command, "--help")
    #expect(status == 0)
    #expect(errors == "")
    #expect(output.hasPrefix("usage: greensplit \(command)"))
    let options = CommandTable.commands.first { $0.options.command == command }?.options
    for option in options?.options ?? [] { #expect(output.contains("  \(option.name) ")) }
  }

  @Test("of every command is told in Chinese where --lang asks for it", arguments: commands)
  func chinese(command: String) async throws {
    let asked = try await Program.run(command, "--help", "--lang", "zh")
    #expect(asked.status == 0)
    #expect(asked.output.hasPrefix("用法：greensplit \(command)"))
    let options = CommandTable.commands.first { $0.options.command == command }?.options
    #expect(asked.output == options?.help(in: .chinese))
    for line in asked.output.split(separator: "\n") {
      #expect(line.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(line)")
    }
  }

  @Test("without a command, or with --help, tells the commands; --version the version")
  func overview() async throws {
    let nothing = try await Program.run()
    #expect(nothing.status == 2)
    let help = try await Program.run("--help")
    #expect(help.status == 0)
    #expect(nothing.output == help.output)
    for command in Self.commands { #expect(help.output.contains("\n  \(command) ")) }
    let version = try await Program.run("--version")
    #expect(version.status == 0)
    #expect(version.output == "greensplit \(CommandTable.version)\n")
  }

  /// A wrong command line, and what the one line on standard error says of it.
  static let wrong: [(line: [String], problem: String)] = [
    (["drive"], "greensplit: unknown command drive; see greensplit --help"),
    (["check"], "greensplit check: name a site file or a folder of them"),
    (["run"], "greensplit run: --sites is missing"),
    (["run", "--site", "x"], "greensplit run: unknown option --site"),
    (["run", "--sites"], "greensplit run: --sites needs a value: --sites PATH"),
    (["run", "x"], "greensplit run: unexpected operand x"),
    (
      ["run", "--sites", "x", "--epoch", "0"], "greensplit run: --epoch 0: expected 1 to 4294967295"
    ),
    (["run", "--sites", "x", "--queues", "65"], "greensplit run: --queues 65: expected 1 to 64"),
    (
      ["run", "--sites", "x", "--retention", "-1"],
      "greensplit run: --retention -1: expected 1 to 3650 days"
    ),
    (
      ["run", "--sites", "x", "--cabinets", "J001"],
      "greensplit run: --cabinets J001: expected a junction and its cabinet, such as "
        + "J001=127.0.0.1:1502 or J001=127.0.0.1:1502/2"
    ),
    (
      ["run", "--sites", "x", "--http", "8017"],
      "greensplit run: --http 8017: expected a numeric address and a port, such as 127.0.0.1:8017"
    ),
    (
      ["run", "--sites", "x", "--token-file", "x"],
      "greensplit run: --token-file is for --http, which is missing"
    ),
    (
      ["run", "--sites", "x", "--clock", "1e300@0x60"],
      "greensplit run: --clock 1e300@0x60: expected three numbers, such as "
        + "1795478400@1795478400x60"
    ),
    (["cabinet"], "greensplit cabinet: name a junction with --site, or a --scenario"),
    (
      [
        "cabinet", "--scenario", "\(Peers.root)/simulations/ten-junctions.yaml", "--listen",
        "127.0.0.1:65530",
      ],
      "greensplit cabinet: --listen: 10 cabinets from port 65530 on would need ports above 65535; "
        + "begin lower, or with 0 for ports of the system's choice"
    ),
    (
      ["cabinet", "--site", "\(Peers.root)/intersections/J001.yaml", "--cut-off", "1e300+1"],
      "greensplit cabinet: --cut-off 1e300+1: expected seconds and a length, such as 1800+300"
    ),
    (["simulate"], "greensplit simulate: name one scenario file"),
    (
      ["simulate", "x", "--pace", "fast"],
      "greensplit simulate: --pace fast: expected cycle, stage, second or all"
    ),
    (
      ["simulate", "x", "--seed", "one"], "greensplit simulate: --seed one: expected a whole number"
    ),
  ]

  @Test("that is wrong is told of in one line that says what is right, and exits with 2")
  func usage() async throws {
    for (line, problem) in Self.wrong {
      let program = try Program(line)
      #expect(try await program.end() == 2, "\(line)")
      #expect(program.output == "")
      let command =
        line.count == 1 && line[0] == "drive" ? "" : "; see greensplit \(line[0]) --help"
      #expect(program.errors == "\(problem)\(command)\n")
    }
  }

  /// What cannot be done, and what standard error says of it.
  static let failing: [(line: [String], problem: String)] = [
    (
      ["run", "--sites", "SITE", "--cabinets", "J001=localhost:1502"],
      "greensplit run: 'localhost' is not an address: write a numeric IPv4 or IPv6 address, such "
        + "as 10.20.0.17"
    ),
    (
      ["run", "--sites", "SITE", "--cabinets", "J001=127.0.0.1:1502,X=127.0.0.1:1503"],
      "greensplit run: --cabinets names X, which no site file has"
    ),
    (
      ["run", "--sites", "SITE", "--http", "0.0.0.0:0"],
      "greensplit run: 0.0.0.0: can be reached by others; name a token file or the authority of the "
        + "senders' certificates, or listen on 127.0.0.1"
    ),
    (
      ["run", "--sites", "SITE", "--http", "127.0.0.1:0", "--token-file", "/nowhere"],
      "greensplit run: /nowhere: the token file cannot be opened: No such file or directory"
    ),
    (
      ["run", "--sites", "SITE", "--counts", "/nowhere"],
      "greensplit run: /nowhere: cannot be opened: No such file or directory"
    ),
    (
      ["run", "--sites", "SITE", "--history", "/nowhere/history.db"],
      "greensplit run: history: /nowhere/history.db: cannot be opened"
    ),
    (
      ["cabinet", "--site", "SITE", "--listen", "localhost:0"],
      "greensplit cabinet: 'localhost' is not an address"
    ),
    (
      ["cabinet", "--site", "SITE", "--counts", "/nowhere/counts"],
      "greensplit cabinet: cannot write counts to /nowhere/counts: No such file or directory"
    ),
  ]

  @Test("that asks for what cannot be done ends at once with 1, and says what cannot and why")
  func failures() async throws {
    for (line, problem) in Self.failing {
      let site = "\(Peers.root)/intersections/J004.yaml"
      let program = try Program(
        line.map { $0 == "SITE" ? site : $0.replacing("J001=", with: "J004=") })
      #expect(try await program.end() == 1, "\(line)")
      let said = program.errors.split(separator: "\n").last ?? ""
      #expect(said.hasPrefix(problem), "\(program.errors)")
      #expect(!program.errors.contains("junction="), "no cabinet was disturbed\n\(program.errors)")
    }
  }

  @Test("of the daemon is the one that the operator's page describes")
  func operatorsPage() throws {
    let page = try Street.shipped("docs/running.md")
    for option in RunCommand.options.options {
      let label = option.value.map { "\(option.name) \($0)" } ?? option.name
      #expect(page.contains("| `\(label)` |"), "docs/running.md does not describe \(label)")
    }
    let described = page.matches(of: /\| `(--[a-z-]+)/).map { String($0.output.1) }
    #expect(described.count == RunCommand.options.options.count)
  }

  @Test("reads addresses as people write them")
  func addresses() {
    #expect(SocketText("127.0.0.1:1502") == SocketText(host: "127.0.0.1", port: 1502))
    #expect(SocketText("[::1]:1502") == SocketText(host: "::1", port: 1502))
    for wrong in [
      "127.0.0.1", "127.0.0.1:", ":1502", "127.0.0.1:65536", "127.0.0.1:-1", "[]:1", "",
    ] {
      #expect(SocketText(wrong) == nil, "\(wrong)")
    }
  }

  @Test("reads a clock as the demonstration writes it")
  func clocks() throws {
    let clock = DaemonClock(speed: 60, originReal: 1_795_478_400.25, originUTC: 1_795_474_800)
    let read = try #require(DaemonClock(clock.description))
    #expect(read.description == clock.description)
    #expect(read.speed == 60)
    #expect(read.nanoseconds(60) == 1_000_000_000)
    for wrong in [
      "", "1@2", "1x2@3", "a@bxc", "1@2x0", "1@2x-1", "1@2xnan", "nan@2x3", "1@infx3", "1@2x1001",
      "-1@2x3", "1e300@2x3", "1@2x3x4", "1@2@3x4",
    ] { #expect(DaemonClock(wrong) == nil, "\(wrong)") }
  }
}
