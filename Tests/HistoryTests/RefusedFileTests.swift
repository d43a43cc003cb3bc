import Glibc
import Signals
import Testing

@testable import History

@Suite("A file that is no history of ours is refused and stays as it is")
struct RefusedFileTests {
  let files = TemporaryHistory()

  /// What opening says, to read and to write; the file must be the same afterwards.
  private func refusals() throws -> [HistoryError.Problem] {
    let before = bytes(of: files.path)
    let log = bytes(of: "\(files.path)-wal")
    let errors = [
      #expect(throws: HistoryError.self) { _ = try files.writer() },
      #expect(throws: HistoryError.self) { _ = try HistoryReader(path: files.path) },
    ]
    #expect(bytes(of: files.path) == before)
    // A look at a database that logs ahead leaves an empty log beside it.
    #expect(bytes(of: "\(files.path)-wal") == log)
    for error in errors { #expect(error?.description.contains(files.path) == true) }
    return errors.compactMap { $0?.problem }
  }

  @Test("Text", arguments: ["hello", String(repeating: "site: J001\n", count: 1000)])
  func text(text: String) throws {
    write(Array(text.utf8), to: files.path)
    #expect(try refusals() == [.notADatabase, .notADatabase])
  }

  @Test("Random bytes of any length", arguments: [1, 99, 100, 511, 512, 4096, 10_000])
  func noise(length: Int) throws {
    var random = SeededGenerator(seed: UInt64(length))
    write((0..<length).map { _ in .random(in: 0...255, using: &random) }, to: files.path)
    #expect(try refusals() == [.notADatabase, .notADatabase])
  }

  @Test("Another program's database", arguments: ["DELETE", "WAL"])
  func otherApplication(journal: String) throws {
    let other = try files.connection()
    try other.execute("PRAGMA journal_mode = \(journal); CREATE TABLE songs (title)")
    #expect(
      try refusals() == [.otherApplication(id: 0), .otherApplication(id: 0)])
    try other.execute("PRAGMA application_id = 77")
    #expect(
      try refusals() == [.otherApplication(id: 77), .otherApplication(id: 77)])
  }

  @Test("A newer greensplit's history, also while its version is in the log alone")
  func newerVersion() async throws {
    await (try files.writer()).closed()
    let newer = HistoryError.Problem.newerVersion(
      found: Schema.version + 1, known: Schema.version)
    let other = try files.connection()
    try other.execute("PRAGMA user_version = \(Schema.version + 1)")
    #expect(try refusals() == [newer, newer])
    try other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    #expect(try refusals() == [newer, newer])
  }

  @Test("A damaged history: the page of the tables' list is overwritten")
  func damagedSchema() async throws {
    await (try files.writer()).closed()
    var damaged = bytes(of: files.path)
    damaged.replaceSubrange(100..<4096, with: repeatElement(0xAA, count: 3996))
    write(damaged, to: files.path)
    #expect(try refusals() == [.corrupt, .corrupt])
  }

  @Test("A history cut off after its header")
  func cutOff() async throws {
    await (try files.writer()).closed()
    write(Array(bytes(of: files.path).prefix(100)), to: files.path)
    let problems = try refusals()
    #expect(problems.count == 2)
    #expect(problems.allSatisfy { $0 == .corrupt || $0 == .notADatabase })
  }

  @Test("A directory, a missing directory, no name")
  func noFile() throws {
    for path in [files.directory, "\(files.directory)/missing/history.db", ""] {
      let error = #expect(throws: HistoryError.self) {
        _ = try HistoryWriter(path: path) { _ in }
      }
      #expect(error?.problem == .cannotOpen, "\(path)")
      #expect(error?.description.contains("check that the directory exists") == true)
    }
  }

  @Test("A missing file is created by a writer, not by a reader")
  func missing() async throws {
    let error = #expect(throws: HistoryError.self) { _ = try HistoryReader(path: files.path) }
    #expect(error?.problem == .cannotOpen)
    #expect(TemporaryHistory.names(in: files.directory) == [])
    await (try files.writer()).closed()
    #expect(TemporaryHistory.names(in: files.directory) == ["history.db"])
  }

  @Test("An empty file becomes a history")
  func empty() async throws {
    write([], to: files.path)
    let unread = #expect(throws: HistoryError.self) { _ = try HistoryReader(path: files.path) }
    #expect(unread?.problem == .olderVersion(found: 0, known: Schema.version))
    #expect(unread?.description.contains("let `greensplit run` open it once") == true)
    let writer = try files.writer()
    #expect(try writer.nextEpoch() == 1)
    await writer.closed()
  }

  @Test("Every error says what happened, to which file, in SQLite's words, and what to do")
  func wording() {
    let full = HistoryError(code: 13, path: "/var/h.db", detail: "")
    #expect(
      full.description
        == "history: /var/h.db: no space is left (SQLite: database or disk is full, code 13); "
        + "free space on this file system; it is tried again")
    let newer = HistoryError(.newerVersion(found: 9, known: 2), path: "h.db")
    #expect(
      newer.description
        == "history: h.db: written by a newer greensplit (schema 9, this one knows 2); "
        + "run the newer greensplit, put the copy from before the upgrade back (greensplit history "
        + "restore), or name another file for the history")
  }

  @Test(
    "Extended codes mean what their primary codes mean",
    arguments: [
      (5, HistoryError.Problem.locked), (517, .locked), (261, .locked), (6, .locked),
      (10, .inputOutput), (778, .inputOutput), (11, .corrupt), (267, .corrupt), (13, .diskFull),
      (8, .readOnly), (1032, .readOnly), (14, .cannotOpen), (26, .notADatabase), (19, .misfit),
      (2067, .misfit), (1, .other), (7, .other),
    ] as [(Int32, HistoryError.Problem)])
  func codes(code: Int32, problem: HistoryError.Problem) {
    #expect(HistoryError.Problem(code: code) == problem)
  }
}
