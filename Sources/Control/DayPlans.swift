import Demand
public import Optimisation
import Safety
public import Signals

/// A time-of-day plan and what it does in the hours in which it runs.
public struct DayPlan: Sendable {
  /// Its hours of local time, one after the other; past 23 comes 0.
  public let hours: [Int]

  /// The plan, as the site file has it: greens without flashing green.
  public let plan: TimingPlan

  /// The split over all its hours, with certificate. Its stages are the plan's, with flashing green
  /// counted as green; objective and prices are sums over the hours.
  public let split: Split

  /// For each element of `split.performance` its hour, lane group and flow, pcu/h.
  public let rows: [(hour: Int, laneGroup: Int, flow: Double)]
}

/// Why a day has no plans.
public enum DayPlanFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// Limits that no greens keep together.
  case clash([SplitClash])
  /// The plan of least delay breaks other limits, at every cycle.
  case rejected(String)

  /// What is in the way.
  public var description: String {
    switch self {
    case .clash(let clashes):
      "the limits leave no cycle: \(clashes.map(\.description).joined(separator: "; "))"
    case .rejected(let reason): "no plan keeps to the limits: \(reason)"
    }
  }
}

/// Time-of-day plans for an hour profile: of least delay, and as few as are worth changing between.
///
/// It begins with a plan for each hour. The two neighbours whose joining costs least delay are joined,
/// again and again, for as long as that costs less than `worth` of the whole day's delay: a change
/// that saves less is not worth its disturbance. The plan of joined hours is the optimum over all of
/// them together. The day is a circle, as the schedule is.
///
/// - Parameters:
///   - junction: The junction; stages keep the order of its first plan.
///   - flows: For each of 24 hours the flow of each lane group, pcu/h.
///   - worth: Share of the day's delay that a change of plan must save, 0 or more.
/// - Returns: The plans by their first hour.
public func planDay(
  at junction: Intersection, flows: [[Double]], worth: Double
) -> Result<[DayPlan], DayPlanFailure> {
  precondition(flows.count == 24, "a row for each hour")
  var planner = DayPlanner(junction: junction, flows: flows)
  do throws(DayPlanFailure) {
    return .success(try planner.run(worth: worth))
  } catch {
    return .failure(error)
  }
}

/// Joins the hours of a day.
private struct DayPlanner {
  let junction: Intersection
  let flows: [[Double]]
  let order: [Int]
  let stages: [SplitStage]
  /// For each hour what its lane groups ask for.
  let demands: [[(laneGroup: Int, demand: SplitDemand)]]
  var solver = SplitSolver()

  init(junction: Intersection, flows: [[Double]]) {
    self.junction = junction
    self.flows = flows
    let order = junction.plans[0].plan.entries.map(\.stage)
    self.order = order
    stages = splitStages(junction, order: order)
    demands = flows.map { flows in
      let rates = dischargeRates(at: junction, flows: flows)
      return junction.laneGroups.indices.compactMap { laneGroup in
        splitDemand(
          of: laneGroup, at: junction, order: order, rates: rates, flow: flows[laneGroup],
          weight: junction.laneGroups[laneGroup].weight
        ).map { (laneGroup, $0) }
      }
    }
  }

  mutating func run(worth: Double) throws(DayPlanFailure) -> [DayPlan] {
    var parts: [DayPlan] = []
    for hour in 0..<24 { parts.append(try plan(for: [hour])) }
    let most = worth * parts.reduce(0) { $0 + $1.split.objective }
    var joined: [DayPlan] = []
    for place in 0..<24 { joined.append(try join(parts, place)) }
    while parts.count > 1 {
      let losses = parts.indices.map { loss(parts, joined, $0) }
      let place = losses.indices.min { losses[$0] < losses[$1] } ?? 0
      // Hours that differ in nothing are one plan whatever a change must be worth.
      guard losses[place] <= max(most, 1e-6 * joined[place].split.objective) else { break }
      let next = (place + 1) % parts.count
      parts[place] = joined[place]
      parts.remove(at: next)
      joined.remove(at: next)
      guard parts.count > 1 else { break }
      let kept = next < place ? place - 1 : place
      joined[kept] = try join(parts, kept)
      let before = (kept + parts.count - 1) % parts.count
      joined[before] = try join(parts, before)
    }
    return parts.sorted { $0.hours[0] < $1.hours[0] }
  }

  /// What joining a part with the one after it costs, vehicle seconds.
  private func loss(_ parts: [DayPlan], _ joined: [DayPlan], _ place: Int) -> Double {
    let next = parts[(place + 1) % parts.count]
    return joined[place].split.objective - parts[place].split.objective - next.split.objective
  }

  private mutating func join(
    _ parts: [DayPlan], _ place: Int
  ) throws(DayPlanFailure) -> DayPlan {
    try plan(for: parts[place].hours + parts[(place + 1) % parts.count].hours)
  }

  /// The plan of least delay over all of `hours`.
  private mutating func plan(for hours: [Int]) throws(DayPlanFailure) -> DayPlan {
    var problem = SplitProblem(
      stages: stages, demands: hours.flatMap { demands[$0].map(\.demand) },
      cycle: junction.limits.minimumCycle...junction.limits.maximumCycle)
    problem.period = 1
    problem.endGain = junction.control.usedYellow.seconds
    let rows = hours.flatMap { hour in
      demands[hour].map { (hour, $0.laneGroup, flows[hour][$0.laneGroup]) }
    }
    while true {
      switch solver.solve(problem) {
      case .infeasible(let clashes): throw .clash(clashes)
      case .solved(let split):
        let plan = timingPlan(split)
        guard let rejection = rejection(of: plan) else {
          return DayPlan(hours: hours, plan: plan, split: split, rows: rows)
        }
        // A shorter cycle where this one keeps somebody red for too long.
        let shorter = split.cycle - .seconds(1)
        guard rejection.violations.allSatisfy({ $0.rule == .longestRed }),
          shorter >= problem.cycle.lowerBound
        else { throw .rejected(rejection.description) }
        problem.cycle = problem.cycle.lowerBound...shorter
      }
    }
  }

  private func timingPlan(_ split: Split) -> TimingPlan {
    let entries = zip(order, split.greens).map { stage, green in
      PlanEntry(stage: stage, green: green - junction.stages[stage].greenFlash)
    }
    return TimingPlan(entries: entries, cycle: junction.length(of: entries))
  }

  /// What Safety has against a plan that runs round and round; `nil` if nothing.
  private func rejection(of plan: TimingPlan) -> PlanRejected? {
    let start = Circumstances(
      stage: order[0], subState: .green, timeInState: .zero,
      red: Array(repeating: .zero, count: junction.signalGroups.count), running: plan, entry: 0,
      sinceLastPlan: nil)
    do throws(PlanRejected) {
      _ = try check(plan, at: junction, under: start)
      return nil
    } catch {
      return error
    }
  }
}
