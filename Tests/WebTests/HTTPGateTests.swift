import Locking
import Signals
import Support
import Testing

@testable import Web

private func head(
  _ method: String, _ path: String, token: String? = nil, length: String? = "10",
  encoding: String? = nil, expects: Bool = false
) -> HTTPHead {
  HTTPHead(
    method: method, path: path, peer: "192.0.2.1", authorization: token.map { "Bearer \($0)" },
    contentEncoding: encoding, contentLength: length, expectsConsent: expects, isTrusted: false)
}

/// Routes of every role that answer nothing.
private let table = RouteTable(
  [
    (.post, "/v1/counts", .counts), (.get, "/v1/status", .viewer), (.get, "/", nil),
    (.post, "/v1/overrides", .operator), (.get, "/v1/overrides", .viewer),
    (.delete, "/v1/overrides/{id}", .operator),
  ].map { (method: Route.Method, path: String, role: Role?) in
    Route(method, path, needs: role, bodyLimit: 1000) { _, done in done(.notFound) }
  })

extension HTTPGate {
  /// Status of the answer; `nil`: the request goes to its route.
  fileprivate mutating func status(of head: HTTPHead, at now: Instant) -> UInt32? {
    if case .answer(let answer) = decide(on: head, at: now) { return answer.status }
    return nil
  }
}

@Suite("What the head of a request decides")
struct HTTPGateTests {
  private let now = Instant(milliseconds: 0)
  private let heard = Guarded<[HTTPRefusal]>([])

  /// A gate that knows `tokens`, each with its role; "common" is that of `tokenFile`.
  private func gate(
    _ tokens: [(String, Role?)] = [], burst: Double = 100, isOpen: Bool = true
  ) throws -> HTTPGate {
    let folder = try TemporaryFolder()
    var settings = HTTPSettings()
    for (token, role) in tokens {
      folder.write(token, to: token)
      let path = "\(folder.path)/\(token)"
      if let role {
        settings.access.append(AccessToken(name: token, role: role, file: path))
      } else {
        settings.tokenFile = path
      }
    }
    return HTTPGate(
      routes: table, keys: try Keyring(settings, isOpen: isOpen),
      rate: RateLimit(rate: 1, burst: burst),
      refused: { [heard] refusal in heard.withLock { $0.append(refusal) } })
  }

  private static let requests: [(HTTPHead, UInt32?)] = [
    (head("POST", "/v1/counts"), nil),
    (head("GET", "/v1/counts"), 405),
    (head("GET", "/v1/status"), nil),
    (head("HEAD", "/v1/status"), nil),
    (head("POST", "/v1/status"), 405),
    (head("DELETE", "/v1/counts"), 405),
    (head("GET", "/health"), 200),
    (head("HEAD", "/health"), 200),
    (head("POST", "/health"), 405),
    (head("GET", "/"), nil),
    (head("POST", "/"), 405),
    (head("POST", ""), 404),
    (head("GET", "/v1/other"), 404),
    (head("GET", "/v1/status/"), 404),
    (head("post", "/v1/counts"), 405),
    (head("POST", "/v1/counts", length: "1000"), nil),
    (head("POST", "/v1/counts", length: "1001"), 413),
    (head("POST", "/v1/counts", length: "99999999999999999999999"), 413),
    (head("POST", "/v1/counts", length: nil), nil),
    (head("POST", "/v1/counts", encoding: "identity"), nil),
    (head("POST", "/v1/counts", encoding: "br"), 415),
    (head("DELETE", "/v1/overrides/7"), 401),
    (head("DELETE", "/v1/overrides/"), 404),
    (head("DELETE", "/v1/overrides/7/8"), 404),
    (head("GET", "/v1/overrides/7"), 405),
  ]

  @Test("Path and method come first, then the role, encoding and length", arguments: requests)
  func routes(_ head: HTTPHead, _ status: UInt32?) throws {
    var gate = try gate()
    #expect(gate.status(of: head, at: now) == status)
  }

