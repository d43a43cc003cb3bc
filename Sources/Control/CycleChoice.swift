import Demand
import Optimisation
import Safety
import Signals

/// The whole next cycle: greens of least waiting for the queues of now, if after it the split of least delay
/// for the flows of now runs on.
///
/// - Parameters:
///   - meeting: The cabinet and what a plan meets there.
///   - demand: What is thought of each lane group.
///   - reference: The time-of-day plan, whose stages and order the cycle keeps.
/// - Returns: The cycle's plan, or none and which limits clash.
func chooseCycle(
  _ meeting: Meeting, demand: DemandEstimate, reference: TimingPlan
) -> Choice {
  let (problem, served) = splitProblem(meeting, demand: demand, reference: reference)
  let reds = redLimits(of: reference.entries.map(\.stage), in: meeting)
  switch solveSplit(problem, keeping: reds) {
  case .solved(let split):
    let greens = greens(split, of: problem, served, demand, meeting, keeping: reds)
    let plan = TimingPlan(
      entries: entries(greens, of: reference, at: meeting.junction), takeover: .cycleStart)
    let chosen = problem.evaluated(at: greens)
    return Choice(
      plans: [plan],
      text: describe(plan, chosen, at: meeting.junction)
        + binding(split, greens, plan, at: meeting.junction)
        + usual(entries(split.greens, of: reference, at: meeting.junction), plan, meeting)
        + blocking(demand, at: meeting.junction) + " "
        + demand.longestQueues(at: meeting.junction),
      cost: chosen?.objective)
  case .infeasible(let clashes):
    let causes = clashes.map(\.description).joined(separator: "; ")
    return Choice(plans: [], text: "The limits leave no cycle: \(causes).")
  }
}

/// Greens of the coming cycle. A junction right behind another keeps to the split's: what is waited outside is
/// all that the coming cycle knows, and not that a road has no more room. So does one that is overloaded: each cycle
/// by itself would rather be short and leave it to later ones to carry more, and they would do the same.
private func greens(
  _ split: Split, of problem: SplitProblem, _ served: [Int], _ demand: DemandEstimate,
  _ meeting: Meeting, keeping reds: [RedLimit]
) -> [Tenths] {
  let saturation = split.performance.map(\.saturation).max() ?? 0
  guard !meeting.junction.isRightBehindAnother, saturation < overload else { return split.greens }
  var cycle = ComingCycle(
    problem, served.map { outlook(of: $0, demand, atEndOfGreenIn: meeting) }, keeping: reds)
  return cycle.improve(split.greens)
}

/// Degree of saturation of any lane group under the split from which on a junction is overloaded: the lane group's queue
/// grows by a fifth of its capacity.
/// With 1 a junction whose flows swing about its capacity had a fifth more delay (docs/optimisation.md).
private let overload = 1.2

/// Greens of a split as entries of a plan: what the cabinet is told is without the flash after it.
private func entries(
  _ greens: [Tenths], of reference: TimingPlan, at junction: Intersection
) -> [PlanEntry] {
  zip(reference.entries, greens).map { entry, green in
    PlanEntry(stage: entry.stage, green: green - junction.stages[entry.stage].greenFlash)
  }
}

/// The problem of the split, and which lane groups its demands are of.
private func splitProblem(
  _ meeting: Meeting, demand: DemandEstimate, reference: TimingPlan
) -> (problem: SplitProblem, served: [Int]) {
  let junction = meeting.junction
  let order = reference.entries.map(\.stage)
  let rates = demand.discharge
  var served: [Int] = []
  var demands: [SplitDemand] = []
  for laneGroup in junction.laneGroups.indices {
    let estimate = demand.laneGroups[laneGroup]
    let asked = splitDemand(
      of: laneGroup, at: junction, order: order, rates: rates, flow: estimate.flow,
      weight: weight(of: laneGroup, estimate, joinedAt: estimate.flow, at: junction)
        * spillback(of: laneGroup, estimate, at: junction),
      initialQueue: leftOver(laneGroup, estimate, meeting))
    guard let asked else { continue }
    served.append(laneGroup)
    demands.append(asked)
  }
  var problem = SplitProblem(
    stages: splitStages(
      junction, order: order, running: meeting.circumstances.running.entries,
      caution: { Caution(of: $0, at: junction, demand: demand, reference: reference) }),
    demands: demands, cycle: junction.limits.minimumCycle...junction.limits.maximumCycle)
  problem.endGain = junction.control.usedYellow.seconds
  return (problem, served)
}

