/// The texts of the statements that put events into the tables.
enum EventSQL {
  static let addIntersection =
    "INSERT INTO intersections (name) VALUES (?) ON CONFLICT DO NOTHING"
  static let findIntersection =
    "SELECT id FROM intersections WHERE name = ?"
  static let counts =
    """
    INSERT INTO counts (intersection, received_utc, detector, start_utc, end_utc, line, session,
      tick, verdict)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  static let configurations =
    "INSERT INTO configurations (digest, body) VALUES (?, ?) ON CONFLICT DO NOTHING"
  static let sessions =
    """
    INSERT INTO sessions (intersection, at_utc, at_mono, epoch, number, program, configuration,
      state, digest, ticks, level, cause)
    SELECT ?, ?, ?, ?, ?, ?, id, ?, ?, ?, ?, ? FROM configurations WHERE digest = ?
    """
  static let findSession =
    "SELECT id FROM sessions WHERE intersection = ? AND epoch = ? AND number = ?"
  static let readings =
    "INSERT INTO readings (session, at_utc, first_tick, ticks, body) VALUES (?, ?, ?, ?, ?)"
  static let decisions =
    """
    INSERT INTO decisions (intersection, at_utc, at_mono, epoch, tick, level, body)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    """
  static let plans =
    """
    INSERT INTO plans (intersection, at_utc, at_mono, epoch, sequence, entries, cycle, "offset",
      takeover, why)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  static let receipts =
    """
    INSERT INTO receipts (plan, at_utc, at_mono, outcome, code, detail)
    SELECT id, ?, ?, ?, ?, ? FROM plans WHERE intersection = ? AND epoch = ? AND sequence = ?
    """
  static let faults =
    """
    INSERT INTO faults (intersection, what, place, since_utc, until_utc) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING
    """
  static let faultEnds =
    """
    UPDATE faults SET until_utc = ?
    WHERE intersection = ? AND what = ? AND place = ? AND until_utc IS NULL
    """
  static let overrides =
    """
    INSERT INTO overrides (intersection, at_utc, at_mono, number, action, who, reason, begins_utc,
      ends_utc, "before", "after", ending)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')
    """
  static let overrideEnds =
    """
    UPDATE overrides SET ended_utc = ?, ending = ?
    WHERE number = ? AND intersection = ? AND ended_utc IS NULL
    """
  static let overridesLeft =
    "UPDATE overrides SET ended_utc = ?, ending = ? WHERE ended_utc IS NULL"
  static let acts =
    """
    INSERT INTO acts (intersection, at_utc, at_mono, who, act, detail) VALUES (?, ?, ?, ?, ?, ?)
    """
}
