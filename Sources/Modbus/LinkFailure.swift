/// Why a request brought no answer that can be trusted.
public enum LinkFailure: Error, Sendable, Equatable {
  /// The host is not a numeric IPv4 or IPv6 address; the text is the host.
  case address(String)
  /// No connection could be made; the text is the system's reason.
  case refused(String)
  /// The connection, or the whole reply, did not come within the deadline.
  case timedOut
  /// The peer, or `close()`, ended the connection before the reply was whole.
  case closed
  /// The peer's bytes are no answer to the request; the text says what is wrong with them.
  case malformed(String)
  /// The peer refused the request with this exception code (see `ModbusException`).
  case exception(UInt8)
  /// Another request of the same client has not ended yet.
  case busy
  /// This machine has no descriptor or no memory left for the connection; the text is its reason.
  case system(String)
}

extension LinkFailure {
  /// Whether the peer may have carried the request out although no answer came. A write that ended
  /// so has an unknown outcome: read before writing again.
  public var leavesOutcomeUnknown: Bool {
    switch self {
    case .timedOut, .closed, .malformed, .system: true
    case .address, .refused, .exception, .busy: false
    }
  }
}

extension LinkFailure: CustomStringConvertible {
  /// The failure in words; the caller puts in front which cabinet it is.
  public var description: String {
    switch self {
    case .address(let host):
      "'\(host)' is not an address: write a numeric IPv4 or IPv6 address, such as 10.20.0.17"
    case .refused(let reason): "no connection: \(reason)"
    case .timedOut: "no answer within the deadline"
    case .closed: "the connection was closed before the answer was whole"
    case .malformed(let what): "the answer is not Modbus or not to this request: \(what)"
    case .exception(let code):
      if let known = ModbusException(rawValue: code) {
        "the cabinet refused: \(known) (exception \(code))"
      } else {
        "the cabinet refused with the unknown exception \(code)"
      }
    case .busy: "the request before it has not ended yet"
    case .system(let reason): "this machine cannot serve the connection: \(reason)"
    }
  }
}
