import JSONText

/// What a sender is told.
public struct HTTPAnswer: Sendable {
  /// A header of the answer.
  public struct Header: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// Its value, without line ends.
    public let value: String

    /// `name: value`.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// What is sent behind the head.
  public enum Body: Sendable {
    /// Bytes that are there.
    case bytes([UInt8])
    /// What comes until somebody ends it.
    case stream(HTTPStream)
  }

  /// Status code.
  public let status: UInt32
  /// Media type of the body.
  public let contentType: String
  /// Further headers.
  public let headers: [Header]
  /// The body.
  public let content: Body

  /// An answer with `text` as its body.
  public init(_ status: UInt32, contentType: String, text: String, _ headers: [Header] = []) {
    self.init(status, contentType: contentType, .bytes(Array(text.utf8)), headers)
  }

  /// An answer with `content` as its body.
  public init(_ status: UInt32, contentType: String, _ content: Body, _ headers: [Header] = []) {
    self.status = status
    self.contentType = contentType
    self.content = content
    self.headers = headers
  }

  /// An answer with JSON as its body, one line.
  public init(_ status: UInt32, body: String, _ headers: [Header] = []) {
    self.init(status, contentType: "application/json", text: body + "\n", headers)
  }

  /// An answer that says what is wrong and what would be right.
  public init(_ status: UInt32, error: String, _ headers: [Header] = []) {
    self.init(status, body: "{\"error\":\(jsonString(error))}", headers)
  }

  /// The body as text; empty for a stream.
  public var body: String {
    guard case .bytes(let bytes) = content else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The answers that the server gives by itself, and those that many routes give.
extension HTTPAnswer {
  static let healthy = HTTPAnswer(200, body: "{\"status\":\"ok\"}")

  /// 404: nothing is there.
  public static let notFound = HTTPAnswer(404, error: "no such page; docs/http-api.md names them")

  static func methodNotAllowed(_ allowed: String) -> HTTPAnswer {
    HTTPAnswer(405, error: "use \(allowed)", [Header("Allow", allowed)])
  }

  /// 401: without a token, or with a wrong one (RFC 6750, section 3).
  static func unauthorised(isWrong: Bool) -> HTTPAnswer {
    let challenge = "Bearer realm=\"greensplit\"" + (isWrong ? ", error=\"invalid_token\"" : "")
    return HTTPAnswer(
      401, error: isWrong ? "wrong token" : "a token is needed: Authorization: Bearer TOKEN",
      [Header("WWW-Authenticate", challenge)])
  }

  /// 403: a good token of another role (RFC 6750, section 3.1).
  static func wrongRole(_ name: String, _ needed: Role) -> HTTPAnswer {
    HTTPAnswer(
      403, error: "the token of \(name) has not the role \(needed.rawValue); this was recorded",
      [
        Header(
          "WWW-Authenticate",
          "Bearer realm=\"greensplit\", error=\"insufficient_scope\", scope=\"\(needed.rawValue)\"")
      ])
  }

  static let otherSite = HTTPAnswer(
    403, error: "a page of another site asks; open the console by its address, or show a token")

  static let untrusted = HTTPAnswer(
    403, error: "a valid client certificate of the right authority is needed")

  static func tooLarge(_ limit: Int) -> HTTPAnswer {
    let advice = limit == 0 ? "no body is taken here" : "a body has at most \(limit) bytes"
    return HTTPAnswer(413, error: limit == 0 ? advice : advice + "; send less at once")
  }

  static let encoded = HTTPAnswer(415, error: "send the body as it is, without Content-Encoding")

  static func tooOften(_ wait: Double) -> HTTPAnswer {
    .later("more requests than this address may send", seconds: wait)
  }

  /// 429: nothing was taken, all may be sent again after `seconds`, rounded up.
  public static func later(_ reason: String, seconds: Double) -> HTTPAnswer {
    HTTPAnswer(429, error: reason, [retry(seconds)])
  }

  /// 503: nobody knows whether what was asked is done; it may be asked again after a second.
  public static func unknown(_ reason: String) -> HTTPAnswer {
    HTTPAnswer(503, error: reason, [retry(1)])
  }

  /// 503: nobody answered in time.
  public static let noAnswer = unknown("no answer in time; ask again")

  private static func retry(_ seconds: Double) -> Header {
    Header("Retry-After", "\(Int(max(1, seconds.rounded(.up))))")
  }
}
