import Counts

/// What a sender of counts is told (`docs/count-record.md`).
struct HTTPAnswer: Sendable, Hashable {
  /// Most errors that an answer lists; it tells how many records were refused in any case.
  static let errorLimit = 100

  let status: UInt32
  var headers: [Header] = []
  let body: String

  struct Header: Sendable, Hashable {
    let name: String
    let value: String
  }

  init(_ status: UInt32, body: String, _ headers: [Header] = []) {
    self.status = status
    self.body = body + "\n"
    self.headers = headers
  }

  init(_ status: UInt32, error: String, _ headers: [Header] = []) {
    self.init(status, body: "{\"error\":\"\(error)\"}", headers)
  }

  static let healthy = HTTPAnswer(200, body: "{\"status\":\"ok\"}")

  static let notFound = HTTPAnswer(
    404, error: "no such page; POST to /v1/counts or /v1/cameras/NAME, GET /health")

  static func methodNotAllowed(_ allowed: String) -> HTTPAnswer {
    HTTPAnswer(405, error: "use \(allowed)", [Header(name: "Allow", value: allowed)])
  }

  /// 401: without a token, or with a wrong one (RFC 6750, section 3).
  static func unauthorised(isWrong: Bool) -> HTTPAnswer {
    let challenge = "Bearer realm=\"greensplit\"" + (isWrong ? ", error=\"invalid_token\"" : "")
    return HTTPAnswer(
      401, error: isWrong ? "wrong token" : "a token is needed: Authorization: Bearer TOKEN",
      [Header(name: "WWW-Authenticate", value: challenge)])
  }

  static let untrusted = HTTPAnswer(
    403, error: "a valid client certificate of the right authority is needed")

  static func tooLarge(_ limit: Int) -> HTTPAnswer {
    HTTPAnswer(413, error: "a body has at most \(limit) bytes; send fewer records at once")
  }

  static let encoded = HTTPAnswer(415, error: "send the body as it is, without Content-Encoding")

  /// 429: nothing was taken, all may be sent again after `seconds`, rounded up.
  static func later(_ reason: String, seconds: Double) -> HTTPAnswer {
    HTTPAnswer(429, error: reason, [retry(seconds)])
  }

  /// 503: nobody said in time whether the records were taken; sending them again does no harm.
  static let unknown = HTTPAnswer(
    503, error: "not known whether the records were taken; send them again", [retry(1)])

  private static func retry(_ seconds: Double) -> Header {
    Header(name: "Retry-After", value: "\(Int(max(1, seconds.rounded(.up))))")
  }

  /// 200 if all could be read, else 400: how many records were taken, and what is wrong with the
  /// others.
  static func taken(_ input: CountInput) -> HTTPAnswer {
    // One record may have several errors; together they make one refused record.
    let places = input.errors.map { [$0.line, $0.element ?? 0] }
    let refused = zip(places, places.dropFirst()).reduce(places.isEmpty ? 0 : 1) {
      $0 + ($1.0 == $1.1 ? 0 : 1)
    }
    let errors = input.errors.prefix(errorLimit).map(\.json).joined(separator: ",")
    return HTTPAnswer(
      refused == 0 ? 200 : 400,
      body: "{\"accepted\":\(input.records.count),\"refused\":\(refused),\"errors\":[\(errors)]}")
  }
}
