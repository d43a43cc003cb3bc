import Glibc
import Signals
import Testing

@testable import History

@Suite("Copies that are restored")
struct HistoryRestoreTests {
  let files = TemporaryHistory()
  var copy: String { "\(files.directory)/copy.db" }

  /// A closed history with decisions `0..<count` that has given out `epochs` epochs.
  private func history(_ count: Int64, epochs: Int = 1) async throws {
    let writer = try files.writer()
    for _ in 0..<epochs { _ = try writer.nextEpoch() }
    _ = await writer.commit((0..<count).map { .decision(Events.decision($0)) })
    await writer.closed()
  }

  private func ticks(in path: String) throws -> [Int64] {
    try HistoryReader(path: path).decisions(in: Events.always("J001"), limit: .max).map(\.tick)
  }

  private func restore() throws(HistoryError) -> HistoryRestore.Result {
    try HistoryRestore.restore(copy, to: files.path, stamp: "then")
  }

  private var names: [String] { TemporaryHistory.names(in: files.directory).sorted() }

  @Test("take the place of the history, which is kept; its epoch does not go back")
  func restored() async throws {
    try await history(3)
    _ = try HistoryCopy.make(of: files.path, at: copy)
    try await history(0, epochs: 4)
    let result = try restore()
    let kept = files.path + ".replaced-then"
    #expect(result.kept == kept)
    #expect(result.knowsEpoch)
    #expect(result.history.epoch == 5)
    #expect(names == ["copy.db", "history.db", "history.db.replaced-then"])
    #expect(try ticks(in: files.path) == [0, 1, 2])
    #expect(try HistoryReader(path: kept).lastEpoch() == 5)
    let next = try files.writer()
    #expect(try next.nextEpoch() == 6)
    await next.closed()
  }

  @Test("are refused while a program has the history open, and nothing changes")
  func inUse() async throws {
    try await history(3)
    _ = try HistoryCopy.make(of: files.path, at: copy)
    let daemon = try files.writer()
    _ = await daemon.commit([.decision(Events.decision(3))])
    let before = names
    #expect(throws: HistoryError(.inUse, path: files.path)) { try restore() }
    #expect(names == before)
    _ = await daemon.commit([.decision(Events.decision(4))])
    await daemon.closed()
    #expect(try ticks(in: files.path) == [0, 1, 2, 3, 4])
    #expect(try restore().kept != nil)
    #expect(try ticks(in: files.path) == [0, 1, 2])
  }

  @Test("are refused, too, if the daemon was started while they were copied")
  func startedMeanwhile() async throws {
    try await history(3)
    _ = try HistoryCopy.make(of: files.path, at: copy)
    var daemon: HistoryWriter?
    #expect(throws: HistoryError(.inUse, path: files.path)) {
      try HistoryRestore.restore(copy, to: files.path, stamp: "then") { progress in
        guard progress == .checking else { return }
        daemon = try? files.writer()
        _ = try? daemon?.nextEpoch()
      }
    }
    #expect(await daemon?.commit([.decision(Events.decision(3))]) == .committed)
    await daemon?.closed()
    #expect(try ticks(in: files.path) == [0, 1, 2, 3])
  }

  @Test("that are half, spoiled or something else are refused, and nothing changes")
  func damaged() async throws {
    try await history(400)
    _ = try HistoryCopy.make(of: files.path, at: copy)
    let whole = bytes(of: copy)
    var spoiled = whole
    let middle = whole.count / 2
    spoiled.replaceSubrange(middle..<middle + 4096, with: [UInt8](repeating: 0xAA, count: 4096))
    let before = bytes(of: files.path)
    for (wrong, problem) in [
      (Array(whole[..<middle]), HistoryError.Problem.corrupt), (spoiled, .corrupt),
      (Array("no database".utf8), .notADatabase), ([], .corrupt),
    ] {
      write(wrong, to: copy)
      #expect { try restore() } throws: { ($0 as? HistoryError)?.problem == problem }
      #expect { try HistorySummary(checking: copy) } throws: {
        ($0 as? HistoryError)?.problem == problem
      }
      #expect(bytes(of: files.path).elementsEqual(before))
      #expect(!names.contains { $0.contains(".new") || $0.contains(".replaced") })
    }
    unlink(copy)
    #expect { try restore() } throws: { ($0 as? HistoryError)?.problem == .cannotOpen }
  }

  @Test("take the place of a damaged history, too, whose log does not come into them")
  func overDamaged() async throws {
    try await history(3)
    _ = try HistoryCopy.make(of: files.path, at: copy)
    write([UInt8](repeating: 0x55, count: 8192), to: files.path)
    write([UInt8](repeating: 0x66, count: 4096), to: files.path + "-wal")
    let result = try restore()
    #expect(!result.knowsEpoch)
    #expect(bytes(of: files.path + ".replaced-then").first == 0x55)
    #expect(bytes(of: files.path + ".replaced-then-wal").first == 0x66)
    #expect(try ticks(in: files.path) == [0, 1, 2])
  }

  @Test("go to a new machine as well, and belong there to whom the folder belongs")
  func nowhere() async throws {
    try await history(3)
    _ = try HistoryCopy.make(of: files.path, at: copy)
    unlink(files.path)
    if geteuid() == 0 { chown(files.directory, 65_534, 65_534) }
    #expect(try restore().kept == nil)
    var status = stat()
    #expect(stat(files.path, &status) == 0)
    #expect(status.st_uid == (geteuid() == 0 ? 65_534 : geteuid()))
    #expect(status.st_mode & 0o777 == 0o600)
    #expect(try ticks(in: files.path) == [0, 1, 2])
  }

  @Test(
    "of before an upgrade take the place of a newer greensplit's history; the way round is refused")
  func versions() async throws {
    try await history(3)
    _ = try HistoryCopy.make(of: files.path, at: copy)
    try files.connection().execute("PRAGMA user_version = 999; UPDATE meta SET value = 70")
    #expect { try files.writer() } throws: { error in
      (error as? HistoryError)?.problem == .newerVersion(found: 999, known: Schema.version)
        && "\(error)".contains("greensplit history restore")
    }
    #expect(try restore().history.epoch == 70)
    #expect(try ticks(in: files.path) == [0, 1, 2])
    #expect(rename(files.path + ".replaced-then", copy) == 0)
    #expect { try restore() } throws: { error in
      (error as? HistoryError)?.problem == .newerVersion(found: 999, known: Schema.version)
    }
  }
}
