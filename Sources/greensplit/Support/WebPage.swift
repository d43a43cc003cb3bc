import Glibc

/// A page of the daemon over HTTP/1.0: by hand, since one request and its end are all there is to it.
enum WebPage {
  /// Longest page, bytes: ten thousand links are five million.
  private static let limit = 1 << 26

  /// What `GET path` brings from `address`, with `token` if there is one.
  static func get(_ path: String, at address: SocketText, token: String?) throws -> String {
    let socket = try connect(address)
    defer { close(socket) }
    var request = "GET \(path) HTTP/1.0\r\nHost: \(address.host)\r\n"
    if let token { request += "Authorization: Bearer \(token)\r\n" }
    let bytes = Array((request + "\r\n").utf8)
    guard send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw Failure("\(address.host) port \(address.port): \(String(cString: strerror(errno)))")
    }
    return try body(of: try readToEnd(socket, address), from: address)
  }

  private static func connect(_ address: SocketText) throws -> Int32 {
    var hints = addrinfo()
    // A number, not a name: asking for the daemon's links must not wait for a name server.
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address.host, String(address.port), &hints, &found) == 0, let found else {
      throw Failure("\(address.host) is no numeric address", status: .usage)
    }
    defer { freeaddrinfo(found) }
    let made = socket(
      found.pointee.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(made, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    guard made >= 0, Glibc.connect(made, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0
    else {
      let reason = String(cString: strerror(errno))
      if made >= 0 { close(made) }
      throw Failure(
        "no daemon at \(address.host) port \(address.port): \(reason); it listens where --http says"
      )
    }
    return made
  }

  private static func readToEnd(_ socket: Int32, _ address: SocketText) throws -> [UInt8] {
    var content: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(socket, &piece, piece.count, 0)
      if count == 0 { return content }
      guard count > 0, content.count < limit else {
        throw Failure("\(address.host) port \(address.port): its answer does not come to an end")
      }
      content += piece[..<count]
    }
  }

  private static func body(of answer: [UInt8], from address: SocketText) throws -> String {
    let text = String(decoding: answer, as: UTF8.self)
    let status = text.split(separator: " ", maxSplits: 2).dropFirst().first.map(String.init)
    guard let end = text.firstRange(of: "\r\n\r\n"), let status else {
      throw Failure("\(address.host) port \(address.port) does not speak HTTP")
    }
    let body = String(text[end.upperBound...])
    switch status {
    case "200": return body
    case "401": throw Failure("the daemon wants its token: name it with --token-file")
    case "404": throw Failure("what listens there tells nothing of cabinets: is it greensplit run?")
    default: throw Failure("the daemon answered \(status): \(body)")
    }
  }
}
