import CSQLite

/// One connection to a database file, confined to whoever holds it.
final class Connection {
  /// How a file is opened.
  enum Access {
    /// Nothing can change.
    case readOnly
    /// It is created if it is missing.
    case readWrite
  }

  /// The file, as it was named.
  let path: String

  let handle: OpaquePointer

  /// Opens the file at `path`; waits up to `patience` milliseconds for locks of others.
  init(path: String, access: Access, patience: Int32) throws(HistoryError) {
    guard !path.isEmpty else {
      throw HistoryError(.cannotOpen, path: "(empty)", detail: "no file is named")
    }
    let flags =
      (access == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
      | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    var opened: OpaquePointer?
    // "./" keeps ":memory:" and "file:…" from meaning anything but files of those names.
    let code = sqlite3_open_v2(path.hasPrefix("/") ? path : "./" + path, &opened, flags, nil)
    guard let opened else {
      throw HistoryError(code: code, path: path, detail: "")
    }
    guard code == SQLITE_OK else {
      let message = String(cString: sqlite3_errmsg(opened))
      sqlite3_close_v2(opened)
      throw HistoryError(code: code, path: path, detail: message)
    }
    self.path = path
    handle = opened
    sqlite3_busy_timeout(handle, patience)
  }

  deinit { sqlite3_close_v2(handle) }

  /// Rows that the last statement inserted, updated or deleted.
  var changes: Int { Int(sqlite3_changes64(handle)) }

  /// Row number of the last insertion.
  var lastRow: Int64 { sqlite3_last_insert_rowid(handle) }

  /// Runs statements that need no values and whose rows nobody wants.
  func execute(_ sql: String) throws(HistoryError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code) }
  }

  /// Prepares one statement.
  func prepare(_ sql: String) throws(HistoryError) -> Statement {
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v3(
      handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared else { throw failure(code) }
    return Statement(prepared, path: path)
  }

  /// The integer that `sql` yields, 0 without a row.
  func integer(_ sql: String) throws(HistoryError) -> Int64 {
    try prepare(sql).integer() ?? 0
  }

  /// The text that `sql` yields, empty without a row.
  func text(_ sql: String) throws(HistoryError) -> String {
    var found = ""
    try prepare(sql).rows([]) { row throws(HistoryError) in
      found = row.text(0)
      return false
    }
    return found
  }

  /// Does `body` wholly or not at all. The lock is taken at the start: a reader's lock cannot always
  /// be turned into a writer's.
  func transaction<Result>(
    _ body: () throws(HistoryError) -> Result
  ) throws(HistoryError) -> Result {
    try execute("BEGIN IMMEDIATE")
    do throws(HistoryError) {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // SQLite has rolled back by itself after some errors, such as a full disk.
      if sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
      throw error
    }
  }

  func failure(_ code: Int32) -> HistoryError {
    HistoryError(code: code, path: path, detail: String(cString: sqlite3_errmsg(handle)))
  }
}
