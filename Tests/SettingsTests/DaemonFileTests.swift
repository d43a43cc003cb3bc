import Phrases
import Feeds
import FoundationEssentials
import Settings
import Signals
import Sites
import Support
import Testing
import Web

/// A file with everything in it.
private let whole = """
  version: 1
  sites: [intersections, /srv/sites/J9.yaml]
  history: history.db
  retention_days: 60
  http:
    listen: "0.0.0.0:8017"
    token_file: counts.token
    certificate: greensplit.crt
    key: greensplit.key
    sender_authority: cameras.crt
    largest_body: 262144
    connections: 64
    requests_per_second: 5
    requests_at_once: 20
  mqtt:
    - broker: "10.0.0.5:8883"
      name: town
      client: greensplit-east
      user: greensplit
      password_file: mqtt.password
      authority: broker.crt
      certificate: greensplit.crt
      key: greensplit.key
      records: [counts/#, east/+/counts]
    - broker: "[::1]:1883"
      name: own
  lines:
    - follow: /run/counts.ndjson
    - read: counts.pipe
    - listen: /run/greensplit/counts.sock
  cameras:
    - name: cam-N
      dialect: hikvision
      lanes: {"1": J001.N.T, "2": J001.N.L}
      classes: {midsizeCarNum: bus}
      time_zone: "+08:00"
    - name: cam-E
      dialect: axis
      broker: own
      topic: axis/B8A44F000000/event/#
      lanes: {Device1Scenario1: J001.E.T}
      every: 2 s
      patience: 30 s
    - name: cam-S
      dialect: onvif
      topic: cam-s/onvif-ej/RuleEngine/CountAggregation/Counter/#
      lanes: {Counter_1: J001.S.T}
  """

@Suite("The configuration file")
struct DaemonFileTests {
  private func read(_ text: String) -> Result<DaemonSettings, SiteErrors> {
    DaemonFile.read(Array(text.utf8), named: "greensplit.yaml")
  }