  @Test("Each token opens what its role is for, and nothing else")
  func roles() throws {
    var gate = try gate([
      ("camera", .counts), ("screen", .viewer), ("wang", .operator), ("common", nil),
    ])
    let counts = head("POST", "/v1/counts").path
    let asked: [(String, String, [String])] = [
      ("POST", counts, ["camera", "common"]), ("GET", "/v1/status", ["screen", "wang", "common"]),
      ("POST", "/v1/overrides", ["wang"]), ("DELETE", "/v1/overrides/7", ["wang"]),
    ]
    for (method, path, may) in asked {
      #expect(gate.status(of: head(method, path), at: now) == 401)
      #expect(gate.status(of: head(method, path, token: "guess"), at: now) == 401)
      for token in ["camera", "screen", "wang", "common"] {
        let status = gate.status(of: head(method, path, token: token), at: now)
        #expect(status == (may.contains(token) ? nil : 403), "\(method) \(path) by \(token)")
      }
    }
    #expect(gate.status(of: head("GET", "/"), at: now) == nil)
  }

  @Test("A wrong role is told to who keeps records, with name and address; a wrong token is not")
  func records() throws {
    var gate = try gate([("screen", .viewer)])
    _ = gate.status(of: head("POST", "/v1/overrides", token: "guess"), at: now)
    _ = gate.status(of: head("POST", "/v1/overrides", token: "screen"), at: now)
    #expect(
      heard.withLock { $0 } == [
        HTTPRefusal(
          caller: Caller(peer: "192.0.2.1", name: "screen"), what: "POST /v1/overrides",
          needed: .operator, untold: 0)
      ])
  }

  @Test("Who tries a thousand times is told of now and then, and how often in between")
  func bounded() throws {
    var gate = try gate([("screen", .viewer)], burst: 5000)
    let wrong = head("POST", "/v1/overrides", token: "screen")
    for _ in 0..<1000 { #expect(gate.status(of: wrong, at: now) == 403) }
    #expect(heard.withLock { $0.map(\.untold) } == Array(repeating: 0, count: 10))
    _ = gate.status(of: wrong, at: now.advanced(bySeconds: 6))
    #expect(heard.withLock { $0.last?.untold } == 990)
  }

  @Test("Without a token nothing is changed, however little is configured")
  func nothingChanges() throws {
    for tokens in [[], [("common", nil)], [("camera", .counts)]] as [[(String, Role?)]] {
      for isOpen in [true, false] {
        var gate = try gate(tokens, isOpen: isOpen)
        #expect(gate.status(of: head("POST", "/v1/overrides"), at: now) == 401)
        #expect(gate.status(of: head("DELETE", "/v1/overrides/1"), at: now) == 401)
      }
    }
  }

  @Test("What a token is given for is closed to who has none; on an open address all is closed")
  func closing() throws {
    var one = try gate([("wang", .operator), ("camera", .counts)])
    #expect(one.status(of: head("POST", "/v1/counts"), at: now) == 401)
    #expect(one.status(of: head("GET", "/v1/status"), at: now) == nil)
    var other = try gate([("wang", .operator)], isOpen: false)
    #expect(other.status(of: head("POST", "/v1/counts"), at: now) == 401)
    #expect(other.status(of: head("GET", "/v1/status"), at: now) == 401)
  }

  @Test(
    "Pages of other sites cannot make a browser ask in its user's place; programs are no browsers")
  func otherSites() throws {
    var gate = try gate()
    func status(_ path: String, _ site: String?, host: String? = nil) -> UInt32? {
      var asked = head(path == "/v1/counts" ? "POST" : "GET", path)
      (asked.fetchSite, asked.host) = (site, host)
      return gate.status(of: asked, at: now)
    }
    for site in ["cross-site", "same-site", "new-thing", ""] {
      #expect(status("/v1/counts", site) == 403 && status("/v1/status", site) == 403)
      #expect(status("/", site) == nil, "a link to the console")
    }
    for site in ["same-origin", "none", nil] { #expect(status("/v1/counts", site) == nil) }
    for host in ["127.0.0.1:8017", "localhost:8017", "[::1]:8017", "10.0.0.5", nil] {
      #expect(status("/v1/status", nil, host: host) == nil)
    }
    for host in ["evil.example:8017", "127.0.0.1.evil.example", "", "[evil]:80"] {
      #expect(status("/v1/status", "same-origin", host: host) == 403)
    }
  }

  @Test("Who shows a token may call us by a name")
  func named() throws {
    var gate = try gate([("screen", .viewer)])
    var asked = head("GET", "/v1/status", token: "screen")
    asked.host = "signals.bureau.example"
    #expect(gate.status(of: asked, at: now) == nil)
  }

  @Test("Who has no token learns nothing of rate and length, and uses up nobody's share")
  func tokenFirst() throws {
    var gate = try gate([("common", nil)], burst: 1)
    let tooLong = head("POST", "/v1/counts", length: "9999999")
    for _ in 0..<5 { #expect(gate.status(of: tooLong, at: now) == 401) }
    let right = head("POST", "/v1/counts", token: "common")
    #expect(gate.status(of: right, at: now) == nil)
    #expect(gate.status(of: right, at: now) == 429)
  }

  @Test("The variable of a path and who asks go to the route; what is shown of a path is printable")
  func whatGoesOn() throws {
    var gate = try gate([("wang", .operator)])
    let asked = head("DELETE", "/v1/overrides/a b", token: "wang")
    guard case .proceed(_, let variable, let caller) = gate.decide(on: asked, at: now) else {
      Issue.record("refused")
      return
    }
    #expect(variable == "a b")
    #expect(caller == Caller(peer: "192.0.2.1", name: "wang"))
    #expect(head("GET", "/\u{1b}[2J\n").shown == "GET /?[2J?")
    #expect(head("GET", String(repeating: "/", count: 500)).shown.count == 80)
  }

  @Test("An answer waits for a short body, not for a long one or one that is not sent yet")
  func atOnce() {
    let route = Route(.post, "/", needs: nil, bodyLimit: 1000) { _, _ in }
    let caller = Caller(peer: "", name: nil)
    func isAtOnce(_ head: HTTPHead, isRefused: Bool) -> Bool {
      HTTPIntake(
        head: head,
        isRefused ? .answer(.notFound) : .proceed(route, variable: "", caller: caller)
      ).isAnsweredAtOnce
    }
    let short = head("POST", "/v1/counts")
    #expect(!isAtOnce(short, isRefused: true))
    #expect(!isAtOnce(short, isRefused: false))
    #expect(isAtOnce(head("POST", "/v1/counts", length: "1048577"), isRefused: true))
    #expect(isAtOnce(head("POST", "/v1/counts", expects: true), isRefused: true))
    #expect(!isAtOnce(head("POST", "/v1/counts", expects: true), isRefused: false))
  }

  @Test("A body is kept up to its limit, drained beyond, and cut off at 1 MiB")
  func draining() {
    let route = Route(.post, "/", needs: nil, bodyLimit: 1000) { _, _ in }
    var request = HTTPIntake(
      head: head("POST", "/"),
      .proceed(route, variable: "", caller: Caller(peer: "", name: nil)))
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
    #expect(take(HTTPIntake.drainLimit - 1001))
    #expect(!take(1))
  }
}

@Suite("What the server says by itself")
struct ServerAnswerTests {
  @Test(
    "Retry-After is whole seconds, rounded up, never none",
    arguments: [(0, "1"), (0.01, "1"), (1, "1"), (1.2, "2"), (59.5, "60")] as [(Double, String)])
  func retryAfter(_ seconds: Double, _ value: String) {
    #expect(HTTPAnswer.later("x", seconds: seconds).headers.map(\.value) == [value])
  }

  @Test("Text from outside cannot break out of JSON")
  func escaping() throws {
    let text = "\u{0}\u{1f}\u{7f}\"\\},{\u{2028}路口</script>"
    let (status, output) = try Command.run(
      "python3", ["-c", "import json,sys; sys.stdout.write(json.load(sys.stdin)['error'])"],
      input: Array(HTTPAnswer(400, error: text).body.utf8))
    #expect(status == 0)
    #expect(String(decoding: output, as: UTF8.self) == text)
  }

  @Test("Failures at start say what to do")
  func failures() {
    #expect(
      HTTPServerError.tokenNeeded(address: "0.0.0.0").description
        == "0.0.0.0: can be reached by others; name a token file or the authority of the senders' "
        + "certificates, or listen on 127.0.0.1")
    #expect(
      HTTPServerError.notNumeric(address: "localhost").description
        == "localhost: is no numeric address; write one such as 127.0.0.1 or ::1")
    #expect(
      HTTPServerError.tokenFile(path: "/t", reason: "is empty").description
        == "/t: the token file is empty")
  }
}
