import Glibc
import History
import Signals
import Support
import Testing

extension EndToEnd {
  @Suite("Who may ask a running daemon for what")
  struct AccessTests {
    let street: Street

    init() throws {
      street = try Street()
      for name in ["camera", "screen", "wang"] { street.folder.write(name + "-secret\n", to: name) }
      street.folder.write(
        """
        version: 1
        sites: [J001.yaml]
        history: history.db
        http: {listen: "127.0.0.1:8017"}
        access:
          - {name: camera, role: counts, token_file: camera}
          - {name: screen, role: viewer, token_file: screen}
          - {name: wang, role: operator, token_file: wang}

        """, to: "greensplit.yaml")
    }

    private func ask(_ path: String, at address: String, _ arguments: [String] = []) throws -> Reply
    {
      let (status, output) = try Command.run(
        "curl", ["-s", "-i", "--max-time", "20", "http://\(address)\(path)"] + arguments)
      return Reply(text: String(decoding: output, as: UTF8.self), exit: status)
    }

    private func token(_ name: String) -> [String] {
      ["-H", "Authorization: Bearer \(name)-secret"]
    }

    @Test("A token of the wrong role gets 403, and the log and the history keep who it was")
    func wrongRole() async throws {
      let (_, addresses) = try await street.traffic()
      let daemon = try await street.daemon([
        "--config", street.path("greensplit.yaml"), "--cabinets", "J001=\(addresses[0])",
        "--http", "127.0.0.1:0",
      ])
      let address = try #require(try await daemon.hears("listening for counts").0["address"])
      #expect(try ask("/v1/status", at: address).status == 401)
      #expect(try ask("/v1/status", at: address, token("screen")).status == 200)
      #expect(try ask("/v1/status", at: address, token("wang")).status == 200)
      #expect(try ask("/v1/counts", at: address, token("wang") + ["-d", "[]"]).status == 403)
      #expect(try ask("/v1/counts", at: address, token("camera") + ["-d", "[]"]).status == 200)
      #expect(try ask("/v1/status", at: address, token("camera")).status == 403)
      let told = try await daemon.hears("request refused", ["who": "camera"]).0
      #expect(told["from"] == "127.0.0.1")
      #expect(told["what"] == "GET /v1/status")
      #expect(told["why"] == "the role viewer is needed")
      daemon.signal(SIGTERM)
      _ = try await daemon.end()
      let always = HistorySpan(
        of: nil, from: UTC(milliseconds: 0), until: UTC(milliseconds: .max))
      let acts = try HistoryReader(path: street.path("history.db")).acts(in: always, limit: 9)
      #expect(
        acts.map(\.act) == [
          "writing allowed", "control mode", "request refused", "request refused",
        ])
      #expect(acts.map(\.who) == ["", "", "wang", "camera"])
    }
  }
}
