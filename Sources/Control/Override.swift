public import Signals

/// What a person wants of one junction, from when until when, in place of what control would choose
/// (人工干预).
///
/// It is one more source of the wanted plan: what is sent for its sake passes the same safety check as
/// everything else. It is valid between two instants of the monotonic scale, so that a step of the wall
/// clock neither lengthens nor shortens it; the times in UTC are for people and records.
public struct Override: Sendable, Equatable, Codable {
  /// What is wanted. Positions are those of the site file.
  public enum Action: Sendable, Equatable, Codable {
    /// One stage is held as far as the limits allow (锁定阶段).
    case stage(Int)
    /// A plan of these greens runs (指定方案).
    case plan([PlanEntry])
    /// A plan of the site file runs (指定方案).
    case dayPlan(Int)
    /// The junction goes to its time-of-day plan, which the cabinet then runs by itself (单点定时).
    case handOver
  }

  /// Its number, such as "7-3": the third of epoch 7.
  public let id: String

  /// What is wanted.
  public let action: Action

  /// Who wants it.
  public let who: String

  /// Why.
  public let reason: String

  /// The first moment at which it is valid.
  public let begins: Moment

  /// When the wanted stage must be green at the latest: later than `begins` on a green route, where the
  /// junction goes on as usual for as long as it still comes to the stage in time.
  public let ready: Moment

  /// The first moment at which it no longer is valid.
  public let ends: Moment

  /// An override of one junction; `ready` is `begins` if it is left out.
  public init(
    id: String, action: Action, who: String, reason: String, begins: Moment, ready: Moment? = nil,
    ends: Moment
  ) {
    self.id = id
    self.action = action
    self.who = who
    self.reason = reason
    self.begins = begins
    self.ready = ready ?? begins
    self.ends = ends
  }

  /// Whether it is valid at `instant`.
  public func isValid(at instant: Instant) -> Bool {
    begins.monotonic <= instant && instant < ends.monotonic
  }

  /// Whether both are valid at some instant.
  public func overlaps(_ other: Override) -> Bool {
    begins.monotonic < other.ends.monotonic && other.begins.monotonic < ends.monotonic
  }
}

extension Override {
  /// For a decision's reason: "Override 7-3 by wang (visit)".
  var title: String { "Override \(id) by \(who) (\(reason))" }
}
