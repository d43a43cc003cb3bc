import Signals

// Columns 0 and 1 are the time and the row number of every table of `ReadTable`.

extension RecordedCount {
  init(_ row: Statement.Row, of span: HistorySpan) {
    self.init(
      intersection: span.intersection ?? "", detector: row.text(2), start: row.utc(3),
      end: row.utc(4), received: row.utc(0), line: row.text(5))
  }
}

extension RecordedDecision {
  init(_ row: Statement.Row, of span: HistorySpan, path: String) throws(HistoryError) {
    guard let epoch = UInt32(exactly: row.integer(3)),
      let level = DegradeLevel(rawValue: Int(row.integer(5)))
    else { throw row.corrupt("decision", path: path) }
    self.init(
      intersection: span.intersection ?? "", at: row.moment(monotonic: 2), epoch: epoch,
      tick: row.integer(4), level: level, body: row.text(6))
  }
}

extension RecordedFault {
  init(_ row: Statement.Row, of span: HistorySpan) {
    self.init(
      intersection: span.intersection, what: row.text(2), place: row.text(3), since: row.utc(0),
      until: row.isNull(4) ? nil : row.utc(4))
  }
}

extension OperatorAct {
  init(_ row: Statement.Row, of span: HistorySpan) {
    self.init(
      intersection: span.intersection, at: row.moment(monotonic: 2), who: row.text(3),
      act: row.text(4), detail: row.text(5))
  }
}

extension RecordedOverride {
  init(_ row: Statement.Row, of span: HistorySpan) {
    self.init(
      intersection: span.intersection ?? "", at: row.moment(monotonic: 2), number: row.text(3),
      action: row.text(4), who: row.text(5), reason: row.text(6), begins: row.utc(7),
      ends: row.utc(8), before: row.text(9), after: row.text(10),
      ended: row.isNull(11) ? nil : row.utc(11), ending: row.text(12))
  }
}

/// What is read beside the rows of plans.
enum PlanText {
  /// The entries of a plan's JSON text; SQLite is the parser.
  static let entries = """
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
    FROM json_each(?) ORDER BY key
    """

  /// What became of a plan.
  static let receipts = """
    SELECT at_utc, id, at_mono, outcome, code, detail FROM receipts WHERE plan = ? ORDER BY id
    """
}

extension RecordedPlan {
  init(
    _ row: Statement.Row, of span: HistorySpan, entries statement: Statement, path: String
  ) throws(HistoryError) {
    var entries: [PlanEntry] = []
    try statement.rows([.text(row.text(5))]) { entry throws(HistoryError) in
      entries.append(
        PlanEntry(
          stage: Int(entry.integer(0)), green: entry.tenths(1), longestGreen: entry.tenths(2)))
      return true
    }
    guard let epoch = UInt32(exactly: row.integer(3)),
      let sequence = UInt32(exactly: row.integer(4)),
      let takeover = UInt16(exactly: row.integer(8)).flatMap(Takeover.init)
    else { throw row.corrupt("plan", path: path) }
    let plan = TimingPlan(
      entries: entries, cycle: row.isNull(6) ? nil : row.tenths(6), offset: row.tenths(7),
      takeover: takeover)
    self.init(
      intersection: span.intersection ?? "", at: row.moment(monotonic: 2), epoch: epoch,
      sequence: sequence, plan: plan, why: row.text(9))
  }
}

extension PlanReceipt {
  /// All that became of `plan`, which stands in `row`.
  static func all(
    of plan: RecordedPlan, row: Statement.Row, _ statement: Statement, path: String
  ) throws(HistoryError) -> [PlanReceipt] {
    var receipts: [PlanReceipt] = []
    try statement.rows([.integer(row.integer(1))]) { row throws(HistoryError) in
      let code = UInt16(exactly: row.integer(4))
      guard let outcome = Outcome(rawValue: row.text(3)), let code else {
        throw row.corrupt("receipt", path: path)
      }
      receipts.append(
        PlanReceipt(
          intersection: plan.intersection, epoch: plan.epoch, sequence: plan.sequence,
          at: row.moment(monotonic: 2), outcome: outcome, code: row.isNull(4) ? nil : code,
          detail: row.text(5)))
      return true
    }
    return receipts
  }
}

extension Statement.Row {
  fileprivate func utc(_ index: Int32) -> UTC { UTC(milliseconds: integer(index)) }

  fileprivate func tenths(_ index: Int32) -> Tenths { Tenths(Int(integer(index))) }

  /// UTC stands in column 0.
  func moment(monotonic index: Int32) -> Moment {
    Moment(monotonic: Instant(milliseconds: integer(index)), utc: utc(0))
  }

  func corrupt(_ what: String, path: String) -> HistoryError {
    HistoryError(.corrupt, path: path, detail: "\(what) in row \(integer(1)) makes no sense")
  }
}
