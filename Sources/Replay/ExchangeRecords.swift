import Cabinets
import History
import Signals

extension ExchangeEvent {
  /// What became of an order; `nil` for other events.
  var receipt: (sequence: UInt32, outcome: PlanReceipt.Outcome, code: UInt16?, detail: String)? {
    switch self {
    case .accepted(let sequence): (sequence, .accepted, nil, "")
    case .running(let sequence): (sequence, .running, nil, "")
    case .refused(let sequence, let code, let entry):
      (sequence, .refused, code.rawValue, "\(code)\(entry.map { ", entry \($0)" } ?? "")")
    case .rejected(let sequence, let code): (sequence, .exception, UInt16(code), "")
    case .notTaken(let sequence, let reason): (sequence, .refused, nil, reason)
    case .unknownOutcome(let sequence): (sequence, .unknown, nil, "")
    case .abandoned(let sequence): (sequence, .abandoned, nil, "")
    case .overdue(let sequence): (sequence, .overdue, nil, "")
    case .leaseLapsed(let sequence): (sequence, .lapsed, nil, "")
    default: nil
    }
  }

  /// The faults that this event begins or ends.
  func faults(of junction: String, at utc: UTC) -> [HistoryEvent] {
    func begins(_ what: String, at place: String = "cabinet") -> HistoryEvent {
      .fault(RecordedFault(intersection: junction, what: what, place: place, since: utc))
    }
    func ends(_ what: String) -> HistoryEvent {
      .faultEnded(intersection: junction, what: what, place: "cabinet", until: utc)
    }
    return switch self {
    case .linkLost: [begins("link lost")]
    case .linkRegained: [ends("link lost")]
    case .mismatch: [begins("mismatch with the site file")]
    case .limitsRead: [ends("mismatch with the site file")]
    case .staleEpoch: [begins("another controller")]
    case .clockWrong: [begins("clock wrong")]
    case .clockSet: [ends("clock wrong")]
    case .sourceChanged(_, let to): [to.offersControl ? ends("held") : begins("held")]
    case .faults(let critical, let other):
      [critical == 0 && other == 0 ? ends("fault bits") : begins("fault bits")]
    default: []
    }
  }

  /// Every kind of fault that an event may begin.
  static let faultKinds = [
    "link lost", "mismatch with the site file", "another controller", "clock wrong", "held",
    "fault bits",
  ]
}
