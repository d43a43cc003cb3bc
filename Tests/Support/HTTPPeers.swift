import Glibc

/// An answer as it came over the wire.
package struct Reply {
  package let text: String
  package var exit: Int32 = 0

  package init(text: String, exit: Int32 = 0) {
    self.text = text
    self.exit = exit
  }

  /// The status of the last answer, interim ones left out; `nil` if there is none.
  package var status: Int? {
    text.split(separator: "\r\n").last { $0.hasPrefix("HTTP/1.1 ") }.flatMap {
      Int($0.dropFirst(9).prefix(3))
    }
  }

  package var body: String {
    guard let end = text.ranges(of: "\r\n\r\n").last else { return "" }
    return String(text[end.upperBound...])
  }

  package func header(_ name: String) -> String? {
    let start = name.lowercased() + ": "
    return text.split(separator: "\r\n").first { $0.lowercased().hasPrefix(start) }.map {
      String($0.dropFirst(start.count))
    }
  }
}

/// A connection over which a test sends what it likes, when it likes.
package final class RawConnection {
  private let descriptor: Int32

  package init(port: UInt16) {
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
  package func send(_ bytes: [UInt8]) -> Bool {
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
  package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// What comes within `milliseconds`, until `isEnough` or the end; and whether the end came.
  package func receive(
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

  /// Whether the other side closes within `milliseconds`; what it still sends is thrown away.
  package func isClosed(within milliseconds: Int) -> Bool {
    var piece = [UInt8](repeating: 0, count: 65_536)
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(milliseconds)
    while clock.now < end {
      var wish = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&wish, 1, 20) > 0, recv(descriptor, &piece, piece.count, 0) <= 0 { return true }
    }
    return false
  }

  /// Closes so that the other side sees a reset instead of an end.
  package func reset() {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
  }
}
