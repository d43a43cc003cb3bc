import Counts
import Signals
import Support
import Testing

@testable import Feeds

private func head(
  _ method: String, _ path: String, token: String? = nil, length: String? = "10",
  encoding: String? = nil, expects: Bool = false
) -> HTTPHead {
  HTTPHead(
    method: method, path: path, peer: "192.0.2.1", authorization: token, contentEncoding: encoding,
    contentLength: length, expectsConsent: expects, isTrusted: false)
}

@Suite("What the head of a request decides")
struct HTTPGateTests {
  private let now = Instant(milliseconds: 0)

  private func gate(token: String? = nil, burst: Double = 100) throws -> HTTPGate {
    var bearer: BearerToken?
    if let token {
      let folder = try TemporaryFolder()
      folder.write(token, to: "token")
      bearer = try BearerToken(path: folder.path + "/token")
    }
    return HTTPGate(
      token: bearer, bodyLimit: 1000, rate: RateLimit(rate: 1, burst: burst),
      pages: ["/v1/status"])
  }

  private static let requests: [(HTTPHead, UInt32?)] = [
    (head("POST", "/v1/counts"), nil),
    (head("GET", "/v1/counts"), 405),
    (head("GET", "/v1/status"), nil),
    (head("POST", "/v1/status"), 405),
    (head("DELETE", "/v1/counts"), 405),
    (head("GET", "/health"), 200),
    (head("HEAD", "/health"), 200),
    (head("POST", "/health"), 405),
    (head("POST", "/"), 404),
    (head("POST", ""), 404),
    (head("post", "/v1/counts"), 405),
    (head("POST", "/v1/counts", length: "1000"), nil),
    (head("POST", "/v1/counts", length: "1001"), 413),
    (head("POST", "/v1/counts", length: "99999999999999999999999"), 413),
    (head("POST", "/v1/counts", length: nil), nil),
    (head("POST", "/v1/counts", encoding: "identity"), nil),
    (head("POST", "/v1/counts", encoding: "br"), 415),
  ]

  @Test("Page and method come first, then encoding and length", arguments: requests)
  func routes(_ head: HTTPHead, _ status: UInt32?) throws {
    var gate = try gate()
    #expect(gate.answer(to: head, at: now)?.status == status)
  }

  @Test("A page is shown to GET and HEAD, to who has the token, at the rate of all requests")
  func pages() throws {
    var gate = try gate(token: "s3cret", burst: 2)
    gate.pages = ["/v1/cabinets"]
    let right = "Bearer s3cret"
    #expect(gate.answer(to: head("GET", "/v1/cabinets"), at: now)?.status == 401)
    #expect(
      gate.answer(to: head("GET", "/v1/cabinets", token: "Bearer no"), at: now)?.status == 401)
    #expect(
      gate.answer(to: head("POST", "/v1/cabinets", token: right), at: now)?.status == 405)
    #expect(gate.answer(to: head("GET", "/v1/cabinets", token: right), at: now) == nil)
    #expect(gate.answer(to: head("HEAD", "/v1/cabinets", token: right), at: now) == nil)
    #expect(gate.answer(to: head("GET", "/v1/cabinets", token: right), at: now)?.status == 429)
    #expect(gate.answer(to: head("GET", "/v1/other", token: right), at: now)?.status == 404)
  }

  @Test("Who has no token learns nothing of rate and length, and uses up nobody's share")
  func tokenFirst() throws {
    var gate = try gate(token: "s3cret", burst: 1)
    let tooLong = head("POST", "/v1/counts", length: "9999999")
    for _ in 0..<5 { #expect(gate.answer(to: tooLong, at: now)?.status == 401) }
    let right = head("POST", "/v1/counts", token: "Bearer s3cret")
    #expect(gate.answer(to: right, at: now) == nil)
    #expect(gate.answer(to: right, at: now)?.status == 429)
  }

  @Test("An answer waits for a short body, not for a long one or one that is not sent yet")
  func atOnce() {
    func isAtOnce(_ head: HTTPHead, _ answer: HTTPAnswer?) -> Bool {
      HTTPRequest(head: head, from: nil, bodyLimit: 1000, answer: answer).isAnsweredAtOnce
    }
    let short = head("POST", "/v1/counts")
    #expect(!isAtOnce(short, .notFound))
    #expect(!isAtOnce(short, nil))
    #expect(isAtOnce(head("POST", "/v1/counts", length: "1048577"), .notFound))
    #expect(isAtOnce(head("POST", "/v1/counts", expects: true), .notFound))
    #expect(!isAtOnce(head("POST", "/v1/counts", expects: true), nil))
  }

  @Test("A body is kept up to its limit, drained beyond, and cut off at 1 MiB")
  func draining() {
    var request = HTTPRequest(
      head: head("POST", "/v1/counts"), from: nil, bodyLimit: 1000, answer: nil)
    func take(_ count: Int) -> Bool {
      let piece = [UInt8](repeating: 32, count: count)
      return piece.withUnsafeBytes { request.take($0) }
    }
    #expect(take(1000))
    #expect(request.body.count == 1000)
    #expect(request.answer == nil)
    #expect(take(1))
    #expect(request.body.isEmpty)
    #expect(request.answer?.status == 413)
    #expect(take(HTTPRequest.drainLimit - 1001))
    #expect(!take(1))
  }
}

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

  @Test(
    "Retry-After is whole seconds, rounded up, never none",
    arguments: [(0, "1"), (0.01, "1"), (1, "1"), (1.2, "2"), (59.5, "60")] as [(Double, String)])
  func retryAfter(_ seconds: Double, _ value: String) {
    #expect(HTTPAnswer.later("x", seconds: seconds).headers.map(\.value) == [value])
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
      HTTPFeedError.tokenNeeded(address: "0.0.0.0").description
        == "0.0.0.0: can be reached by others; name a token file or the authority of the senders' "
        + "certificates, or listen on 127.0.0.1")
    #expect(
      HTTPFeedError.notNumeric(address: "localhost").description
        == "localhost: is no numeric address; write one such as 127.0.0.1 or ::1")
    #expect(
      HTTPFeedError.tokenFile(path: "/t", reason: "is empty").description
        == "/t: the token file is empty")
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
