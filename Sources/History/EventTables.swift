import CSQLite
import Signals

/// The statements that put events into the tables, prepared once for a connection.
final class EventTables {
  private let connection: Connection
  private let addIntersection: Statement
  private let findIntersection: Statement
  private let counts: Statement
  private let configurations: Statement
  private let sessions: Statement
  private let findSession: Statement
  private let readings: Statement
  private let decisions: Statement
  private let plans: Statement
  private let receipts: Statement
  private let faults: Statement
  private let faultEnds: Statement
  private let acts: Statement
  private let overrides: Statement
  private let overrideEnds: Statement
  private let overridesLeft: Statement

  /// Row numbers of intersections that are known to be committed or in the running transaction.
  private var intersections: [String: Int64] = [:]

  /// Row numbers of sessions, likewise; `nil` for one that this database does not have.
  private var sessionRows: [SessionKey: Int64?] = [:]

  private struct SessionKey: Hashable {
    let intersection: String
    let epoch: UInt32
    let number: Int
  }

  init(_ connection: Connection) throws(HistoryError) {
    self.connection = connection
    addIntersection = try connection.prepare(EventSQL.addIntersection)
    findIntersection = try connection.prepare(EventSQL.findIntersection)
    counts = try connection.prepare(EventSQL.counts)
    configurations = try connection.prepare(EventSQL.configurations)
    sessions = try connection.prepare(EventSQL.sessions)
    findSession = try connection.prepare(EventSQL.findSession)
    readings = try connection.prepare(EventSQL.readings)
    decisions = try connection.prepare(EventSQL.decisions)
    plans = try connection.prepare(EventSQL.plans)
    receipts = try connection.prepare(EventSQL.receipts)
    faults = try connection.prepare(EventSQL.faults)
    faultEnds = try connection.prepare(EventSQL.faultEnds)
    acts = try connection.prepare(EventSQL.acts)
    overrides = try connection.prepare(EventSQL.overrides)
    overrideEnds = try connection.prepare(EventSQL.overrideEnds)
    overridesLeft = try connection.prepare(EventSQL.overridesLeft)
  }

  /// Forgets what a transaction that was rolled back has added.
  func rolledBack() {
    intersections.removeAll(keepingCapacity: true)
    sessionRows.removeAll(keepingCapacity: true)
  }

  /// Adds `event` within the running transaction.
  func insert(_ event: HistoryEvent) throws(HistoryError) {
    switch event {
    case .count(let count): try insert(count)
    case .session(let session): try insert(session)
    case .readings(let readings): try insert(readings)
    case .decision(let decision): try insert(decision)
    case .plan(let plan): try insert(plan)
    case .receipt(let receipt): try insert(receipt)
    case .fault(let fault):
      try faults.run([
        .integer(try row(of: fault.intersection)), .text(fault.what), .text(fault.place),
        .utc(fault.since), fault.until.map(Statement.Value.utc) ?? .null,
      ])
    case .faultEnded(let intersection, let what, let place, let until):
      try faultEnds.run([
        .utc(until), .integer(try row(of: intersection)), .text(what), .text(place),
      ])
    case .act(let act):
      try acts.run([
        .integer(try row(of: act.intersection)), .utc(act.at.utc), .monotonic(act.at),
        .text(act.who), .text(act.act), .text(act.detail),
      ])
    case .override(let override): try insert(override)
    case .overrideEnded(let number, let intersection, let until, let how):
      try overrideEnds.run([
        .utc(until), .text(how), .text(number), .integer(try row(of: intersection)),
      ])
    case .overridesLeft(let until, let how): try overridesLeft.run([.utc(until), .text(how)])
    }
  }

  private func insert(_ override: RecordedOverride) throws(HistoryError) {
    try overrides.run([
      .integer(try row(of: override.intersection)), .utc(override.at.utc),
      .monotonic(override.at), .text(override.number), .text(override.action),
      .text(override.who), .text(override.reason), .utc(override.begins), .utc(override.ends),
      .text(override.before), .text(override.after),
    ])
  }

  private func insert(_ count: RecordedCount) throws(HistoryError) {
    var use = [Statement.Value.null, .null, .null]
    if let told = count.use,
      let session = try row(of: told.session, in: told.epoch, of: count.intersection)
    {
      use = [.integer(session), .integer(told.tick), .integer(Int64(told.verdict.rawValue))]
    }
    try counts.run(
      [
        .integer(try row(of: count.intersection)), .utc(count.received), .text(count.detector),
        .utc(count.start), .utc(count.end), .text(count.line),
      ] + use)
  }

