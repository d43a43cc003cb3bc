public import Signals

/// What a history holds, found by reading all of it.
public struct HistorySummary: Sendable, Equatable {
  /// Version of its schema, as `user_version` has it.
  public let schema: Int
  /// Size of its pages in bytes; what waits in the log is among them.
  public let bytes: Int64
  /// Junctions that have records.
  public let junctions: Int
  /// The epoch that was given out last; 0 if none was.
  public let epoch: Int64
  /// When the newest count, plan or decision was recorded; `nil` if there is none.
  public let newest: UTC?

  /// The schema that this greensplit writes. An older history is brought up to it when the daemon
  /// opens it; a newer one is refused.
  public static var currentSchema: Int { Schema.version }

  /// Reads the whole history at `path`, also while it is written.
  ///
  /// - Throws: Why it is no history that can be trusted.
  public init(checking path: String) throws(HistoryError) {
    try self.init(checking: try DatabaseFile.openToCopy(path))
  }

  /// Reads the whole database of `connection`.
  init(checking connection: Connection) throws(HistoryError) {
    let found = try connection.text("PRAGMA integrity_check(1)")
    guard found == "ok" else {
      throw HistoryError(.corrupt, path: connection.path, detail: found)
    }
    let orphans = try connection.integer("SELECT count(*) FROM pragma_foreign_key_check")
    guard orphans == 0 else {
      throw HistoryError(
        .corrupt, path: connection.path, detail: "\(orphans) rows belong to rows that are missing")
    }
    schema = Int(try connection.integer("PRAGMA user_version"))
    bytes = try connection.integer("PRAGMA page_count") * connection.integer("PRAGMA page_size")
    junctions = Int(
      try connection.integer("SELECT count(*) FROM intersections WHERE name <> ''"))
    epoch = try connection.integer("SELECT value FROM meta WHERE key = 'epoch'")
    let time = try connection.integer(Self.newestRecord)
    newest = time > 0 ? UTC(milliseconds: time) : nil
  }

  /// By junction, so that the index of junction and time answers it at once.
  private static let newestRecord = """
    SELECT max(max(
      coalesce((SELECT max(received_utc) FROM counts WHERE intersection = i.id), 0),
      coalesce((SELECT max(at_utc) FROM decisions WHERE intersection = i.id), 0),
      coalesce((SELECT max(at_utc) FROM plans WHERE intersection = i.id), 0)))
    FROM intersections i
    """
}
