import Signals
import Testing

@testable import History

@Suite("The schema and its versions")
struct SchemaTests {
  let files = TemporaryHistory()

  @Test("Versions count up from 1 without a gap")
  func numbering() {
    #expect(Schema.migrations.map(\.version) == Array(1...Schema.migrations.count))
  }

  @Test("A new history is marked, logs ahead, and is synchronous at every commit")
  func settings() throws {
    let connection = try DatabaseFile.openForWriting(files.path, patience: 100)
    #expect(try connection.integer("PRAGMA application_id") == 0x4753_504C)
    #expect(try connection.integer("PRAGMA user_version") == 5)
    #expect(try connection.text("PRAGMA journal_mode") == "wal")
    #expect(try connection.integer("PRAGMA synchronous") == 2)
    #expect(try connection.integer("PRAGMA foreign_keys") == 1)
  }

  @Test("A history of version 1 keeps its records and takes those of today")
  func fromVersion1() async throws {
    let old = try files.connection()
    try old.execute(SchemaVersion1.sql)
    let reader = #expect(throws: HistoryError.self) { _ = try HistoryReader(path: files.path) }
    #expect(reader?.problem == .olderVersion(found: 1, known: Schema.version))

    let writer = try files.writer()
    #expect(try writer.nextEpoch() == 42)
    let act = OperatorAct(
      intersection: "J009", at: Events.moment(1), who: "li", act: "override")
    #expect(await writer.commit([.act(act)]) == .committed)
    await writer.closed()

    let today = try HistoryReader(path: files.path)
    let span = Events.always("J009")
    #expect(try today.acts(in: span, limit: 9) == [act])
    #expect(try today.counts(in: span, limit: 9).map(\.line) == [#"{"v":1}"#])
    #expect(try today.decisions(in: span, limit: 9).map(\.body) == ["old body"])
    let story = try #require(try today.plans(in: span, limit: 9).first)
    #expect(story.plan.plan.entries == [PlanEntry(stage: 1, green: Tenths(200))])
    #expect(story.receipts.map(\.outcome) == [.running])
    #expect(try today.faults(in: span, limit: 9).map(\.what) == ["link"])
    #expect(try today.hasDecisionsWithoutSession(), "it does not know what they were made on")
    #expect(try today.sessions(of: "J009") == [])
  }

  @Test("A history of version 2 keeps its records; what it did not record stays unknown")
  func fromVersion2() async throws {
    let old = try files.connection()
    try old.execute(SchemaVersion1.sql)
    try old.execute(Schema.migrations[1].sql)
    try old.execute("PRAGMA user_version = 2; INSERT INTO acts VALUES (1, 5, 7, 8, 'li', 'x', '')")
    let reader = #expect(throws: HistoryError.self) { _ = try HistoryReader(path: files.path) }
    #expect(reader?.problem == .olderVersion(found: 2, known: Schema.version))
    await (try files.writer()).closed()
    #expect(try old.integer("PRAGMA user_version") == 5)
    let today = try HistoryReader(path: files.path)
    #expect(try today.acts(in: Events.always("J009"), limit: 9).map(\.who) == ["li"])
    #expect(try today.counts(in: Events.always("J009"), limit: 9).map(\.use) == [nil])
    #expect(try old.integer("SELECT count(*) FROM counts WHERE session IS NULL") == 1)
  }

  @Test("A migrated history has the same tables and indexes as a new one")
  func sameShape() async throws {
    try files.connection().execute(SchemaVersion1.sql)
    await (try files.writer()).closed()
    let fresh = TemporaryHistory()
    await (try fresh.writer()).closed()
    #expect(try shape(files) == shape(fresh))
    #expect(try shape(fresh).count > 15)
  }

  private func shape(_ files: TemporaryHistory) throws -> [String] {
    var shape: [String] = []
    // White space is not part of the shape.
    try files.connection().prepare(
      "SELECT name, replace(replace(sql, char(10), ''), ' ', '') FROM sqlite_schema ORDER BY name"
    ).rows([]) { row throws(HistoryError) in
      shape.append("\(row.text(0)): \(row.text(1))")
      return true
    }
    return shape
  }

  @Test("A migration that fails half-way leaves the version before it")
  func halfWay() throws {
    let old = try files.connection()
    // The table that version 2 adds is in the way after the step has begun.
    try old.execute(SchemaVersion1.sql)
    try old.execute("CREATE TABLE decoy (a); CREATE INDEX acts_by_time ON decoy (a)")
    #expect(throws: HistoryError.self) { _ = try files.writer() }
    #expect(try old.integer("PRAGMA user_version") == 1)
    #expect(try old.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'acts'") == 0)
    try old.execute("DROP INDEX acts_by_time; DROP TABLE decoy")
    #expect(throws: Never.self) { _ = try files.writer() }
  }

  @Test("A creation that was cut short is rolled back and done again")
  func creationCutShort() async throws {
    let victim = TemporaryHistory()
    let connection = try victim.connection()
    // A cache of two pages makes SQLite write pages into the file before the commit.
    try connection.execute("PRAGMA cache_size = 2; BEGIN IMMEDIATE")
    try connection.execute(Schema.migrations[0].sql)
    try connection.execute("PRAGMA application_id = \(Schema.applicationID)")
    for name in 0..<500 {
      try connection.execute("INSERT INTO intersections (name) VALUES ('\(name) of many')")
    }
    write(bytes(of: victim.path), to: files.path)
    write(bytes(of: "\(victim.path)-journal"), to: "\(files.path)-journal")
    #expect(bytes(of: files.path).count > 4096, "a part of it had reached the disk")
    #expect(bytes(of: "\(files.path)-journal").count >= 512)

    let writer = try files.writer()
    #expect(try writer.nextEpoch() == 1)
    await writer.closed()
    #expect(try HistoryReader(path: files.path).intersections() == [])
    #expect(try files.connection().text("PRAGMA integrity_check") == "ok")
  }
}
