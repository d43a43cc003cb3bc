import Glibc
import Optimisation
public import Signals

/// Webster's plan for flows that are known beforehand: the fixed plan that adaptive control has to
/// beat.
///
/// Cycle and greens keep to the junction's limits: shortest and longest greens, pedestrian times,
/// cycle range and longest red.
///
/// - Parameters:
///   - junction: The junction.
///   - flows: Arrivals of each of its lane groups, veh/h.
///   - order: Stages in the order in which they run; those of the site's first plan by default.
///   - behaviour: What permissive turns need of the opposing traffic.
/// - Returns: The plan, or `nil` if no plan of these stages keeps to the limits.
public func websterPlan(
  for junction: Intersection, flows: [Double], order: [Int]? = nil,
  behaviour: Behaviour = Behaviour()
) -> TimingPlan? {
  precondition(flows.count == junction.laneGroups.count, "a flow for each lane group")
  let order = order ?? junction.plans[0].plan.entries.map(\.stage)
  guard
    var problem = splitProblem(of: junction, flows: flows, order: order, behaviour: behaviour)
  else { return nil }
  while let found = websterPlan(problem) {
    let entries = zip(order, found.greens).map { PlanEntry(stage: $0, green: $1) }
    if order.count == 1 { return TimingPlan(entries: entries) }
    if keepsReds(entries, at: junction) {
      return TimingPlan(entries: entries, cycle: junction.length(of: entries))
    }
    // A shorter cycle where the wanted one keeps somebody red for too long.
    let shorter = found.cycle - .seconds(1)
    guard shorter >= problem.cycle.lowerBound else { return nil }
    problem.cycle = problem.cycle.lowerBound...shorter
  }
  return nil
}

/// The cycle of `order` as `Optimisation` divides it; `nil` without stages, over a forbidden change
/// or without a cycle that the limits allow.
private func splitProblem(
  of junction: Intersection, flows: [Double], order: [Int], behaviour: Behaviour
) -> SplitProblem? {
  let limits = junction.limits
  guard (1...TimingPlan.entryLimit).contains(order.count), limits.minimumCycle > .zero,
    limits.minimumCycle <= limits.maximumCycle
  else { return nil }
  var stages: [SplitStage] = []
  for (position, number) in order.enumerated() {
    let stage = junction.stages[number]
    let next = order[(position + 1) % order.count]
    let change = order.count == 1 ? .zero : junction.changeTime(from: number, to: next)
    guard let change else { return nil }
    stages.append(
      SplitStage(
        minimumGreen: stage.shortestGreen, maximumGreen: stage.maximumGreen, change: change))
  }
  let demands = junction.laneGroups.indices.compactMap { group -> SplitDemand? in
    let laneGroup = junction.laneGroups[group]
    guard laneGroup.movements.contains(where: { $0.signalGroup != nil }) else { return nil }
    let service = order.map {
      share(of: group, in: $0, at: junction, flows: flows, behaviour)
    }
    return SplitDemand(
      flow: flows[group], saturationFlow: laneGroup.saturationFlow, service: service)
  }
  var problem = SplitProblem(
    stages: stages, demands: demands, cycle: limits.minimumCycle...limits.maximumCycle)
  problem.startLoss = behaviour.startUpLoss
  problem.endGain = behaviour.yellowExtension
  return problem
}

/// The share of its saturation flow at which a lane group discharges in a stage.
func share(
  of group: Int, in stage: Int, at junction: Intersection, flows: [Double], _ behaviour: Behaviour
) -> Double {
  switch junction.service(of: group, in: stage) {
  case .protected: return 1
  case .none: return 0
  case .partial(let share):
    // The first who must wait closes the lane: it counts only where the group gets nothing better.
    return junction.stages(serving: group).isEmpty ? share : 0
  case .permissive:
    let flow = opposingFlow(of: group, in: stage, at: junction, flows: flows)
    guard flow > 0 else { return 1 }
    let laneGroup = junction.laneGroups[group]
    // HCM 2010 ch. 31: the flow that gap acceptance lets through each lane.
    let filtering =
      flow * exp(-flow * behaviour.criticalHeadway / 3600)
      / (1 - exp(-flow * behaviour.followUpHeadway / 3600))
    return min(1, Double(laneGroup.lanes) * filtering / laneGroup.saturationFlow)
  }
}

/// Flow of the lane groups that `group` gives way to in `stage`, veh/h.
private func opposingFlow(
  of group: Int, in stage: Int, at junction: Intersection, flows: [Double]
) -> Double {
  let yielding = junction.laneGroups[group].movements.compactMap(\.signalGroup).filter {
    junction.stages[stage].permissive.contains($0)
  }
  let priority = yielding.flatMap { junction.signalGroups[$0].givesWayTo }
  return junction.laneGroups.indices.reduce(0) { sum, other in
    let isOpposing = junction.laneGroups[other].movements.contains {
      $0.signalGroup.map(priority.contains) ?? false
    }
    return sum + (isOpposing && other != group ? flows[other] : 0)
  }
}

/// Whether nobody who is served at all stays red for longer than the limit, round after round.
private func keepsReds(_ entries: [PlanEntry], at junction: Intersection) -> Bool {
  junction.signalGroups.indices.allSatisfy { group in
    guard entries.contains(where: { junction.stages[$0.stage].serves(group) }) else { return true }
    var red = Tenths.zero
    // Twice round: the gap that spans the end of the round is whole the second time.
    for position in 0..<(2 * entries.count) {
      let entry = entries[position % entries.count]
      let next = entries[(position + 1) % entries.count].stage
      let isGreen = junction.stages[entry.stage].serves(group)
      red = isGreen ? .zero : red + entry.green
      let staysGreen = isGreen && entry.stage != next && junction.stages[next].serves(group)
      if !staysGreen { red += junction.changeTime(from: entry.stage, to: next) ?? .zero }
      if red > junction.limits.longestRed { return false }
    }
    return true
  }
}
