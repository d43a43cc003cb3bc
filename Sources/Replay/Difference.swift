import Control
import Counts
import Demand
import FoundationEssentials
import History
import Signals

/// Where a decision that was made again is not what was recorded.
public struct DecisionDifference: Sendable, Equatable, Codable {
  /// Identifier of the junction.
  public let junction: String
  /// The tick, UTC.
  public let at: String
  /// Epoch of the process that decided.
  public let epoch: UInt32
  /// Number of the tick, as in the table `decisions`.
  public let tick: Int64
  /// What differs, such as "the plan" or "the queue of N.T".
  public let field: String
  /// What was recorded there.
  public let recorded: String
  /// What is decided now.
  public let now: String
}

/// What was decided at one tick, as it is kept.
struct KeptDecision: Equatable {
  let at: Moment
  let tick: Int64
  let level: DegradeLevel
  let body: String

  init(at: Moment, tick: Int64, level: DegradeLevel, body: String) {
    self.at = at
    self.tick = tick
    self.level = level
    self.body = body
  }

  init(_ recorded: RecordedDecision) {
    self.init(
      at: recorded.at, tick: recorded.tick, level: recorded.level, body: recorded.body)
  }
}

/// Says in words where two decisions of one tick differ first.
struct DifferenceFinder {
  let site: Intersection
  let epoch: UInt32

  /// The difference of two decisions that are not the same; either may be missing.
  func difference(recorded: KeptDecision?, now: KeptDecision?) -> DecisionDifference {
    let place = recorded ?? now
    let (field, was, becomes) = words(recorded, now)
    return DecisionDifference(
      junction: site.id, at: (place?.at.utc ?? UTC(milliseconds: 0)).rfc3339,
      epoch: epoch, tick: place?.tick ?? 0, field: field, recorded: was, now: becomes)
  }

  private typealias Words = (field: String, recorded: String, now: String)

  private func words(_ recorded: KeptDecision?, _ now: KeptDecision?) -> Words {
    guard let recorded else {
      return ("a decision", "none", now.flatMap(body).map(summary) ?? "one")
    }
    guard let now else { return ("a decision", body(recorded).map(summary) ?? "one", "none") }
    if recorded.at != now.at {
      return ("the time", "\(recorded.at.monotonic)", "\(now.at.monotonic)")
    }
    if recorded.level != now.level {
      return ("the rung of the ladder", "\(recorded.level)", "\(now.level)")
    }
    guard let a = body(recorded), let b = body(now) else {
      return ("the record", recorded.body, now.body)
    }
    return words(a, b) ?? ("the record", recorded.body, now.body)
  }

  /// The fields in the order in which a traffic engineer asks for them.
  private func words(_ a: DecisionBody, _ b: DecisionBody) -> Words? {
    if a.plan != b.plan { return ("the plan", plan(a.plan), plan(b.plan)) }
    if a.cause != b.cause { return ("the cause of the rung", a.cause, b.cause) }
    if let found = words(a.reason.demand, b.reason.demand) { return found }
    if a.reason.text != b.reason.text { return ("the reason", a.reason.text, b.reason.text) }
    if a.reason.cost != b.reason.cost {
      return ("the cost ahead", number(a.reason.cost), number(b.reason.cost))
    }
    if a.reason.alternative != b.reason.alternative {
      return (
        "the alternative", a.reason.alternative?.text ?? "none",
        b.reason.alternative?.text ?? "none"
      )
    }
    if a.reason.refused != b.reason.refused {
      return (
        "what the safety check refused", a.reason.refused.joined(separator: "; "),
        b.reason.refused.joined(separator: "; ")
      )
    }
    if a.stage != b.stage { return ("the stage that ran", stage(a.stage), stage(b.stage)) }
    return nil
  }

  private func words(_ a: DemandEstimate, _ b: DemandEstimate) -> Words? {
    for (position, (old, new)) in zip(a.laneGroups, b.laneGroups).enumerated() where old != new {
      let name =
        site.laneGroups.indices.contains(position)
        ? site.laneGroups[position].name : "lane group \(position + 1)"
      let fields: [(String, Double, Double)] = [
        ("queue", old.queue, new.queue), ("vehicles on the move", old.approaching, new.approaching),
        ("flow", old.flow, new.flow), ("trust", old.trust, new.trust),
        ("time in view", old.viewTime, new.viewTime),
        ("time held up on green", old.heldUp ?? 0, new.heldUp ?? 0),
        ("capacity of late", old.capacity ?? 0, new.capacity ?? 0),
      ]
      for (field, was, becomes) in fields where was != becomes {
        return ("the \(field) of \(name)", number(was), number(becomes))
      }
      return ("arrivals from upstream at \(name)", "\(old.inbound)", "\(new.inbound)")
    }
    if a.discharge != b.discharge {
      return ("rates of discharge", "\(a.discharge)", "\(b.discharge)")
    }
    guard a.changes != b.changes else { return nil }
    return ("rates of discharge in changes", rates(a.changes), rates(b.changes))
  }

  private func rates(_ changes: [ChangeDischarge]?) -> String {
    "\((changes ?? []).map { [Double($0.from), Double($0.to), Double($0.laneGroup), $0.rate] })"
  }

  private func body(_ kept: KeptDecision) -> DecisionBody? {
    try? JSONDecoder().decode(DecisionBody.self, from: Data(kept.body.utf8))
  }

  private func summary(_ body: DecisionBody) -> String {
    body.plan.map { plan($0) } ?? body.reason.text
  }

  private func plan(_ plan: TimingPlan?) -> String {
    guard let plan else { return "none" }
    return plan.entries.map { "\(stage($0.stage)) \($0.green)" }.joined(separator: ", ")
  }

  private func stage(_ position: Int?) -> String {
    guard let position else { return "unknown" }
    return site.stages.indices.contains(position) ? site.stages[position].name : "\(position + 1)"
  }

  private func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "none" }
}

extension KeptDecision {
  /// The plan that was ordered; `nil` for none.
  var plan: TimingPlan? {
    (try? JSONDecoder().decode(DecisionBody.self, from: Data(body.utf8)))?.plan
  }
}
