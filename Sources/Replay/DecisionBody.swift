import Control
import Safety
import Signals

/// A decision with the report it was made on and its reasons, as it is kept.
struct DecisionBody: Codable, Equatable {
  let cause: String
  let plan: TimingPlan?
  let reason: Reason
  let stage: Int?
  let timeInState: Tenths?

  init(
    cause: String, plan: TimingPlan?, reason: Reason, stage: Int?, timeInState: Tenths?
  ) {
    self.cause = cause
    self.plan = plan
    self.reason = reason
    self.stage = stage
    self.timeInState = timeInState
  }

  init(_ decision: Decision, report: CabinetReport?) {
    cause = decision.cause
    plan = decision.order?.plan
    reason = decision.reason
    stage = report?.stage
    timeInState = report?.timeInState
  }

  /// The same decision gives the same bytes.
  var text: String { BodyText(self).text }
}

/// Which decisions are kept: those that order something, that were kept from it by the safety check, and
/// those that change the rung of the ladder or its cause.
struct KeptDecisions: Equatable {
  private(set) var level: DegradeLevel?
  private(set) var cause = ""

  /// Before the first decision after `level` and `cause`.
  init(after level: DegradeLevel? = nil, cause: String = "") {
    self.level = level
    self.cause = cause
  }

  /// Whether `decision` is kept.
  mutating func keeps(_ decision: Decision) -> Bool {
    let isNew = level != decision.level || cause != decision.cause
    level = decision.level
    cause = decision.cause
    return isNew || decision.order != nil || !decision.reason.refused.isEmpty
  }
}
