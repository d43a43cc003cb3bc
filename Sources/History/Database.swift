import Signals

/// An open history with its prepared statements: what one transaction each does to it.
final class Database {
  /// Records of one group of a batch that did not fit.
  struct Misfit {
    /// Position of the group in the batch.
    let position: Int
    /// Why, one for each record.
    let errors: [HistoryError]
  }

  private let connection: Connection
  private let tables: EventTables
  private let identity: DatabaseFile.Identity?

  init(path: String, options: HistoryOptions) throws(HistoryError) {
    let patience = Int32(clamping: options.lockMilliseconds)
    connection = try DatabaseFile.openForWriting(path, patience: patience)
    tables = try EventTables(connection)
    identity = DatabaseFile.Identity(path: path)
    if let pages = options.pageLimit { try limit(pages: pages) }
  }

  /// Whether the file's name still stands for the file that is open. SQLite would go on writing into
  /// a deleted file without a word.
  var isInPlace: Bool { DatabaseFile.Identity(path: connection.path) == identity }

  /// Commits `batch` wholly or not at all, apart from records that do not fit, which are left out.
  func commit(_ batch: [Pending]) throws(HistoryError) -> [Misfit] {
    do throws(HistoryError) {
      return try connection.transaction { () throws(HistoryError) in
        var misfits: [Misfit] = []
        for (position, pending) in batch.enumerated() {
          let errors = try insert(pending.events)
          if !errors.isEmpty { misfits.append(Misfit(position: position, errors: errors)) }
        }
        return misfits
      }
    } catch {
      tables.rolledBack()
      throw error
    }
  }

  private func insert(_ events: [HistoryEvent]) throws(HistoryError) -> [HistoryError] {
    var errors: [HistoryError] = []
    for event in events {
      do throws(HistoryError) {
        try tables.insert(event)
      } catch {
        // A constraint undoes its own statement alone; anything else spoils the transaction.
        guard error.problem == .misfit else { throw error }
        errors.append(error)
      }
    }
    return errors
  }

  /// Counts the epoch up, at least to one above `seen`.
  func nextEpoch(above seen: UInt32) throws(HistoryError) -> UInt32 {
    try connection.transaction { () throws(HistoryError) in
      let last = max(
        try connection.integer("SELECT value FROM meta WHERE key = 'epoch'"), Int64(seen))
      guard let next = UInt32(exactly: last + 1), last >= 0 else {
        throw HistoryError(.epochsExhausted, path: connection.path, detail: "epoch \(last)")
      }
      try raise(to: next)
      return next
    }
  }

  /// Sees to it that no epoch up to `epoch` is given out any more.
  func raiseEpoch(to epoch: UInt32) throws(HistoryError) {
    try connection.transaction { () throws(HistoryError) in try raise(to: epoch) }
  }

  private func raise(to epoch: UInt32) throws(HistoryError) {
    try connection.prepare("UPDATE meta SET value = max(value, ?) WHERE key = 'epoch'")
      .run([.integer(Int64(epoch))])
  }

  /// Deletes up to `limit` rows older than `before` from each table, and tells whether any was there.
  func prune(before: UTC, limit: Int) throws(HistoryError) -> Bool {
    try connection.transaction { () throws(HistoryError) in
      var deleted = 0
      for position in Self.ageing.indices {
        try connection.prepare(Self.deletion(position))
          .run([.utc(before), .integer(Int64(limit))])
        deleted += connection.changes
      }
      for deletion in [Self.oldReadings, Self.emptySessions] {
        try connection.prepare(deletion).run([.utc(before), .integer(Int64(limit))])
        deleted += connection.changes
      }
      return deleted > 0
    }
  }

  /// Tables that age, the column that tells their rows' age, and what is kept nevertheless. Receipts
  /// go with their plans; a fault that lasts is never old.
  private static let ageing = [
    ("counts", "received_utc", ""), ("decisions", "at_utc", ""), ("plans", "at_utc", ""),
    ("faults", "since_utc", "AND until_utc IS NOT NULL"), ("acts", "at_utc", ""),
    ("overrides", "at_utc", "AND ended_utc IS NOT NULL"),
  ]

  private static let oldReadings = """
    DELETE FROM readings WHERE id IN (
      SELECT id FROM readings
      WHERE session IN (SELECT id FROM sessions) AND at_utc < ? LIMIT ?)
    """

  /// Sessions without readings: those that begin have none yet, but are not old.
  private static let emptySessions = """
    DELETE FROM sessions WHERE id IN (
      SELECT id FROM sessions
      WHERE intersection IN (SELECT id FROM intersections) AND at_utc < ?
        AND NOT EXISTS (SELECT 1 FROM readings WHERE session = sessions.id)
      LIMIT ?)
    """

  /// Deletes from one of the tables that age what is older than the first parameter, at most as many
  /// rows as the second says.
  static func deletion(_ position: Int) -> String {
    let (table, time, restriction) = ageing[position]
    // The list of all junctions lets the index of (junction, time) find the old rows.
    return """
      DELETE FROM \(table) WHERE id IN (
        SELECT id FROM \(table)
        WHERE intersection IN (SELECT id FROM intersections) AND \(time) < ? \(restriction)
        LIMIT ?)
      """
  }

  /// Moves the write-ahead log into the database and empties it.
  func checkpoint() throws(HistoryError) {
    try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  /// Lets the database have `pages` pages at most.
  func limit(pages: Int) throws(HistoryError) {
    try connection.execute("PRAGMA max_page_count = \(pages)")
  }
}
