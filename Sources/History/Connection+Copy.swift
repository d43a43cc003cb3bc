import CSQLite

extension Connection {
  /// Copies the database as it stands now into that of `target`, a few pages at a time.
  ///
  /// One read transaction holds the moment: whoever writes meanwhile writes on into the log, waits for
  /// nothing, and cannot make the copy begin anew, as it would without (SQLite, "Online Backup API").
  ///
  /// - Parameters:
  ///   - target: An empty database that nobody else has open.
  ///   - pages: Pages of one step.
  ///   - between: Is told after each step how many pages are copied, and of how many.
  /// - Throws: What is wrong with either file, or its disk; `target` then holds nothing of use.
  func copy(
    into target: Connection, pages: Int32, between: (_ done: Int32, _ total: Int32) -> Void
  ) throws(HistoryError) {
    try execute("BEGIN")
    defer { try? execute("COMMIT") }
    // The first look takes the snapshot.
    _ = try integer("SELECT count(*) FROM sqlite_schema")
    guard let copying = sqlite3_backup_init(target.handle, "main", handle, "main") else {
      throw target.failure(sqlite3_extended_errcode(target.handle))
    }
    var code = SQLITE_OK
    while code == SQLITE_OK {
      code = sqlite3_backup_step(copying, pages)
      let total = sqlite3_backup_pagecount(copying)
      if code == SQLITE_OK { between(total - sqlite3_backup_remaining(copying), total) }
    }
    let end = sqlite3_backup_finish(copying)
    guard code == SQLITE_DONE else { throw target.failure(code) }
    guard end == SQLITE_OK else { throw target.failure(end) }
  }
}
