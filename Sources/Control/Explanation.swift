import Demand
import Optimisation
public import Signals

/// Why a junction's plan is as it is, in figures: what was seen and how far it was trusted, what was
/// predicted, which limits bound, what one more second would be worth where, what else there was, and
/// what changed since the plan before.
public struct Explanation: Sendable, Equatable, Codable {
  /// One lane group.
  public struct Seen: Sendable, Equatable, Codable {
    /// Its name.
    public let laneGroup: String
    /// Standing before the stop line, pcu.
    public let queue: Double
    /// Expected at the stop line in the next 30 s, pcu.
    public let expected: Double
    /// Flow, pcu/h.
    public let flow: Double
    /// How far the estimate is trusted, 0 (blind) to 1.
    public let trust: Double
  }

  /// What holds a green where it is.
  public enum Bound: String, Sendable, Codable {
    /// Its minimum green.
    case minimumGreen
    /// The crossings' walk and clearance.
    case pedestrian
    /// Its maximum green.
    case maximumGreen
    /// Some whom it serves are not seen, so that it is not made shorter than in the time-of-day plan.
    case distrust
  }

  /// One entry of the plan.
  public struct Green: Sendable, Equatable, Codable {
    /// Name of the stage.
    public let stage: String
    /// Its green, s.
    public let green: Double
    /// What holds it there; `nil` if nothing does.
    public let bound: Bound?
    /// What one more second of it would save, vehicle seconds an hour at the flows of then; negative: it
    /// would cost so much. `nil` if nobody moves in the stage, or the plan is no round.
    public let worth: Double?
  }

  /// What became of the plan of a decision.
  public enum Delivery: String, Sendable, Codable {
    /// It goes to the cabinet.
    case control
    /// It is advised and not written.
    case advise
    /// A person has stopped all writing.
    case stopped
  }

  /// What else there was.
  public struct Alternative: Sendable, Equatable, Codable {
    /// In words; empty for the time-of-day plan.
    public let text: String
    /// What it would have cost beyond what was chosen: vehicle seconds over the horizon, or an hour for
    /// the time-of-day plan.
    public let more: Double
  }

  /// A stage whose green the plan before had otherwise.
  public struct Change: Sendable, Equatable, Codable {
    /// Name of the stage.
    public let stage: String
    /// Its green before, s; 0 if it was not in the plan.
    public let before: Double
    /// Its green now, s; 0 if it is not in the plan.
    public let now: Double
  }

  /// Identifier of the junction.
  public let junction: String
  /// Its name.
  public let name: String
  /// When it was decided.
  public let at: UTC
  /// Offset of local time from UTC, minutes.
  public let timeZoneMinutes: Int
  /// The rung of the degrade ladder.
  public let level: DegradeLevel
  /// Why no better one.
  public let cause: String
  /// The stage that ran; `nil` if it is not known.
  public let stage: String?
  /// For how long, s.
  public let timeInStage: Double?
  /// The lane groups, those with most to say first.
  public let seen: [Seen]
  /// The plan that was ordered; empty for none.
  public let plan: [Green]
  /// Whether it went to the cabinet; `nil` if that is not known.
  public let delivery: Delivery?
  /// When it takes over; `nil` without a plan.
  public let takeover: Takeover?
  /// The decision's own words.
  public let reason: String
  /// Cost of what was chosen over the horizon or an hour, vehicle seconds; `nil` without a choice.
  public let cost: Double?
  /// The best that was weighed and not taken; `nil` for none.
  public let alternative: Alternative?
  /// The time-of-day plan in its place; `nil` if the two cannot be compared.
  public let timeOfDay: Alternative?
  /// Plans that the safety check refused on the way.
  public let refused: [String]
  /// What changed since the plan before; `nil` if none is known.
  public let changes: [Change]?
}

extension Explanation {
  /// Seconds ahead for which arrivals are told.
  private static let lookAhead = 30

