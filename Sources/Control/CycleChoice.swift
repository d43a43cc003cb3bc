import Demand
import Optimisation
import Safety
import Signals

/// The whole next cycle: the split of least delay for the flows and queues of now.
///
/// - Parameters:
///   - meeting: The cabinet and what a plan meets there.
///   - demand: What is thought of each lane group.
///   - reference: The time-of-day plan, whose stages and order the cycle keeps.
/// - Returns: The cycle's plan, or none and which limits clash.
func chooseCycle(
  _ meeting: Meeting, demand: DemandEstimate, reference: TimingPlan
) -> Choice {
  let problem = splitProblem(meeting, demand: demand, reference: reference)
  switch solveSplit(problem) {
  case .solved(let split):
    let entries = zip(reference.entries, split.greens).map { entry, green in
      PlanEntry(
        stage: entry.stage, green: green - meeting.junction.stages[entry.stage].greenFlash)
    }
    let plan = TimingPlan(entries: entries, takeover: .cycleStart)
    return Choice(
      plans: [plan],
      text: describe(split, entries, at: meeting.junction) + " "
        + demand.longestQueues(at: meeting.junction),
      cost: split.objective)
  case .infeasible(let clashes):
    let causes = clashes.map(\.description).joined(separator: "; ")
    return Choice(plans: [], text: "The limits leave no cycle: \(causes).")
  }
}

private func splitProblem(
  _ meeting: Meeting, demand: DemandEstimate, reference: TimingPlan
) -> SplitProblem {
  let junction = meeting.junction
  let order = reference.entries.map(\.stage)
  let stages = order.indices.map { position in
    let next = order[(position + 1) % order.count]
    let bounds = greenBounds(of: order[position], meeting)
    // Vehicles go on through flashing green: to the split it is green.
    let flash = junction.stages[order[position]].greenFlash
    let change = order.count > 1 ? junction.changeTime(from: order[position], to: next) : nil
    return SplitStage(
      minimumGreen: bounds.least + flash, maximumGreen: bounds.most + flash,
      change: max(.zero, (change ?? .zero) - flash))
  }
  let rates = demand.discharge
  let demands = junction.laneGroups.indices.compactMap { laneGroup -> SplitDemand? in
    let saturation = junction.laneGroups[laneGroup].saturationFlow
    let service = order.map { min(1, rates[$0][laneGroup] * 3600 / saturation) }
    guard service.contains(where: { $0 > 0 }) else { return nil }
    let estimate = demand.laneGroups[laneGroup]
    return SplitDemand(
      flow: estimate.flow, saturationFlow: saturation, service: service,
      weight: weight(of: laneGroup, estimate, at: junction),
      initialQueue: leftOver(laneGroup, estimate, meeting))
  }
  return SplitProblem(
    stages: stages, demands: demands,
    cycle: junction.limits.minimumCycle...junction.limits.maximumCycle)
}

/// Bounds of one stage's green: its own, and the largest change from the plan that runs.
private func greenBounds(of stage: Int, _ meeting: Meeting) -> (least: Tenths, most: Tenths) {
  let junction = meeting.junction
  let own = (
    least: junction.stages[stage].shortestGreen, most: junction.stages[stage].maximumGreen
  )
  let step = junction.limits.largestChange
  let running = meeting.circumstances.running.entries.filter { $0.stage == stage }
    .reduce(Tenths.zero) { $0 + $1.green }
  guard step > .zero, running > .zero else { return own }
  // A plan of the cabinet's own may lie outside the bounds; then the nearest bound is right.
  let least = min(own.most, max(own.least, running - step))
  return (least, max(least, min(own.most, running + step)))
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
  _ split: Split, _ entries: [PlanEntry], at junction: Intersection
) -> String {
  let greens = entries.map { "\(junction.stages[$0.stage].name) \($0.green)" }
  let worst = split.performance.map(\.saturation).max() ?? 0
  return "Cycle of \(split.cycle): \(greens.joined(separator: ", ")); highest degree of "
    + "saturation \(decimal(worst, places: 2))."
}
