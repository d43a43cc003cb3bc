import Glibc
import History
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("A cabinet of another make")
  struct OtherMakeTests {
    static let makes = [("plc-table", "cycle"), ("slot-at-a-time", "stage"), ("tsc-mb", "second")]

    /// Ten times as fast: a make wants rests between its requests.
    let street: Street

    init() throws { street = try Street(speed: 10) }

    /// The cabinet of `make`, and the site file of the daemon that names it. The counts come from
    /// traffic at a cabinet that nobody controls.
    private func cabinet(
      _ make: String, pace: String, _ arguments: [String] = []
    ) async throws -> Program {
      _ = try await street.traffic()
      let profile = "\(Peers.root)/intersections/cabinets/\(make).yaml"
      let cabinet = try street.program(
        [
          "cabinet", "--site", street.path("J001.yaml"), "--profile", profile, "--listen",
          "127.0.0.1:0", "--clock", street.clock.description,
        ] + arguments)
      let address = try #require(
        try await cabinet.hears("cabinet is listening").entry["address"])
      let site = try Street.shipped("intersections/J001.yaml")
        .replacing(/pace: \w+/, with: "pace: \(pace)")
        .replacing(/\n    upstream:(\n      - .*)+/, with: "")
        .replacing(
          /\ncabinet: .*/, with: "\ncabinet: {connect: \"\(address)\", profile: \(profile)}")
      street.folder.write(site, to: "made.yaml")
      return cabinet
    }

    private func daemon() async throws -> Program {
      try await street.daemon([
        "--sites", street.path("made.yaml"), "--follow", street.path("counts"), "--history",
        street.path("history.db"),
      ])
    }

    /// Waits until the history says that plan after plan has come to run.
    private func runs(_ count: Int, _ daemon: Program) async throws {
      try await eventually(within: 120, "\(count) plans that run", details: { daemon.errors }) {
        let (reader, always) = try street.story
        let plans = try reader.plans(in: always, limit: .max)
        let ran = plans.filter { plan in plan.receipts.contains { $0.outcome == .running } }
        return ran.count >= count ? true : nil
      }
    }

    @Test("is driven until its plans run, and stays under control", arguments: makes)
    func drives(make: String, pace: String) async throws {
      let cabinet = try await cabinet(make, pace: pace)
      let daemon = try await daemon()
      let isOther = try daemon.log.contains { $0["event"] == "cabinet of another make" }
      #expect(isOther == (make != "tsc-mb"))
      let began = try await street.takesControl(cabinet)
      try await daemon.hears("cabinet", ["what": "control went from timeOfDay to central"])
      try await runs(2, daemon)
      let (reader, always) = try street.story
      let receipts = try reader.plans(in: always, limit: .max).flatMap(\.receipts)
      #expect(!receipts.contains { [.refused, .exception].contains($0.outcome) }, "\(receipts)")
      let left = try cabinet.log.dropFirst(began + 1).contains { $0["to"] == "timeOfDay" }
      #expect(!left, "its lease was kept up: \(cabinet.errors)")
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 5) == 0, "\(daemon.errors)")
    }

    @Test("goes home when it is cut off, and is taken back")
    func cutOff() async throws {
      let cabinet = try await cabinet("slot-at-a-time", pace: "stage", ["--cut-off", "250+200"])
      let daemon = try await daemon()
      let began = try await street.takesControl(cabinet)
      let cut = try await cabinet.hears("network cut off", from: began).position
      let lost = try await daemon.heard("the link's loss") {
        $0["what"]?.hasPrefix("link lost: ") == true
      }
      let home = try await cabinet.hears(
        "control source changed", ["from": "central", "to": "timeOfDay"], from: cut
      ).position
      _ = try await daemon.heard(from: lost.position, "the link's return") {
        $0["what"]?.hasPrefix("link is back after ") == true
      }
      _ = try await street.takesControl(cabinet, from: home)
    }

    @Test("whose daemon was killed runs its plan to the end of the lease, then is taken back")
    func restart() async throws {
      let cabinet = try await cabinet("plc-table", pace: "cycle")
      let first = try await daemon()
      let began = try await street.takesControl(cabinet)
      first.signal(SIGKILL)
      _ = try await first.end(within: 5)
      let second = try await daemon()
      let home = try await cabinet.hears(
        "control source changed", ["from": "central", "to": "timeOfDay"], from: began
      ).position
      _ = try await street.takesControl(cabinet, from: home)
      try await second.hears("cabinet", ["what": "control went from timeOfDay to central"])
    }

    @Test("is refused in check where it cannot be safe, and what it lacks is said")
    func checked() async throws {
      let profile = "\(Peers.root)/intersections/cabinets/plc-table.yaml"
      func check(_ pace: String, lease: String = "180 s") async throws -> (Int32, String) {
        let site = try Street.shipped("intersections/J001.yaml")
          .replacing(/pace: \w+/, with: "pace: \(pace)")
          .replacing(/lease: \d+ s/, with: "lease: \(lease)")
          .replacing(
            /\ncabinet: .*/, with: "\ncabinet: {connect: \"127.0.0.1:1502\", profile: \(profile)}")
        street.replace("checked.yaml", by: site)
        let result = try await Program.run("check", street.path("checked.yaml"))
        return (result.status, result.errors)
      }
      let (cycle, warnings) = try await check("cycle")
      #expect(cycle == 0)
      #expect(warnings.contains("cabinet.profile: limits are those of the site file alone"))
      #expect(warnings.contains("obeys whoever wrote last"))
      let (stage, errors) = try await check("stage")
      #expect(stage == 1)
      #expect(errors.contains("error: cabinet.profile: pace stage needs plans that take over"))
      let (second, others) = try await check("second")
      #expect(second == 1)
      #expect(others.contains("pace second needs to know how long the stage has run"))
      let (short, words) = try await check("second", lease: "30 s")
      #expect(short == 1)
      #expect(words.contains("returns to its own plan only after 60 s, and control.lease is 30 s"))
    }
  }
}
