import Glibc
import Signals
import Testing

@testable import History

@Suite("Trouble with the disk or the lock stops nobody and passes by itself")
struct TroubleTests {
  let files = TemporaryHistory()
  let log = Gathered<HistoryReport>()

  private func ticks() throws -> [Int64] {
    try HistoryReader(path: files.path).decisions(in: Events.always("J001"), limit: .max)
      .map(\.tick)
  }

  private func failures() -> [HistoryError] {
    log.all.compactMap { if case .failed(let error, _, _, _) = $0 { error } else { nil } }
  }

  /// For each recovery, how many records had waited for it.
  private func recoveries() -> [Int] {
    log.all.compactMap { if case .recovered(_, let waited) = $0 { waited } else { nil } }
  }

  @Test("While another program holds the lock records wait; then all of them are written, in order")
  func locked() async throws {
    let writer = try files.writer(log: log)
    let other = try files.connection()
    try other.execute("BEGIN IMMEDIATE")
    let outcomes = Gathered<HistoryOutcome>()
    for tick in 0..<500 {
      writer.append([.decision(Events.decision(Int64(tick)))]) { outcomes.add($0) }
    }
    #expect(await eventually { failures().count >= 3 })
    #expect(failures().allSatisfy { $0.problem == .locked })
    #expect(writer.status.trouble?.problem == .locked)
    #expect(writer.status.waiting == 500)
    #expect(outcomes.all.isEmpty, "nothing is called committed before it is")

    try other.execute("ROLLBACK")
    #expect(await eventually { writer.status.waiting == 0 })
    #expect(writer.status.trouble == nil)
    #expect(writer.status.committed == 500)
    #expect(await eventually { outcomes.all.count == 500 })
    #expect(outcomes.all.allSatisfy { $0 == .committed })
    #expect(recoveries() == [500])
    #expect(try ticks() == Array(0..<500))
    await writer.closed()
  }

  @Test("After trouble has passed, records that nobody waits for are written too")
  func afterTrouble() async throws {
    let writer = try files.writer(log: log)
    let other = try files.connection()
    try other.execute("BEGIN IMMEDIATE")
    writer.append(.decision(Events.decision(0)))
    #expect(await eventually { failures().count >= 2 })
    for tick in 1..<50 { writer.append(.decision(Events.decision(Int64(tick)))) }
    try other.execute("ROLLBACK")
    #expect(await eventually { writer.status.committed == 50 })
    writer.append(.decision(Events.decision(50)))
    #expect(await eventually { writer.status.committed == 51 })
    await writer.closed()
  }

  @Test("A full disk is reported; when there is room again everything is written")
  func full() async throws {
    var options = HistoryOptions.quick
    options.pageLimit = 60
    let writer = try files.writer(options, log: log)
    let body = String(repeating: "x", count: 2000)
    for tick in 0..<400 { writer.append(.decision(Events.decision(Int64(tick), body: body))) }
    #expect(await eventually { failures().count >= 2 })
    #expect(failures().allSatisfy { $0.problem == .diskFull })
    #expect(failures().first?.description.contains("free space") == true)
    #expect(writer.status.committed + writer.status.waiting == 400)
    writer.setPageLimit(100_000)
    #expect(await eventually { writer.status.committed == 400 })
    await writer.closed()
    #expect(try ticks() == Array(0..<400))
  }

  @Test("A file system that is really full", .enabled(if: SmallDisk.isAllowed))
  func smallDisk() async throws {
    let disk = try #require(SmallDisk())
    let path = "\(disk.directory)/history.db"
    let log = log
    let writer = try HistoryWriter(path: path, options: .quick) { log.add($0) }
    #expect(await writer.commit([.decision(Events.decision(0))]) == .committed)
    disk.fill()
    for tick in 1..<200 {
      writer.append(
        .decision(Events.decision(Int64(tick), body: String(repeating: "x", count: 999))))
    }
    #expect(await eventually { failures().count >= 2 })
    #expect(failures().allSatisfy { $0.problem == .diskFull || $0.problem == .inputOutput })
    let reader = try? HistoryReader(path: path)
    #expect(try reader?.decisions(in: Events.always("J001"), limit: 9).first?.tick == 0)
    disk.makeRoom()
    #expect(await eventually { writer.status.committed == 200 })
    await writer.closed()
    let read = try HistoryReader(path: path).decisions(in: Events.always("J001"), limit: .max)
    #expect(read.map(\.tick) == Array(0..<200))
  }

