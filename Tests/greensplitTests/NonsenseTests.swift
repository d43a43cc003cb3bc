import Glibc
import History
import Signals
import Support
import Testing

@testable import greensplit

/// Sends a third of a million lines of nonsense over HTTP, 5000 in each body. Shares no code with the
/// daemon.
private let nonsense = """
  import http.client, sys
  connection = http.client.HTTPConnection(sys.argv[1], int(sys.argv[2]), timeout=60)
  refused = 0
  for number in range(67):
      connection.request("POST", "/v1/counts", "{broken}\\n" * 5000)
      answer = connection.getresponse()
      answer.read()
      refused += answer.status == 400
  print(refused)
  """

extension EndToEnd {
  @Suite("A million lines of nonsense over HTTP, a file and MQTT")
  struct NonsenseTests {
    @Test("leave the counts of other cameras, and control, undisturbed")
    func undisturbed() async throws {
      let street = try Street(speed: 10)
      let broker = try Broker()
      street.folder.write(
        """
        version: 1
        sites: [J001.yaml]
        history: history.db
        mqtt: [{broker: "127.0.0.1:\(broker.port)", records: [counts/#]}]
        lines: [{follow: counts}, {follow: nonsense}]

        """, to: "greensplit.yaml")
      street.folder.write("", to: "nonsense")
      let (cabinet, addresses) = try await street.traffic()
      let daemon = try await street.daemon([
        "--config", street.path("greensplit.yaml"), "--cabinets", "J001=\(addresses[0])",
        "--http", "127.0.0.1:0",
      ])
      let (entry, _) = try await daemon.hears("listening for counts")
      let address = try #require(entry["address"]).split(separator: ":").map(String.init)
      let began = try await street.takesControl(cabinet)
      let before = street.clock.now().utc

      // 1600 lines to a message of MQTT, 64 KiB at most.
      let message = String(repeating: "{\"v\":1,\"det\":\"J001.N.T\",\"end\":1}\n", count: 1600)
      let sender = try ChildProcess("/usr/bin/env", ["python3", "-c", nonsense] + address)
      for _ in 0..<67 {
        street.folder.write(String(repeating: "{broken}\n", count: 5000), to: "nonsense")
      }
      for _ in 0..<209 { try broker.publish(message, to: "counts/J001") }
      #expect(try sender.line(within: 120) == "67")
      try await eventually(within: 120, "a million lines refused", details: { daemon.errors }) {
        try unreadable(at: address) >= 1_000_000 ? true : nil
      }
      let after = street.clock.now().utc

      // While it came, each camera's records went into the history, second by second, and the cabinet
      // stayed in the daemon's hands.
      try await Task.sleep(for: .seconds(2))
      let (reader, _) = try street.story
      let span = HistorySpan(of: "J001", from: before, until: after)
      let counts = try reader.counts(in: span, limit: .max)
      let seconds = Int(after.seconds(since: before))
      for detector in Set(counts.map(\.detector)) {
        let kept = counts.count { $0.detector == detector }
        #expect(kept >= seconds - 3, "\(detector): \(kept) of \(seconds) s")
      }
      #expect(Set(counts.map(\.detector)).count == 8)
      let lost = try cabinet.log.dropFirst(began + 1).filter { $0["to"] == "timeOfDay" }
      #expect(lost.isEmpty, "\(lost)")
      // A few lines of the log say why, the others how many more.
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 10) == 0, "\(daemon.errors)")
      let log = try daemon.log
      #expect(log.count < 1000)
      let told = log.count { $0["event"] == "count refused" }
      let untold = log.filter { $0["event"] == "more trouble with counts" }
        .compactMap { $0["count"].flatMap { Int($0) } }.reduce(0, +)
      #expect(told + untold >= 1_000_000, "\(told) and \(untold)")
    }

    /// Lines that could not be read, as the daemon at `address` counts them for the bureau's monitoring.
    private func unreadable(at address: [String]) throws -> Double {
      let page = try Command.run(
        "curl", ["-s", "--max-time", "20", "http://\(address.joined(separator: ":"))/metrics"])
      let text = String(decoding: page.output, as: UTF8.self)
      let name = "greensplit_count_records_unreadable_total "
      let row = try #require(text.split(separator: "\n").first { $0.hasPrefix(name) }, "\(text)")
      return try #require(Double(row.dropFirst(name.count)), "\(row)")
    }
  }
}