  @Test("says where counts come from, and all else that the daemon needs")
  func everything() throws {
    let settings = try read(whole).get()
    #expect(settings.sites == ["intersections", "/srv/sites/J9.yaml"])
    #expect(settings.history == "history.db")
    #expect(settings.retentionDays == 60)
    let http = try #require(settings.http)
    #expect(http.address == "0.0.0.0" && http.port == 8017)
    #expect(http.tokenFile == "counts.token" && http.senderAuthority == "cameras.crt")
    #expect(http.bodyLimit == 262_144 && http.connections == 64)
    #expect(http.requestsPerSecond == 5 && http.burst == 20)
    #expect(settings.httpCameras.map(\.name) == ["cam-N"])
    #expect(settings.httpCameras.first?.offsetMinutes == 480)
    #expect(settings.httpCameras.first?.classes == [.init(said: "midsizeCarNum", meant: "bus")])
    try #require(settings.mqtt.count == 2)
    #expect(settings.mqtt[0].client == "greensplit-east" && settings.mqtt[0].port == 8883)
    #expect(
      settings.mqtt[0].subscriptions.map(\.topic) == [
        "counts/#", "east/+/counts", "cam-s/onvif-ej/RuleEngine/CountAggregation/Counter/#",
      ])
    #expect(settings.mqtt[0].subscriptions.map { $0.camera?.name } == [nil, nil, "cam-S"])
    #expect(settings.mqtt[1].address == "::1" && settings.mqtt[1].client == "greensplit")
    let camera = try #require(settings.mqtt[1].subscriptions.first?.camera)
    #expect(camera.interval == 2000 && camera.patience == 30_000 && camera.dialect == .axis)
    #expect(
      settings.lines == [
        .follow(path: "/run/counts.ndjson"), .read(path: "counts.pipe"),
        .listen(path: "/run/greensplit/counts.sock"),
      ])
    #expect(settings.cameras.map(\.name) == ["cam-N", "cam-E", "cam-S"])
    #expect(
      settings.summary.text(.english)
        == "counts by HTTP at 0.0.0.0:8017, 2 MQTT, 3 files and sockets, 3 cameras")
  }

  @Test("needs nothing but its version")
  func nothing() throws {
    #expect(try read("version: 1\n").get() == DaemonSettings())
  }

  /// A change to the whole file, the line at fault, the key and what is said of it.
  static let wrong: [(from: String, to: String, line: Int, key: String, problem: String)] = [
    ("version: 1", "version: 2", 1, "version", "2 is out of range; it must be 1"),
    ("retention_days", "retention", 4, "retention", "is not a key here; the keys are"),
    ("\"0.0.0.0:8017\"", "\"counts.example:8017\"", 6, "http.listen", "is not a numeric address"),
    (
      "  certificate: greensplit.crt\n  key: greensplit.key\n", "", 8, "http.sender_authority",
      "is for TLS; name our own certificate and key too"
    ),
    (
      "  token_file: counts.token\n", "  largest_bodi: 1\n", 7, "http.largest_bodi",
      "did you mean \"largest_body\"?"
    ),
    ("largest_body: 262144", "largest_body: 12", 11, "http.largest_body", "12 is out of range"),
    ("counts/#,", "counts/#/x,", 24, "mqtt[town].records[#1]", "is no topic"),
    ("counts/#,", "counts+\u{301},", 24, "mqtt[town].records[#1]", "is no topic"),
    ("name: own", "name: town", 25, "mqtt[town]", "there is another broker of this name"),
    ("    user: greensplit\n", "", 19, "mqtt[town].password_file", "is a user's"),
    (
      "- read: counts.pipe", "- {read: a, follow: b}", 29, "lines[#2]",
      "must have one of read, follow and listen"
    ),
    (
      "dialect: hikvision", "dialect: hikvison", 33, "cameras[cam-N].dialect",
      "is not among the choices"
    ),
    (
      "dialect: hikvision", "dialect: native", 33, "cameras[cam-N].dialect",
      "native needs no camera here"
    ),
    (
      "name: cam-E", "name: cam-N", 37, "cameras[cam-N].name",
      "there is another camera of this name"
    ),
    (
      "broker: own", "broker: nobody", 39, "cameras[cam-E].broker",
      "there is no broker of this name"
    ),
    (
      "    topic: axis/B8A44F000000/event/#\n", "", 37, "cameras[cam-E]",
      "is heard over MQTT; write the topic"
    ),
    ("every: 2 s", "every: 2", 42, "cameras[cam-E].every", "\"2\" has no unit; write 2 s"),
    (
      "    time_zone: \"+08:00\"", "    every: 5 s", 36, "cameras[cam-N].every",
      "is for cameras that tell totals"
    ),
    (
      "Device1Scenario1: J001.E.T", "Device1Scenario1: J001.N.L", 41, "cameras[cam-E].lanes",
      "the detector J001.N.L is another lane already"
    ),
    (
      "connections: 64", "connections: 2048", 12, "http.connections",
      "2048 bodies of 262144 bytes would fill the memory"
    ),
    (
      "lanes: {\"1\": J001.N.T, \"2\": J001.N.L}", "lanes: {}", 34, "cameras[cam-N].lanes",
      "has 0 entries; 1 to 256 are needed"
    ),
  ]

  @Test("is refused with line, key and what would be right", arguments: wrong)
  func refused(_ wrong: (from: String, to: String, line: Int, key: String, problem: String)) {
    let text = whole.replacing(wrong.from, with: wrong.to, maxReplacements: 1)
    #expect(text != whole)
    guard case .failure(let errors) = read(text) else {
      Issue.record("\(wrong.to) was taken")
      return
    }
    for error in errors.errors { #expect(flaw(of: error.problem) == nil) }
    let found = errors.errors.contains {
      $0.line == wrong.line && $0.key == wrong.key
        && $0.problem.text(.english).contains(wrong.problem)
    }
    #expect(found, "\(errors)")
  }

  @Test("of a broker that is asked for nothing, or a camera that nobody hears, is refused")
  func unheard() {
    func problems(_ text: String) -> String {
      guard case .failure(let errors) = read(text) else { return "" }
      return errors.description
    }
    #expect(
      problems("version: 1\nmqtt: [{broker: \"127.0.0.1:1883\"}]\n").contains("asks for nothing"))
    #expect(
      problems("version: 1\ncameras: [{name: a, dialect: hikvision, lanes: {\"1\": x}}]\n")
        .contains("is heard over HTTP; write http: too"))
    #expect(
      problems("version: 1\ncameras: [{name: a, dialect: axis, topic: a, lanes: {\"1\": x}}]\n")
        .contains("write mqtt: with its broker too"))
    #expect(
      problems("version: 1\nhttp: {listen: \"0.0.0.0:8017\"}\n").contains(
        "can be reached by others"))
  }

  @Test("turns junctions one by one, and names none twice")
  func modes() throws {
    #expect(try read("version: 1\n").get().modes == JunctionModes(.control))
    let text = "version: 1\nmode: advise\ncontrol: [J017, J018]\nadvise:\n  - J019\n"
    let modes = try read(text).get().modes
    #expect(modes.usual == .advise)
    #expect(
      ["J017", "J018", "J019", "J020"].map(modes.mode) == [.control, .control, .advise, .advise])
    for (from, to, line, problem) in [
      ("J019", "J018", 5, "J018 is named already; name each junction once"),
      ("J017", "J018", 3, "J018 is named already; name each junction once"),
      ("[J017, J018]", "J017", 3, "is a single value, but a list is needed"),
      ("mode: advise", "mode: off", 2, "is not among the choices"),
    ] {
      guard case .failure(let errors) = read(text.replacing(from, with: to)) else {
        Issue.record("\(to) was taken")
        continue
      }
      #expect(
        errors.errors.contains { $0.line == line && $0.description.contains(problem) }, "\(errors)")
    }
  }

  @Test("gives tokens to persons and programs, each with a name and a role")
  func access() throws {
    let text = """
      version: 1
      http: {listen: "0.0.0.0:8017"}
      access:
        - {name: wang, role: operator, token_file: wang.token}
        - {name: screen, role: viewer, token_file: /run/screen.token}

      """
    let http = try #require(try read(text).get().http)
    #expect(http.tokenFile == nil)
    #expect(
      http.access == [
        AccessToken(name: "wang", role: .operator, file: "wang.token"),
        AccessToken(name: "screen", role: .viewer, file: "/run/screen.token"),
      ])
    for (from, to, line, problem) in [
      ("role: viewer", "role: admin", 5, "admin"),
      ("name: screen", "name: wang", 5, "is taken; give each token a name of its own"),
      ("name: screen", "name: token", 5, "is taken; give each token a name of its own"),
      (", token_file: wang.token", "", 4, "token_file"),
    ] {
      guard case .failure(let errors) = read(text.replacing(from, with: to)) else {
        Issue.record("\(to) was taken")
        continue
      }
      #expect(
        errors.errors.contains { $0.line == line && $0.description.contains(problem) }, "\(errors)")
    }
  }

  @Test("that gives tokens for HTTP without listening is refused")
  func accessWithoutHTTP() {
    let text = "version: 1\naccess: [{name: wang, role: operator, token_file: a}]\n"
    guard case .failure(let errors) = read(text) else {
      Issue.record("taken")
      return
    }
    #expect(errors.description.contains("is for HTTP; write http: too"))
  }

  @Test("is as docs/configuration.md shows it")
  func document() throws {
    let page = try String(contentsOfFile: "\(Peers.root)/docs/configuration.md", encoding: .utf8)
    let example = try #require(page.firstMatch(of: /```yaml\n((?s).*?)```/)).output.1
    let settings = try read(String(example)).get()
    #expect(settings.cameras.map(\.name) == ["cam-N", "cam-E", "cam-S"])
    #expect(settings.mqtt.first?.subscriptions.count == 3)
    #expect(settings.lines.count == 3)
  }

  @Test("with pieces changed at random is read or refused, and never ends the program")
  func mutations() {
    var generator = SeededGenerator(seed: 17)
    let pieces = ["", "- ", "{", "}", "[", ": ", "\n", "\"", "1e9", "0", "\u{0}", "&a", "*a", "s"]
    var (read, refused) = (0, 0)
    for _ in 0..<1500 {
      var bytes = Array(whole.utf8)
      for _ in 0...Int.random(in: 0...2, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(bytes.count, place + Int.random(in: 0...6, using: &generator))
        let piece = pieces.randomElement(using: &generator) ?? ""
        bytes.replaceSubrange(place..<end, with: Array(piece.utf8))
      }
      switch DaemonFile.read(bytes, named: "greensplit.yaml") {
      case .success: read += 1
      case .failure(let errors):
        refused += 1
        #expect(!errors.errors.isEmpty)
      }
    }
    // Neither side may be trivial.
    #expect(read > 100)
    #expect(refused > 100)
  }
}
