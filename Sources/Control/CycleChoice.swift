import Demand
import Optimisation
import Safety
import Signals

/// The whole next cycle: stages and greens of least waiting for the queues of now, if after it the split of least delay
/// for the flows of now runs on.
///
/// - Parameters:
///   - meeting: The cabinet and what a plan meets there.
///   - demand: What is thought of each lane group.
///   - reference: The time-of-day plan, whose stages and order the cycle keeps as far as `control.sequence` says.
/// - Returns: The cycle's plan, or none and which limits clash.
func chooseCycle(
  _ meeting: Meeting, demand: DemandEstimate, reference: TimingPlan
) -> Choice {
  let junction = meeting.junction
  let search: CycleSearch
  do {
    search = try CycleSearch(meeting, demand: demand, reference: reference)
  } catch {
    let causes = error.clashes.map(\.description).joined(separator: "; ")
    return Choice(plans: [], text: "The limits leave no cycle: \(causes).")
  }
  let usual = search.best
  let (cycle, greens) = coming(search, demand, meeting)
  let plan = TimingPlan(entries: cycle.entries(greens, at: junction), takeover: .cycleStart)
  let chosen = cycle.stages.problem.evaluated(at: greens)
  return Choice(
    plans: [plan],
    text: describe(plan, chosen, at: junction)
      + leftOut(reference, plan, at: junction)
      + binding(cycle.split, greens, plan, at: junction)
      + forFlows(usual.entries(usual.split.greens, at: junction), plan, meeting)
      + blocking(demand, at: junction) + " " + demand.longestQueues(at: junction),
    cost: chosen?.objective)
}

/// The coming cycle and its greens. A junction right behind another keeps to the split: what is waited outside is
/// all that the coming cycle knows, and not that a road has no more room. So does one that is overloaded: each cycle
/// by itself would rather be short and leave it to later ones to carry more, and they would do the same.
private func coming(
  _ search: CycleSearch, _ demand: DemandEstimate, _ meeting: Meeting
) -> (cycle: CycleSplit, greens: [Tenths]) {
  let usual = search.best
  let saturation = usual.split.performance.map(\.saturation).max() ?? 0
  guard !meeting.junction.isRightBehindAnother, saturation < overload else {
    return (usual, usual.split.greens)
  }
  func coming(_ cycle: CycleSplit) -> ComingCycle {
    ComingCycle(
      cycle.stages.problem,
      cycle.stages.served.map { outlook(of: $0, demand, atEndOfCycleIn: meeting) },
      keeping: cycle.reds)
  }
  var afterwards = coming(usual)
  afterwards.look(beyond: usual.split.greens)
  let candidates = search.tried.map { cycle in
    var coming = coming(cycle)
    coming.look(beyond: afterwards)
    return (cycle: cycle, coming: coming, cost: coming.cost(of: cycle.split.greens))
  }
  var best = (cycle: usual, greens: usual.split.greens, cost: Double.infinity)
  for var candidate in candidates.sorted(by: { $0.cost < $1.cost }).prefix(improved) {
    let (greens, cost) = candidate.coming.best(from: candidate.cycle.split.greens)
    if cost < best.cost { best = (candidate.cycle, greens, cost) }
  }
  return (best.cycle, best.greens)
}

/// Of how many orders the greens are improved for the queues of now: those of least cost with their split's greens.
private let improved = 3

/// Degree of saturation of any lane group under the split from which on a junction is overloaded: the lane group's queue
/// grows by a fifth of its capacity.
/// With 1 a junction whose flows swing about its capacity had a fifth more delay (docs/optimisation.md).
private let overload = 1.2

/// What a lane group brings into the coming cycle: its queue when the last green of the running one ends, and who
/// comes then.
private func outlook(
  of laneGroup: Int, _ demand: DemandEstimate, atEndOfCycleIn meeting: Meeting
) -> QueueOutlook {
  let goes = discharge(of: laneGroup, demand, untilEndOfCycleIn: meeting)
  let estimate = demand.laneGroups[laneGroup]
  var arrivals = [Double](
    repeating: 0, count: goes.count + meeting.junction.limits.maximumCycle.count / 10)
  estimate.put(arrivalsIn: arrivals.count, into: &arrivals, at: 0)
  let queue = zip(arrivals, goes).reduce(estimate.queue) { max(0, $0 + $1.0 - $1.1) }
  return QueueOutlook(queue: queue, arrivals: Array(arrivals[goes.count...]))
}

