public import Signals

/// A session as it stands in the database.
public struct StoredSession: Sendable, Hashable {
  /// Its row number.
  public let id: Int64

  /// The session.
  public let session: RecordedSession

  /// Whether its texts are what was recorded.
  public let isIntact: Bool
}

/// A count record of a session.
public struct SessionCount: Sendable, Hashable {
  /// The tick that could see it first.
  public let tick: Int64

  /// Its row number, which rises in the order of recording.
  public let id: Int64

  /// What became of it.
  public let verdict: CountUse.Verdict
}

/// What happened in some consecutive ticks of a session.
public struct SessionSpan: Sendable, Hashable {
  /// Their numbers.
  public let ticks: Range<Int64>

  /// The earliest and the latest UTC of anything that belongs to them.
  public let utc: ClosedRange<UTC>

  /// `ticks`, between the two ends of `utc`.
  public init(ticks: Range<Int64>, utc: ClosedRange<UTC>) {
    self.ticks = ticks
    self.utc = utc
  }
}

/// Sessions and what belongs to them. Everything of a session is ordered by ticks and row numbers, never
/// by UTC, which may have been stepped.
extension HistoryReader {
  /// Whether the history was written by a program that did not record what decisions were made on.
  public func hasDecisionsWithoutSession() throws(HistoryError) -> Bool {
    try connection.integer(
      """
      SELECT EXISTS (SELECT 1 FROM decisions d WHERE NOT EXISTS
        (SELECT 1 FROM sessions s WHERE s.intersection = d.intersection AND s.epoch = d.epoch))
      """) == 1
  }

  /// All sessions of a junction, in the order in which they were recorded.
  public func sessions(of intersection: String) throws(HistoryError) -> [StoredSession] {
    var found: [StoredSession] = []
    let path = connection.path
    try connection.prepare(
      "\(Self.sessionRows) WHERE s.intersection = (SELECT id FROM intersections WHERE name = ?) "
        + "ORDER BY s.id"
    ).rows([.text(intersection)]) { row throws(HistoryError) in
      found.append(try StoredSession(row, of: intersection, path: path))
      return true
    }
    return found
  }

  /// What control of a junction had gathered when its newest session began that had gathered anything;
  /// `nil` if there is none.
  public func lastState(of intersection: String) throws(HistoryError) -> String? {
    var state: String?
    try connection.prepare(
      "SELECT state FROM sessions WHERE intersection = (SELECT id FROM intersections "
        + "WHERE name = ?) AND state IS NOT NULL ORDER BY id DESC LIMIT 1"
    ).rows([.text(intersection)]) { row throws(HistoryError) in
      state = row.text(0)
      return false
    }
    return state
  }

  /// The session that began first of all; `nil` if there is none.
  public func firstSession() throws(HistoryError) -> StoredSession? {
    var first: StoredSession?
    let path = connection.path
    try connection.prepare("\(Self.sessionRows) ORDER BY s.at_utc, s.id LIMIT 1")
      .rows([]) { row throws(HistoryError) in
        first = try StoredSession(row, of: row.text(12), path: path)
        return false
      }
    return first
  }

  private static let sessionRows = """
    SELECT s.at_utc, s.id, s.at_mono, s.epoch, s.number, s.program, c.body, s.state, s.digest,
      s.ticks, s.level, s.cause, i.name
    FROM sessions s JOIN configurations c ON c.id = s.configuration
      JOIN intersections i ON i.id = s.intersection
    """

  /// The readings of a session by their ticks.
  public func readings(of stored: StoredSession) throws(HistoryError) -> [RecordedReadings] {
    var found: [RecordedReadings] = []
    let session = stored.session
    try connection.prepare(
      "SELECT at_utc, first_tick, ticks, body FROM readings WHERE session = ?"
    ).rows([.integer(stored.id)]) { row throws(HistoryError) in
      found.append(
        RecordedReadings(
          intersection: session.intersection, epoch: session.epoch, session: session.number,
          at: UTC(milliseconds: row.integer(0)), firstTick: row.integer(1),
          ticks: Int(row.integer(2)), body: row.blob(3)))
      return true
    }
    return found.sorted { $0.firstTick < $1.firstTick }
  }

  /// Hands the counts of some ticks of a session to `visit`, each with its line of canonical JSON. They come
  /// by the time at which they were received.
  public func counts(
    of stored: StoredSession, in span: SessionSpan, visit: (SessionCount, [UInt8]) -> Void
  ) throws(HistoryError) {
    let path = connection.path
    var line: [UInt8] = []
    try connection.prepare(
      """
      SELECT received_utc, id, tick, verdict, line FROM counts
      WHERE intersection = (SELECT id FROM intersections WHERE name = ?1)
        AND received_utc BETWEEN ?2 AND ?3 AND session = ?4 AND tick >= ?5 AND tick < ?6
      """
    ).rows([
      .text(stored.session.intersection), .utc(span.utc.lowerBound), .utc(span.utc.upperBound),
      .integer(stored.id), .integer(span.ticks.lowerBound), .integer(span.ticks.upperBound),
    ]) { row throws(HistoryError) in
      guard let verdict = CountUse.Verdict(rawValue: Int(row.integer(3))) else {
        throw row.corrupt("count", path: path)
      }
      row.copyText(4, into: &line)
      visit(SessionCount(tick: row.integer(2), id: row.integer(1), verdict: verdict), line)
      return true
    }
  }

  /// The decisions of some ticks of a session, by their ticks.
  public func decisions(
    of stored: StoredSession, in span: SessionSpan
  ) throws(HistoryError) -> [RecordedDecision] {
    let session = stored.session
    let all = HistorySpan(
      of: session.intersection, from: span.utc.lowerBound,
      until: span.utc.upperBound.advanced(bySeconds: 0.001))
    var found: [RecordedDecision] = []
    try decisions(in: all) { decision in
      if decision.epoch == session.epoch, span.ticks.contains(decision.tick) {
        found.append(decision)
      }
      return true
    }
    return found.sorted { $0.tick < $1.tick }
  }
}

extension StoredSession {
  fileprivate init(
    _ row: Statement.Row, of intersection: String, path: String
  ) throws(HistoryError) {
    let level = row.isNull(10) ? nil : DegradeLevel(rawValue: Int(row.integer(10)))
    guard let epoch = UInt32(exactly: row.integer(3)), row.isNull(10) == (level == nil) else {
      throw row.corrupt("session", path: path)
    }
    let session = RecordedSession(
      intersection: intersection, at: row.moment(monotonic: 2), epoch: epoch,
      number: Int(row.integer(4)), program: row.text(5), configuration: row.text(6),
      state: row.isNull(7) ? nil : row.text(7), ticks: row.integer(9), level: level,
      cause: row.text(11))
    self.init(id: row.integer(1), session: session, isIntact: session.digest == row.text(8))
  }
}