  /// Explains a decision.
  ///
  /// - Parameters:
  ///   - site: The junction, as its site file has it.
  ///   - at: When it was decided.
  ///   - level: The rung.
  ///   - cause: Why that rung.
  ///   - plan: The plan that was ordered.
  ///   - reason: Why.
  ///   - stage: Position of the stage that ran.
  ///   - timeInState: For how long.
  ///   - before: The plan before.
  ///   - delivery: Whether it went to the cabinet; `nil` if that is not known.
  public init(
    of site: Intersection, at: UTC, level: DegradeLevel, cause: String, plan: TimingPlan?,
    reason: Reason, stage: Int?, timeInState: Tenths?, before: TimingPlan?,
    delivery: Delivery? = nil
  ) {
    self.junction = site.id
    name = site.name
    self.at = at
    timeZoneMinutes = site.timeZoneMinutes
    self.level = level
    self.cause = cause
    self.stage = stage.flatMap { site.stages.indices.contains($0) ? site.stages[$0].name : nil }
    timeInStage = timeInState?.seconds
    self.reason = reason.text
    cost = reason.cost
    refused = reason.refused
    seen = Self.seen(reason.demand, at: site)
    let due = site.timeOfDayPlan(at: at).plan
    let isOurs =
      reason.demand.laneGroups.count == site.laneGroups.count
      && reason.demand.discharge.count == site.stages.count
      && reason.demand.discharge.allSatisfy { $0.count == site.laneGroups.count }
    let entries =
      isOurs ? (plan?.entries ?? []).filter { site.stages.indices.contains($0.stage) } : []
    let rounds = RoundCosts(site: site, demand: reason.demand)
    self.plan = entries.indices.map { position in
      Green(
        stage: site.stages[entries[position].stage].name, green: entries[position].green.seconds,
        bound: Self.bound(entries[position], reason.demand, at: site, due: due),
        worth: rounds.worth(of: position, in: entries))
    }
    takeover = plan?.takeover
    self.delivery = delivery
    alternative = reason.alternative.map {
      Alternative(text: $0.text, more: $0.cost - (reason.cost ?? 0))
    }
    timeOfDay =
      entries.isEmpty
      ? nil
      : rounds.cost(of: entries).flatMap { ours in
        rounds.cost(of: due.entries).map { Alternative(text: "", more: $0 - ours) }
      }
    changes = before.map { Self.changes(from: $0, to: plan, at: site) }
  }

  private static func seen(_ demand: DemandEstimate, at site: Intersection) -> [Seen] {
    guard demand.laneGroups.count == site.laneGroups.count else { return [] }
    let all = site.laneGroups.indices.map { position in
      let estimate = demand.laneGroups[position]
      return Seen(
        laneGroup: site.laneGroups[position].name, queue: estimate.queue,
        expected: (0..<lookAhead).reduce(0) { $0 + estimate.arrivals(in: $1) },
        flow: estimate.flow, trust: estimate.trust)
    }
    // Equal ones in the order of the site file.
    return all.indices.sorted { (-all[$0].queue, $0) < (-all[$1].queue, $1) }.map { all[$0] }
  }

  private static func bound(
    _ entry: PlanEntry, _ demand: DemandEstimate, at site: Intersection, due: TimingPlan
  ) -> Bound? {
    let stage = site.stages[entry.stage]
    if entry.green >= stage.maximumGreen { return .maximumGreen }
    if entry.green <= stage.shortestGreen {
      return stage.pedestrian >= stage.minimumGreen ? .pedestrian : .minimumGreen
    }
    let caution = Caution(of: entry.stage, at: site, demand: demand, reference: due)
    let isBound = entry.green <= caution.shortest || entry.green >= caution.longest
    return isBound ? .distrust : nil
  }

  private static func changes(
    from before: TimingPlan, to now: TimingPlan?, at site: Intersection
  ) -> [Change] {
    func green(_ plan: TimingPlan?, _ stage: Int) -> Double {
      (plan?.entries ?? []).filter { $0.stage == stage }.reduce(Tenths.zero) { $0 + $1.green }
        .seconds
    }
    guard now != nil else { return [] }
    return site.stages.indices.compactMap { stage in
      let (was, becomes) = (green(before, stage), green(now, stage))
      return was == becomes
        ? nil : Change(stage: site.stages[stage].name, before: was, now: becomes)
    }
  }
}

/// What rounds of stages cost at the flows of one moment, by the delay formulas of the Highway Capacity
/// Manual: the same that the split is chosen by, which at pace `cycle` runs on behind the coming cycle.
private struct RoundCosts {
  let site: Intersection
  let demand: DemandEstimate

  /// Vehicle seconds an hour if `entries` run round and round; `nil` if they cannot.
  func cost(of entries: [PlanEntry]) -> Double? {
    guard entries.count > 1, let cycle = site.length(of: entries) else { return nil }
    let order = entries.map(\.stage)
    let demands = site.laneGroups.indices.compactMap { laneGroup -> SplitDemand? in
      let estimate = demand.laneGroups[laneGroup]
      return splitDemand(
        of: laneGroup, at: site, order: order, rates: demand.discharge,
        flow: max(0, estimate.flow),
        weight: weight(of: laneGroup, estimate, joinedAt: estimate.flow, at: site),
        initialQueue: max(0, estimate.queue))
    }
    var problem = SplitProblem(
      stages: splitStages(site, order: order), demands: demands, cycle: cycle...cycle)
    problem.endGain = site.control.usedYellow.seconds
    // To the split flashing green is green.
    let greens = entries.map { $0.green + site.stages[$0.stage].greenFlash }
    return problem.evaluated(at: greens)?.objective
  }

  /// What a second more of the entry at `position` would save, the others left as they are.
  func worth(of position: Int, in entries: [PlanEntry]) -> Double? {
    var longer = entries
    longer[position] = PlanEntry(
      stage: entries[position].stage, green: entries[position].green + .seconds(1))
    guard let before = cost(of: entries), let after = cost(of: longer) else { return nil }
    return before - after
  }
}
