import Signals
import Testing

@testable import History

@Suite("Retention")
struct PruneTests {
  let files = TemporaryHistory()
  private let day: Int64 = 86_400_000

  private func utc(_ days: Int64) -> UTC { UTC(milliseconds: days * day) }

  private func moment(_ days: Int64) -> Moment {
    Moment(monotonic: Instant(milliseconds: 0), utc: utc(days))
  }

  private func events(of junction: String, onDay days: Int64) -> [HistoryEvent] {
    [
      .count(
        RecordedCount(
          intersection: junction, detector: "d", start: utc(days), end: utc(days),
          received: utc(days), line: "{}")),
      .decision(
        RecordedDecision(
          intersection: junction, at: moment(days), epoch: 1, tick: days, level: .local, body: "")),
      .plan(
        RecordedPlan(
          intersection: junction, at: moment(days), epoch: 1, sequence: UInt32(days),
          plan: TimingPlan(entries: []), why: "")),
      .receipt(
        PlanReceipt(
          intersection: junction, epoch: 1, sequence: UInt32(days), at: moment(days),
          outcome: .running)),
      .fault(
        RecordedFault(
          intersection: junction, what: "ended", place: "\(days)", since: utc(days),
          until: utc(days))),
      .fault(
        RecordedFault(intersection: junction, what: "lasts", place: "\(days)", since: utc(days))),
      .act(OperatorAct(intersection: junction, at: moment(days), who: "", act: "")),
    ]
  }

  private func rows(_ table: String) throws -> Int64 {
    try files.connection().integer("SELECT count(*) FROM \(table)")
  }

  @Test("Records older than so many days go, of every kind and junction; faults that last stay")
  func everyKind() async throws {
    let writer = try files.writer()
    for junction in ["J001", "J002"] {
      for days: Int64 in 1...10 { writer.append(contentsOf: events(of: junction, onDay: days)) }
    }
    _ = await writer.commit([])
    writer.prune(olderThan: 3, at: utc(10))
    let tables = ["counts", "decisions", "plans", "receipts", "acts"]
    #expect(
      await eventually {
        // Days 7 to 10 are left, of two junctions.
        tables.allSatisfy { (try? rows($0)) == 8 }
      })
    #expect(try rows("faults WHERE what = 'ended'") == 8)
    #expect(try rows("faults WHERE what = 'lasts'") == 20)
    await writer.closed()
    let oldest = try HistoryReader(path: files.path)
      .decisions(in: Events.always("J002"), limit: 1).map(\.tick)
    #expect(oldest == [7])
  }

  @Test("It goes in pieces, and records are written between them")
  func pieces() async throws {
    let writer = try files.writer()
    let old = (0..<5 * HistoryStore.pruneLimit).map {
      HistoryEvent.decision(
        RecordedDecision(
          intersection: "J\($0 % 7)", at: moment(1), epoch: 1, tick: Int64($0), level: .local,
          body: ""))
    }
    #expect(await writer.commit(old) == .committed)
    writer.prune(olderThan: 1, at: utc(30))
    let left = Gathered<Int64?>()
    // The writer's queue stands still in here, after the first piece and before the second.
    writer.append([.decision(Events.decision(1))]) { _ in left.add(try? rows("decisions")) }
    #expect(await eventually { !left.all.isEmpty })
    #expect(left.all == [Int64(4 * HistoryStore.pruneLimit + 1)])
    #expect(await eventually { (try? rows("decisions")) == 1 })
    await writer.closed()
  }

  @Test("The space of deleted records is used again")
  func space() async throws {
    let writer = try files.writer()
    func fill(_ days: Int64) async {
      let body = String(repeating: "x", count: 1000)
      _ = await writer.commit(
        (0..<400).map { tick in
          .decision(
            RecordedDecision(
              intersection: "J001", at: moment(days), epoch: 1, tick: tick, level: .local,
              body: body))
        })
    }
    await fill(1)
    let pages = try files.connection().integer("PRAGMA page_count")
    for days: Int64 in 2...6 {
      writer.prune(olderThan: 1, at: utc(days + 1))
      #expect(await eventually { (try? rows("decisions WHERE at_utc < \(days * day)")) == 0 })
      await fill(days)
    }
    #expect(try files.connection().integer("PRAGMA page_count") <= pages * 2 + 10)
    await writer.closed()
  }

  @Test("Old records are found by the index, whatever the number of newer ones")
  func index() async throws {
    await (try files.writer()).closed()
    var steps: [String] = []
    try files.connection().prepare("EXPLAIN QUERY PLAN \(Database.deletion(0))")
      .rows([0, 0]) { row throws(HistoryError) in
        steps.append(row.text(3))
        return true
      }
    #expect(
      steps.contains {
        $0.contains("USING COVERING INDEX counts_by_time (intersection=? AND received_utc<?)")
      }, "\(steps)")
  }

  @Test("A database that cannot be pruned is told of, and the next call tries again")
  func trouble() async throws {
    let log = Gathered<HistoryReport>()
    let writer = try files.writer(log: log)
    _ = await writer.commit([.decision(Events.decision(1))])
    let other = try files.connection()
    try other.execute("BEGIN IMMEDIATE")
    writer.prune(olderThan: 0, at: UTC(milliseconds: .max))
    #expect(
      await eventually {
        log.all.contains {
          if case .pruneFailed(let error) = $0 { error.problem == .locked } else { false }
        }
      })
    try other.execute("ROLLBACK")
    writer.prune(olderThan: 0, at: UTC(milliseconds: .max))
    #expect(await eventually { (try? rows("decisions")) == 0 })
    await writer.closed()
  }

  @Test("Any number of days is harmless")
  func extremes() async throws {
    let writer = try files.writer()
    _ = await writer.commit([.decision(Events.decision(1))])
    writer.prune(olderThan: .max, at: utc(1))
    writer.prune(olderThan: 365, at: UTC(milliseconds: .min))
    _ = await writer.commit([])
    #expect(try rows("decisions") == 1)
    await writer.closed()
  }
}

extension HistoryWriter {
  fileprivate func append(contentsOf events: [HistoryEvent]) { events.forEach(append) }
}
