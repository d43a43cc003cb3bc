import Glibc
import Signals
import Sites
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  /// What programs see of a command's end: the table of `docs/json.md`, each of its statuses reached.
  @Suite("How commands end")
  struct ExitStatusTests {
    let street: Street

    init() throws { street = try Street() }

    /// "check 1" for each end that the page has.
    private static func documented() throws -> Set<String> {
      let rows = try Street.shipped("docs/json.md").matches(of: /\n\| `([a-z-]+)` \| ([0-5 ]+) \|/)
      return Set(
        rows.flatMap { row in
          row.output.2.split(separator: " ").map { "\(row.output.1) \($0)" }
        })
    }

    /// The ends that tests of their own take minutes to reach.
    private static let elsewhere = ["demo 0": "DemoTests", "bench 0": "BenchTests"]

    /// Runs a line to its end, which must be with `status`; which end that was.
    private func end(
      _ line: [String], _ status: Int32, typing answer: String? = nil
    ) async throws -> String {
      let terminal = try answer.map { _ in try Terminal() }
      let program = try Program(line, input: terminal?.path ?? "/dev/null")
      if let answer {
        try await eventually(within: 30, "a question", details: { program.errors }) {
          program.errors.contains("[y/N]") ? true : nil
        }
        terminal?.type(answer)
      }
      let found = try await program.end(within: 120)
      #expect(found == status, "\(line): \(program.errors)\(program.output.suffix(300))")
      return "\(line[0]) \(found)"
    }

    @Test("are those of the page, and every one is reached", .timeLimit(.minutes(10)))
    func every() async throws {
      var reached = Set(Self.elsewhere.keys)
      for (end, suite) in Self.elsewhere {
        let command = end.split(separator: " ")[0]
        #expect(
          try Street.shipped("Tests/greensplitTests/\(suite).swift").contains("\"\(command)\""))
      }
      for command in CommandTable.commands.map({ $0.options.command }) {
        reached.insert(try await end([command, "--nonsense"], 2))
      }
      for (line, status) in try files() { reached.insert(try await end(line, status)) }
      reached.formUnion(try await running())
      for (line, status) in recorded() { reached.insert(try await end(line, status)) }
      #expect(try reached == Self.documented())
    }

    private let nothing = "/nowhere/at/all"
    private let package = Peers.root

    /// Lines about files.
    private func files() throws -> [([String], Int32)] {
      let site = "\(package)/intersections/J001.yaml"
      let make = ["--profile", "\(package)/intersections/cabinets/tsc-mb.yaml"]
      let record =
        #"{"v":1,"det":"J001.N.T","start":"2026-11-25T00:00:00Z","end":"2026-11-25T00:00:01Z","#
        + #""count":1}"#
      street.folder.write(record + "\n", to: "message")
      street.folder.write("no message\n", to: "nonsense")
      let head = "det,start,end,count\n"
      let row = "J001.N.T,2026-11-25T00:00:00Z,2026-11-25T00:15:00Z,5\n"
      street.folder.write(head + row, to: "table.csv")
      street.folder.write(head + row.replacing("J001", with: "J999"), to: "strange.csv")
      street.folder.write(try hours(site), to: "hours.csv")
      let into = ["--sites", site, "--history", street.path("imported.db")]
      return [
        (["check", site], 0), (["check", nothing], 1),
        (["feed-test", street.path("message")], 0), (["feed-test", street.path("nonsense")], 1),
        (["feed-test", nothing], 2), (["plan", site, "--flows", street.path("hours.csv")], 0),
        (["plan", site, "--flows", nothing], 1), (["run", "--sites", nothing], 1),
        (["status", "--http", "127.0.0.1:1"], 1), (["status", "--token-file", nothing], 2),
        (["cabinets", "--http", "127.0.0.1:1"], 1), (["cabinets", "--token-file", nothing], 2),
        (["writes", "show", "--state", street.folder.path], 0),
        (["writes", "show", "--state", nothing], 1),
        (["override", "list", "--control", nothing], 1),
        (["explain", "J001", "--history", nothing], 1), (["cabinet", "--site", nothing], 1),
        (["cabinet-read", "--connect", "127.0.0.1:1"] + make, 1),
        (["cabinet-test", "--connect", "127.0.0.1:1", "--read-only"] + make, 1),
        (["simulate", nothing], 1), (["simulate", "--plant", "true", "--sites", site], 3),
        (["replay", nothing], 2), (["import", street.path("table.csv")] + into, 0),
        (["import", street.path("strange.csv")] + into, 1), (["import", nothing] + into, 2),
        (["history", "check", street.path("imported.db")], 0), (["history", "check", nothing], 1),
        (["demo", "--scenario", nothing], 1), (["bench", "cameras", nothing], 1),
      ]
    }

    /// A light day for the site file at `path`, as `plan` reads it.
    private func hours(_ path: String) throws -> String {
      let groups = try readSite(path).get().laneGroups
      return "hour,lane_group,flow\n"
        + (0..<24).flatMap { hour in groups.map { "\(hour),\($0.name),200\n" } }.joined()
    }

    /// Lines about a run of the street's scenario, which the first of them records.
    private func recorded() -> [([String], Int32)] {
      let (history, result) = (street.path("run.db"), street.path("result.json"))
      let page = street.path("page.html")
      return [
        (
          [
            "simulate", street.path("scenario"), "--pace", "stage", "--alone",
            "--history", history, "--json", result,
          ], 0
        ), (["replay", history], 0), (["replay", history, "--pace", "cycle"], 1),
        (["report", result, "--out", page], 0), (["report", result, "--out", nothing], 1),
        (["report", history, "--out", page], 2), (["explain", "J001", "--history", history], 0),
      ]
    }

    /// A daemon, its cabinet, and those who ask them.
    private func running() async throws -> Set<String> {
      var reached: Set<String> = []
      let (cabinet, addresses) = try await street.traffic(seconds: 600)
      let daemon = try await street.daemon(
        street.arguments(addresses[0]) + ["--http", "127.0.0.1:0"])
      let address = try #require(try await daemon.hears("listening for counts").0["address"])
      let at =
        ["--profile", "\(package)/intersections/cabinets/tsc-mb.yaml"]
        + ["--connect", addresses[0]]
      let socket = ["--control", street.path("control.sock")]
      let stage = ["override", "stage", "A", "--junction", "J001", "--reason", "visit"] + socket
      for (line, status) in [
        (["status", "--http", address], Int32(0)), (["cabinets", "--http", address], 0),
        (["cabinet-read"] + at, 0), (["cabinet-test", "--read-only"] + at, 0),
        (["override", "list"] + socket, 0),
        (["writes", "stop", "--state", street.folder.path, "--reason", "works"], 0),
        (["override", "writes", "--reason", "works", "--yes"] + socket, 4),
      ] { reached.insert(try await end(line, status)) }
      reached.insert(try await end(stage, 5, typing: "no"))
      daemon.signal(SIGTERM)
      reached.insert("run \(try await daemon.end(within: 10))")
      reached.insert("cabinet \(try await cabinet.end(within: 60))")
      return reached
    }
  }
}
