/// One request from its head to its answer.
struct HTTPIntake {
  /// Most bytes of an unwanted body that are read and thrown away so that the sender, still writing,
  /// comes to read the answer; whoever sends more is cut off.
  static let drainLimit = 1_048_576

  let head: HTTPHead
  private(set) var body: [UInt8] = []
  private(set) var received = 0

  /// Where it goes when it is whole; `nil` if it was refused.
  let route: Route?
  private let variable: String
  private let caller: Caller

  /// What is to be answered when the body is through.
  var answer: HTTPAnswer?

  /// Whether the answer should not wait for the body, which is long or not sent yet.
  var isAnsweredAtOnce: Bool {
    answer != nil && (head.expectsConsent || head.declaredLength > Self.drainLimit)
  }

  init(head: HTTPHead, _ decision: HTTPGate.Decision) {
    self.head = head
    switch decision {
    case .answer(let answer):
      (route, variable, caller) = (nil, "", Caller(peer: head.peer, name: nil))
      self.answer = answer
    case .proceed(let route, let variable, let caller):
      (self.route, self.variable, self.caller) = (route, variable, caller)
    }
  }

  /// Takes a piece of the body; `false` if the sender is to be cut off.
  mutating func take(_ piece: UnsafeRawBufferPointer) -> Bool {
    received += piece.count
    if answer == nil, let route {
      if received > route.bodyLimit {
        answer = .tooLarge(route.bodyLimit)
        body = []
      } else {
        body += piece
      }
    }
    return received <= Self.drainLimit
  }

  /// The whole request.
  var request: HTTPRequest {
    HTTPRequest(
      method: head.method, path: head.path, variable: variable, query: head.query,
      languages: head.languages, body: body, caller: caller)
  }
}
