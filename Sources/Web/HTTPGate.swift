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
  var languages: String?
  /// What the sender calls us, with the port.
  var host: String?
  /// How the page that makes a browser ask stands to us (Sec-Fetch-Site); `nil` if it is no browser.
  var fetchSite: String?
  var query: [String: String] = [:]

  /// Length that the head declares; more than any limit if it is no number.
  var declaredLength: Int { contentLength.map { Int($0) ?? .max } ?? 0 }

  /// Whether no page of another site makes a browser ask.
  var isOfNoOtherSite: Bool { fetchSite.map { ["same-origin", "none"].contains($0) } ?? true }

  /// Whether the sender calls us by an address. Another's name that leads here (DNS rebinding) would
  /// make a browser take that other's page for ours.
  var namesAddress: Bool {
    guard let host else { return true }
    let name =
      host.hasPrefix("[")
      ? host.dropFirst().prefix { $0 != "]" } : host.prefix { $0 != ":" }
    return name == "localhost" || ListeningSocket.isLoopback(String(name)) != nil
  }

  /// Method and path as records may show them: at most 80 characters, nothing unprintable.
  var shown: String {
    let scalars = "\(method) \(path)".unicodeScalars.prefix(80).map { scalar -> Character in
      scalar.properties.generalCategory == .control ? "?" : Character(scalar)
    }
    return String(scalars)
  }
}

/// Decides by the head alone whether a request is taken.
struct HTTPGate {
  /// What becomes of a request.
  enum Decision {
    /// It is refused, or needs nobody.
    case answer(HTTPAnswer)
    /// Its body is wanted, then its route.
    case proceed(Route, variable: String, caller: Caller)
  }

  let routes: RouteTable
  let keys: Keyring
  let needsCertificate: Bool
  var rate: RateLimit
  /// Hears of good tokens that are not meant for what they are shown for: of each token ten at once,
  /// then one every six seconds, so that nobody fills the records.
  let refused: @Sendable (HTTPRefusal) -> Void
  private var telling = RateLimit(rate: 1.0 / 6, burst: 10)
  private var untold: [String: Int] = [:]

  init(
    routes: RouteTable, keys: Keyring, needsCertificate: Bool = false, rate: RateLimit,
    refused: @escaping @Sendable (HTTPRefusal) -> Void = { _ in }
  ) {
    (self.routes, self.keys, self.needsCertificate) = (routes, keys, needsCertificate)
    (self.rate, self.refused) = (rate, refused)
  }

  mutating func decide(on head: HTTPHead, at now: Instant) -> Decision {
    if head.path == "/health" {
      let isRight = ["GET", "HEAD"].contains(head.method)
      return .answer(isRight ? .healthy : .methodNotAllowed("GET, HEAD"))
    }
    let (route, variable): (Route, String)
    switch routes.find(head.method, head.path) {
    case .route(let found, let text): (route, variable) = (found, text)
    case .otherMethods(let allowed): return .answer(.methodNotAllowed(allowed))
    case .nothing: return .answer(.notFound)
    }
    guard head.isTrusted || !needsCertificate else { return .answer(.untrusted) }
    var name: String?
    if let needed = route.needs {
      guard head.isOfNoOtherSite else { return .answer(.otherSite) }
      switch keys.decide(head.authorization, on: needed) {
      case .welcome(let found):
        guard found != nil || needsCertificate || head.namesAddress else {
          return .answer(.otherSite)
        }
        name = found
      case .unknown(let isWrong): return .answer(.unauthorised(isWrong: isWrong))
      case .misfit(let found): return .answer(refusal(of: head, from: found, needed, at: now))
      }
    }
    if let wait = rate.take(head.peer, at: now) { return .answer(.tooOften(wait)) }
    let encoding = head.contentEncoding ?? "identity"
    guard encoding.isEmpty || encoding == "identity" else { return .answer(.encoded) }
    guard head.declaredLength <= route.bodyLimit else { return .answer(.tooLarge(route.bodyLimit)) }
    return .proceed(route, variable: variable, caller: Caller(peer: head.peer, name: name))
  }

  /// 403, told to who keeps records.
  private mutating func refusal(
    of head: HTTPHead, from name: String, _ needed: Role, at now: Instant
  ) -> HTTPAnswer {
    if let wait = rate.take(head.peer, at: now) { return .tooOften(wait) }
    guard telling.take(name, at: now) == nil else {
      untold[name, default: 0] += 1
      return .wrongRole(name, needed)
    }
    refused(
      HTTPRefusal(
        caller: Caller(peer: head.peer, name: name), what: head.shown, needed: needed,
        untold: untold.removeValue(forKey: name) ?? 0))
    return .wrongRole(name, needed)
  }
}
