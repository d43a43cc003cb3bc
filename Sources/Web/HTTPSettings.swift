/// Where the HTTP server listens, and whom it believes.
public struct HTTPSettings: Sendable, Hashable {
  /// Numeric IPv4 or IPv6 address to listen on.
  public var address = "127.0.0.1"

  /// TCP port; 0 lets the system choose one.
  public var port: UInt16 = 0

  /// File that holds the bearer token with which counts are sent and all is read; may be `nil` on a
  /// loopback address, where senders have certificates, or with `access`.
  public var tokenFile: String?

  /// Files with our certificate and its key, PEM; with them, senders must speak TLS.
  public var certificate: String?
  /// See `certificate`.
  public var key: String?

  /// File with the certificates that those of senders must be signed by; with it, a sender without
  /// one is refused.
  public var senderAuthority: String?

  /// Tokens of persons and programs, each with its role.
  public var access: [AccessToken] = []

  /// Largest body of counts, bytes.
  public var bodyLimit = 65_536

  /// Most connections at once; more wait to be accepted.
  public var connections = 256

  /// Silence after which a connection is closed, s.
  public var silence = 10

  /// Longest time for a request to arrive as a whole, s: a sender may be slow, but not for ever.
  public var deadline = 30.0

  /// Longest time for a handler to answer, s; then the sender is told to come again.
  public var patience = 10.0

  /// Requests a second of one address.
  public var requestsPerSecond = 100.0

  /// Requests at once of one address, when it has been silent.
  public var burst = 200.0

  /// Loopback, a port that the system chooses, no token.
  public init() {}
}

/// Why nobody can be answered over HTTP.
public enum HTTPServerError: Error, Sendable, Hashable {
  /// The address is a name or no address at all.
  case notNumeric(address: String)
  /// An address that others can reach needs a token.
  case tokenNeeded(address: String)
  /// The token cannot be used.
  case tokenFile(path: String, reason: String)
  /// A certificate or key cannot be used.
  case certificates(path: String, reason: String)
  /// The system does not let us listen.
  case cannotListen(address: String, port: UInt16, reason: String)
}

extension HTTPServerError: CustomStringConvertible {
  /// For the person who must act.
  public var description: String {
    switch self {
    case .notNumeric(let address):
      "\(address): is no numeric address; write one such as 127.0.0.1 or ::1"
    case .tokenNeeded(let address):
      "\(address): can be reached by others; name a token file or the authority of the senders' "
        + "certificates, or listen on 127.0.0.1"
    case .tokenFile(let path, let reason): "\(path): the token file \(reason)"
    case .certificates(let path, let reason): "\(path): cannot be used for TLS: \(reason)"
    case .cannotListen(let address, let port, let reason):
      "\(address) port \(port): cannot listen: \(reason)"
    }
  }
}