/// Vehicles that may go in each second until the last green of the running cycle ends, nobody in its changes.
private func discharge(
  of laneGroup: Int, _ demand: DemandEstimate, untilEndOfCycleIn meeting: Meeting
) -> [Double] {
  func seconds(_ time: Tenths) -> Int { Int(time.seconds.rounded()) }
  var goes: [Double] = []
  var before: Int?
  for entry in meeting.restOfCycle {
    let change = before.flatMap { meeting.junction.changeTime(from: $0, to: entry.stage) }
    goes += [Double](repeating: 0, count: seconds(change ?? .zero))
    let rate = demand.discharge[entry.stage][laneGroup]
    goes += [Double](repeating: rate, count: seconds(entry.green))
    before = entry.stage
  }
  return goes
}

private func describe(
  _ plan: TimingPlan, _ split: Split?, at junction: Intersection
) -> String {
  let worst = split?.performance.map(\.saturation).max() ?? 0
  let cycle = junction.length(of: plan.entries) ?? .zero
  return "Cycle of \(cycle): \(inWords(plan.entries, at: junction)); highest degree of "
    + "saturation \(decimal(worst, places: 2))."
}

private func inWords(_ entries: [PlanEntry], at junction: Intersection) -> String {
  entries.map { "\(junction.stages[$0.stage].name) \($0.green)" }.joined(separator: ", ")
}

/// Stages of the time-of-day plan that the cycle does without.
private func leftOut(
  _ reference: TimingPlan, _ plan: TimingPlan, at junction: Intersection
) -> String {
  let names = reference.entries.map(\.stage)
    .filter { stage in !plan.entries.contains { $0.stage == stage } }
    .map { junction.stages[$0].name }
  guard !names.isEmpty else { return "" }
  return " Left out, for others serve their signal groups: \(names.joined(separator: ", "))."
}

/// What runs on after the cycle, where that is something else.
private func forFlows(_ entries: [PlanEntry], _ plan: TimingPlan, _ meeting: Meeting) -> String {
  guard entries != plan.entries else { return "" }
  return " For the flows alone it would be \(inWords(entries, at: meeting.junction))."
}

/// Whose queue counts at least double, for it is about to stand in the junction upstream.
private func blocking(_ demand: DemandEstimate, at junction: Intersection) -> String {
  let names = junction.laneGroups.indices.filter {
    spillback(of: $0, demand.laneGroups[$0], at: junction) >= 2
  }.map { junction.laneGroups[$0].name }
  guard !names.isEmpty else { return "" }
  return " Counted more, for it is about to block the junction upstream: "
    + "\(names.joined(separator: ", "))."
}

/// The limit of a green whose easing would save most, if any binds both the split and the plan.
private func binding(
  _ split: Split, _ greens: [Tenths], _ plan: TimingPlan, at junction: Intersection
) -> String {
  var dearest: (stage: Int, limit: GreenLimit, saving: Double)?
  for price in split.shadowPrices {
    guard case .green(let stage, let limit) = price.limit, greens[stage] == split.greens[stage],
      price.saving > dearest?.saving ?? 0
    else { continue }
    dearest = (stage, limit, price.saving)
  }
  guard let dearest else { return "" }
  let name = junction.stages[plan.entries[dearest.stage].stage].name
  return " The \(dearest.limit) of \(name) binds: a second of it costs "
    + "\(decimal(dearest.saving, places: 0)) vehicle seconds an hour."
}

extension SplitProblem {
  /// What `greens` do if they run round and round, by the delay formulas of the Highway Capacity Manual; `nil`
  /// if they cannot.
  func evaluated(at greens: [Tenths]) -> Split? {
    var problem = self
    problem.stages = zip(stages, greens).map { stage, green in
      SplitStage(minimumGreen: green, maximumGreen: green, change: stage.change)
    }
    let cycle = greens.reduce(stages.reduce(.zero) { $0 + $1.change }, +)
    problem.cycle = cycle...cycle
    guard case .solved(let split) = solveSplit(problem) else { return nil }
    return split
  }
}
