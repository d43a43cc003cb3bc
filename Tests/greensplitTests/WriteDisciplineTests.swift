import FoundationEssentials
import Glibc
import History
import Signals
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("Writes to cabinets")
  struct WriteDisciplineTests {
    let street: Street

    init() throws { street = try Street() }

    /// A line of the log of writes.
    private struct Line: Decodable {
      struct Entry: Decodable, Equatable {
        let stage: String
        let green: Double
      }
      struct Before: Decodable {
        let source: String
        let plan: UInt32
        let entries: [Entry]?
      }
      struct After: Decodable {
        let plan: UInt32?
        let entries: [Entry]?
        let lease: Int?
      }
      let time: String
      let junction: String
      let cabinet: String
      let epoch: UInt32
      let write: Int
      let what: String?
      let reason: String?
      let before: Before?
      let after: After?
      let registers: String?
      let outcome: String?
    }

    /// Every whole line of the log.
    private func lines(_ name: String = "writes.log") throws -> [Line] {
      let text = String(decoding: street.folder.read(name), as: UTF8.self)
      return try text.split(separator: "\n").map { line in
        try JSONDecoder().decode(Line.self, from: Data(line.utf8))
      }
    }

    /// The explanation of now, and that out of the history, tell that the plan was not written.
    private func explainsTheStop() async throws {
      for place in [
        ["--control", street.path("control.sock")], ["--history", street.path("history.db")],
      ] {
        let told = try await Program.run(["explain", "J001", "--json"] + place).output
        let it = try JSONDecoder().decode(ExplanationReport.self, from: Data(told.utf8))
        #expect(it.mode == "stopped")
        #expect(it.words.en.contains(". Not written, for all writing is stopped: "), "\(it.words)")
        #expect(it.words.zh.contains("。已停止写入，方案未下发："), "\(it.words)")
      }
    }

    private func writes(_ words: String...) async throws -> String {
      let program = try Program(["writes"] + words + ["--state", street.folder.path])
      #expect(try await program.end() == 0, "\(program.errors)")
      return program.output
    }

    @Test(
      "stop by a switch that outlives the daemon: leases lapse; allowed again, control is taken")
    func stopped() async throws {
      let (cabinet, addresses) = try await street.traffic()
      var daemon = try await street.daemon(at: addresses[0])
      let began = try await street.takesControl(cabinet)
      #expect(try await writes("show") == "writing is allowed\n")
      _ = try await writes("stop", "--reason", "road works at J001")
      let stop = try await daemon.hears("writing stopped").entry
      #expect(stop["level"] == "warning")
      #expect(stop["why"]?.hasSuffix(": road works at J001") == true, "\(stop.fields)")
      // A write that was under way may still end.
      try await Task.sleep(for: .milliseconds(500))
      let before = try lines().count
      let home = try await street.goesHome(cabinet, from: began)
      #expect(try lines().count == before, "written to after the stop")
      // Its own plan runs, so that one is ordered each second; the history has it a second later.
      try await Task.sleep(for: .seconds(2))
      try await explainsTheStop()

      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 10) == 0)
      daemon = try await street.daemon(at: addresses[0])
      try await daemon.hears("writing stopped")
      // Two leases, and as many decisions as it likes.
      try await Task.sleep(for: .seconds(4))
      #expect(try await writes("show").hasSuffix(": road works at J001\n"))
      #expect(try lines().count == before, "the switch outlives the daemon")
      #expect(try cabinet.log.dropFirst(home + 1).allSatisfy { $0["to"] != "central" })

      _ = try await writes("allow")
      try await daemon.hears("writing allowed")
      _ = try await street.takesControl(cabinet, from: home + 1)
      #expect(try lines().count > before)
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 10) == 0)
      let always = HistorySpan(
        of: nil, from: UTC(milliseconds: 0), until: UTC(milliseconds: .max))
      let acts = try HistoryReader(path: street.path("history.db")).acts(in: always, limit: 9)
      #expect(
        acts.map(\.act) == [
          "writing allowed", "control mode", "writing stopped", "writing stopped", "control mode",
          "writing allowed",
        ])
      #expect(acts[2].detail.hasSuffix(": road works at J001"))
    }

    @Test("are logged before they go out, with what ran before and why: kill -9 loses none")
    func logged() async throws {
      let (cabinet, addresses) = try await street.traffic()
      for round in 0..<3 {
        let daemon = try await street.daemon(at: addresses[0])
        if round == 0 { _ = try await street.takesControl(cabinet) }
        let epoch = try await daemon.hears("starting").entry["epoch"]
        try await eventually(within: 60, "a plan that runs", details: { daemon.errors }) {
          try lines().contains {
            $0.what == "plan" && $0.before?.source == "central" && "\($0.epoch)" == epoch
          } ? true : nil
        }
        try await Task.sleep(for: .milliseconds(300 + 170 * round))
        daemon.signal(SIGKILL)
        #expect(try await daemon.end() == 128 + SIGKILL)
      }
      let log = try lines()
      let (reader, always) = try street.story
      let known = try reader.plans(in: always, limit: .max)
      #expect(known.count > 2)
      for plan in known {
        let line = log.first { $0.epoch == plan.plan.epoch && $0.after?.plan == plan.plan.sequence }
        #expect(line?.after?.entries?.map(\.green) == plan.plan.plan.entries.map(\.green.seconds))
        #expect(line?.reason?.isEmpty == false)
        #expect(line?.registers?.count == 90 * 4)
        #expect(line?.junction == "J001")
        #expect(line?.cabinet == addresses[0] + " unit 1")
      }
      #expect(Set(log.map(\.epoch)).count == 3, "a daemon after another appends")
      for outcome in log where outcome.outcome != nil {
        #expect(
          log.contains {
            $0.what != nil && ($0.epoch, $0.write) == (outcome.epoch, outcome.write)
          })
      }
      #expect(log.contains { $0.outcome == "confirmed" })
    }

    @Test("go on when the log's disk is full, which is said, and what waited is written afterwards")
    func fullDisk() async throws {
      let (cabinet, addresses) = try await street.traffic()
      symlink("/dev/full", street.path("writes.log"))
      let daemon = try await street.daemon(at: addresses[0])
      let trouble = try await daemon.hears(
        "log of writes", ["level": "error", "control": "goes on"])
      #expect(trouble.entry["what"]?.hasSuffix("No space left on device") == true)
      _ = try await street.takesControl(cabinet)
      // More than a lease.
      try await Task.sleep(for: .seconds(3))
      #expect(try cabinet.log.count { $0["from"] == "central" } == 0, "control was kept")
      unlink(street.path("writes.log"))
      daemon.signal(SIGHUP)
      try await daemon.hears(
        "log of writes", ["what": "written again; 0 lines found no room and are lost"])
      let log = try lines()
      #expect(log.first?.write == 1, "from the first on")
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 10) == 0)
    }

    @Test("that the limit holds back are told of, and control is kept")
    func limited() async throws {
      let (cabinet, addresses) = try await street.traffic()
      let daemon = try await street.daemon(
        street.arguments(addresses[0]) + ["--writes-per-minute", "3"])
      _ = try await street.takesControl(cabinet)
      let deferred = try await daemon.heard("a plan that waits") {
        $0["what"]?.hasPrefix("a plan waits ") == true
      }
      #expect(deferred.entry["level"] == "warning")
      #expect(deferred.entry["junction"] == "J001")
      try await Task.sleep(for: .seconds(5))
      #expect(try cabinet.log.count { $0["from"] == "central" } == 0)
    }

    @Test(
      "never go to unit 0 nor to a name: the daemon does not start",
      arguments: [
        ("127.0.0.1:1502/0", Int32(2), "expected a junction and its cabinet, such as"),
        ("localhost:1502", Int32(1), "'localhost' is not an address: write a numeric"),
      ])
    func nowhere(cabinet: String, status: Int32, said: String) async throws {
      street.folder.write(try Street.site("J001"), to: "J001.yaml")
      let daemon = try Program(
        ["run", "--sites", street.path("J001.yaml"), "--cabinets", "J001=\(cabinet)"])
      #expect(try await daemon.end() == status)
      #expect(daemon.errors.contains(said), "\(daemon.errors)")
    }

    @Test("without a state folder are neither logged nor stopped, and that is said")
    func noFolder() async throws {
      street.folder.write(try Street.site("J001"), to: "J001.yaml")
      let nowhere = try Listening()
      let daemon = try Program(
        ["run", "--sites", street.path("J001.yaml"), "--cabinets", "J001=\(nowhere.address)"])
      try await daemon.hears("no log of writes", ["level": "warning"])
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 10) == 0)
    }

    @Test("need a state folder that is there")
    func missingFolder() async throws {
      street.folder.write(try Street.site("J001"), to: "J001.yaml")
      let nowhere = try Listening()
      let daemon = try Program(
        [
          "run", "--sites", street.path("J001.yaml"), "--cabinets", "J001=\(nowhere.address)",
          "--state", street.path("nothing"),
        ])
      #expect(try await daemon.end() == 1)
      #expect(daemon.errors.contains("/nothing cannot be opened: No such file or directory"))
      let stop = try await Program.run("writes", "stop", "--state", street.path("nothing"))
      #expect(stop.status == 1)
    }
  }
}
