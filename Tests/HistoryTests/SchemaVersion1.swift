/// The database as version 1 of the schema left it, with a record of each kind. It never changes: it
/// is what stands on the disks of those who have not updated.
enum SchemaVersion1 {
  static let sql =
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
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
    INSERT INTO meta VALUES ('epoch', 41);
    INSERT INTO intersections VALUES (5, 'J009');
    INSERT INTO counts VALUES (1, 5, 1000, 'J009.N', -4000, 1000, '{"v":1}');
    INSERT INTO decisions VALUES (1, 5, 1000, 5, 41, 1, 0, 'old body');
    INSERT INTO plans VALUES (1, 5, 1000, 5, 41, 1, '[[1,200,200]]', NULL, 0, 2, 'why');
    INSERT INTO receipts VALUES (1, 1, 2000, 6, 'running', NULL, '');
    INSERT INTO faults VALUES (1, 5, 'link', '', 3000, NULL);
    PRAGMA application_id = 1196642380;
    PRAGMA user_version = 1;
    PRAGMA journal_mode = WAL;
    """
}
