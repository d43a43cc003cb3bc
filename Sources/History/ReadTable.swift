import Signals

/// How the rows of one table are found: after (time, row number), before the end of a span.
struct ReadTable: Sendable {
  private let name: String
  private let time: String
  private let columns: String
  private let restriction: String
  private let startsAnywhere: Bool

  static let counts = ReadTable(
    name: "counts", time: "received_utc", columns: "detector, start_utc, end_utc, line")
  static let decisions = ReadTable(
    name: "decisions", time: "at_utc", columns: "at_mono, epoch, tick, level, body")
  static let plans = ReadTable(
    name: "plans", time: "at_utc",
    columns: #"at_mono, epoch, sequence, entries, cycle, "offset", takeover, why"#)
  static let acts = ReadTable(
    name: "acts", time: "at_utc", columns: "at_mono, who, act, detail")
  static let overrides = ReadTable(
    name: "overrides", time: "at_utc",
    columns: #"at_mono, number, action, who, reason, begins_utc, ends_utc, "before", "after", "#
      + "ended_utc, ending")
  /// A fault belongs to a span if it lasts into it, whenever it began.
  static let faults = ReadTable(
    name: "faults", time: "since_utc", columns: "what, place, until_utc",
    restriction: "coalesce(until_utc > ?5, TRUE)", startsAnywhere: true)

  private init(
    name: String, time: String, columns: String, restriction: String? = nil,
    startsAnywhere: Bool = false
  ) {
    self.name = name
    self.time = time
    self.columns = columns
    self.restriction = restriction ?? "\(time) >= ?5"
    self.startsAnywhere = startsAnywhere
  }

  /// Parameters: junction, last time, last row, end of the span, its start, most rows. Columns: time,
  /// row, then the table's own.
  var sql: String {
    """
    SELECT \(time), id, \(columns) FROM \(name)
    WHERE intersection = (SELECT id FROM intersections WHERE name = ?1)
      AND (\(time), id) > (?2, ?3) AND \(time) < ?4 AND \(restriction)
    ORDER BY \(time), id LIMIT ?6
    """
  }

  /// The time from which the first page looks.
  func start(of span: HistorySpan) -> Int64 {
    startsAnywhere ? .min : span.from.milliseconds
  }
}
