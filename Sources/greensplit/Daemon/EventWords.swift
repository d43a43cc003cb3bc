import Cabinets
import Control
import History
import Modbus
import Signals

extension ExchangeEvent {
  /// How much an operator must care; `nil` for what happens all the time.
  var logLevel: Log.Level? {
    switch self {
    case .sent, .accepted, .running, .abandoned, .leaseRenewed: nil
    // Told once for all cabinets, when it happens.
    case .notSent(.stopped): nil
    case .identified, .limitsRead, .clockSet, .linkRegained: .notice
    case .sourceChanged(_, let to): to == .central ? .notice : .warning
    case .notSent, .deferred, .unknownOutcome, .leaseLapsed, .cabinetRestarted, .clockWrong,
      .linkLost:
      .warning
    case .mismatch, .refused, .rejected, .notTaken, .overdue, .staleEpoch: .error
    case .faults(let critical, let other): critical == 0 && other == 0 ? .notice : .error
    }
  }

  /// What became of a plan, for a person; empty for other events.
  private var wordsOfPlan: String {
    switch self {
    case .sent(let sequence, _): "plan \(sequence) was sent"
    case .accepted(let sequence): "the cabinet took plan \(sequence)"
    case .running(let sequence): "the cabinet runs plan \(sequence)"
    case .refused(let sequence, let code, let entry):
      "the cabinet refused plan \(sequence): \(code)\(entry.map { ", entry \($0)" } ?? "")"
    case .rejected(let sequence, let code):
      "the cabinet answered plan \(sequence) with exception \(code)"
        + (ModbusException(rawValue: code).map { ": \($0)" } ?? "")
    case .notTaken(let sequence, let reason): "the cabinet did not take plan \(sequence): \(reason)"
    case .unknownOutcome(let sequence):
      "whether plan \(sequence) arrived is not known; the cabinet is asked"
    case .abandoned(let sequence):
      "plan \(sequence) was given up: too old, replaced, or lost track of"
    case .overdue(let sequence):
      "the cabinet took plan \(sequence) and did not run it in due time"
    case .leaseLapsed(let sequence):
      "the lease of plan \(sequence) is over, the cabinet runs its own plan"
    default: ""
    }
  }

  /// The event for a person.
  var words: String {
    switch self {
    case .identified(let identity):
      "cabinet \(identity.id) (\(identity.model)), site revision \(identity.siteRevision)"
    case .clockSet(let milliseconds): "its clock was \(milliseconds) ms off and is set"
    case .clockWrong(let milliseconds):
      "its clock is \(milliseconds) ms off although it was set: check the cabinet"
    case .limitsRead(let limits): "limits read, revision \(limits.revision)"
    case .mismatch(let mismatches):
      "does not belong to this site, nothing is sent: "
        + mismatches.map(\.description).joined(separator: "; ")
    case .notSent(let why): "a plan was not sent: \(why)"
    case .deferred(let seconds):
      "a plan waits \(decimal(seconds, places: 1)) s for the limit of writes"
    case .linkLost(let failure, let seconds):
      "link lost: \(failure); next attempt in \(decimal(seconds, places: 1)) s"
    case .linkRegained(let seconds): "link is back after \(decimal(seconds, places: 1)) s"
    case .sourceChanged(let from, let to): "control went from \(from) to \(to)"
    case .faults(let critical, let other):
      "fault bits: critical \(critical), other \(other)"
    case .staleEpoch(let highest):
      "another controller with epoch \(highest) gives orders, nothing is sent; if it is gone, "
        + "start with --epoch \(UInt64(highest) + 1)"
    case .cabinetRestarted: "the cabinet was restarted"
    case .leaseRenewed(let seconds): "lease renewed for \(seconds) s"
    default: wordsOfPlan
    }
  }
}