  private func insert(_ session: RecordedSession) throws(HistoryError) {
    let digest = fingerprint([session.configuration])
    try configurations.run([.text(digest), .text(session.configuration)])
    try sessions.run([
      .integer(try row(of: session.intersection)), .utc(session.at.utc), .monotonic(session.at),
      .integer(Int64(session.epoch)), .integer(Int64(session.number)), .text(session.program),
      session.state.map(Statement.Value.text) ?? .null, .text(session.digest),
      .integer(session.ticks), session.level.map { .integer(Int64($0.rawValue)) } ?? .null,
      .text(session.cause), .text(digest),
    ])
    sessionRows.removeAll(keepingCapacity: true)
  }

  /// Readings whose session began in a file that was moved away since are of no use: nobody could
  /// begin to replay them.
  private func insert(_ record: RecordedReadings) throws(HistoryError) {
    guard let session = try row(of: record.session, in: record.epoch, of: record.intersection)
    else { return }
    try readings.run([
      .integer(session), .utc(record.at), .integer(record.firstTick),
      .integer(Int64(record.ticks)), .blob(record.body),
    ])
  }

  /// The row of session `number` of `junction` in `epoch`; `nil` if it is not in this database.
  private func row(
    of number: Int, in epoch: UInt32, of junction: String
  ) throws(HistoryError) -> Int64? {
    let key = SessionKey(intersection: junction, epoch: epoch, number: number)
    if let known = sessionRows[key] { return known }
    let found = try findSession.integer([
      .integer(try row(of: junction)), .integer(Int64(epoch)), .integer(Int64(number)),
    ])
    sessionRows[key] = .some(found)
    return found
  }

  private func insert(_ decision: RecordedDecision) throws(HistoryError) {
    try decisions.run([
      .integer(try row(of: decision.intersection)), .utc(decision.at.utc),
      .monotonic(decision.at), .integer(Int64(decision.epoch)), .integer(decision.tick),
      .integer(Int64(decision.level.rawValue)), .text(decision.body),
    ])
  }

  private func insert(_ record: RecordedPlan) throws(HistoryError) {
    let plan = record.plan
    try plans.run([
      .integer(try row(of: record.intersection)), .utc(record.at.utc), .monotonic(record.at),
      .integer(Int64(record.epoch)), .integer(Int64(record.sequence)),
      .text(plan.entriesText), plan.cycle.map { .integer(Int64($0.count)) } ?? .null,
      .integer(Int64(plan.offset.count)), .integer(Int64(plan.takeover.rawValue)),
      .text(record.why),
    ])
  }

  private func insert(_ receipt: PlanReceipt) throws(HistoryError) {
    try receipts.run([
      .utc(receipt.at.utc), .monotonic(receipt.at), .text(receipt.outcome.rawValue),
      receipt.code.map { .integer(Int64($0)) } ?? .null, .text(receipt.detail),
      .integer(try row(of: receipt.intersection)), .integer(Int64(receipt.epoch)),
      .integer(Int64(receipt.sequence)),
    ])
    guard connection.changes == 1 else {
      throw HistoryError(
        .misfit, path: connection.path,
        detail: "junction \(receipt.intersection): a receipt for plan \(receipt.epoch)/"
          + "\(receipt.sequence), which is not recorded")
    }
  }

  /// The row of the intersection `name`; `nil` stands for the whole installation.
  private func row(of name: String?) throws(HistoryError) -> Int64 {
    let name = name ?? ""
    if let known = intersections[name] { return known }
    try addIntersection.run([.text(name)])
    guard let found = try findIntersection.integer([.text(name)]) else {
      throw HistoryError(
        .corrupt, path: connection.path, detail: "junction \(name) was added and is not there")
    }
    intersections[name] = found
    return found
  }
}

extension Statement.Value {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  static func utc(_ time: UTC) -> Self { .integer(time.milliseconds) }

  /// Milliseconds on the monotonic scale.
  static func monotonic(_ moment: Moment) -> Self { .integer(moment.monotonic.milliseconds) }
}

extension TimingPlan {
  /// The entries as a JSON array of [stage, green, longest green]; stages counted from 0, tenths of a
  /// second. Whole numbers need no JSON library to be written.
  var entriesText: String {
    let rows = entries.map { "[\($0.stage),\($0.green.count),\($0.longestGreen.count)]" }
    return "[\(rows.joined(separator: ","))]"
  }
}
