import FoundationEssentials
import Glibc
import History
import Signals
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("Overrides of a running daemon")
  struct OverrideTests {
    let street: Street

    init() throws { street = try Street() }

    private var socket: String { street.path("control.sock") }

    private func override(
      _ words: String...
    ) async throws -> (status: Int32, output: String, errors: String) {
      try await Program.run(["override"] + words + ["--control", socket])
    }

    private func stage(
      _ more: String..., stage: String = "A", reason: String = "visit"
    ) throws -> Program {
      try Program(
        ["override", "stage", stage, "--junction", "J001", "--reason", reason, "--control", socket]
          + more)
    }

    private var recorded: [RecordedOverride] {
      get throws {
        let (reader, always) = try street.story
        return try reader.overrides(in: always, limit: 99)
      }
    }

    /// A daemon that has taken control of J001.
    private func controlled() async throws -> (cabinet: Program, daemon: Program, address: String) {
      let (cabinet, addresses) = try await street.traffic()
      let daemon = try await street.daemon(at: addresses[0])
      _ = try await street.takesControl(cabinet)
      return (cabinet, daemon, addresses[0])
    }

    @Test("are shown before, run, are listed and recorded, and end by themselves")
    func whole() async throws {
      let (_, daemon, _) = try await controlled()
      let shown = try await override(
        "stage", "A", "--junction", "J001", "--reason", "visit", "--minutes", "3", "--dry-run")
      #expect(shown.status == 0, "\(shown.errors)")
      #expect(shown.output.contains("This would be done:"))
      #expect(shown.output.contains("Stage A is held: green for "))
      #expect(try await override("list").output == "No override lasts.\n")
      let chinese = try await override(
        "stage", "A", "--junction", "J001", "--reason", "勤务", "--dry-run", "--lang", "zh")
      #expect(chinese.output.contains("锁定阶段 A："))

      let placed = try await override(
        "stage", "A", "--junction", "J001", "--reason", "visit", "--minutes", "3", "--yes")
      #expect(placed.status == 0, "\(placed.errors)")
      let begun = try await daemon.hears("override", ["junction": "J001"])
      #expect(begun.entry["why"] == "visit")
      #expect(begun.entry["before"]?.contains("ran") == true)
      let id = try #require(begun.entry["id"])
      #expect(try await override("list").output.hasPrefix("\(id) J001: "))
      try await eventually(within: 60, "the held plan", details: { daemon.errors }) {
        let (reader, always) = try street.story
        return try reader.plans(in: always, limit: .max).contains {
          $0.plan.why.contains("Override \(id) by ")
        } ? true : nil
      }
      let ended = try await daemon.hears("override ended", ["id": id, "how": "its time was over"])
      #expect(ended.entry["junction"] == "J001")
      let record = try await eventually(within: 10, "the record") {
        try recorded.first { $0.ended != nil }
      }
      #expect(record.who.contains("uid \(getuid())"))
      #expect((record.action, record.reason) == ("stage", "visit"))
      // Both scales of an accelerated clock are rounded, each for itself.
      let late = record.ended?.seconds(since: record.ends) ?? 99
      #expect(abs(late) < 0.01, "\(late) s")
      #expect(record.ends.seconds(since: record.begins) == 180)
      #expect(record.before.contains("ran") && record.after.contains("Stage A is held"))
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 10) == 0)
      #expect(access(socket, F_OK) != 0, "the socket goes with the daemon")
    }

    @Test(
      "outlive neither kill -9 nor a stop: the next daemon records their end and does not resume")
    func killed() async throws {
      let (cabinet, first, address) = try await controlled()
      #expect(try await stage("--minutes", "200", "--yes").end() == 0)
      try await first.hears("override", ["junction": "J001"])
      try await eventually(within: 10, "the record") { try recorded.first }
      first.signal(SIGKILL)
      _ = try await first.end()
      let home = try await street.goesHome(cabinet)
      let second = try await street.daemon(at: address)
      #expect(try await override("list").output == "No override lasts.\n")
      _ = try await street.takesControl(cabinet, from: home)
      #expect(try await stage("--minutes", "200", "--yes").end() == 0)
      second.signal(SIGTERM)
      #expect(try await second.end(within: 10) == 0)
      let endings = try recorded.map(\.ending)
      #expect(endings == ["the daemon was started again", "the daemon was stopped"])
      let epochs = Set(try recorded.map { $0.number.prefix { $0 != "-" } })
      #expect(epochs.count == 2, "numbers do not come twice")
    }

    @Test(
      "of a daemon that stands still are over when it goes on, and the cabinet went home before")
    func stopped() async throws {
      let (cabinet, daemon, _) = try await controlled()
      let program = try stage("--minutes", "2", "--yes")
      #expect(try await program.end() == 0)
      daemon.signal(SIGSTOP)
      _ = try await street.goesHome(cabinet)
      try await Task.sleep(for: .seconds(5))
      daemon.signal(SIGCONT)
      try await daemon.hears("override ended", ["how": "its time was over"])
      #expect(try await override("list").output == "No override lasts.\n")
    }

    @Test("of two operators at once: one wins, the other is told who, why and until when")
    func two() async throws {
      let (_, daemon, _) = try await controlled()
      let programs = try (0..<6).map {
        try stage("--minutes", "100", "--yes", stage: $0 % 2 == 0 ? "A" : "B", reason: "duty \($0)")
      }
      var statuses: [Int32] = []
      for program in programs { statuses.append(try await program.end()) }
      #expect(statuses.sorted() == [0, 4, 4, 4, 4, 4])
      let winner = try #require(statuses.firstIndex(of: 0))
      for (position, program) in programs.enumerated() where position != winner {
        #expect(program.errors.contains("J001 is held by "), "\(program.errors)")
        #expect(program.errors.contains(": duty \(winner)"), "\(program.errors)")
      }
      let other = try stage("--yes", "--take-over", stage: "C", reason: "fire brigade")
      #expect(try await other.end() == 0, "\(other.errors)")
      _ = try await daemon.heard("the end of the first") {
        $0["how"]?.hasPrefix("taken over by ") == true
      }
      let list = try await override("list", "--json")
      let known = try JSONDecoder().decode(OverrideList.self, from: Data(list.output.utf8))
      #expect(known.overrides.map(\.reason) == ["fire brigade"])
      let id = try #require(known.overrides.first?.id)
      #expect(try await override("end", id).status == 0)
      #expect(try await override("end", id).status == 1, "it is over")
      let (reader, _) = try street.story
      let always = HistorySpan(
        of: "J001", from: UTC(milliseconds: 0), until: UTC(milliseconds: .max))
      try await eventually(within: 10, "the acts") {
        let acts = try reader.acts(in: always, limit: 99).map(\.act)
        return acts == ["override", "override ended", "override", "override ended"] ? true : nil
      }
    }

    @Test(
      "of writes stop them all for a while; who is killed meanwhile does not leave them stopped")
    func writes() async throws {
      let (cabinet, daemon, address) = try await controlled()
      let stop = try await override("writes", "--reason", "works", "--minutes", "3", "--yes")
      #expect(stop.status == 0, "\(stop.errors)")
      try await daemon.hears("writing stopped")
      _ = try await street.goesHome(cabinet)
      try await daemon.hears("override ended", ["how": "its time was over"])
      let again = try await daemon.hears("writing allowed").position
      #expect(
        try await override("writes", "--reason", "works", "--minutes", "100", "--yes").status == 0)
      _ = try await daemon.heard(from: again, "the second stop") {
        $0["event"] == "writing stopped"
      }
      daemon.signal(SIGKILL)
      _ = try await daemon.end()
      #expect(access(street.path("writes.stopped"), F_OK) == 0)
      let next = try await street.daemon(at: address)
      #expect(access(street.path("writes.stopped"), F_OK) != 0)
      // What a person has set by the other command stays that person's.
      let person = try await Program.run("writes", "stop", "--state", street.folder.path)
      #expect(person.status == 0)
      #expect(try await override("writes", "--reason", "works", "--yes").status == 4)
      next.signal(SIGTERM)
      #expect(try await next.end(within: 10) == 0)
      #expect(access(street.path("writes.stopped"), F_OK) == 0)
    }

    @Test("that cannot be are refused with the reason and a status of their own")
    func refused() async throws {
      let (_, daemon, _) = try await controlled()
      let place = ["--junction", "J001", "--reason", "x", "--yes"]
      for (words, status, problem) in [
        (["flash"] + place, Int32(1), "not offered: the registers of a cabinet have no order"),
        (["all-red"] + place, 1, "not offered"),
        (["stage", "Z"] + place, 1, "J001 has no stage 'Z'; it has A"),
        (["day-plan", "never"] + place, 1, "J001 has no day plan 'never'"),
        (["plan", "A=1"] + place, 1, "the safety check refuses it: minimum green"),
        (["stage", "A", "--minutes", "300"] + place, 1, "after 240 min at most"),
        (["stage", "A", "--minutes", "-1"] + place, 1, "ends in the future"),
        (["stage", "A", "--junction", "J9", "--reason", "x", "--yes"], 1, "no junction 'J9'"),
        (["stage", "A", "--junction", "J001", "--yes"], 2, "a reason is needed"),
        (["stage", "A", "--junction", "J001", "--reason", "x"], 2, "nobody can be asked"),
        (["drive"], 2, "drive: expected stage, plan"), ([], 2, "say what is to be done"),
        (
          ["route", "J001:A"] + ["--reason", "x", "--yes"], 2, "expected junction, stage and times"
        ),
      ] {
        let run = try await Program.run(["override"] + words + ["--control", socket])
        #expect(run.status == status, "\(words): \(run.errors)")
        #expect(run.errors.contains(problem), "\(words): \(run.errors)")
      }
      #expect(try await override("list").output == "No override lasts.\n")
      daemon.signal(SIGTERM)
      _ = try await daemon.end(within: 10)
      let nobody = try await override("list")
      #expect(nobody.status == 1)
      #expect(
        nobody.errors.contains("name its socket with --control") || nobody.errors.contains("Name"))
    }

    @Test("come past whoever is slow, silent or sends what is none, and control goes on")
    func hostile() async throws {
      let (cabinet, _, _) = try await controlled()
      var descriptors: [Int32] = []
      defer { for descriptor in descriptors { close(descriptor) } }
      var random = SeededGenerator(seed: 5)
      for round in 0..<40 {
        let descriptor = try UnixSocket.connect(to: socket)
        descriptors.append(descriptor)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        let bytes = (0..<(round % 4 == 3 ? 100_000 : 50 * (round % 4))).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      }
      // Those before it are cut off after some time, if they do not say what they want.
      let list = try await override("list")
      #expect(list.status == 0 || list.errors.contains("no answer"), "\(list.errors)")
      var status: Int32 = 1
      for _ in 0..<5 where status != 0 { status = try await override("list").status }
      #expect(status == 0)
      #expect(try cabinet.log.allSatisfy { $0["from"] != "central" }, "control was kept")
    }

    @Test("are only shown in advisory mode, in which everything is decided and nothing written")
    func advising() async throws {
      let (cabinet, addresses) = try await street.traffic()
      let daemon = try await street.daemon(street.arguments(addresses[0]) + ["--advise"])
      try await daemon.hears("advisory mode")
      try await eventually(within: 60, "decisions with plans", details: { daemon.errors }) {
        let (reader, always) = try street.story
        return try reader.decisions(in: always, limit: .max).count {
          $0.body.contains("\"plan\":{")
        } > 3 ? true : nil
      }
      #expect(try await stage("--minutes", "2", "--yes").end() == 0)
      try await Task.sleep(for: .seconds(3))
      #expect(street.folder.read("writes.log").isEmpty)
      #expect(try cabinet.log.allSatisfy { $0["to"] != "central" })
      let (reader, always) = try street.story
      #expect(try reader.plans(in: always, limit: 1).isEmpty)
    }
  }
}
