import Counts
import Glibc
import History
import Signals
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("Counts over a real broker to a running daemon")
  struct MQTTDaemonTests {
    let street: Street
    let broker: Broker

    init() throws {
      street = try Street()
      broker = try Broker()
      street.folder.write(
        """
        version: 1
        sites: [J001.yaml]
        history: history.db
        mqtt: [{broker: "127.0.0.1:\(broker.port)", records: [counts/#]}]
        cameras:
          - {name: axis, dialect: axis, topic: axis/#, lanes: {Device1Scenario1: J001.E.T}}
          - {name: onvif, dialect: onvif, topic: onvif/#, lanes: {Counter_1: J001.S.T}}

        """, to: "greensplit.yaml")
    }

    /// What the cameras say from now on, twice a second, until the test is over.
    private func publish(_ number: Int) throws {
      let now = street.clock.now().utc
      let lines = ["N.T", "N.L", "E.L", "S.L", "W.T", "W.L"].map { name in
        """
        {"v":1,"det":"J001.\(name)","start":\(now.seconds - 15),"end":\(now.seconds),\
        "src":"cam","count":\(2 + number % 3),"in_view":\(1 + number % 4)}
        """
      }
      try broker.publish(lines.joined(separator: "\n"), to: "counts/J001")
      try broker.publish(
        """
        {"topic":"axis:CameraApplicationPlatform/ObjectAnalytics/Device1Scenario1",\
        "timestamp":\(now.milliseconds),"serial":"B8A44F000000","message":{"source":{},"key":{},\
        "data":{"startTime":"2026-11-23T00:00:00+0800","reason":"car","total":"\(3 * number)",\
        "totalCar":"\(3 * number)"}}}
        """, to: "axis/B8A44F000000/event")
      try broker.publish(
        """
        {"UtcTime":"\(now.rfc3339)","Source":{"VideoSource":"1","Rule":"Counter_1"},\
        "Data":{"Count":\(2 * number)}}
        """, to: "onvif/RuleEngine/CountAggregation/Counter")
    }

    @Test("of count records, Axis and ONVIF totals reach decisions and the history")
    func decisions() async throws {
      let (cabinet, addresses) = try await street.traffic()
      let daemon = try await street.daemon([
        "--config", street.path("greensplit.yaml"), "--cabinets", "J001=\(addresses[0])",
      ])
      var number = 0
      try await eventually(within: 60, "an adaptive rung", details: { daemon.errors }) {
        number += 1
        try publish(number)
        return try daemon.log.contains {
          $0["event"] == "control level"
            && ["onHistory", "isolated", "coordinated"].contains($0["rung"])
        } ? true : nil
      }
      _ = try await street.takesControl(cabinet)
      try await eventually(within: 60, "all three cameras", details: { daemon.errors }) {
        number += 1
        try publish(number)
        let (reader, always) = try street.story
        let counts = try reader.counts(in: always, limit: .max)
        let seen = ["J001.N.T": "cam", "J001.E.T": "axis", "J001.S.T": "onvif"].allSatisfy {
          detector, source in
          counts.contains {
            $0.detector == detector && $0.line.contains("\"src\":\"\(source)\"")
              && !$0.line.contains("\"count\":0")
          }
        }
        return seen ? true : nil
      }
      let (reader, always) = try street.story
      let decisions = try reader.decisions(in: always, limit: .max)
      #expect(decisions.contains { $0.level <= .onHistory && $0.body.contains(#""plan":{"#) })
    }
  }
}
