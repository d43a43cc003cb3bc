import Counts
import Signals

/// What the head of a request says.
struct HTTPHead: Sendable {
  let method: String
  let path: String
  let peer: String
  let authorization: String?
  let contentEncoding: String?
  let contentLength: String?
  /// Whether the sender waits for our consent before it sends the body.
  let expectsConsent: Bool

  /// Length that the head declares; more than any limit if it is no number.
  var declaredLength: Int { contentLength.map { Int($0) ?? .max } ?? 0 }
}

/// Decides by the head alone whether a request is taken.
struct HTTPGate {
  static let statusPath = "/v1/status"

  let token: BearerToken?
  let bodyLimit: Int
  /// Whether the status may be asked for.
  let tellsStatus: Bool
  var rate: RateLimit

  /// The answer to a request that is not about counts or is refused; `nil`: its body is wanted.
  mutating func answer(to head: HTTPHead, at now: Instant) -> HTTPAnswer? {
    switch head.path {
    case "/health":
      return ["GET", "HEAD"].contains(head.method) ? .healthy : .methodNotAllowed("GET, HEAD")
    case "/v1/counts":
      guard head.method == "POST" else { return .methodNotAllowed("POST") }
    case Self.statusPath where tellsStatus:
      guard head.method == "GET" else { return .methodNotAllowed("GET") }
    default: return .notFound
    }
    if let token {
      guard let shown = head.authorization else { return .unauthorised(isWrong: false) }
      guard token.matches(shown) else { return .unauthorised(isWrong: true) }
    }
    if let wait = rate.take(head.peer, at: now) {
      return .later("more requests than this address may send", seconds: wait)
    }
    let encoding = head.contentEncoding ?? "identity"
    guard encoding.isEmpty || encoding == "identity" else { return .encoded }
    guard head.declaredLength <= bodyLimit else { return .tooLarge(bodyLimit) }
    return nil
  }
}

/// One request from its head to its answer.
struct HTTPRequest {
  /// Most bytes of an unwanted body that are read and thrown away so that the sender, still writing,
  /// comes to read the answer; whoever sends more is cut off.
  static let drainLimit = 1_048_576

  let head: HTTPHead
  let bodyLimit: Int
  private(set) var body: [UInt8] = []
  private(set) var received = 0

  /// What is to be answered when the body is through.
  var answer: HTTPAnswer?

  /// Whether the answer should not wait for the body, which is long or not sent yet.
  var isAnsweredAtOnce: Bool {
    answer != nil && (head.expectsConsent || head.declaredLength > Self.drainLimit)
  }

  init(head: HTTPHead, bodyLimit: Int, answer: HTTPAnswer?) {
    self.head = head
    self.bodyLimit = bodyLimit
    self.answer = answer
  }

  /// Takes a piece of the body; `false` if the sender is to be cut off.
  mutating func take(_ piece: UnsafeRawBufferPointer) -> Bool {
    received += piece.count
    if answer == nil {
      if received > bodyLimit {
        answer = .tooLarge(bodyLimit)
        body = []
      } else {
        body += piece
      }
    }
    return received <= Self.drainLimit
  }

  /// What the body holds; an empty one is an error too.
  func input() -> CountInput {
    let input = CountParser.parse(body: body)
    guard input.isEmpty && !body.contains(UInt8(ascii: "[")) else { return input }
    return CountInput(errors: [
      CountError(
        line: 1, field: nil,
        reason: "the body is empty; one JSON object a line, or an array of them, is due")
    ])
  }
}
