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
    return measure { post(lines, senders: senders, to: feed.port) }
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
}
