import Counts
import Support
import Testing
import Web

@testable import Feeds

@Suite("What a sender is told")
struct HTTPAnswerTests {
  @Test("Errors of one record refuse one, errors of several elements of a line several")
  func counting() {
    func refused(_ errors: [CountError]) -> HTTPAnswer { .taken(CountInput(errors: errors)) }
    func error(_ line: Int, _ element: Int?) -> CountError {
      CountError(line: line, element: element, field: "v", reason: "x")
    }
    #expect(refused([]).status == 200)
    #expect(refused([error(1, nil), error(1, nil)]).body.contains("\"refused\":1,"))
    #expect(refused([error(1, 1), error(1, 2), error(1, 2)]).body.contains("\"refused\":2,"))
    #expect(refused([error(1, nil), error(3, nil)]).body.contains("\"refused\":2,"))
    #expect(refused([error(1, nil)]).status == 400)
  }

  @Test("Reasons from outside cannot break out of the answer's JSON")
  func escaping() throws {
    let input = CountParser.parse(
      body: Array(#"{"v":1,"det":"a","start":"\"},{\u001b","end":5}"#.utf8))
    let body = HTTPAnswer.taken(input).body
    let (status, output) = try Command.run(
      "python3", ["-c", "import json,sys; print(json.load(sys.stdin)['errors'][0]['field'])"],
      input: Array(body.utf8))
    #expect(status == 0)
    #expect(output == Array("start\n".utf8))
  }

  @Test("Failures at start say what to do")
  func failures() {
    #expect(
      FeedError.cannotRead(path: "/f", reason: "Input/output error").description
        == "/f: cannot be read: Input/output error")
  }

  @Test("Origins are named for logs")
  func origins() {
    #expect(FeedOrigin.file(path: "/var/counts").description == "/var/counts")
    #expect(FeedOrigin.pipe.description == "standard input")
    #expect(FeedOrigin.http(peer: "192.0.2.1").description == "HTTP from 192.0.2.1")
  }
}

@Suite("The other address family")
struct IPv6Tests {
  @Test("Counts are taken on ::1, and the sender is named")
  func loopback() throws {
    let served = try Served { $0.address = "::1" }
    defer { served.feed.stop() }
    let (_, output) = try Command.run(
      "curl", ["-s", "-g", "--data-binary", "@-", "http://[::1]:\(served.feed.port)/v1/counts"],
      input: Array(line("a").utf8))
    #expect(output == Array("{\"accepted\":1,\"refused\":0,\"errors\":[]}\n".utf8))
    #expect(served.inbox.batches.map(\.origin) == [.http(peer: "::1")])
  }
}
