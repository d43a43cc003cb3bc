import Counts
import Glibc
import History
import Signals
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("greensplit.yaml")
  struct FeedConfigurationTests {
    let street: Street

    init() throws {
      street = try Street()
      street.folder.write(try Street.site("J001"), to: "J001.yaml")
    }

    /// The configuration of a camera that names the detector `detector`, over HTTP at `port`.
    private func write(port: UInt16 = 8017, detector: String = "J001.N.T") {
      street.folder.write(
        """
        version: 1
        sites: [J001.yaml]
        history: history.db
        http: {listen: "127.0.0.1:\(port)"}
        lines: [{listen: counts.sock}]
        cameras: [{name: cam, dialect: hikvision, lanes: {"1": \(detector)}}]

        """, to: "greensplit.yaml")
    }

    private func message(until end: UTC) -> String {
      """
      {"eventType":"TPS","eventState":"active","dateTime":"\(end.rfc3339)","Target":[{"TargetInfo":
      {"startTime":"\(end.advanced(bySeconds: -60).rfc3339)","samplePeriod":60,"totalLaneNum":1,
      "LaneInfo":[{"laneNo":1,"aversgeSpeed":30,"smallCarNum":7,"heavyVehicleNum":2}]}}]}
      """
    }

    @Test(
      "switches on a camera and a socket, whose counts are in the history when they are answered")
    func feeds() async throws {
      let port = try freePort()
      write(port: port)
      let (_, addresses) = try await street.traffic()
      let daemon = try await street.daemon([
        "--config", street.path("greensplit.yaml"), "--cabinets", "J001=\(addresses[0])",
      ])
      let now = street.clock.now().utc
      let (_, answer) = try Command.run(
        "curl",
        ["-s", "--data-binary", "@-", "http://127.0.0.1:\(port)/v1/cameras/cam"],
        input: Array(message(until: now).utf8))
      #expect(String(decoding: answer, as: UTF8.self).hasPrefix(#"{"accepted":1,"refused":0"#))
      let line =
        #"{"v":1,"det":"J001.S.T","start":\#(now.seconds - 1),"end":\#(now.seconds),"count":3}"#
      let (status, _) = try Command.run(
        "python3",
        [
          "-c",
          "import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); "
            + "s.sendall(sys.stdin.buffer.read())", street.path("counts.sock"),
        ], input: Array((line + "\n").utf8))
      #expect(status == 0)
      let lines = try await eventually(within: 30, "both records", details: { daemon.errors }) {
        let (reader, always) = try street.story
        let found = try reader.counts(in: always, limit: .max)
        return found.count == 2 ? found.map(\.line).sorted() : nil
      }
      #expect(lines[0].contains(#""src":"cam","count":{"car":7,"truck":2},"speed_kmh":30"#))
      #expect(lines[1].contains(#""det":"J001.S.T""#))
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 5) == 0, "\(daemon.errors)")
      #expect(access(street.path("counts.sock"), F_OK) != 0)
    }

    @Test(
      "is checked with its sites and its cameras' detectors, and a daemon does not start with a wrong one"
    )
    func check() async throws {
      write()
      let path = street.path("greensplit.yaml")
      let right = try await Program.run("check", path)
      #expect(right.status == 0, "\(right.errors)")
      #expect(
        right.output.hasPrefix(
          "\(path): counts by HTTP at 127.0.0.1:8017, 1 files and sockets, 1 cameras\n"))
      #expect(right.output.contains("J001.yaml: J001 "))
      unlink(path)
      write(detector: "J001.N.9")
      let stranger = try await Program.run("check", path)
      #expect(stranger.status == 1)
      let problem = "camera cam: lane 1 is the detector J001.N.9, which no site file has"
      #expect(stranger.errors == "\(path): \(problem)\n")
      let daemon = try await Program.run(
        "run", "--config", path, "--cabinets", "J001=127.0.0.1:1")
      #expect(daemon.status == 1)
      #expect(daemon.errors.contains(problem))
      unlink(path)
      street.folder.write("version: 1\nhttps: 1\n", to: "greensplit.yaml")
      let wrong = try await Program.run("check", path)
      #expect(wrong.status == 1)
      #expect(
        wrong.errors.hasPrefix(
          "\(path):2:1: error: https: is not a key here; did you mean \"http\"?"))
    }

    @Test("of which feed-test takes a camera, and shows what its message becomes")
    func feedTest() async throws {
      write()
      let end = UTC(milliseconds: 1_795_392_060_000)
      street.folder.write(message(until: end), to: "message")
      let described = try await Program.run(
        "feed-test", street.path("message"), "--config", street.path("greensplit.yaml"), "--camera",
        "cam")
      #expect(described.status == 0, "\(described.errors)")
      #expect(
        described.output == """
          {"v":1,"det":"J001.N.T","start":"2026-11-23T00:00:00.000Z",\
          "end":"2026-11-23T00:01:00.000Z","src":"cam","count":{"car":7,"truck":2},"speed_kmh":30}

          """)
      let anybody = try await Program.run(
        "feed-test", street.path("message"), "--dialect", "hikvision")
      #expect(
        anybody.output
          == described.output.replacing("J001.N.T", with: "1").replacing("cam", with: "camera"))
      let wrong = try await Program.run("feed-test", street.path("message"), "--dialect", "axis")
      #expect(wrong.status == 1)
      #expect(wrong.errors.hasPrefix("line 1: topic: is missing"))
      let nobody = try await Program.run(
        "feed-test", street.path("message"), "--config", street.path("greensplit.yaml"), "--camera",
        "other")
      #expect(nobody.status == 1)
      #expect(nobody.errors.contains("has no camera other; it has cam"))
    }

    private func freePort() throws -> UInt16 {
      let place = try Listening()
      return try #require(UInt16(place.address.split(separator: ":")[1]))
    }
  }
}
