public import Signals

/// Which records are wanted: those of one junction in a half-open span of time.
public struct HistorySpan: Sendable, Hashable {
  /// Identifier of the junction; `nil` for what concerns the whole installation.
  public let intersection: String?

  /// The first moment that belongs to it.
  public let from: UTC

  /// The first moment that no longer does.
  public let until: UTC

  /// The records of `intersection` from `from` on and before `until`.
  public init(of intersection: String?, from: UTC, until: UTC) {
    self.intersection = intersection
    self.from = from
    self.until = until
  }
}

/// Reads a history, also while it is being written.
///
/// It is for one thread at a time. Records come ordered by time, those of the same time as they were
/// recorded. No lock is held between pages of records, so a slow visitor does not keep the writer's
/// log from being emptied.
public final class HistoryReader {
  /// Records that are read at once.
  private static let page = 512

  let connection: Connection

  /// Opens the history at `path`, which it cannot change.
  ///
  /// - Throws: Why the file cannot be read as a history.
  public init(path: String) throws(HistoryError) {
    connection = try DatabaseFile.openForReading(path, patience: 2000)
  }

  /// Identifiers of all junctions that have records, sorted.
  public func intersections() throws(HistoryError) -> [String] {
    var names: [String] = []
    try connection.prepare("SELECT name FROM intersections WHERE name <> '' ORDER BY name")
      .rows([]) { row throws(HistoryError) in
        names.append(row.text(0))
        return true
      }
    return names
  }

  /// The epoch that was given out last; 0 if none was.
  public func lastEpoch() throws(HistoryError) -> Int64 {
    try connection.integer("SELECT value FROM meta WHERE key = 'epoch'")
  }

  /// Hands each count that was received in `span` to `visit`, until that returns `false`.
  public func counts(
    in span: HistorySpan, visit: (RecordedCount) -> Bool
  ) throws(HistoryError) {
    try pages(.counts, in: span, decode: { row in RecordedCount(row, of: span) }, visit: visit)
  }

  /// Hands each decision in `span` to `visit`, until that returns `false`.
  public func decisions(
    in span: HistorySpan, visit: (RecordedDecision) -> Bool
  ) throws(HistoryError) {
    let path = connection.path
    try pages(
      .decisions, in: span,
      decode: { row throws(HistoryError) in try RecordedDecision(row, of: span, path: path) },
      visit: visit)
  }

  /// When the last decision of `intersection` was recorded; `nil` if there is none.
  public func lastDecision(of intersection: String) throws(HistoryError) -> UTC? {
    let statement = try connection.prepare(
      """
      SELECT at_utc FROM decisions
      WHERE intersection = (SELECT id FROM intersections WHERE name = ?)
      ORDER BY at_utc DESC LIMIT 1
      """)
    return try statement.integer([.text(intersection)]).map { UTC(milliseconds: $0) }
  }

  /// Whether plans of `intersection` were only advised at `moment`; `nil` if nobody has recorded that.
  public func isAdvising(
    _ intersection: String, at moment: UTC
  ) throws(HistoryError) -> Bool? {
    try held(
      OperatorAct.advisoryMode, over: OperatorAct.controlMode, at: intersection, at: moment)
  }

  /// Whether nothing was written to any cabinet at `moment`; `nil` if nobody has recorded that.
  public func isWritingStopped(at moment: UTC) throws(HistoryError) -> Bool? {
    try held(OperatorAct.writingStopped, over: OperatorAct.writingAllowed, at: "", at: moment)
  }

  /// Whether the last of two acts of `intersection` or of all up to `moment` was `act`, not `other`.
  private func held(
    _ act: String, over other: String, at intersection: String, at moment: UTC
  ) throws(HistoryError) -> Bool? {
    let statement = try connection.prepare(
      """
      SELECT act = ?3 FROM acts
      WHERE intersection IN (SELECT id FROM intersections WHERE name IN (?1, ''))
        AND at_utc <= ?2 AND act IN (?3, ?4)
      ORDER BY at_utc DESC, id DESC LIMIT 1
      """)
    return try statement.integer([
      .text(intersection), .utc(moment), .text(act), .text(other),
    ]).map { $0 == 1 }
  }

