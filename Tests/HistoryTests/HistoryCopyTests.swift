import Glibc
import Locking
import Signals
import Testing

@testable import History

@Suite("Copies of a history")
struct HistoryCopyTests {
  let files = TemporaryHistory()
  var copy: String { "\(files.directory)/copy.db" }

  private static let body = String(repeating: "b", count: 2000)

  /// A history of `count` decisions, 2 KB each.
  private func writer(_ count: Int64) async throws -> HistoryWriter {
    let writer = try files.writer()
    _ = try writer.nextEpoch()
    _ = await writer.commit(
      (0..<count).map { .decision(Events.decision($0, body: Self.body)) })
    return writer
  }

  private func ticks(in path: String) throws -> [Int64] {
    try HistoryReader(path: path).decisions(in: Events.always("J001"), limit: .max).map(\.tick)
  }

  @Test("are of one moment, and do not begin anew nor make the writer wait while records come in")
  func whileRunning() async throws {
    let writer = try await writer(3000)
    let commits = Gathered<HistoryOutcome>()
    var shares: [Double] = []
    var committedAt: [Int] = []
    let summary = try HistoryCopy.make(of: files.path, at: copy) { progress in
      guard case .copying(let share) = progress else { return }
      let next = Int64(3000 + shares.count)
      writer.append([.decision(Events.decision(next, body: Self.body))]) { commits.add($0) }
      // A commit in the middle of the copy: it ends before the next step begins.
      let began = ContinuousClock.now
      while commits.all.count <= shares.count, .now - began < .seconds(20) { usleep(1000) }
      shares.append(share)
      committedAt.append(commits.all.count)
    }
    await writer.closed()
    #expect(shares.count >= 5)
    #expect(shares == shares.sorted())
    #expect(committedAt == Array(1...shares.count), "the writer waited for the copy")
    #expect(commits.all.allSatisfy { $0 == .committed })
    #expect(try ticks(in: copy) == Array(0..<3000))
    #expect(try ticks(in: files.path).count == 3000 + shares.count)
    #expect(summary.schema == Schema.version)
    #expect(summary.bytes == Int64(bytes(of: copy).count))
    #expect(summary.junctions == 1)
    #expect(summary.epoch == 1)
    #expect(summary.newest == Events.moment(2999).utc)
  }

  @Test("are one file that only its owner can read, and take the place of an older copy")
  func oneFile() async throws {
    let writer = try await writer(10)
    for _ in 0..<2 { _ = try HistoryCopy.make(of: files.path, at: copy) }
    #expect(
      TemporaryHistory.names(in: files.directory).filter { $0.hasPrefix("copy") } == ["copy.db"])
    var status = stat()
    #expect(stat(copy, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    await writer.closed()
    #expect(try HistorySummary(checking: copy).schema == Schema.version)
  }

  @Test("never take the place of anything else")
  func occupied() async throws {
    let writer = try await writer(1)
    write(Array("important\n".utf8), to: copy)
    var place = copy
    #expect(throws: HistoryError(.isOccupied, path: copy)) {
      try HistoryCopy.make(of: files.path, at: place)
    }
    #expect(bytes(of: copy) == Array("important\n".utf8))
    place = files.path
    #expect { try HistoryCopy.make(of: files.path, at: place) } throws: { error in
      (error as? HistoryError)?.problem == .isOccupied
    }
    #expect { try HistoryCopy.make(of: "\(files.directory)/none", at: copy + "2") } throws: {
      error in
      (error as? HistoryError)?.problem == .cannotOpen
    }
    await writer.closed()
  }

  @Test("to the same place are made one at a time")
  func twice() async throws {
    let writer = try await writer(1000)
    var second: HistoryError?
    _ = try HistoryCopy.make(of: files.path, at: copy) { progress in
      guard progress == .checking else { return }
      do throws(HistoryError) { _ = try HistoryCopy.make(of: files.path, at: copy) } catch {
        second = error
      }
    }
    await writer.closed()
    #expect(second?.problem == .copying)
    #expect(try ticks(in: copy) == Array(0..<1000))
  }

  @Test("that are cut short by kill -9 leave the copy before, and the next goes on")
  func killed() async throws {
    let writer = try await writer(2000)
    _ = try HistoryCopy.make(of: files.path, at: copy)
    _ = await writer.commit([.decision(Events.decision(2000, body: Self.body))])
    let before = bytes(of: copy)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = files.path as String, copy = copy as String] in
      _ = try HistoryCopy.make(of: path, at: copy) { progress in
        if case .copying(let share) = progress, share > 0.4 { kill(getpid(), SIGKILL) }
      }
    }
    #expect(bytes(of: copy) == before)
    _ = try HistoryCopy.make(of: files.path, at: copy)
    #expect(try ticks(in: copy) == Array(0...2000))
    #expect(!TemporaryHistory.names(in: files.directory).contains { $0.contains(".new") })
    await writer.closed()
  }

  @Test("for which there is no room are not begun; a disk that fills up leaves nothing behind")
  func fullDisk() async throws {
    guard let disk = SmallDisk() else { return }
    let writer = try await writer(90)
    let place = "\(disk.directory)/copy.db"
    // Half a page fits none of the steps after the first.
    #expect {
      try HistoryCopy.make(of: files.path, at: place, pages: 10) { _ in disk.fill() }
    } throws: { error in
      (error as? HistoryError)?.problem == .diskFull
    }
    #expect(TemporaryHistory.names(in: disk.directory) == ["filler"])
    #expect { try HistoryCopy.make(of: files.path, at: place) } throws: { error in
      guard case .noRoom(let needed, let free) = (error as? HistoryError)?.problem else {
        return false
      }
      return needed > 180_000 && free == 0
    }
    #expect(TemporaryHistory.names(in: disk.directory) == ["filler"])
    disk.makeRoom()
    _ = try HistoryCopy.make(of: files.path, at: place)
    #expect(try ticks(in: place) == Array(0..<90))
    await writer.closed()
    unlink(place)
  }
}
