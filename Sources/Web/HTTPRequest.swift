/// A whole request, as the handler of its route sees it.
public struct HTTPRequest: Sendable {
  /// GET, HEAD, POST or DELETE.
  public let method: String

  /// Its path, percent-encoding undone.
  public let path: String

  /// What stands in the path for the variable segment of the route; empty without one.
  public let variable: String

  /// Values of the query, percent-encoding undone; of a name given twice the last.
  public let query: [String: String]

  /// Language tags that the sender reads (Accept-Language); `nil` if it does not say.
  public let languages: String?

  /// The body, at most as long as the route allows.
  public let body: [UInt8]

  /// Who sends it.
  public let caller: Caller
}

/// Takes a request and says, at once or later and from any thread, what is answered; it is called on
/// the server's queue and must not wait there. A second answer is not heard.
public typealias HTTPHandler =
  @Sendable (_ request: HTTPRequest, _ done: @escaping @Sendable (HTTPAnswer) -> Void) -> Void
