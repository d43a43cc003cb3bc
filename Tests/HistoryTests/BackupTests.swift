import Glibc
import Signals
import Testing

@testable import History

@Suite("Backups")
struct BackupTests {
  let files = TemporaryHistory()

  @Test("VACUUM INTO while records come in makes a whole history of some moment")
  func whileRunning() async throws {
    let writer = try files.writer()
    _ = try writer.nextEpoch()
    _ = await writer.commit((0..<2000).map { .decision(Events.decision($0)) })
    for tick: Int64 in 2000..<4000 { writer.append(.decision(Events.decision(tick))) }
    let copy = "\(files.directory)/copy.db"
    try files.connection().execute("VACUUM INTO '\(copy)'")
    await writer.closed()

    let reader = try HistoryReader(path: copy)
    let ticks = try reader.decisions(in: Events.always("J001"), limit: .max).map(\.tick)
    #expect(ticks.count >= 2000)
    #expect(ticks == Array(0..<Int64(ticks.count)))
    #expect(try reader.lastEpoch() == 1)
  }

  @Test("A restored backup is a history to go on with")
  func restored() async throws {
    let writer = try files.writer()
    _ = await writer.commit([.decision(Events.decision(1))])
    let copy = "\(files.directory)/copy.db"
    try files.connection().execute("VACUUM INTO '\(copy)'")
    await writer.closed()
    #expect(rename(copy, files.path) == 0)
    let next = try files.writer()
    #expect(await next.commit([.decision(Events.decision(2))]) == .committed)
    await next.closed()
    let ticks = try HistoryReader(path: files.path)
      .decisions(in: Events.always("J001"), limit: .max).map(\.tick)
    #expect(ticks == [1, 2])
    #expect(try files.connection().text("PRAGMA journal_mode") == "wal")
  }
}
