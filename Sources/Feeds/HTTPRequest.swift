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
  /// Whether the sender has shown a certificate that we trust.
  let isTrusted: Bool

  /// Length that the head declares; more than any limit if it is no number.
  var declaredLength: Int { contentLength.map { Int($0) ?? .max } ?? 0 }
}

/// Decides by the head alone whether a request is taken.
struct HTTPGate {
  /// Where each camera's page is.
  static let cameraPages = "/v1/cameras/"

  let token: BearerToken?
  var needsCertificate = false
  var cameras: [Camera] = []
  let bodyLimit: Int
  var rate: RateLimit
  /// Paths of what is shown beside taking counts.
  var pages: [String] = []

  /// The answer to a request that is refused or needs nobody; `nil`: its body is wanted, or its page.
  mutating func answer(to head: HTTPHead, at now: Instant) -> HTTPAnswer? {
    let isPage = pages.contains(head.path)
    switch head.path {
    case "/health":
      return ["GET", "HEAD"].contains(head.method) ? .healthy : .methodNotAllowed("GET, HEAD")
    case "/v1/counts": break
    default: guard isPage || camera(of: head) != nil else { return .notFound }
    }
    let methods = isPage ? ["GET", "HEAD"] : ["POST"]
    guard methods.contains(head.method) else {
      return .methodNotAllowed(methods.joined(separator: ", "))
    }
    if let refusal = refusal(of: head) { return refusal }
    if let wait = rate.take(head.peer, at: now) {
      return .later("more requests than this address may send", seconds: wait)
    }
    let encoding = head.contentEncoding ?? "identity"
    guard encoding.isEmpty || encoding == "identity" else { return .encoded }
    guard head.declaredLength <= bodyLimit else { return .tooLarge(bodyLimit) }
    return nil
  }

  /// Why who sends `head` is none that may; `nil` if it may.
  private func refusal(of head: HTTPHead) -> HTTPAnswer? {
    guard head.isTrusted || !needsCertificate else { return .untrusted }
    guard let token else { return nil }
    guard let shown = head.authorization else { return .unauthorised(isWrong: false) }
    return token.matches(shown) ? nil : .unauthorised(isWrong: true)
  }

  /// The camera whose page is asked for.
  func camera(of head: HTTPHead) -> Camera? {
    guard head.path.hasPrefix(Self.cameraPages) else { return nil }
    let name = head.path.dropFirst(Self.cameraPages.count)
    return cameras.first { $0.name == name }
  }
}

/// One request from its head to its answer.
struct HTTPRequest {
  /// Most bytes of an unwanted body that are read and thrown away so that the sender, still writing,
  /// comes to read the answer; whoever sends more is cut off.
  static let drainLimit = 1_048_576

  let head: HTTPHead
  /// The camera that sends it; `nil` for count records.
  let camera: Camera?
  let bodyLimit: Int
  private(set) var body: [UInt8] = []
  private(set) var received = 0

  /// What is to be answered when the body is through.
  var answer: HTTPAnswer?

  /// Whether the answer should not wait for the body, which is long or not sent yet.
  var isAnsweredAtOnce: Bool {
    answer != nil && (head.expectsConsent || head.declaredLength > Self.drainLimit)
  }

  init(head: HTTPHead, from camera: Camera?, bodyLimit: Int, answer: HTTPAnswer?) {
    self.head = head
    self.camera = camera
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
  func input(at now: UTC) -> CountInput {
    if let camera {
      var reader = CameraReader(camera)
      return reader.read(cameraMessage(in: body), at: now)
    }
    let input = CountParser.parse(body: body)
    guard input.isEmpty && !body.contains(UInt8(ascii: "[")) else { return input }
    return CountInput(errors: [
      CountError(
        line: 1, field: nil,
        reason: "the body is empty; one JSON object a line, or an array of them, is due")
    ])
  }
}

/// The message in a camera's body: some cameras wrap it in parts of a form, with pictures behind it.
func cameraMessage(in body: [UInt8]) -> ArraySlice<UInt8> {
  guard body.starts(with: Array("--".utf8)),
    let head = body.firstRange(of: Array("\r\n\r\n".utf8)),
    let end = body[head.upperBound...].firstRange(of: Array("\r\n--".utf8))
  else { return body[...] }
  return body[head.upperBound..<end.lowerBound]
}
