public import Signals

/// A plan that was ordered from a cabinet.
public struct RecordedPlan: Sendable, Hashable {
  /// Identifier of the junction.
  public let intersection: String

  /// When it was handed out.
  public let at: Moment

  /// Epoch of its order; with `sequence` it names the order for ever.
  public let epoch: UInt32

  /// Running number of the order in its epoch.
  public let sequence: UInt32

  /// The plan.
  public let plan: TimingPlan

  /// Why it was ordered, for people.
  public let why: String

  /// The order (`epoch`, `sequence`).
  public init(
    intersection: String, at: Moment, epoch: UInt32, sequence: UInt32, plan: TimingPlan, why: String
  ) {
    self.intersection = intersection
    self.at = at
    self.epoch = epoch
    self.sequence = sequence
    self.plan = plan
    self.why = why
  }
}

/// What became of an order.
public struct PlanReceipt: Sendable, Hashable {
  /// What became of it; the raw value is the database's.
  public enum Outcome: String, Sendable, CaseIterable {
    /// The cabinet took it; it waits to take over.
    case accepted
    /// It runs: the cabinet has repeated it.
    case running
    /// The cabinet refused it; the code says why.
    case refused
    /// The cabinet answered with a Modbus exception, which is the code.
    case exception
    /// It was not sent.
    case withheld
    /// Nobody knows whether it arrived.
    case unknown
    /// It may have arrived, but was given up as too old or replaced.
    case abandoned
    /// It was accepted and did not run in due time.
    case overdue
    /// Its lease is over.
    case lapsed
  }

  /// Identifier of the junction.
  public let intersection: String

  /// Epoch of the order.
  public let epoch: UInt32

  /// Running number of the order in its epoch.
  public let sequence: UInt32

  /// When it became known.
  public let at: Moment

  /// What became of it.
  public let outcome: Outcome

  /// The cabinet's result code or Modbus exception, if it told one.
  public let code: UInt16?

  /// More, for people; may be empty.
  public let detail: String

  /// What became of the order (`epoch`, `sequence`).
  public init(
    intersection: String, epoch: UInt32, sequence: UInt32, at: Moment, outcome: Outcome,
    code: UInt16? = nil, detail: String = ""
  ) {
    self.intersection = intersection
    self.epoch = epoch
    self.sequence = sequence
    self.at = at
    self.outcome = outcome
    self.code = code
    self.detail = detail
  }
}

/// An order and all that became of it.
public struct PlanStory: Sendable, Hashable {
  /// The order.
  public let plan: RecordedPlan

  /// What became of it, in the order in which it was recorded.
  public let receipts: [PlanReceipt]

  /// `plan` with its `receipts`.
  public init(plan: RecordedPlan, receipts: [PlanReceipt]) {
    self.plan = plan
    self.receipts = receipts
  }
}
