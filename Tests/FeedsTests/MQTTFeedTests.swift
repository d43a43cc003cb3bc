import Counts
import Feeds
import Glibc
import Locking
import Signals
import Support
import Testing

@Suite("Counts from an MQTT broker", .serialized)
struct MQTTFeedTests {
  /// A feed that has begun, with what it receives and tells.
  private struct Heard {
    let feed: MQTTFeed
    let inbox: Inbox
    let events: FeedsTests.Heard<MQTTFeed.Event>

    init(
      _ settings: MQTTSettings, _ manner: Inbox.Manner = .accept,
      clock: @escaping @Sendable () -> UTC = realUTC
    ) throws {
      (inbox, events) = (Inbox(manner), FeedsTests.Heard())
      feed = try MQTTFeed(settings, clock: clock)
      feed.start(receive: inbox.receiver, report: events.add)
    }

    func connects(times: Int = 1) async throws {
      #expect(
        try await eventually(within: 30) { events.all.count { $0 == .connected } >= times })
      // The broker has answered the subscription, or soon will have.
      try await Task.sleep(for: .milliseconds(300))
    }
  }

  @Test("Records arrive by topic, lines and arrays; what is wrong is told")
  func native() async throws {
    let broker = try Broker()
    let heard = try Heard(broker.settings([.init(topic: "counts/#")]))
    defer { heard.feed.stop() }
    try await heard.connects()
    try broker.publish("\(line("a"))\n\(line("b"))\n", to: "counts/east/1")
    try broker.publish("[\(line("c"))]", to: "counts/east/2")
    try broker.publish("nonsense", to: "counts/west")
    try broker.publish(line("d"), to: "other")
    try broker.publish(String(repeating: " ", count: 70_000), to: "counts/long")
    #expect(try await eventually { heard.inbox.errors.count == 2 })
    #expect(heard.inbox.detectors == ["a", "b", "c"])
    #expect(
      heard.inbox.batches.filter { !$0.errors.isEmpty }.map(\.origin) == [
        .mqtt(topic: "counts/west"), .mqtt(topic: "counts/long"),
      ])
    #expect(heard.inbox.errors.last?.reason.hasPrefix("a message has at most 65536 bytes") == true)
  }

  @Test("Retained messages are no counts, and that is told once")
  func retained() async throws {
    let broker = try Broker()
    try broker.publish(line("old"), to: "counts/1", ["-r"])
    try broker.publish(line("older"), to: "counts/2", ["-r"])
    let heard = try Heard(broker.settings([.init(topic: "counts/#")]))
    defer { heard.feed.stop() }
    try await heard.connects()
    try broker.publish(line("new"), to: "counts/1")
    #expect(try await eventually { heard.inbox.detectors == ["new"] })
    #expect(
      heard.events.all.count {
        if case .retained = $0 { true } else { false }
      } == 1)
  }

  @Test("A broker that is gone is tried again, slower and slower, and hears us again by itself")
  func reconnects() async throws {
    let broker = try Broker()
    let heard = try Heard(broker.settings([.init(topic: "counts/#")]))
    defer { heard.feed.stop() }
    try await heard.connects()
    broker.stop()
    #expect(
      try await eventually(within: 20) {
        heard.events.all.contains {
          if case .lost(_, let seconds) = $0 { seconds == 0.4 } else { false }
        }
      })
    let waits = heard.events.all.compactMap { event -> Double? in
      if case .lost(_, let seconds) = event { seconds } else { nil }
    }
    #expect(Array(waits.prefix(4)) == [0.05, 0.1, 0.2, 0.4])
    try broker.start()
    try await heard.connects(times: 2)
    try broker.publish(line("again"), to: "counts/1")
    #expect(try await eventually { heard.inbox.detectors == ["again"] })
  }

  @Test("What comes while nobody takes it waits at the broker and is not lost")
  func overload() async throws {
    let broker = try Broker("allow_anonymous true\nmax_queued_messages 0")
    let heard = try Heard(broker.settings([.init(topic: "counts/#")]), .hold)
    defer { heard.feed.stop() }
    try await heard.connects()
    let names = (0..<1500).map { "D\($0)" }
    let (status, _) = try Command.run(
      "mosquitto_pub",
      ["-h", "127.0.0.1", "-p", "\(broker.port)", "-q", "1", "-t", "counts/1", "-l"],
      input: Array(names.map(line).joined(separator: "\n").utf8))
    #expect(status == 0)
    #expect(try await eventually { heard.inbox.offers == 1 })
    try await Task.sleep(for: .milliseconds(200))
    #expect(heard.inbox.offers == 1)
    #expect(heard.inbox.detectors.count < 1500)
    heard.inbox.change(to: .accept)
    heard.inbox.release()
    #expect(try await eventually { heard.inbox.detectors.count >= 1500 })
    // At least once: none is missing, and none comes before its time.
    #expect(heard.inbox.detectors == names)
  }

  @Test("What a camera sends while the daemon is away comes when it is back")
  func session() async throws {
    let broker = try Broker()
    let first = try Heard(broker.settings([.init(topic: "counts/#")]))
    try await first.connects()
    first.feed.stop()
    try await Task.sleep(for: .milliseconds(200))
    try broker.publish(line("meanwhile"), to: "counts/1")
    let second = try Heard(broker.settings([.init(topic: "counts/#")]))
    defer { second.feed.stop() }
    #expect(try await eventually { second.inbox.detectors == ["meanwhile"] })
    #expect(first.inbox.detectors == [])
  }

  @Test("Totals of Axis and ONVIF cameras become intervals")
  func cameras() async throws {
    let broker = try Broker()
    let seconds = Guarded(0.0)
    let onvif = Camera(
      name: "onvif", dialect: .onvif, lanes: [.init(said: "Counter_1", meant: "J.E.1")])
    let heard = try Heard(
      broker.settings([
        .init(topic: "axis/+/event/#", camera: axisCamera()),
        .init(topic: "cam/onvif-ej/RuleEngine/CountAggregation/Counter/#", camera: onvif),
      ]), clock: { after(seconds.withLock { $0 }) })
    defer { heard.feed.stop() }
    try await heard.connects()
    let axis =
      "axis/B8A44F000000/event/tns:axis/CameraApplicationPlatform/ObjectAnalytics/Device1Scenario1"
    let counter = "cam/onvif-ej/RuleEngine/CountAggregation/Counter/&1/Counter_1"
    for (now, total) in [(1.0, 50), (6.0, 52)] {
      seconds.withLock { $0 = now }
      try broker.publish(axisMessage(now, cars: total), to: axis)
      try broker.publish(onvifMessage(now, count: 2 * total), to: counter)
      try await Task.sleep(for: .milliseconds(300))
    }
    seconds.withLock { $0 = 11.5 }
    #expect(try await eventually { heard.inbox.records.count == 2 })
    #expect(heard.inbox.detectors.sorted() == ["J.E.1", "J.N.1"])
    #expect(heard.inbox.records.sorted { $0.detector < $1.detector }.map(\.total) == [4, 2])
    #expect(heard.inbox.errors == [])
  }

  @Test("A wrong password is told as what it is, and tried again without haste")
  func wrongPassword() async throws {
    let broker = try Broker(
      "allow_anonymous false\npassword_file FOLDER/users",
      files: [
        // mosquitto_passwd of "right".
        "users": try Self.passwords(user: "greensplit", password: "right")
      ])
    let folder = try TemporaryFolder()
    folder.write("wrong\n", to: "wrong")
    folder.write("right\n", to: "right")
    for name in ["wrong", "right"] { chmod(folder.path + "/" + name, 0o600) }
    var settings = broker.settings([.init(topic: "counts/#")])
    settings.user = "greensplit"
    settings.passwordFile = folder.path + "/wrong"
    let refused = try Heard(settings)
    #expect(try await eventually { refused.events.all.count >= 2 })
    refused.feed.stop()
    guard case .lost(let reason, _) = refused.events.all.first else {
      Issue.record("\(refused.events.all)")
      return
    }
    #expect(
      reason.lowercased().contains("not authorised") || reason.contains("user name or password"))
    settings.passwordFile = folder.path + "/right"
    let taken = try Heard(settings)
    defer { taken.feed.stop() }
    try await taken.connects()
  }

  private static func passwords(user: String, password: String) throws -> String {
    let folder = try TemporaryFolder()
    folder.write("", to: "users")
    let (status, _) = try Command.run(
      "mosquitto_passwd", ["-b", folder.path + "/users", user, password])
    precondition(status == 0, "mosquitto_passwd")
    return String(decoding: folder.read("users"), as: UTF8.self)
  }

  @Test("Over TLS a broker of another authority is not believed")
  func tls() async throws {
    let right = try Authority("127.0.0.1")
    let other = try Authority("127.0.0.1")
    let broker = try Broker(
      """
      allow_anonymous true
      cafile \(right.path("ca.crt"))
      certfile \(right.path("server.crt"))
      keyfile \(right.path("server.key"))
      require_certificate true
      """)
    var settings = broker.settings([.init(topic: "counts/#")])
    settings.authority = right.path("ca.crt")
    settings.certificate = right.path("client.crt")
    settings.key = right.path("client.key")
    let heard = try Heard(settings)
    defer { heard.feed.stop() }
    try await heard.connects()
    settings.client = "another"
    settings.authority = other.path("ca.crt")
    let deceived = try Heard(settings)
    defer { deceived.feed.stop() }
    #expect(
      try await eventually {
        deceived.events.all.contains { if case .lost = $0 { true } else { false } }
      })
    #expect(!deceived.events.all.contains(.connected))
  }

  @Test("Names, topics and files that cannot be used are refused before anything is tried")
  func refused() {
    func feed(_ change: (inout MQTTSettings) -> Void) throws {
      var settings = MQTTSettings(
        address: "127.0.0.1", port: 1883, subscriptions: [.init(topic: "counts/#")])
      change(&settings)
      _ = try MQTTFeed(settings, clock: realUTC)
    }
    #expect(throws: MQTTFeedError.notNumeric(address: "broker.example")) {
      try feed { $0.address = "broker.example" }
    }
    #expect(throws: MQTTFeedError.topic("a/#/b")) {
      try feed { $0.subscriptions = [.init(topic: "a/#/b")] }
    }
    #expect(throws: MQTTFeedError.self) { try feed { $0.passwordFile = "/nowhere" } }
    #expect(throws: MQTTFeedError.self) { try feed { $0.authority = "/nowhere" } }
  }
}
