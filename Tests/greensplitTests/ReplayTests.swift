import Glibc
import Signals
import Sites
import Support
import Testing

@testable import History
@testable import greensplit

@Suite("greensplit replay")
struct ReplayCommandTests {
  let street: Street

  init() throws { street = try Street() }

  private var history: String { street.path("history.db") }

  /// Ten minutes of the rush hour, recorded.
  private func record(_ arguments: String...) async throws {
    let text = try Street.shipped("simulations/rush-hour.yaml")
      .replacing("../intersections", with: "\(Peers.root)/intersections")
      .replacing("length: 4200 s", with: "length: 600 s")
      .replacing("warm_up: 600 s", with: "warm_up: 120 s")
    street.folder.write(text, to: "short.yaml")
    let program = try Program(
      ["simulate", street.path("short.yaml"), "--history", history] + arguments)
    #expect(try await program.end(within: 300) == 0, "\(program.errors)")
  }

  @Test("says that a recorded run is decided the same, whole or in part, and exits with 0")
  func identical() async throws {
    try await record("--pace", "second")
    let whole = try await Program.run("replay", history, within: 300)
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(whole.output.hasPrefix("1 junction, 1 session, 600 ticks decided again, "))
    #expect(
      whole.output.contains(
        "\n\nIdentical: every recorded decision is made again, byte for byte.\n"))
    #expect(whole.errors == "")
    let part = try await Program.run(
      "replay", history, "--from", "07:02", "--to", "07:05:00", "--with",
      "\(Peers.root)/intersections/J001.yaml", "--pace", "second", within: 300)
    #expect(part.status == 0, "\(part.output)\(part.errors)")
    #expect(part.output.contains("Identical: "), "the same site and the same pace are no change")
    #expect(part.output.hasPrefix("1 junction, 1 session, 301 ticks decided again, "))
  }

  @Test(
    "decides a run of an attached simulator again, whatever its step, over the wire too",
    // Nothing is decided within the last step any more.
    arguments: [("1", "second", 300), ("0.5", "stage", 300), ("5", "cycle", 296)])
  func plant(step: String, pace: String, ticks: Int) async throws {
    let site = try readSite("\(Peers.root)/intersections/J001.yaml").get()
    let detectors = site.detectors.map(\.id).joined(separator: ",")
    let script = "\(Peers.root)/Tests/peers/plant.py"
    for wire in [[], ["--wire"]] {
      let path = street.path("plant\(wire.count).db")
      let run = try Program(
        [
          "simulate", "--plant", "python3 '\(script)' J001 \(detectors) \(step) 300", "--sites",
          "\(Peers.root)/intersections/J001.yaml", "--pace", pace, "--history", path,
        ] + wire)
      #expect(try await run.end(within: 300) == 0, "\(run.errors)")
      let (status, output, errors) = try await Program.run("replay", path, within: 300)
      #expect(status == 0, "\(output)\(errors)")
      #expect(output.hasPrefix("1 junction, 1 session, \(ticks) ticks decided again, "))
      #expect(output.contains("\nIdentical: "))
      let reader = try HistoryReader(path: path)
      let hour = HistorySpan(of: "J001", from: UTC(seconds: 25200), until: UTC(seconds: 28800))
      #expect(try reader.decisions(in: hour, limit: .max).contains { $0.body.contains("\"plan\"") })
    }
  }

  @Test("decides again what is left of a run whose simulator died")
  func deadPlant() async throws {
    let site = try readSite("\(Peers.root)/intersections/J001.yaml").get()
    let detectors = site.detectors.map(\.id).joined(separator: ",")
    let run = try Program([
      "simulate", "--plant",
      "python3 '\(Peers.root)/Tests/peers/plant.py' J001 \(detectors) 1 300 dies", "--sites",
      "\(Peers.root)/intersections/J001.yaml", "--history", history,
    ])
    #expect(try await run.end(within: 300) == 3)
    let (status, output, errors) = try await Program.run("replay", history, within: 300)
    #expect(status == 0, "\(output)\(errors)")
    #expect(output.hasPrefix("1 junction, 1 session, 5 ticks decided again, "))
  }

  @Test("shows the first difference of an altered history, and exits with 1")
  func altered() async throws {
    try await record("--pace", "stage")
    let file = try Connection(path: history, access: .readWrite, patience: 5000)
    try file.execute(
      """
      UPDATE counts SET line = replace(line, '"count":0', '"count":3')
      WHERE tick = 300 AND detector LIKE '%W.T'
      """)
    let (status, output, errors) = try await Program.run("replay", history, within: 300)
    #expect(status == 1, "\(output)\(errors)")
    #expect(output.contains("\nDifferent: "))
    #expect(output.contains("\nThe first: J001 at 1970-01-01T23:0"))
    #expect(output.firstMatch(of: /, tick 3[0-9][0-9] of epoch 1, [a-z]/) != nil)
  }

  @Test("tells what other sites or another pace would have done, and exits with 1")
  func changed() async throws {
    try await record("--pace", "cycle")
    let site = try Street.site("J001").replacing("min_green: 8 s", with: "min_green: 10 s")
    street.folder.write(site, to: "J001.yaml")
    let value = try await Program.run(
      "replay", history, "--with", street.path("J001.yaml"), "--pace", "cycle", "--json",
      street.path("out.json"),
      within: 300)
    #expect(value.status == 1, "\(value.errors)")
    #expect(value.output.contains("Another configuration at J001."))
    #expect(value.output.contains("The first other decision: J001 at "))
    #expect(value.output.contains("not a measurement."))
    #expect(!street.folder.read("out.json").isEmpty)
    let pace = try await Program.run("replay", history, "--pace", "stage", within: 300)
    #expect(pace.status == 1)
    #expect(pace.output.contains("Another pace decides at other moments"))
    for stage in ["J001 A", "J001 B", "J001 C", "J001 D"] {
      #expect(pace.output.contains("\n\(stage) "))
    }
  }

  @Test("refuses what it cannot read or understand, in words, and exits with 2")
  func refused() async throws {
    try await record("--pace", "cycle")
    func expect(_ path: String, _ words: String) async throws {
      let (status, output, errors) = try await Program.run("replay", path)
      #expect(status == 2)
      #expect(output == "")
      #expect(errors.hasPrefix("greensplit replay: ") && errors.contains(words), "\(errors)")
    }
    try await expect(street.path("missing.db"), "cannot be opened")
    try await expect(street.path("short.yaml"), "not an SQLite database")
    let whole = street.folder.read("history.db")
    street.folder.write(String(decoding: whole.prefix(300), as: UTF8.self), to: "stub.db")
    try await expect(street.path("stub.db"), "not an SQLite database")
    write(Array(whole.prefix(whole.count / 8 * 4)), to: street.path("half.db"))
    try await expect(street.path("half.db"), "the database is damaged")
    let file = try Connection(path: history, access: .readWrite, patience: 5000)
    for (statement, words) in [
      ("UPDATE sessions SET program = '0.0.9'", "the recorded configuration is damaged"),
      ("DELETE FROM readings; DELETE FROM sessions", "readings are missing"),
      ("PRAGMA user_version = 2", "written by an older greensplit (schema 2"),
      ("PRAGMA user_version = 6", "written by a newer greensplit (schema 6"),
      ("PRAGMA application_id = 7", "the database of another program"),
    ] {
      try file.execute(statement)
      try await expect(history, words)
    }
  }

  /// Makes a file of `bytes`.
  private func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w") else { return }
    defer { fclose(file) }
    fwrite(bytes, 1, bytes.count, file)
  }
}

