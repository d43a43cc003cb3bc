import Dispatch
import Glibc
import Signals
import Testing

@testable import History

@Suite("kill -9 at any moment", .serialized)
struct KillTests {
  let files = TemporaryHistory()

  @Test("leaves a sound file with everything that was reported as committed")
  func committedStays() async throws {
    var random = SeededGenerator(seed: 9)
    var lastEpoch: Int64 = 0
    for _ in 0..<8 {
      let microseconds = Int.random(in: 500...150_000, using: &random)
      let path = files.path
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, microseconds = microseconds as Int] in
        try Doomed.write(to: path, killAfterMicroseconds: microseconds)
      }
      // The child may have died before the file was there.
      guard !bytes(of: path).isEmpty else { continue }
      let writer = try files.writer()
      let epoch = Int64(try writer.nextEpoch())
      #expect(epoch > lastEpoch)
      lastEpoch = epoch
      await writer.closed()
      #expect(try files.connection().text("PRAGMA integrity_check") == "ok")
      #expect(try files.connection().integer("SELECT count(*) FROM pragma_foreign_key_check") == 0)
      try checkJournal()
    }
    #expect(!Doomed.committed(path: files.path).isEmpty, "no child lived long enough to commit")
  }

  /// Each child reports under its own epoch: what it saw committed is there, and so is everything
  /// before it, for records are written in order.
  private func checkJournal() throws {
    let decisions = try HistoryReader(path: files.path)
      .decisions(in: Events.always("J001"), limit: .max)
    for (epoch, tick) in Doomed.committed(path: files.path) {
      let ticks = decisions.filter { $0.epoch == epoch }.map(\.tick)
      #expect(ticks == Array(0..<Int64(ticks.count)), "a record is missing or twice")
      #expect(ticks.count > tick, "epoch \(epoch): tick \(tick) was called committed")
    }
  }

  @Test("loses at most the last second of records that nobody waited for")
  func lastSecond() async throws {
    let path = files.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      try Doomed.tick(to: path)
    }
    let ticks = try HistoryReader(path: path).decisions(in: Events.always("J001"), limit: .max)
      .map(\.tick)
    let last = Doomed.committed(path: path).last?.tick ?? -1
    #expect(last > 100, "the child wrote")
    // A tick was appended each 10 ms; those of the last second may be lost.
    #expect(Int64(ticks.count) >= last - 100)
    #expect(ticks == Array(0..<Int64(ticks.count)))
  }
}

/// What the child processes do until they are killed.
enum Doomed {
  /// Writes records as fast as they are committed, noting each commit that was reported, until the
  /// process kills itself.
  static func write(to path: String, killAfterMicroseconds microseconds: Int) throws {
    DispatchQueue.global().asyncAfter(deadline: .now() + .microseconds(microseconds)) {
      kill(getpid(), SIGKILL)
    }
    let writer = try HistoryWriter(path: path) { _ in }
    let epoch = try writer.nextEpoch()
    let journal = open("\(path).committed", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    var random = SeededGenerator(seed: UInt64(microseconds))
    var tick: Int64 = 0
    while true {
      let size = Int64.random(in: 1...40, using: &random)
      let last = tick + size - 1
      let committed = DispatchSemaphore(value: 0)
      writer.append((tick...last).map { decision($0, epoch: epoch, &random) }) { outcome in
        if outcome == .committed { note(epoch, last, in: journal) }
        committed.signal()
      }
      committed.wait()
      tick += size
    }
  }

  /// Appends a record each 10 ms for 2.5 s, noting each, and dies.
  static func tick(to path: String) throws {
    let writer = try HistoryWriter(path: path) { _ in }
    let journal = open("\(path).committed", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    var random = SeededGenerator(seed: 1)
    for tick: Int64 in 0..<250 {
      writer.append(decision(tick, epoch: 1, &random))
      note(1, tick, in: journal)
      usleep(10_000)
    }
    kill(getpid(), SIGKILL)
  }

  private static func decision(
    _ tick: Int64, epoch: UInt32, _ random: inout SeededGenerator
  ) -> HistoryEvent {
    let body = String(repeating: "b", count: Int.random(in: 0...3000, using: &random))
    return .decision(
      RecordedDecision(
        intersection: "J001", at: Events.moment(tick), epoch: epoch, tick: tick, level: .isolated,
        body: body))
  }

  /// One line, written by one call so that it is there whole or not at all.
  private static func note(_ epoch: UInt32, _ tick: Int64, in journal: Int32) {
    let line = Array("\(epoch) \(tick)\n".utf8)
    _ = Glibc.write(journal, line, line.count)
  }

  /// The notes of all children so far.
  static func committed(path: String) -> [(epoch: UInt32, tick: Int64)] {
    String(decoding: bytes(of: "\(path).committed"), as: UTF8.self).split(separator: "\n")
      .compactMap { line in
        let parts = line.split(separator: " ")
        guard parts.count == 2, let epoch = UInt32(parts[0]), let tick = Int64(parts[1]) else {
          return nil
        }
        return (epoch, tick)
      }
  }
}
