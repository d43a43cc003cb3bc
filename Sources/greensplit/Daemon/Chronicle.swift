import Cabinets
import Control
import Counts
import FoundationEssentials
import History
import Safety
import Signals
import Locking

/// Turns what junctions tell into history and into log lines for people.
final class Chronicle: Sendable {
  private let history: HistoryWriter?
  private let epoch: UInt32
  /// What is told of counts that are not taken as they come.
  let troubles = CountTroubles()
  /// What was told of each junction last.
  private let told = Guarded<[String: Told]>([:])

  private struct Told {
    var level: DegradeLevel?
    var cause = ""
    /// Why the last plan was ordered.
    var why = ""
    var ticks: Int64 = 0
    /// Whether the cabinet has answered since the daemon started.
    var isReached = false
  }

  init(history: HistoryWriter?, epoch: UInt32) {
    self.history = history
    self.epoch = epoch
  }

  /// Keeps one piece of news and tells what an operator must know.
  func hear(_ news: JunctionNews) {
    switch news {
    case .decision(let junction, let decision, let report):
      hear(decision, of: junction, report: report)
    case .exchange(let junction, let at, let event): hear(event, of: junction, at: at)
    case .counts(let junction, let at, let records, let verdicts):
      hear(records, verdicts, of: junction, at: at.utc)
    }
  }

  /// Tells what the history has to say of itself.
  static func tell(_ report: HistoryReport, at utc: UTC) {
    let level: Log.Level =
      switch report {
      case .recovered: .notice
      case .pruneFailed, .misfit: .warning
      case .failed, .lost: .error
      }
    Log.write(
      level, "history", at: utc, [("what", report.description), ("control", "goes on")])
  }

  private func hear(_ decision: Decision, of junction: String, report: CabinetReport?) {
    let (isNew, tick) = told.withLock { told -> (Bool, Int64) in
      var now = told[junction] ?? Told()
      defer { told[junction] = now }
      let isNew = now.level != decision.level || now.cause != decision.cause
      now.level = decision.level
      now.cause = decision.cause
      now.ticks += 1
      if decision.order != nil { now.why = decision.reason.text }
      return (isNew, now.ticks)
    }
    if isNew {
      Log.write(
        decision.level <= .isolated ? .notice : .warning, "control level", at: decision.at.utc,
        [
          ("junction", junction), ("rung", "\(decision.level)"), ("cause", decision.cause),
        ])
    }
    guard isNew || decision.order != nil || !decision.reason.refused.isEmpty else { return }
    history?.append(
      .decision(
        RecordedDecision(
          intersection: junction, at: decision.at, epoch: epoch, tick: tick,
          level: decision.level, body: json(Body(decision, report: report)))))
  }

  private func hear(_ event: ExchangeEvent, of junction: String, at moment: Moment) {
    if case .identified = event { closeOldFaults(of: junction, at: moment.utc) }
    if case .sent(let sequence, let plan) = event {
      let why = told.withLock { $0[junction]?.why ?? "" }
      history?.append(
        .plan(
          RecordedPlan(
            intersection: junction, at: moment, epoch: epoch, sequence: sequence, plan: plan,
            why: why)))
    }
    if let receipt = event.receipt {
      history?.append(
        .receipt(
          PlanReceipt(
            intersection: junction, epoch: epoch, sequence: receipt.sequence, at: moment,
            outcome: receipt.outcome, code: receipt.code, detail: receipt.detail)))
    }
    for fault in event.faults(of: junction, at: moment.utc) { history?.append(fault) }
    guard let level = event.logLevel else { return }
    Log.write(level, "cabinet", at: moment.utc, [("junction", junction), ("what", event.words)])
  }

  /// Faults that an earlier daemon left open when it was killed: the cabinet answers, and what still
  /// lasts is told again.
  private func closeOldFaults(of junction: String, at utc: UTC) {
    let isFirst = told.withLock { told in
      let isFirst = told[junction]?.isReached != true
      told[junction, default: Told()].isReached = true
      return isFirst
    }
    guard isFirst else { return }
    for what in ExchangeEvent.faultKinds {
      history?.append(
        .faultEnded(intersection: junction, what: what, place: "cabinet", until: utc))
    }
  }

  private func hear(
    _ records: [CountRecord], _ verdicts: [Verdict], of junction: String, at utc: UTC
  ) {
    for (record, verdict) in zip(records, verdicts) {
      if verdict.isForHistory {
        history?.append(
          .count(
            RecordedCount(
              intersection: junction, detector: record.detector, start: record.start,
              end: record.end, received: utc, line: record.line)))
      }
      troubles.tell(verdict, of: record, at: junction, utc)
    }
  }

  /// A decision with its inputs and reasons, as it is kept.
  private struct Body: Encodable {
    let cause: String
    let plan: TimingPlan?
    let reason: Reason
    let stage: Int?
    let timeInState: Tenths?

    init(_ decision: Decision, report: CabinetReport?) {
      cause = decision.cause
      plan = decision.order?.plan
      reason = decision.reason
      stage = report?.stage
      timeInState = report?.timeInState
    }
  }

  /// Sorted keys: the same decision gives the same bytes.
  private func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      preconditionFailure("plans and reasons hold finite numbers only: \(error)")
    }
  }
}