/// What a lane group brings into the coming cycle: its queue when the running green ends, and who comes then.
private func outlook(
  of laneGroup: Int, _ demand: DemandEstimate, atEndOfGreenIn meeting: Meeting
) -> QueueOutlook {
  let left = Int(meeting.greenLeft.seconds.rounded())
  let estimate = demand.laneGroups[laneGroup]
  var arrivals = [Double](
    repeating: 0, count: left + meeting.junction.limits.maximumCycle.count / 10)
  estimate.put(arrivalsIn: arrivals.count, into: &arrivals, at: 0)
  let goes = demand.discharge[meeting.report.stage][laneGroup]
  var queue = estimate.queue
  for second in 0..<left { queue = max(0, queue + arrivals[second] - goes) }
  return QueueOutlook(queue: queue, arrivals: Array(arrivals[left...]))
}

/// The stages of `order` with all limits of their greens; those of `running`, if any, are not left by
/// more than the largest change, and `caution` narrows those of stages of which little is known.
func splitStages(
  _ junction: Intersection, order: [Int], running: [PlanEntry] = [],
  caution: ((Int) -> Caution)? = nil
) -> [SplitStage] {
  order.indices.map { position in
    let stage = junction.stages[order[position]]
    let next = order[(position + 1) % order.count]
    let change = order.count > 1 ? junction.changeTime(from: order[position], to: next) : nil
    let bounds = caution?(order[position])
    let runs = running.filter { $0.stage == order[position] }
      .reduce(Tenths.zero) { $0 + $1.green }
    // Vehicles go on through flashing green: to the split it is green.
    let flash = stage.greenFlash
    return SplitStage(
      minimumGreen: max(stage.minimumGreen, bounds.map(\.shortest) ?? .zero) + flash,
      pedestrian: stage.pedestrian > .zero ? stage.pedestrian + flash : .zero,
      maximumGreen: min(stage.maximumGreen, bounds.map(\.longest) ?? stage.maximumGreen) + flash,
      running: runs > .zero ? runs + flash : nil,
      largestChange: junction.limits.largestChange, change: max(.zero, (change ?? .zero) - flash))
  }
}

/// What a lane group asks of the stages of `order`, with `rates` in pcu/s; `nil` if none serves it.
func splitDemand(
  of laneGroup: Int, at junction: Intersection, order: [Int], rates: [[Double]], flow: Double,
  weight: Double, initialQueue: Double = 0
) -> SplitDemand? {
  // Greens may have shown that it discharges faster than its site file says.
  let saturation = order.reduce(junction.laneGroups[laneGroup].saturationFlow) {
    max($0, rates[$1][laneGroup] * 3600)
  }
  let service = order.map { min(1, rates[$0][laneGroup] * 3600 / saturation) }
  guard service.contains(where: { $0 > 0 }) else { return nil }
  return SplitDemand(
    flow: flow, saturationFlow: saturation, service: service, weight: weight,
    initialQueue: initialQueue)
}

/// Vehicles that the last green left standing: the queue beyond what has come since it ended, pcu.
private func leftOver(
  _ laneGroup: Int, _ estimate: LaneGroupEstimate, _ meeting: Meeting
) -> Double {
  let groups = meeting.junction.laneGroups[laneGroup].movements.compactMap(\.signalGroup)
  let red = groups.map { meeting.circumstances.red[$0].seconds }.max() ?? 0
  return max(0, estimate.queue - estimate.flow / 3600 * red)
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

/// What runs on after the cycle, where that is something else.
private func usual(_ entries: [PlanEntry], _ plan: TimingPlan, _ meeting: Meeting) -> String {
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
