import Feeds
import Glibc
import Support

/// A feed on a port of the system's choice, with what it receives.
struct Served {
  let feed: HTTPFeed
  let inbox: Inbox

  init(
    _ manner: Inbox.Manner = .accept, _ change: (inout HTTPSettings) -> Void = { _ in }
  ) throws {
    var settings = HTTPSettings()
    settings.requestsPerSecond = 1e6
    settings.burst = 1e6
    // A loaded machine must not turn a test of something else into one of these.
    (settings.silence, settings.deadline, settings.patience) = (120, 120, 120)
    change(&settings)
    inbox = Inbox(manner)
    feed = try HTTPFeed(settings, clock: realUTC, receive: inbox.receiver)
  }

  var url: String { "http://127.0.0.1:\(feed.port)" }

  /// What curl, which shares no code with the feed, gets for `arguments`.
  func curl(
    _ path: String = "/v1/counts", _ arguments: [String] = [], body: String? = nil
  ) throws -> Reply {
    let data = body == nil ? [] : ["--data-binary", "@-"]
    let all = ["-s", "-i", "--max-time", "20", url + path] + arguments + data
    let (status, output) = try Command.run("curl", all, input: Array((body ?? "").utf8))
    return Reply(text: String(decoding: output, as: UTF8.self), exit: status)
  }
}

/// An answer as it came over the wire.
struct Reply {
  let text: String
  var exit: Int32 = 0

  /// The status of the last answer, interim ones left out; `nil` if there is none.
  var status: Int? {
    text.split(separator: "\r\n").last { $0.hasPrefix("HTTP/1.1 ") }.flatMap {
      Int($0.dropFirst(9).prefix(3))
    }
  }

  var body: String {
    guard let end = text.ranges(of: "\r\n\r\n").last else { return "" }
    return String(text[end.upperBound...])
  }

  func header(_ name: String) -> String? {
    let start = name.lowercased() + ": "
    return text.split(separator: "\r\n").first { $0.lowercased().hasPrefix(start) }.map {
      String($0.dropFirst(start.count))
    }
  }
}

/// A connection over which a test sends what it likes, when it likes.
final class RawConnection {
  private let descriptor: Int32

  init(port: UInt16) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
    let isConnected = withUnsafeBytes(of: &address) { bytes in
      bytes.baseAddress.map {
        connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) == 0
      } ?? false
    }
    precondition(isConnected, "a connection to port \(port)")
  }

  deinit { close(descriptor) }

  /// Sends `bytes`; `false` if the other side has closed.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// What comes within `milliseconds`, until `isEnough` or the end; and whether the end came.
  func receive(
    within milliseconds: Int, until isEnough: (String) -> Bool = { _ in false }
  ) -> (text: String, isClosed: Bool) {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(milliseconds)
    while clock.now < end {
      var wish = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&wish, 1, 20) > 0 else { continue }
      let count = recv(descriptor, &piece, piece.count, 0)
      if count <= 0 { return (String(decoding: bytes, as: UTF8.self), true) }
      bytes += piece[..<count]
      if isEnough(String(decoding: bytes, as: UTF8.self)) { break }
    }
    return (String(decoding: bytes, as: UTF8.self), false)
  }

  /// Closes so that the other side sees a reset instead of an end.
  func reset() {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
  }
}

/// The head of a request with a body of `length` bytes.
func head(_ length: Int, keepAlive: Bool = true) -> String {
  "POST /v1/counts HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(length)\r\n"
    + (keepAlive ? "" : "Connection: close\r\n") + "\r\n"
}
