import Signals
import Testing

@testable import History

@Suite("A connection to SQLite")
struct ConnectionTests {
  let files = TemporaryHistory()

  @Test(
    "Texts go in and come out byte for byte",
    arguments: ["", "a", "\0", "a\0b", "it's", "路口 🚦", String(repeating: "长", count: 100_000)])
  func texts(text: String) throws {
    let statement = try files.connection().prepare("SELECT ?, length(CAST(?1 AS BLOB))")
    try statement.rows([.text(text)]) { row throws(HistoryError) in
      #expect(row.text(0) == text)
      #expect(row.integer(1) == Int64(text.utf8.count), "SQLite has the same bytes")
      #expect(!row.isNull(0), "the empty text is not nothing")
      return true
    }
  }

  @Test("Integers of the whole range and nothing", arguments: [Int64.min, -1, 0, 1, Int64.max])
  func integers(number: Int64) throws {
    let statement = try files.connection().prepare("SELECT ?, ?")
    try statement.rows([.integer(number), .null]) { row throws(HistoryError) in
      #expect(row.integer(0) == number)
      #expect(!row.isNull(0))
      #expect(row.isNull(1))
      return true
    }
  }

  @Test("Bytes that are no UTF-8 are replaced, not trapped on")
  func notUTF8() throws {
    #expect(try files.connection().text("SELECT CAST(x'61FF62' AS TEXT)") == "a\u{FFFD}b")
  }

  @Test("A transaction that throws leaves nothing, one that does not leaves all")
  func transactions() throws {
    let connection = try files.connection()
    try connection.execute("CREATE TABLE t (a)")
    let mishap = HistoryError(.other, path: "mishap")
    #expect(throws: mishap) {
      try connection.transaction { () throws(HistoryError) in
        try connection.execute("INSERT INTO t VALUES (1)")
        throw mishap
      }
    }
    #expect(try connection.integer("SELECT count(*) FROM t") == 0)
    try connection.transaction { () throws(HistoryError) in
      try connection.execute("INSERT INTO t VALUES (1), (2)")
    }
    #expect(try connection.integer("SELECT count(*) FROM t") == 2)
    #expect(connection.changes == 2)
  }

  @Test("A statement can be used again after its rows were left half-way")
  func halfRead() throws {
    let connection = try files.connection()
    let statement = try connection.prepare(
      "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n LIMIT 100) SELECT i FROM n")
    for _ in 0..<3 { #expect(try statement.integer() == 1) }
  }

  @Test("An error of SQL carries SQLite's message and the file")
  func errors() throws {
    let connection = try files.connection()
    let error = #expect(throws: HistoryError.self) { try connection.execute("SELECT * FROM nope") }
    #expect(error?.path == files.path)
    #expect(error?.detail == "no such table: nope")
    #expect(error?.code == 1)
  }

  @Test(
    "Names that mean something to SQLite are names of files here",
    arguments: [
      ":memory:", "file:x?mode=memory",
    ])
  func names(name: String) throws {
    // A missing file cannot be opened for reading; a database in memory could.
    let error = #expect(throws: HistoryError.self) {
      _ = try Connection(path: name, access: .readOnly, patience: 0)
    }
    #expect(error?.problem == .cannotOpen)
  }
}

@Suite("What the writer tells people")
struct ReportTests {
  private let full = HistoryError(code: 13, path: "h.db", detail: "")

  @Test("A report is one line with the figures that matter")
  func lines() {
    let failed = HistoryReport.failed(full, attempt: 3, kept: 12, retryMilliseconds: 4000)
    #expect(failed.description.hasPrefix("history: h.db: no space is left"))
    #expect(failed.description.hasSuffix("; attempt 3, 12 records wait, next attempt in 4000 ms"))
    #expect(
      HistoryReport.recovered(attempts: 3, waited: 12).description
        == "history: written again after 3 failed attempts; 12 records had waited")
    let overflow = HistoryError(.overflow, path: "h.db")
    #expect(
      HistoryReport.lost(records: 5, because: overflow).description
        == "history: h.db: too many records wait to be written; it was left out; "
        + "look for the trouble that was reported before; 5 records lost")
    #expect(
      HistoryReport.pruneFailed(full).description.hasSuffix("old records were not deleted"))
  }

  @Test("Waits double from attempt to attempt up to the longest")
  func backOff() async throws {
    let files = TemporaryHistory()
    let log = Gathered<HistoryReport>()
    let writer = try files.writer(log: log)
    let other = try files.connection()
    try other.execute("BEGIN IMMEDIATE")
    writer.append(.decision(Events.decision(1)))
    func waits() -> [Int] {
      log.all.compactMap { if case .failed(_, _, _, let wait) = $0 { wait } else { nil } }
    }
    #expect(await eventually { waits().count >= 5 })
    #expect(waits().prefix(5) == [20, 40, 80, 100, 100])
    try other.execute("ROLLBACK")
    await writer.closed()
  }
}
