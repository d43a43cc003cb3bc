import Dispatch
import Glibc
import Locking
import Web

extension FeedBench {
  /// Sends `lines` to `port` of this machine on `senders` connections, in bodies of at most 64 KiB; every
  /// answer is read before the next body is sent.
  ///
  /// - Returns: Records in bodies that were answered with 200, and processor time of the senders, s. A
  ///   connection that is answered otherwise ends.
  static func post(
    _ lines: [UInt8], senders: Int, to port: UInt16, token: String? = nil
  ) -> (records: Int, senders: Double) {
    let bodies = bodies(of: lines)
    let next = Guarded(0)
    let sum = Guarded((records: 0, senders: 0.0))
    let group = DispatchGroup()
    for sender in 0..<senders {
      DispatchQueue(label: "sender \(sender)").async(group: group) {
        let before = threadProcessorTime()
        let taken = HTTPSender(port: port, token: token)?.send {
          let body = next.withLock { next in
            defer { next += 1 }
            return next
          }
          return bodies.indices.contains(body) ? lines[bodies[body]] : nil
        }
        let time = threadProcessorTime() - before
        sum.withLock { $0 = ($0.records + (taken ?? 0), $0.senders + time) }
      }
    }
    group.wait()
    return sum.withLock { $0 }
  }

  /// Pieces of whole lines, each at most a body's limit.
  private static func bodies(of lines: [UInt8]) -> [Range<Int>] {
    var bodies: [Range<Int>] = []
    var begin = 0
    while begin < lines.count {
      let limit = min(begin + HTTPSettings().bodyLimit, lines.count)
      let end = lines[begin..<limit].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? limit
      bodies.append(begin..<end)
      begin = end
    }
    return bodies
  }
}

/// A connection that sends one body after the other. By hand, so that senders take little of the machine on
/// which the receiver is measured.
struct HTTPSender {
  private let descriptor: Int32
  private let authorization: String

  init?(port: UInt16, token: String?) {
    authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let descriptor = descriptor
    let code = withUnsafeBytes(of: &address) { bytes in
      bytes.baseAddress.map {
        connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
      }
    }
    guard code == 0 else {
      close(descriptor)
      return nil
    }
  }

  /// Sends what `next` gives until that is `nil`, and closes.
  ///
  /// - Returns: Records in bodies that were answered with 200.
  func send(_ next: () -> ArraySlice<UInt8>?) -> Int {
    defer { close(descriptor) }
    var records = 0
    while let body = next() {
      let head =
        "POST /v1/counts HTTP/1.1\r\nHost: localhost\r\n\(authorization)"
        + "Content-Length: \(body.count)\r\n\r\n"
      guard write(Array(head.utf8) + body), isTaken() else { return records }
      records += body.count { $0 == UInt8(ascii: "\n") }
    }
    return records
  }

  private func write(_ bytes: [UInt8]) -> Bool {
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

  /// Reads one answer, whose body is a short line.
  private func isTaken() -> Bool {
    var answer: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    let end = Array("}\n".utf8)
    while answer.suffix(2) != end[...] {
      let count = recv(descriptor, &piece, piece.count, 0)
      guard count > 0 else { return false }
      answer += piece[..<count]
    }
    if answer.starts(with: Array("HTTP/1.1 200".utf8)) { return true }
    complain("answered: \(String(decoding: answer, as: UTF8.self))")
    return false
  }
}
