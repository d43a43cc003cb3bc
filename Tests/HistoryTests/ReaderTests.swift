import Signals
import Testing

@testable import History

@Suite("Reading between times")
struct ReaderTests {
  let files = TemporaryHistory()

  @Test("A span is half open, and the other junction's records stay out")
  func halfOpen() async throws {
    let writer = try files.writer()
    for tick in 0..<10 { writer.append(.decision(Events.decision(Int64(tick)))) }
    writer.append(.decision(Events.decision(4, of: "J002")))
    await writer.closed()
    let reader = try HistoryReader(path: files.path)
    let span = HistorySpan(of: "J001", from: Events.moment(3).utc, until: Events.moment(6).utc)
    #expect(try reader.decisions(in: span, limit: 99).map(\.tick) == [3, 4, 5])
    #expect(try reader.decisions(in: Events.always("J003"), limit: 99) == [])
    let empty = HistorySpan(of: "J001", from: span.until, until: span.from)
    #expect(try reader.decisions(in: empty, limit: 99) == [])
  }

  @Test(
    "Any number of records comes once each across pages, also many of the same moment",
    arguments: [0, 1, 511, 512, 513, 1024, 1500])
  func pages(count: Int) async throws {
    let writer = try files.writer()
    // Two thirds of the records share one moment, so pages end within it.
    let events = (0..<Int64(count)).map { number in
      let decision = Events.decision(number)
      return HistoryEvent.decision(
        RecordedDecision(
          intersection: "J001", at: number % 3 == 0 ? decision.at : Events.moment(700), epoch: 1,
          tick: number, level: .local, body: ""))
    }
    _ = await writer.commit(events)
    await writer.closed()
    let read = try HistoryReader(path: files.path)
      .decisions(in: Events.always("J001"), limit: .max)
    #expect(read.map(\.tick).sorted() == Array(0..<Int64(count)))
    #expect(
      zip(read, read.dropFirst()).allSatisfy {
        ($0.at.utc.milliseconds, $0.tick) < ($1.at.utc.milliseconds, $1.tick)
      })
  }

  @Test(
    "The mode of a junction is its own or that of all, whichever was told last, and no later one")
  func modes() async throws {
    let writer = try files.writer()
    let told: [(second: Int64, junction: String?, act: String)] = [
      (10, nil, OperatorAct.advisoryMode), (10, "J001", OperatorAct.controlMode),
      (15, "J001", "override"), (20, nil, OperatorAct.controlMode),
      (20, "J002", OperatorAct.advisoryMode), (30, nil, OperatorAct.advisoryMode),
    ]
    for (second, junction, act) in told {
      writer.append(
        .act(OperatorAct(intersection: junction, at: Events.moment(second), who: "", act: act)))
    }
    await writer.closed()
    let reader = try HistoryReader(path: files.path)
    func modes(_ junction: String) throws -> [Bool?] {
      try [9, 12, 17, 22, 31].map { try reader.isAdvising(junction, at: Events.moment($0).utc) }
    }
    #expect(try modes("J001") == [nil, false, false, false, true])
    #expect(try modes("J002") == [nil, true, true, true, true])
    #expect(try modes("J003") == [nil, true, true, false, true])
  }

  @Test("Whether all writing is stopped is what was told last, and nothing of one junction")
  func writing() async throws {
    let writer = try files.writer()
    let told: [(second: Int64, act: String)] = [
      (10, OperatorAct.writingAllowed), (10, OperatorAct.controlMode),
      (20, OperatorAct.writingStopped), (25, OperatorAct.controlMode),
      (30, OperatorAct.writingAllowed),
    ]
    for (second, act) in told {
      writer.append(
        .act(OperatorAct(intersection: nil, at: Events.moment(second), who: "", act: act)))
    }
    await writer.closed()
    let reader = try HistoryReader(path: files.path)
    let stopped = try [9, 12, 22, 27, 31].map {
      try reader.isWritingStopped(at: Events.moment($0).utc)
    }
    #expect(stopped == [nil, false, true, true, false])
  }

  @Test("A limit and a visitor that has enough end the reading")
  func limits() async throws {
    let writer = try files.writer()
    _ = await writer.commit((0..<2000).map { .decision(Events.decision($0)) })
    await writer.closed()
    let reader = try HistoryReader(path: files.path)
    let span = Events.always("J001")
    #expect(try reader.decisions(in: span, limit: 0) == [])
    #expect(try reader.decisions(in: span, limit: 3).map(\.tick) == [0, 1, 2])
    var visited = 0
    try reader.decisions(in: span) { _ in
      visited += 1
      return visited < 600
    }
    #expect(visited == 600)
  }

  @Test("A reader sees what is committed while it is open, and holds nothing up")
  func whileWriting() async throws {
    let writer = try files.writer()
    #expect(await writer.commit([.decision(Events.decision(1))]) == .committed)
    let reader = try HistoryReader(path: files.path)
    let span = Events.always("J001")
    var busy: [Int64?] = []
    try reader.decisions(in: span) { _ in
      // In the middle of reading somebody cuts the log back, which needs every reader to be out.
      busy.append(try? files.connection().integer("PRAGMA wal_checkpoint(TRUNCATE)"))
      return true
    }
    #expect(busy == [0])
    _ = await writer.commit([.decision(Events.decision(2))])
    #expect(try reader.decisions(in: span, limit: 9).map(\.tick) == [1, 2])
    await writer.closed()
  }

  @Test("A reader cannot write")
  func readOnly() async throws {
    await (try files.writer()).closed()
    let connection = try DatabaseFile.openForReading(files.path, patience: 0)
    #expect(throws: HistoryError.self) { try connection.execute("DELETE FROM meta") }
  }

  @Test(
    "Records are found by the index, without sorting",
    arguments: [
      (ReadTable.counts, "counts_by_time"), (.decisions, "decisions_by_time"),
      (.plans, "plans_by_time"), (.faults, "faults_by_time"), (.acts, "acts_by_time"),
    ])
  func index(table: ReadTable, index: String) async throws {
    await (try files.writer()).closed()
    let plan = try steps(of: table.sql, values: [.text(""), 0, 0, 0, 0, 0])
    #expect(plan.contains { $0.contains("USING INDEX \(index) (intersection=?") })
    #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
  }

  private func steps(of sql: String, values: [Statement.Value]) throws -> [String] {
    var steps: [String] = []
    try files.connection().prepare("EXPLAIN QUERY PLAN \(sql)")
      .rows(values) { row throws(HistoryError) in
        steps.append(row.text(3))
        return true
      }
    return steps
  }

  @Test("A record that makes no sense is an error that names table and row")
  func nonsense() async throws {
    let writer = try files.writer()
    _ = await writer.commit([.decision(Events.decision(1)), .plan(Events.plan(1))])
    await writer.closed()
    try files.connection().execute("UPDATE decisions SET level = 9; UPDATE plans SET takeover = 7")
    let reader = try HistoryReader(path: files.path)
    let span = Events.always("J001")
    let error = #expect(throws: HistoryError.self) { try reader.decisions(in: span, limit: 9) }
    #expect(error?.problem == .corrupt)
    #expect(error?.description.contains("decision in row 1") == true)
    #expect(throws: HistoryError.self) { try reader.plans(in: span, limit: 9) }
  }
}

extension Statement.Value: ExpressibleByIntegerLiteral {
  /// An integer column.
  public init(integerLiteral value: Int64) { self = .integer(value) }
}