extension EndToEnd {
  @Suite("The history of a daemon")
  struct ReplayedDaemonTests {
    let street: Street

    init() throws { street = try Street() }

    @Test("over Modbus is decided again the same: through a reload, kill -9 and the next daemon")
    func daemon() async throws {
      let (cabinet, addresses) = try await street.traffic()
      let history = street.path("history.db")
      let first = try await street.daemon(at: addresses[0])
      let began = try await street.takesControl(cabinet)
      street.replace(
        "J001.yaml",
        by: try Street.site("J001").replacing("min_green: 8 s", with: "min_green: 9 s"))
      first.signal(SIGHUP)
      try await first.hears("configuration read again", ["replaced": "J001"])
      try await Task.sleep(for: .seconds(120 / Street.speed))
      // Meanwhile it goes on writing.
      let live = try await Program.run("replay", history, within: 120)
      #expect(live.status == 0, "\(live.output)\(live.errors)")
      first.signal(SIGKILL)
      #expect(try await first.end() == 128 + SIGKILL)
      _ = try await street.goesHome(cabinet, from: began)

      let second = try await street.daemon(at: addresses[0])
      try await Task.sleep(for: .seconds(120 / Street.speed))
      second.signal(SIGTERM)
      #expect(try await second.end(within: 10) == 0, "\(second.errors)")
      let (status, output, errors) = try await Program.run("replay", history, within: 120)
      #expect(status == 0, "\(output)\(errors)")
      #expect(output.contains("Identical: "))
      #expect(output.hasPrefix("1 junction, 3 sessions, "))
      let reader = try HistoryReader(path: history)
      let sessions = try reader.sessions(of: "J001")
      #expect(sessions.map(\.session.epoch) == [1, 1, 2])
      let ticks = try sessions.map { try reader.readings(of: $0).reduce(0) { $0 + $1.ticks } }
      #expect(ticks.allSatisfy { $0 > 15 }, "\(ticks)")
      #expect(try reader.decisions(in: street.story.1, limit: .max).count > 20)
    }

