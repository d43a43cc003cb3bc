import Signals
import Testing

@testable import History

@Suite("Epochs")
struct EpochTests {
  let files = TemporaryHistory()

  @Test("Each start gets a higher one, beginning with 1")
  func rising() async throws {
    for expected: UInt32 in 1...3 {
      let writer = try files.writer()
      #expect(try writer.nextEpoch() == expected)
      await writer.closed()
    }
    #expect(try HistoryReader(path: files.path).lastEpoch() == 3)
  }

  @Test("Another connection sees the epoch as soon as it was given out")
  func committed() async throws {
    let writer = try files.writer()
    let epoch = try writer.nextEpoch()
    #expect(try HistoryReader(path: files.path).lastEpoch() == Int64(epoch))
    await writer.closed()
  }

  @Test("It lies above what a cabinet has seen, so a lost history locks nobody out")
  func aboveSeen() async throws {
    let writer = try files.writer()
    #expect(try writer.nextEpoch(above: 41) == 42)
    #expect(try writer.nextEpoch(above: 7) == 43)
    await writer.closed()
  }

  @Test("Two writers of one file never get the same")
  func twoWriters() async throws {
    let first = try files.writer()
    let second = try files.writer()
    let epochs = try (0..<10).map { try ($0 % 2 == 0 ? first : second).nextEpoch() }
    #expect(epochs == Array(1...10))
    await first.closed()
    await second.closed()
  }

  @Test("After the last one there is an error, not a wrap to 0")
  func exhausted() async throws {
    let writer = try files.writer()
    #expect(try writer.nextEpoch(above: .max - 1) == .max)
    let error = #expect(throws: HistoryError.self) { try writer.nextEpoch() }
    #expect(error?.problem == .epochsExhausted)
    await writer.closed()
  }

  @Test("While the database is locked the caller gets the error, and no epoch is skipped")
  func locked() async throws {
    let writer = try files.writer()
    let other = try files.connection()
    try other.execute("BEGIN IMMEDIATE")
    let error = #expect(throws: HistoryError.self) { try writer.nextEpoch() }
    #expect(error?.problem == .locked)
    try other.execute("ROLLBACK")
    #expect(try writer.nextEpoch() == 1)
    await writer.closed()
  }
}
