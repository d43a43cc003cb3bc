public import Signals

/// Something that belongs into the history.
public enum HistoryEvent: Sendable, Hashable {
  /// A count record was accepted.
  case count(RecordedCount)
  /// A session of a junction began.
  case session(RecordedSession)
  /// What decisions of a session, which must have been recorded before, were made on.
  case readings(RecordedReadings)
  /// Control decided.
  case decision(RecordedDecision)
  /// A plan was ordered.
  case plan(RecordedPlan)
  /// Something became of an ordered plan, which must have been recorded before.
  case receipt(PlanReceipt)
  /// A fault began; if the same one (junction, what, place) still lasts, that one stays as it is.
  case fault(RecordedFault)
  /// The fault `what` at `place` has ended; nothing happens if it does not last.
  case faultEnded(intersection: String?, what: String, place: String, until: UTC)
  /// A person told greensplit to do something.
  case act(OperatorAct)
  /// An override of a junction was placed.
  case override(RecordedOverride)
  /// The override `number` of a junction has ended, and how; nothing happens if it does not last.
  case overrideEnded(number: String, intersection: String, until: UTC, how: String)
  /// Every override that an earlier process left without an end has ended.
  case overridesLeft(until: UTC, how: String)
}

extension HistoryEvent {
  /// Memory that it takes while it waits, bytes: its texts, and a flat share for the rest, which is
  /// an upper bound of the enumeration's own size and of the headers of its texts.
  var bytes: Int { 256 + texts.reduce(0) { $0 + $1.utf8.count } + entries * 24 + blob }

  private var blob: Int {
    guard case .readings(let readings) = self else { return 0 }
    return readings.body.count
  }

  private var entries: Int {
    guard case .plan(let plan) = self else { return 0 }
    return plan.plan.entries.count
  }

  private var texts: [String] {
    switch self {
    case .count(let count): [count.intersection, count.detector, count.line]
    case .session(let session):
      [session.intersection, session.program, session.configuration, session.state ?? ""]
    case .readings(let readings): [readings.intersection]
    case .decision(let decision): [decision.intersection, decision.body]
    case .plan(let plan): [plan.intersection, plan.why]
    case .receipt(let receipt): [receipt.intersection, receipt.detail]
    case .fault(let fault): [fault.intersection ?? "", fault.what, fault.place]
    case .faultEnded(let intersection, let what, let place, _): [intersection ?? "", what, place]
    case .act(let act): [act.intersection ?? "", act.who, act.act, act.detail]
    case .override(let override):
      [
        override.intersection, override.number, override.action, override.who, override.reason,
        override.before, override.after,
      ]
    case .overrideEnded(let number, let intersection, _, let how): [number, intersection, how]
    case .overridesLeft(_, let how): [how]
    }
  }
}
