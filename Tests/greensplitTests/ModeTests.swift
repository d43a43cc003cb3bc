import FoundationEssentials
import Glibc
import History
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("Advisory mode, junction by junction")
  struct ModeTests {
    let street: Street

    init() throws { street = try Street() }

    /// Writes the configuration of J001 and J004, whose cabinets are at `addresses`, in `modes`.
    private func configure(_ modes: String) {
      street.replace(
        "greensplit.yaml",
        by: """
          version: 1
          \(modes)
          sites: [J001.yaml, J004.yaml]
          history: history.db
          lines: [{follow: counts}]

          """)
    }

    private func answer<Body: Decodable>(_ body: Body.Type, _ line: [String]) async throws -> Body {
      let done = try await Program.run(line)
      #expect(done.status == 0, "\(line): \(done.errors)")
      return try JSONDecoder().decode(body, from: Data(done.output.utf8))
    }

    /// Reads the configuration again.
    private func reload(_ daemon: Program, _ modes: String, _ told: [String: String]) async throws {
      configure(modes)
      let before = try daemon.log.count
      daemon.signal(SIGHUP)
      try await daemon.hears("configuration read again", told, from: before)
    }

    /// Junctions whose cabinets were written to since the `first` line of the log of writes.
    private func written(from first: Int = 0) -> (junctions: Set<String>, lines: Int) {
      let lines = String(decoding: street.folder.read("writes.log"), as: UTF8.self)
        .split(separator: "\n")
      let junctions = lines.dropFirst(first).flatMap { line in
        ["J001", "J004"].filter { line.contains("\"junction\":\"\($0)\"") }
      }
      return (Set(junctions), lines.count)
    }

    @Test("one is brought under control and taken back while the other notices nothing")
    func turns() async throws {
      let (cabinets, addresses) = try await street.traffic(["J001", "J004"])
      configure("mode: advise\ncontrol: [J001]")
      let daemon = try await street.daemon([
        "--config", street.path("greensplit.yaml"), "--http", "127.0.0.1:0", "--cabinets",
        "J001=\(addresses[0]),J004=\(addresses[1])",
      ])
      let address = try #require(try await daemon.hears("listening for counts").0["address"])
      let told = try await daemon.hears("advisory mode").entry
      #expect(told["junctions"] == "J004" && told["count"] == "1")
      #expect(told["what"]?.hasSuffix("nothing is written to their cabinets") == true)
      let status = ["status", "--http", address]
      _ = try await street.takesControl(cabinets, of: "J001")
      try await eventually(within: 60, "a plan advised at J004", details: { daemon.errors }) {
        let (reader, always) = try street.story(of: "J004")
        return try reader.decisions(in: always, limit: .max).contains {
          $0.body.contains("\"plan\":{")
        } ? true : nil
      }
      #expect(written().junctions == ["J001"])
      try await tells(daemon, status)

      // Under control too; nothing changes hands at J001.
      try await reload(
        daemon, "mode: advise\ncontrol: [J001, J004]", ["controlled": "J004", "advised": ""])
      let taken = try await street.takesControl(cabinets, of: "J004")
      let both = try await answer(StatusReport.self, status + ["--json"])
      #expect(both.mode == "control" && both.junctions.map(\.mode) == ["control", "control"])

      // Back: nothing more is written there, and the lease lapses.
      try await reload(
        daemon, "mode: control\nadvise: [J004]", ["controlled": "", "advised": "J004"])
      // What was under way at that moment is over after a second.
      try await Task.sleep(for: .seconds(1))
      let (_, lines) = written()
      _ = try await street.goesHome(cabinets, of: "J004", from: taken)
      #expect(written(from: lines).junctions == ["J001"])
      #expect(
        try cabinets.log.count { $0["junction"] == "J001" && $0["from"] != nil } == 1,
        "J001 was under control throughout\n\(cabinets.errors)")
    }

    /// Status, links and explanation tell which is advised on: now, and of the past.
    private func tells(_ daemon: Program, _ status: [String]) async throws {
      let report = try await answer(StatusReport.self, status + ["--json"])
      #expect(report.mode == "control" && report.junctions.map(\.mode) == ["control", "advise"])
      let words = try await Program.run(status).output.split(separator: "\n")
      #expect(words.map { $0.contains("advisory mode, nothing is written") } == [false, true])
      let links = try await answer(
        LinkReport.self, ["cabinets"] + status.dropFirst() + ["--json"])
      #expect(links.cabinets.map(\.mode) == ["control", "advise"])
      let table = try await Program.run(["cabinets"] + status.dropFirst()).output
      #expect(table.contains("\nadvisory mode, nothing is written\nJ004\n"), "\(table)")
      for place in [
        ["--control", street.path("control.sock")], ["--history", street.path("history.db")],
      ] {
        for (junction, mode, english, chinese) in [
          ("J001", "control", ". Ordered: ", "。下发方案："),
          ("J004", "advise", ". Advised, not written: ", "。建议方案（未下发）："),
        ] {
          let it = try await answer(
            ExplanationReport.self, ["explain", junction, "--json"] + place)
          #expect(it.mode == mode)
          #expect(it.words.en.contains(english) && it.words.zh.contains(chinese), "\(it.words)")
        }
      }
    }

    @Test("a junction that no site file has is refused, at the start and later")
    func strangers() async throws {
      let (_, addresses) = try await street.traffic(["J001", "J004"])
      configure("mode: advise\ncontrol: [J002]")
      let problem = "control: names the junction J002, which no site file has"
      let path = street.path("greensplit.yaml")
      let cabinets = ["--cabinets", "J001=\(addresses[0]),J004=\(addresses[1])"]
      let refused = try await Program.run(["run", "--config", path] + cabinets)
      #expect(refused.status == 1 && refused.errors.contains(problem), "\(refused.errors)")
      let checked = try await Program.run("check", path)
      #expect(checked.status == 1 && checked.errors.contains(problem), "\(checked.errors)")

      configure("mode: advise")
      let daemon = try await street.daemon(["--config", path] + cabinets)
      try await daemon.hears("advisory mode")
      for (modes, problem) in [
        ("mode: advise\ncontrol: [J002]", problem),
        ("mode: off", "\"off\" is not among the choices"),
      ] {
        configure(modes)
        let before = try daemon.log.count
        daemon.signal(SIGHUP)
        let told = try await daemon.hears(
          "configuration not taken over, the old one stays", from: before)
        #expect(told.entry["reason"]?.contains(problem) == true, "\(told.entry)")
      }
    }
  }
}
