import Counts
import Dispatch
import Feeds
import Glibc
import History
import Locking
import Signals
import Web

extension FeedBench {
  /// The parser alone, over lines in memory.
  static func parse(_ lines: [UInt8]) -> Outcome {
    measure {
      var reader = CountLineReader()
      var records = 0
      for begin in stride(from: 0, to: lines.count, by: 65_536) {
        let piece = lines[begin..<min(begin + 65_536, lines.count)]
        records += reader.consume(piece).records.count
      }
      return (records + reader.finish().records.count, 0)
    }
  }

  /// From a file.
  static func file(_ path: String, expecting records: Int) throws -> Outcome {
    try measure {
      let sink = Sink()
      try StreamFeed(path: path).start(receive: sink.receiver)
      sink.wait(for: records)
      return (sink.records, 0)
    }
  }

  /// Over HTTP from `senders` connections, in bodies of at most 64 KiB; every answer is read before the
  /// next body is sent, and only what was answered with 200 counts.
  static func http(
    _ lines: [UInt8], senders: Int, receive: CountReceiver? = nil
  ) throws -> Outcome {
    var settings = HTTPSettings()
    (settings.requestsPerSecond, settings.burst) = (1e6, 1e6)
    let sink = Sink()
    let feed = try HTTPServer(
      settings,
      routes: CountRoutes.routes(
        bodyLimit: settings.bodyLimit, cameras: [], clock: { UTC(milliseconds: 0) },
        receive: receive ?? sink.receiver))
    defer { feed.stop() }
    let bodies = bodies(of: lines)
    let port = feed.port
    return measure {
      let sums = (0..<senders).map { _ in Guarded(Sent()) }
      let group = DispatchGroup()
      for sender in 0..<senders {
        let own = stride(from: sender, to: bodies.count, by: senders).map { bodies[$0] }
        let sum = sums[sender]
        DispatchQueue(label: "sender \(sender)").async(group: group) {
          let before = threadProcessorTime()
          let taken = HTTPSender(port: port)?.send(own.map { lines[$0] }) ?? 0
          sum.withLock { $0 = Sent(records: taken, time: threadProcessorTime() - before) }
        }
      }
      group.wait()
      let all = sums.map { $0.withLock { $0 } }
      return (all.reduce(0) { $0 + $1.records }, all.reduce(0) { $0 + $1.time })
    }
  }

  private struct Sent: Sendable {
    var records = 0
    var time = 0.0
  }

  /// Over HTTP, answered when the records are in a history at `path`.
  static func httpToHistory(_ lines: [UInt8], senders: Int, path: String) throws -> Outcome {
    let history = try HistoryWriter(path: path) { complain($0.description) }
    let outcome = try http(lines, senders: senders) { batch, done in
      let received = UTC(milliseconds: 0)
      let events = batch.records.map { record in
        HistoryEvent.count(
          RecordedCount(
            intersection: String(record.detector.prefix { $0 != "." }), detector: record.detector,
            start: record.start, end: record.end, received: received, line: record.line))
      }
      history.append(events) { outcome in
        if case .committed = outcome { done(.accepted) } else { done(.overloaded) }
      }
    }
    let group = DispatchGroup()
    group.enter()
    history.close { _ in group.leave() }
    group.wait()
    return outcome
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

/// A connection that sends one body after the other.
private struct HTTPSender {
  private let descriptor: Int32

  init?(port: UInt16) {
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

  /// Sends `bodies` and closes.
  ///
  /// - Returns: Records in those that were answered with 200.
  func send(_ bodies: [ArraySlice<UInt8>]) -> Int {
    defer { close(descriptor) }
    var records = 0
    for body in bodies {
      let head =
        "POST /v1/counts HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\n\r\n"
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
    return answer.starts(with: Array("HTTP/1.1 200".utf8))
  }
}