  @Test("What does not fit into memory is refused at once, counted and reported in one line")
  func overflow() async throws {
    var options = HistoryOptions.quick
    options.recordLimit = 100
    let writer = try files.writer(options, log: log)
    let other = try files.connection()
    try other.execute("BEGIN IMMEDIATE")
    for tick in 0..<350 { writer.append(.decision(Events.decision(Int64(tick)))) }
    let outcome = await writer.commit([.decision(Events.decision(999))])
    guard case .lost(let error) = outcome else { return #expect(Bool(false), "\(outcome)") }
    #expect(error.problem == .overflow)
    #expect(writer.status.lost == 251)
    #expect(writer.status.waiting == 100)
    #expect(await eventually { lost() == [251] })
    try other.execute("ROLLBACK")
    #expect(await eventually { writer.status.committed == 100 })
    #expect(try ticks() == Array(0..<100), "the records that came first are kept")
    #expect(await writer.commit([.decision(Events.decision(1000))]) == .committed)
    await writer.closed()
  }

  private func lost() -> [Int] {
    log.all.compactMap { if case .lost(let records, _) = $0 { records } else { nil } }
  }

  @Test("The bound counts bytes too, and a group is taken whole or not at all")
  func byteBound() async throws {
    var options = HistoryOptions.quick
    options.byteLimit = 9_500
    let writer = try files.writer(options, log: log)
    let large = HistoryEvent.decision(
      Events.decision(1, body: String(repeating: "x", count: 9_000)))
    let small = HistoryEvent.decision(Events.decision(2))
    guard case .lost = await writer.commit([small, large, small]) else {
      Issue.record("a group beyond the bound was taken")
      return
    }
    #expect(writer.status.waitingBytes == 0)
    #expect(await writer.commit([large]) == .committed)
    await writer.closed()
    #expect(try ticks() == [1])
  }

  @Test("Records that do not fit are left out and named; those beside them are written")
  func misfits() async throws {
    let writer = try files.writer(log: log)
    let twice = HistoryEvent.plan(Events.plan(1))
    let orphan = HistoryEvent.receipt(Events.receipt(7, .running))
    let outcomes = Gathered<HistoryOutcome>()
    writer.append([twice]) { outcomes.add($0) }
    writer.append([.decision(Events.decision(1)), twice, orphan]) { outcomes.add($0) }
    writer.append([.decision(Events.decision(2))]) { outcomes.add($0) }
    await writer.closed()
    let results = outcomes.all
    #expect(results.count == 3)
    #expect(results.first == .committed)
    #expect(results.last == .committed)
    guard case .lost(let error) = results[1] else { return #expect(Bool(false), "\(results)") }
    #expect(error.problem == .misfit)
    #expect(writer.status.misfits == 2)
    #expect(writer.status.committed == 3)
    let told = log.all.map(\.description)
    #expect(told.contains { $0.contains("UNIQUE constraint failed: plans.intersection") })
    #expect(told.contains { $0.contains("receipt for plan 3/7, which is not recorded") })
    #expect(try ticks() == [1, 2])
  }

  @Test("A file that is moved away is noticed; the rest goes into a new one, with a higher epoch")
  func moved() async throws {
    let writer = try files.writer(log: log)
    let epoch = try writer.nextEpoch(above: 70)
    #expect(await writer.commit([.decision(Events.decision(1))]) == .committed)
    #expect(rename(files.path, "\(files.directory)/moved.db") == 0)
    #expect(await writer.commit([.decision(Events.decision(2))]) == .committed)
    #expect(failures().map(\.problem) == [.removed])
    #expect(try ticks() == [2])
    #expect(try writer.nextEpoch() > epoch)
    await writer.closed()
  }

  @Test("Closing twice, and records after closing, are harmless and told")
  func afterClosing() async throws {
    let writer = try files.writer(log: log)
    writer.append(.decision(Events.decision(1)))
    #expect(await writer.closed() == .complete)
    #expect(await writer.closed() == .complete)
    guard case .lost(let error) = await writer.commit([.decision(Events.decision(2))]) else {
      Issue.record("committed after closing")
      return
    }
    #expect(error.problem == .closed)
    #expect(writer.status.lost == 1)
    #expect(try ticks() == [1])
    #expect(
      bytes(of: "\(files.path)-wal").isEmpty, "the log was moved into the database")
  }

  @Test("Closing while the database is locked ends with what was lost, and tells those who wait")
  func closingInTrouble() async throws {
    let writer = try files.writer(log: log)
    let other = try files.connection()
    try other.execute("BEGIN IMMEDIATE")
    let outcomes = Gathered<HistoryOutcome>()
    writer.append([.decision(Events.decision(1)), .decision(Events.decision(2))]) {
      outcomes.add($0)
    }
    let closing = await writer.closed()
    guard case .incomplete(let error, let records) = closing else {
      return #expect(Bool(false), "\(closing)")
    }
    #expect(error.problem == .locked)
    #expect(records == 2)
    #expect(outcomes.all == [.lost(error)])
    #expect(writer.status.lost == 2)
    try other.execute("ROLLBACK")
  }
}
