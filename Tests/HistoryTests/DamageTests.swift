import Glibc
import Signals
import Testing

@testable import History

@Suite("Damage while the daemon runs")
struct DamageTests {
  let files = TemporaryHistory()
  let log = Gathered<HistoryReport>()

  private func failures() -> [HistoryError] {
    log.all.compactMap { if case .failed(let error, _, _, _) = $0 { error } else { nil } }
  }

  /// Overwrites all pages that were added to the `pages` of an empty history, which tell whose file it is
  /// and what is in it.
  private func spoil(after pages: Int64) {
    guard let file = fopen(files.path, "r+") else { return }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let kept = Int(pages) * 4096
    let rest = [UInt8](repeating: 0xAA, count: max(0, ftell(file) - kept))
    fseek(file, kept, SEEK_SET)
    fwrite(rest, 1, rest.count, file)
  }

  private func pages() throws -> Int64 { try files.connection().integer("PRAGMA page_count") }

  @Test("A damaged file is reported; once it is moved away the waiting records go into a new one")
  func spoiledWhileOpen() async throws {
    let writer = try files.writer(log: log)
    let empty = try pages()
    let body = String(repeating: "b", count: 500)
    _ = await writer.commit((0..<200).map { .decision(Events.decision($0, body: body)) })
    // With the log moved into the file, and a new connection, the damage is what is read.
    try files.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    await writer.closed()
    spoil(after: empty)

    let next = try files.writer(log: log)
    next.append(.decision(Events.decision(200, body: body)))
    #expect(await eventually { failures().count >= 2 })
    #expect(failures().allSatisfy { $0.problem == .corrupt })
    #expect(failures().first?.description.contains("move it away") == true)
    #expect(next.status.waiting == 1)

    #expect(rename(files.path, "\(files.directory)/damaged.db") == 0)
    #expect(await eventually { next.status.committed == 1 })
    await next.closed()
    let ticks = try HistoryReader(path: files.path)
      .decisions(in: Events.always("J001"), limit: .max).map(\.tick)
    #expect(ticks == [200])
  }

  @Test("A reader of a damaged file gets an error, not nonsense")
  func reading() async throws {
    let writer = try files.writer()
    let empty = try pages()
    _ = await writer.commit((0..<200).map { .decision(Events.decision($0)) })
    await writer.closed()
    spoil(after: empty)
    let reader = try HistoryReader(path: files.path)
    let error = #expect(throws: HistoryError.self) {
      try reader.decisions(in: Events.always("J001"), limit: .max)
    }
    #expect(error?.problem == .corrupt)
  }

  @Test("A write that fails below SQLite is tried again until it works")
  func inputOutput() async {
    // The limit of file sizes holds for a whole process, so this is one of its own.
    await #expect(processExitsWith: .success) { [path = files.path as String] in
      signal(SIGXFSZ, SIG_IGN)
      let log = Gathered<HistoryReport>()
      let writer = try HistoryWriter(path: path, options: .quick) { log.add($0) }
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      var small = limit
      small.rlim_cur = 100_000
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small)
      let body = String(repeating: "b", count: 1000)
      for tick: Int64 in 0..<300 { writer.append(.decision(Events.decision(tick, body: body))) }
      let failed = await eventually { writer.status.failures >= 2 }
      let problem = writer.status.trouble?.problem
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let recovered = await eventually { writer.status.committed == 300 }
      let closing = await writer.closed()
      guard failed, problem == .inputOutput || problem == .diskFull, recovered,
        closing == .complete
      else { exit(EXIT_FAILURE) }
    }
    let ticks = try? HistoryReader(path: files.path)
      .decisions(in: Events.always("J001"), limit: .max).map(\.tick)
    #expect(ticks == Array(0..<300))
  }

  @Test("With the usual options a record that nobody waits for is on the disk within the second")
  func cadence() async throws {
    let writer = try files.writer(HistoryOptions())
    let reader = try HistoryReader(path: files.path)
    let clock = ContinuousClock()
    // The quickest of three: the machine may be busy with something else.
    var quickest = Duration.seconds(60)
    for tick: Int64 in 0..<3 {
      let begin = clock.now
      writer.append(.decision(Events.decision(tick)))
      let expected = Int(tick) + 1
      #expect(
        await eventually {
          (try? reader.decisions(in: Events.always("J001"), limit: 9).count) == expected
        })
      quickest = min(quickest, clock.now - begin)
    }
    #expect(quickest < .seconds(1))
    await writer.closed()
  }
}
