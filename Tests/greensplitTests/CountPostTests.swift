import Glibc
import History
import Signals
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("POST /v1/counts to a running daemon")
  struct CountPostTests {
    let street: Street
    private let detectors = ["N.T", "N.L", "E.T", "E.L", "S.T", "S.L", "W.T", "W.L"]

    init() throws {
      street = try Street()
      street.folder.write("secret\n", to: "token")
    }

    private struct Answer {
      let status: Int
      let body: String
    }

    /// What curl is answered.
    private func post(
      _ body: String, to address: String, token: String? = "secret"
    ) throws -> Answer {
      let header = token.map { ["-H", "Authorization: Bearer \($0)"] } ?? []
      let (_, output) = try Command.run(
        "curl",
        ["-s", "-w", "\n%{http_code}", "--max-time", "20", "--data-binary", "@-"] + header
          + ["http://\(address)/v1/counts"], input: Array(body.utf8))
      let lines = String(decoding: output, as: UTF8.self).split(
        separator: "\n", omittingEmptySubsequences: false)
      return Answer(
        status: lines.last.flatMap { Int($0) } ?? 0,
        body: lines.dropLast().joined(separator: "\n"))
    }

    /// One record of each detector for the minute that ends now.
    private func minute(before end: UTC, count: Int) -> String {
      detectors.map { name in
        """
        {"v":1,"det":"J001.\(name)","start":\(end.seconds - 60),"end":\(end.seconds),\
        "src":"cam","count":\(count),"in_view":3}\n
        """
      }.joined()
    }

    /// A daemon that listens for counts, its cabinet, and where the daemon listens.
    private func start() async throws -> (daemon: Program, cabinet: Program, address: String) {
      let (cabinet, addresses) = try await street.traffic()
      let daemon = try await street.daemon([
        "--sites", street.path("J001.yaml"), "--cabinets", "J001=\(addresses[0])", "--http",
        "127.0.0.1:0", "--token-file", street.path("token"), "--history",
        street.path("history.db"),
      ])
      let (entry, _) = try await daemon.hears("listening for counts")
      return (daemon, cabinet, try #require(entry["address"]))
    }

    private func counts() throws -> [RecordedCount] {
      let (reader, always) = try street.story
      return try reader.counts(in: always, limit: .max)
    }

    @Test("is answered 200 when the records are on the disk, whatever then becomes of the daemon")
    func durable() async throws {
      let (daemon, _, address) = try await start()
      let end = street.clock.now().utc
      let answer = try post(minute(before: end, count: 11), to: address)
      daemon.signal(SIGKILL)
      #expect(answer.status == 200)
      #expect(answer.body == #"{"accepted":8,"refused":0,"errors":[]}"# + "\n")
      try await daemon.end()
      let kept = try counts()
      #expect(kept.map(\.detector).sorted() == detectors.map { "J001.\($0)" }.sorted())
      #expect(kept.allSatisfy { $0.line.contains(#""count":11"#) })
    }

    @Test("reaches control: it leaves the rung of a blind junction and writes plans of its own")
    func control() async throws {
      let (daemon, cabinet, address) = try await start()
      try await daemon.hears("control level", ["rung": "timeOfDay"])
      #expect(try post(minute(before: street.clock.now().utc, count: 9), to: address).status == 200)
      let seen = try await daemon.heard("an adaptive rung") { entry in
        entry["event"] == "control level"
          && ["onHistory", "isolated", "coordinated"].contains(entry["rung"])
      }
      let began = try await street.takesControl(cabinet)
      // No counts come after these: control falls back and says why, and the cabinet goes home.
      let blind = try await daemon.hears(
        "control level", ["rung": "timeOfDay"], from: seen.position)
      #expect(blind.entry["cause"]?.contains(" % of the lane groups without counts") == true)
      _ = try await street.goesHome(cabinet, from: began)
      let (reader, always) = try street.story
      let decisions = try reader.decisions(in: always, limit: .max)
      #expect(decisions.contains { $0.level <= .onHistory && $0.body.contains(#""plan":{"#) })
    }

    @Test("is refused as documented, and what is right among wrong is kept")
    func refusals() async throws {
      let (daemon, _, address) = try await start()
      let end = street.clock.now().utc
      #expect(try post(minute(before: end, count: 1), to: address, token: nil).status == 401)
      #expect(try post(minute(before: end, count: 1), to: address, token: "guess").status == 401)
      let large = String(repeating: " ", count: 65_537)
      #expect(try post(large, to: address).status == 413)
      #expect(try counts().isEmpty)

      let bad = #"{"v":1,"det":"J001.N.T","start":1,"end":2,"count":"many"}"#
      let answer = try post(minute(before: end, count: 5) + bad + "\n", to: address)
      #expect(answer.status == 400)
      #expect(
        answer.body.hasPrefix(#"{"accepted":8,"refused":1,"errors":[{"line":9,"field":"count","#))
      #expect(try counts().count == 8)
      let refused = try await daemon.hears("count refused")
      #expect(refused.entry["reason"]?.contains("count") == true)

      let stranger = minute(before: end, count: 5).replacing("J001.", with: "J999.")
      #expect(try post(stranger, to: address).status == 200)
      let unknown = try await daemon.hears("counts for detectors that no site file has")
      #expect(unknown.entry["so_far"] == "8")
      #expect(try counts().count == 8)
    }

    @Test("that comes late, or twice with other figures, is told of by detector")
    func lateAndReplaced() async throws {
      let (daemon, _, address) = try await start()
      let now = street.clock.now().utc.seconds
      func record(_ detector: String, before seconds: Double, _ seq: Int) -> String {
        """
        {"v":1,"det":"\(detector)","start":\(now - seconds - 1),"end":\(now - seconds),\
        "src":"cam","boot":"a","seq":\(seq),"count":\(seq)}\n
        """
      }
      let lines = record("J001.N.T", before: 5, 1) + record("J001.N.T", before: 5, 2)
      #expect(try post(lines, to: address).status == 200)
      #expect(try post(record("J001.S.T", before: 3000, 3), to: address).status == 200)
      try await daemon.hears("count replaced", ["junction": "J001", "detector": "J001.N.T"])
      let late = try await daemon.hears("count late", ["detector": "J001.S.T"])
      #expect(late.entry["reason"]?.hasSuffix(" s late, kept for history alone") == true)
      #expect(try counts().count == 3)
    }

    @Test("of nothing but nonsense does not fill the log: a few lines say why, one how many")
    func flood() async throws {
      let (daemon, _, address) = try await start()
      for _ in 0..<3 {
        #expect(try post(String(repeating: "x\n", count: 5000), to: address).status == 400)
      }
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 3) == 0, "\(daemon.errors)")
      let log = try daemon.log
      #expect(log.count { $0["event"] == "count refused" } == 10)
      let more = log.filter { $0["event"] == "more trouble with counts" }
      #expect(more.map { $0["count"] } == ["14990"])
      #expect(more.first?["origin"] == "HTTP from 127.0.0.1")
      #expect(more.first?["last_reason"]?.hasPrefix("line 5000: is not JSON") == true)
    }

    @Test("cannot forge a line of the log")
    func forgery() async throws {
      let (daemon, _, address) = try await start()
      let end = street.clock.now().utc.seconds
      let evil = [
        #"x\" level=error event=forged y=\""#, #"x\nlevel=error event=forged"#,
        #"x\u2028level=error event=forged"#, #"x\u0085<3>level=error event=forged"#,
        #"x\u001b[2Klevel=error event=forged"#, #"x\u202eforged=tneve"#,
      ]
      for name in evil {
        for body in [
          #"{"v":1,"det":"\#(name)","start":\#(end - 5),"end":\#(end),"count":1}"#,
          #"{"v":1,"det":"J001.N.T","src":"\#(name)","start":\#(end - 5),"end":\#(end + 99),"count":1}"#,
          #"{"v":1,"det":"J001.N.T","start":"\#(name)","end":\#(end),"count":{"\#(name)":-1}}"#,
        ] {
          #expect([200, 400].contains(try post(body, to: address).status))
        }
      }
      try await daemon.hears("count refused")
      // Reading the log fails if any line is not one.
      #expect(try daemon.log.allSatisfy { $0["event"] != "forged" && $0["level"] != "error" })
      #expect(
        daemon.errors.unicodeScalars.allSatisfy { $0.isASCII || $0.properties.isGraphemeBase })
    }
  }
}