    @Test("of two junctions that tell each other what they let go is decided again the same")
    func neighbours() async throws {
      let daemon = try await linked(control: "J001, J002")
      try await eventually(within: 60, "a release expected", details: { daemon.errors }) {
        try isExpecting() ? true : nil
      }
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 10) == 0, "\(daemon.errors)")
      let (status, output, errors) = try await Program.run(
        "replay", street.path("history.db"), within: 120)
      #expect(status == 0, "\(output)\(errors)")
      #expect(output.contains("Identical: "))
    }

    @Test("tells of nothing that a junction lets go whose plans are advice alone")
    func advice() async throws {
      let daemon = try await linked(control: "J001")
      // Under control it tells by its first order.
      try await eventually(within: 60, "plans advised at J002", details: { daemon.errors }) {
        try decisions(of: "J002", holding: "\"plan\":{") >= 20
          && decisions(of: "J001", holding: "\"plan\":{") >= 20 ? true : nil
      }
      #expect(try !isExpecting())
    }

    /// A daemon at J001 and J002, of which it has control of some and advises the others.
    private func linked(control: String) async throws -> Program {
      street.folder.write(try Street.shipped("intersections/J001.yaml"), to: "J001.yaml")
      let (_, addresses) = try await street.traffic(["J001", "J002"])
      street.replace(
        "greensplit.yaml",
        by: """
          version: 1
          mode: advise
          control: [\(control)]
          sites: [J001.yaml, J002.yaml]
          history: history.db
          lines: [{follow: counts}]

          """)
      return try await street.daemon([
        "--config", street.path("greensplit.yaml"), "--cabinets",
        "J001=\(addresses[0]),J002=\(addresses[1])",
      ])
    }

    /// Whether J001, whose E.T is fed by J002, has decided on what is about to come from there.
    private func isExpecting() throws -> Bool {
      try decisions(of: "J001", holding: "\"coming\":") > 0
    }

    private func decisions(of junction: String, holding text: String) throws -> Int {
      let (reader, always) = try street.story(of: junction)
      return try reader.decisions(in: always, limit: .max).count { $0.body.contains(text) }
    }
  }
}
