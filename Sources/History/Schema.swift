/// The tables, and how databases of older versions become those of today.
enum Schema {
  /// "GSPL" in ASCII: `file` and SQLite tell a history of ours from other databases by it.
  static let applicationID: Int32 = 0x4753_504C

  /// One step from the version before.
  struct Migration: Sendable {
    /// The version that it leads to.
    let version: Int
    /// What it is for.
    let name: String
    /// Its statements.
    let sql: String
  }

  /// The version of today.
  static var version: Int { migrations.count }

  /// All steps, the first from nothing to version 1. A step that was released is never changed.
  static let migrations = [
    Migration(version: 1, name: "records of control", sql: recordsOfControl),
    Migration(version: 2, name: "operator acts", sql: operatorActs),
    Migration(version: 3, name: "what decisions were made on", sql: inputsOfDecisions),
    Migration(version: 4, name: "overrides", sql: overrides),
    // No table changes: but a program that does not know of them would misread the readings.
    Migration(version: 5, name: "releases told between junctions", sql: ""),
  ]

  /// Takes `connection`'s database from its version to today's, each step in a transaction.
  static func migrate(_ connection: Connection) throws(HistoryError) {
    for step in migrations {
      try connection.transaction { () throws(HistoryError) in
        // Read under the lock: another process may have been faster.
        guard try connection.integer("PRAGMA user_version") < step.version else { return }
        try connection.execute(step.sql)
        try connection.execute("PRAGMA application_id = \(applicationID)")
        try connection.execute("PRAGMA user_version = \(step.version)")
      }
    }
  }

  // Times are milliseconds: `_utc` since 1970-01-01T00:00:00Z, `_mono` on the monotonic scale of the
  // process. Durations in plans are tenths of a second. Row numbers rise in the order of recording.
  // The intersection named '' stands for the whole installation.
  private static let recordsOfControl = """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO meta VALUES ('epoch', 0);
    CREATE TABLE intersections (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE counts (
      id INTEGER PRIMARY KEY,
      intersection INTEGER NOT NULL REFERENCES intersections,
      received_utc INTEGER NOT NULL,
      detector TEXT NOT NULL,
      start_utc INTEGER NOT NULL,
      end_utc INTEGER NOT NULL,
      line TEXT NOT NULL
    ) STRICT;
    CREATE INDEX counts_by_time ON counts (intersection, received_utc);
    CREATE TABLE decisions (
      id INTEGER PRIMARY KEY,
      intersection INTEGER NOT NULL REFERENCES intersections,
      at_utc INTEGER NOT NULL,
      at_mono INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      tick INTEGER NOT NULL,
      level INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX decisions_by_time ON decisions (intersection, at_utc);
    CREATE TABLE plans (
      id INTEGER PRIMARY KEY,
      intersection INTEGER NOT NULL REFERENCES intersections,
      at_utc INTEGER NOT NULL,
      at_mono INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      sequence INTEGER NOT NULL,
      entries TEXT NOT NULL,
      cycle INTEGER,
      "offset" INTEGER NOT NULL,
      takeover INTEGER NOT NULL,
      why TEXT NOT NULL,
      UNIQUE (intersection, epoch, sequence)
    ) STRICT;
    CREATE INDEX plans_by_time ON plans (intersection, at_utc);
    CREATE TABLE receipts (
      id INTEGER PRIMARY KEY,
      plan INTEGER NOT NULL REFERENCES plans ON DELETE CASCADE,
      at_utc INTEGER NOT NULL,
      at_mono INTEGER NOT NULL,
      outcome TEXT NOT NULL,
      code INTEGER,
      detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX receipts_by_plan ON receipts (plan);
    CREATE TABLE faults (
      id INTEGER PRIMARY KEY,
      intersection INTEGER NOT NULL REFERENCES intersections,
      what TEXT NOT NULL,
      place TEXT NOT NULL,
      since_utc INTEGER NOT NULL,
      until_utc INTEGER
    ) STRICT;
    CREATE INDEX faults_by_time ON faults (intersection, since_utc);
    CREATE UNIQUE INDEX faults_lasting ON faults (intersection, what, place)
      WHERE until_utc IS NULL;
    """

  private static let operatorActs = """
    CREATE TABLE acts (
      id INTEGER PRIMARY KEY,
      intersection INTEGER NOT NULL REFERENCES intersections,
      at_utc INTEGER NOT NULL,
      at_mono INTEGER NOT NULL,
      who TEXT NOT NULL,
      act TEXT NOT NULL,
      detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX acts_by_time ON acts (intersection, at_utc);
    """

  // `number` is the override's, such as 7-3; one has a row for each of its junctions. A row without an
  // end lasts, or its process was killed: the next one ends it.
  private static let overrides = """
    CREATE TABLE overrides (
      id INTEGER PRIMARY KEY,
      intersection INTEGER NOT NULL REFERENCES intersections,
      at_utc INTEGER NOT NULL,
      at_mono INTEGER NOT NULL,
      number TEXT NOT NULL,
      action TEXT NOT NULL,
      who TEXT NOT NULL,
      reason TEXT NOT NULL,
      begins_utc INTEGER NOT NULL,
      ends_utc INTEGER NOT NULL,
      "before" TEXT NOT NULL,
      "after" TEXT NOT NULL,
      ended_utc INTEGER,
      ending TEXT NOT NULL
    ) STRICT;
    CREATE INDEX overrides_by_time ON overrides (intersection, at_utc);
    CREATE INDEX overrides_lasting ON overrides (number) WHERE ended_utc IS NULL;
    """

  // The columns that `counts` gains are NULL in records of older versions, which cannot be replayed.
  private static let inputsOfDecisions = """
    CREATE TABLE configurations (
      id INTEGER PRIMARY KEY,
      digest TEXT NOT NULL UNIQUE,
      body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE sessions (
      id INTEGER PRIMARY KEY,
      intersection INTEGER NOT NULL REFERENCES intersections,
      at_utc INTEGER NOT NULL,
      at_mono INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      number INTEGER NOT NULL,
      program TEXT NOT NULL,
      configuration INTEGER NOT NULL REFERENCES configurations,
      state TEXT,
      digest TEXT NOT NULL,
      ticks INTEGER NOT NULL,
      level INTEGER,
      cause TEXT NOT NULL,
      UNIQUE (intersection, epoch, number)
    ) STRICT;
    CREATE INDEX sessions_by_time ON sessions (intersection, at_utc);
    CREATE TABLE readings (
      id INTEGER PRIMARY KEY,
      session INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
      at_utc INTEGER NOT NULL,
      first_tick INTEGER NOT NULL,
      ticks INTEGER NOT NULL,
      body BLOB NOT NULL
    ) STRICT;
    CREATE INDEX readings_by_time ON readings (session, at_utc);
    ALTER TABLE counts ADD COLUMN session INTEGER;
    ALTER TABLE counts ADD COLUMN tick INTEGER;
    ALTER TABLE counts ADD COLUMN verdict INTEGER;
    """
}
