import Glibc

/// Opening a history, for which a wrong file must stay as it is.
enum DatabaseFile {
  /// Which file a name stands for: device and inode; `nil` if there is none.
  struct Identity: Equatable {
    let device: dev_t
    let inode: ino_t

    init?(path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = status.st_dev
      inode = status.st_ino
    }
  }

  /// Opens the history at `path` to be written, creating it or bringing it up to date.
  static func openForWriting(_ path: String, patience: Int32) throws(HistoryError) -> Connection {
    if try examine(path) { try probe(path, patience: patience) }
    let connection = try Connection(path: path, access: .readWrite, patience: patience)
    try checkVersion(of: connection)
    // The first step runs before the write-ahead log begins, so that the file itself tells whose it
    // is from the start.
    try Schema.migrate(connection)
    guard try connection.text("PRAGMA journal_mode = WAL") == "wal" else {
      throw HistoryError(.noWriteAheadLog, path: path)
    }
    // FULL: a commit that was reported survives a power cut. The log is cut back to 64 MiB after a
    // burst or a long-lived reader made it grow.
    try connection.execute(
      """
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
      PRAGMA trusted_schema = OFF;
      PRAGMA journal_size_limit = 67108864;
      """)
    return connection
  }

  /// Opens the history at `path` to be read.
  static func openForReading(_ path: String, patience: Int32) throws(HistoryError) -> Connection {
    try examine(path)
    let connection = try Connection(path: path, access: .readOnly, patience: patience)
    let version = try checkVersion(of: connection)
    guard version == Schema.version else {
      throw HistoryError(.olderVersion(found: version, known: Schema.version), path: path)
    }
    try connection.execute("PRAGMA trusted_schema = OFF")
    return connection
  }

  /// Opens the history at `path`, of any version up to today's, to copy or check it.
  static func openToCopy(_ path: String) throws(HistoryError) -> Connection {
    guard try examine(path) else {
      throw HistoryError(.cannotOpen, path: path, detail: "there is no such file")
    }
    let connection = try Connection(path: path, access: .readOnly, patience: 2000)
    guard try checkVersion(of: connection) >= 1 else {
      throw HistoryError(.corrupt, path: path, detail: "it is empty")
    }
    try connection.execute("PRAGMA trusted_schema = OFF")
    return connection
  }

  /// Whether there is a file at `path`, which must be one that SQLite can be asked about: it would
  /// wait for ever on a pipe and take a file of a few bytes for an empty database.
  @discardableResult
  private static func examine(_ path: String) throws(HistoryError) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw HistoryError(.cannotOpen, path: path, detail: "not a regular file")
    }
    // 512 bytes is the smallest page there is.
    guard status.st_size == 0 || status.st_size >= 512 else {
      throw HistoryError(.notADatabase, path: path, detail: "\(status.st_size) bytes")
    }
    return true
  }

  /// Looks at an existing file through a connection that cannot change it: closing a writing one
  /// could already move another program's write-ahead log into its database.
  private static func probe(_ path: String, patience: Int32) throws(HistoryError) {
    do throws(HistoryError) {
      try checkVersion(of: try Connection(path: path, access: .readOnly, patience: patience))
    } catch {
      // A creation that was cut short must be rolled back, which only a writer can.
      guard error.problem == .readOnly else { throw error }
    }
  }

  /// The schema version of a history of ours; 0 for an empty database.
  @discardableResult
  private static func checkVersion(of connection: Connection) throws(HistoryError) -> Int {
    let application = Int32(
      truncatingIfNeeded: try connection.integer("PRAGMA application_id"))
    let version = Int(try connection.integer("PRAGMA user_version"))
    let tables = try connection.integer("SELECT count(*) FROM sqlite_schema")
    if application == 0 && version == 0 && tables == 0 { return 0 }
    guard application == Schema.applicationID else {
      throw HistoryError(.otherApplication(id: application), path: connection.path)
    }
    guard version <= Schema.version else {
      throw HistoryError(
        .newerVersion(found: version, known: Schema.version), path: connection.path)
    }
    guard version >= 1 && tables > 0 else {
      throw HistoryError(.corrupt, path: connection.path, detail: "tables are missing")
    }
    return version
  }
}
