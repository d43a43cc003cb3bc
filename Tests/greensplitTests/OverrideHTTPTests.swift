import Counts
import FoundationEssentials
import Glibc
import History
import Signals
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("Overrides and explanations over HTTP and out of the history")
  struct OverrideHTTPTests {
    let street: Street

    init() throws {
      street = try Street()
      for name in ["camera", "screen", "wang", "li"] {
        street.folder.write(name + "-secret\n", to: name)
      }
      street.folder.write(
        """
        version: 1
        sites: [J001.yaml]
        history: history.db
        override_limit_minutes: 120
        http: {listen: "127.0.0.1:8017"}
        access:
          - {name: camera, role: counts, token_file: camera}
          - {name: screen, role: viewer, token_file: screen}
          - {name: wang, role: operator, token_file: wang}
          - {name: li, role: operator, token_file: li}
        lines: [{follow: counts}]

        """, to: "greensplit.yaml")
    }

    private func ask(
      _ path: String, at address: String, by name: String?, _ arguments: [String] = []
    ) throws -> Reply {
      let token = name.map { ["-H", "Authorization: Bearer \($0)-secret"] } ?? []
      let (status, output) = try Command.run(
        "curl", ["-s", "-i", "--max-time", "20", "http://\(address)\(path)"] + token + arguments)
      return Reply(text: String(decoding: output, as: UTF8.self), exit: status)
    }

    private func body<Value: Decodable>(_ type: Value.Type, of reply: Reply) throws -> Value {
      let text = reply.text.components(after: "\r\n\r\n")
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    private static let stage =
      #"{"action":"stage","junctions":["J001"],"stage":"A","reason":"<b>visit</b>","minutes":100}"#

    @Test("Only operators place and end; others are refused, and it is recorded who it was")
    func roles() async throws {
      let (cabinet, addresses) = try await street.traffic()
      let daemon = try await street.daemon([
        "--config", street.path("greensplit.yaml"), "--cabinets", "J001=\(addresses[0])",
        "--http", "127.0.0.1:0",
      ])
      let address = try #require(try await daemon.hears("listening for counts").0["address"])
      _ = try await street.takesControl(cabinet)
      let overrides = "/v1/overrides"
      for name in [nil, "camera", "screen"] {
        let reply = try ask(overrides, at: address, by: name, ["-d", Self.stage])
        #expect(reply.status == (name == nil ? 401 : 403), "\(name ?? "nobody")")
      }
      try await daemon.hears("request refused", ["who": "screen"])
      #expect(try ask(overrides, at: address, by: "wang", ["-d", "{}"]).status == 400)
      try await daemon.hears("request refused", ["who": "wang (127.0.0.1)"])

      let dry = String(Self.stage.dropLast()) + #","dry_run":true}"#
      let shown = try ask(overrides, at: address, by: "wang", ["-d", dry])
      #expect(shown.status == 200, "\(shown.text)")
      #expect(try body(OverrideAnswer.self, of: shown).id == nil)
      let placed = try ask(overrides, at: address, by: "wang", ["-d", Self.stage])
      #expect(placed.status == 201, "\(placed.text)")
      let answer = try body(OverrideAnswer.self, of: placed)
      let id = try #require(answer.id)
      #expect(answer.overrides.map(\.who) == ["wang (127.0.0.1)"])
      #expect(answer.overrides[0].reason == "<b>visit</b>", "as it was given: pages escape it")

      let other = try ask(overrides, at: address, by: "li", ["-d", Self.stage])
      #expect(other.status == 409)
      #expect(try body(DeskProblem.Body.self, of: other).held_by?.map(\.id) == [id])
      let list = try ask(overrides, at: address, by: "screen")
      let known = try body(OverrideList.self, of: list)
      #expect(known.longest_minutes == 120)
      #expect(known.overrides == answer.overrides)
      let status = try body(StatusReport.self, of: ask("/v1/status", at: address, by: "screen"))
      #expect(status.junctions[0].override?.id == id)
      #expect(status.junctions[0].words.contains("; override \(id) by wang until "))

      let end = "\(overrides)/\(id)"
      #expect(try ask(end, at: address, by: "screen", ["-X", "DELETE"]).status == 403)
      #expect(try ask(end, at: address, by: "li", ["-X", "DELETE"]).status == 409)
      let over = try ask(end + "?take_over=true", at: address, by: "li", ["-X", "DELETE"])
      #expect(over.status == 200, "\(over.text)")
      #expect(try ask(end, at: address, by: "li", ["-X", "DELETE"]).status == 404)
      daemon.signal(SIGTERM)
      _ = try await daemon.end()
      let (reader, always) = try street.story
      #expect(
        try reader.overrides(in: always, limit: 9).map(\.ending) == ["released by li (127.0.0.1)"])
    }

    @Test("explain tells the plan of now from the daemon, and the same out of the history")
    func explained() async throws {
      let (cabinet, addresses) = try await street.traffic()
      let daemon = try await street.daemon([
        "--config", street.path("greensplit.yaml"), "--cabinets", "J001=\(addresses[0])",
        "--http", "127.0.0.1:0",
      ])
      let address = try #require(try await daemon.hears("listening for counts").0["address"])
      _ = try await street.takesControl(cabinet)
      let control = ["--control", street.path("control.sock")]
      let words = try await Program.run(["explain", "J001"] + control)
      #expect(words.status == 0, "\(words.errors)")
      #expect(words.output.contains("Ordered: "), "\(words.output)")
      #expect(words.output.contains("one more second of "), "\(words.output)")
      let chinese = try await Program.run(["explain", "J001", "--lang", "zh"] + control)
      #expect(chinese.output.contains("下发方案："), "\(chinese.output)")

      let reply = try ask("/v1/explain/J001", at: address, by: "screen")
      let now = try body(ExplanationReport.self, of: reply)
      #expect(now.format == "greensplit-explanation-1")
      #expect(now.seen.count == 12)
      try await Task.sleep(for: .seconds(1.5))
      let then = try ask("/v1/explain/J001?at=\(now.at)", at: address, by: "screen")
      #expect(then.status == 200, "\(then.text)")
      #expect(jsonText(try body(ExplanationReport.self, of: then)) == jsonText(now))
      #expect(try ask("/v1/explain/J009", at: address, by: "screen").status == 404)
      #expect(try ask("/v1/explain/J001?at=soon", at: address, by: "screen").status == 400)
      #expect(try ask("/v1/explain/J001", at: address, by: "camera").status == 403)

      daemon.signal(SIGTERM)
      _ = try await daemon.end()
      let history = ["--history", street.path("history.db")]
      let past = try await Program.run(["explain", "J001", "--at", now.at, "--json"] + history)
      #expect(past.status == 0, "\(past.errors)")
      #expect(past.output == jsonText(now) + "\n")
      let decided = try #require(UTC(rfc3339: now.at))
      let clock = String(decided.advanced(bySeconds: 8 * 3600 + 5).rfc3339.dropFirst(11).prefix(8))
      let local = try await Program.run(["explain", "J001", "--at", clock] + history)
      #expect(local.status == 0, "\(local.errors)")
      #expect(local.output.hasPrefix("J001 "))
      for (arguments, status, problem) in [
        (["J009"] + history, Int32(1), "no junction J009"), ([], 2, "name one junction"),
        (["J001", "--at", "noon"] + history, 2, "--at noon: expected 08:14"),
        (["J001"] + control, 1, "Name its socket with --control"),
      ] {
        let run = try await Program.run(["explain"] + arguments)
        #expect(run.status == status, "\(arguments)")
        #expect(run.errors.contains(problem), "\(run.errors)")
      }
    }
  }
}

extension String {
  /// What stands behind the first `separator`.
  fileprivate func components(after separator: String) -> String {
    firstRange(of: separator).map { String(self[$0.upperBound...]) } ?? ""
  }
}
