import Signals
import Testing

@testable import History

@Suite("Sessions and what decisions were made on")
struct SessionTests {
  let files = TemporaryHistory()

  private func session(
    _ number: Int, epoch: UInt32 = 3, configuration: String = "{}", state: String? = nil
  ) -> RecordedSession {
    RecordedSession(
      intersection: "J001", at: Events.moment(Int64(number)), epoch: epoch, number: number,
      program: "0.1.0", configuration: configuration, state: state, ticks: 7, level: .onHistory,
      cause: "路口")
  }

  private func readings(_ tick: Int64, session: Int, body: [UInt8] = [0, 255]) -> HistoryEvent {
    .readings(
      RecordedReadings(
        intersection: "J001", epoch: 3, session: session, at: Events.moment(tick).utc,
        firstTick: tick, ticks: 2, body: body))
  }

  private func count(
    _ number: Int64, session: Int, tick: Int64, _ verdict: CountUse.Verdict = .accepted
  ) -> HistoryEvent {
    let count = Events.count(number)
    return .count(
      RecordedCount(
        intersection: count.intersection, detector: count.detector, start: count.start,
        end: count.end, received: count.received, line: count.line,
        use: CountUse(epoch: 3, session: session, tick: tick, verdict: verdict)))
  }

  @Test("come back as they were, with their configuration kept once")
  func roundTrip() async throws {
    let writer = try files.writer()
    let sessions = [
      session(1), session(2, configuration: "other", state: "gathered"), session(3),
    ]
    #expect(await writer.commit(sessions.map(HistoryEvent.session)) == .committed)
    #expect(
      await writer.commit([
        readings(3, session: 2, body: []), readings(1, session: 2), count(5, session: 2, tick: 2),
        count(6, session: 2, tick: 1, .replaced), count(4, session: 2, tick: 1, .late),
        count(7, session: 1, tick: 1), .decision(Events.decision(2)), .decision(Events.decision(9)),
      ]) == .committed)
    await writer.closed()
    let reader = try HistoryReader(path: files.path)
    let stored = try reader.sessions(of: "J001")
    #expect(stored.map(\.session) == sessions)
    #expect(stored.map(\.isIntact) == [true, true, true])
    #expect(try files.connection().integer("SELECT count(*) FROM configurations") == 2)
    #expect(try reader.lastState(of: "J001") == "gathered", "the newest that has one")
    #expect(try reader.lastState(of: "J002") == nil)
    #expect(try reader.readings(of: stored[1]).map(\.firstTick) == [1, 3], "by their ticks")
    #expect(try reader.readings(of: stored[1]).map(\.body) == [[0, 255], []])
    #expect(try reader.readings(of: stored[0]) == [])
    let span = SessionSpan(ticks: 1..<3, utc: Events.moment(0).utc...Events.moment(9).utc)
    var counts: [SessionCount] = []
    var lines: [String] = []
    try reader.counts(of: stored[1], in: span) { count, line in
      counts.append(count)
      lines.append(String(decoding: line, as: UTF8.self))
    }
    #expect(counts.map(\.tick) == [1, 2, 1], "as they were received")
    #expect(counts.map(\.verdict) == [.late, .accepted, .replaced])
    #expect(lines == [4, 5, 6].map { Events.count($0).line })
    #expect(try reader.decisions(of: stored[1], in: span).map(\.tick) == [2])
    #expect(try !reader.hasDecisionsWithoutSession())
  }

  @Test("that were altered are known to be")
  func altered() async throws {
    let writer = try files.writer()
    _ = await writer.commit([.session(session(1, state: "gathered"))])
    await writer.closed()
    for change in ["state = 'other'", "state = NULL", "program = '9'", "cause = ''"] {
      try files.connection().execute("UPDATE sessions SET \(change)")
      #expect(try HistoryReader(path: files.path).sessions(of: "J001").map(\.isIntact) == [false])
      try files.connection().execute(
        "UPDATE sessions SET state = 'gathered', program = '0.1.0', cause = '路口'")
      #expect(try HistoryReader(path: files.path).sessions(of: "J001").map(\.isIntact) == [true])
    }
  }

  @Test("that began in a file that was moved away leave the new one sound")
  func movedAway() async throws {
    let log = Gathered<HistoryReport>()
    let writer = try files.writer(log: log)
    #expect(
      await writer.commit([readings(1, session: 1), count(1, session: 1, tick: 1)]) == .committed)
    await writer.closed()
    #expect(log.all == [])
    #expect(try files.connection().integer("SELECT count(*) FROM readings") == 0)
    #expect(
      try files.connection().integer("SELECT count(*) FROM counts WHERE session IS NULL") == 1)
  }

  @Test("A transaction that fails takes nothing of a session for written")
  func rolledBack() throws {
    let database = try Database(path: files.path, options: .quick)
    let other = try files.connection()
    try other.execute("BEGIN IMMEDIATE")
    let batch = [
      Pending(
        events: [.session(session(1)), readings(1, session: 1)], bytes: 1, onCommitted: nil)
    ]
    #expect(throws: HistoryError.self) { try database.commit(batch) }
    try other.execute("ROLLBACK")
    #expect(try database.commit(batch).isEmpty)
    #expect(try other.integer("SELECT count(*) FROM readings") == 1)
  }

  @Test("grow old with their readings, and not before")
  func prune() async throws {
    let writer = try files.writer()
    let day: Int64 = 86_400
    _ = await writer.commit([.session(session(1)), .session(session(2))])
    for days: Int64 in 0..<4 {
      _ = await writer.commit([readings(days * day, session: days < 2 ? 1 : 2)])
    }
    writer.prune(olderThan: 1, at: Events.moment(2 * day + 60).utc)
    func rows(_ query: String) -> Int64? {
      try? files.connection().integer("SELECT count(*) FROM \(query)")
    }
    #expect(await eventually { rows("sessions") == 1 })
    #expect(rows("readings") == 2)
    writer.prune(olderThan: 1, at: Events.moment(3 * day + 60).utc)
    #expect(await eventually { rows("readings") == 1 })
    #expect(rows("sessions WHERE number = 2") == 1, "its last readings are there")
    await writer.closed()
  }
}