  /// Hands each plan in `span`, with all that became of it, to `visit`, until that returns `false`.
  public func plans(in span: HistorySpan, visit: (PlanStory) -> Bool) throws(HistoryError) {
    let entries = try connection.prepare(PlanText.entries)
    let receipts = try connection.prepare(PlanText.receipts)
    let path = connection.path
    try pages(
      .plans, in: span,
      decode: { row throws(HistoryError) in
        let plan = try RecordedPlan(row, of: span, entries: entries, path: path)
        return PlanStory(
          plan: plan, receipts: try PlanReceipt.all(of: plan, row: row, receipts, path: path))
      }, visit: visit)
  }

  /// Hands each fault that lasted at some moment of `span` to `visit`, until that returns `false`;
  /// they are ordered by their beginning, which may lie before the span.
  public func faults(in span: HistorySpan, visit: (RecordedFault) -> Bool) throws(HistoryError) {
    try pages(.faults, in: span, decode: { row in RecordedFault(row, of: span) }, visit: visit)
  }

  /// Hands each operator act in `span` to `visit`, until that returns `false`.
  public func acts(in span: HistorySpan, visit: (OperatorAct) -> Bool) throws(HistoryError) {
    try pages(.acts, in: span, decode: { row in OperatorAct(row, of: span) }, visit: visit)
  }

  /// Hands each override that was placed in `span` to `visit`, until that returns `false`.
  public func overrides(
    in span: HistorySpan, visit: (RecordedOverride) -> Bool
  ) throws(HistoryError) {
    try pages(
      .overrides, in: span, decode: { row in RecordedOverride(row, of: span) }, visit: visit)
  }

  /// Reads page by page, each beginning after the last row of the one before: rows that are added or
  /// pruned meanwhile shift nothing.
  private func pages<Record>(
    _ table: ReadTable, in span: HistorySpan,
    decode: (Statement.Row) throws(HistoryError) -> Record, visit: (Record) -> Bool
  ) throws(HistoryError) {
    let statement = try connection.prepare(table.sql)
    var last = (time: table.start(of: span), id: Int64.min)
    while true {
      var records: [Record] = []
      try statement.rows([
        .text(span.intersection ?? ""), .integer(last.time), .integer(last.id), .utc(span.until),
        .utc(span.from), .integer(Int64(Self.page)),
      ]) { row throws(HistoryError) in
        last = (row.integer(0), row.integer(1))
        records.append(try decode(row))
        return true
      }
      for record in records where !visit(record) { return }
      guard records.count == Self.page else { return }
    }
  }
}

extension HistoryReader {
  /// The first `limit` counts that were received in `span`.
  public func counts(in span: HistorySpan, limit: Int) throws(HistoryError) -> [RecordedCount] {
    try gather(limit) { visit throws(HistoryError) in try counts(in: span, visit: visit) }
  }

  /// The first `limit` decisions in `span`.
  public func decisions(
    in span: HistorySpan, limit: Int
  ) throws(HistoryError) -> [RecordedDecision] {
    try gather(limit) { visit throws(HistoryError) in try decisions(in: span, visit: visit) }
  }

  /// The first `limit` plans in `span`, with all that became of them.
  public func plans(in span: HistorySpan, limit: Int) throws(HistoryError) -> [PlanStory] {
    try gather(limit) { visit throws(HistoryError) in try plans(in: span, visit: visit) }
  }

  /// The first `limit` faults that lasted at some moment of `span`.
  public func faults(in span: HistorySpan, limit: Int) throws(HistoryError) -> [RecordedFault] {
    try gather(limit) { visit throws(HistoryError) in try faults(in: span, visit: visit) }
  }

  /// The first `limit` operator acts in `span`.
  public func acts(in span: HistorySpan, limit: Int) throws(HistoryError) -> [OperatorAct] {
    try gather(limit) { visit throws(HistoryError) in try acts(in: span, visit: visit) }
  }

  /// The first `limit` overrides that were placed in `span`.
  public func overrides(
    in span: HistorySpan, limit: Int
  ) throws(HistoryError) -> [RecordedOverride] {
    try gather(limit) { visit throws(HistoryError) in try overrides(in: span, visit: visit) }
  }

  private func gather<Record>(
    _ limit: Int, _ read: ((Record) -> Bool) throws(HistoryError) -> Void
  ) throws(HistoryError) -> [Record] {
    guard limit > 0 else { return [] }
    var records: [Record] = []
    try read { record in
      records.append(record)
      return records.count < limit
    }
    return records
  }
}
