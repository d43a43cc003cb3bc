import Demand
import Optimisation
import Safety
import Signals

/// The stages of a cycle in one order, and what is to be divided among them for the flows of now.
struct CycleStages {
  /// Positions of the stages, in the order in which they run.
  let order: [Int]

  /// What is to be divided.
  let problem: SplitProblem

  /// The lane groups that the problem's demands are of.
  let served: [Int]

  /// The cycle of the stages of `order`.
  ///
  /// - Parameters:
  ///   - order: Positions of the stages.
  ///   - meeting: The cabinet and what a plan meets there.
  ///   - demand: What is thought of each lane group.
  ///   - reference: The time-of-day plan.
  init(of order: [Int], in meeting: Meeting, demand: DemandEstimate, reference: TimingPlan) {
    self.order = order
    (problem, served) = splitProblem(
      of: order, meeting, demand: demand, reference: reference)
  }

  /// The least delay of a cycle whose greens add up to `greens`, or to the nearest that the limits allow,
  /// weighted vehicle seconds an hour; infinite where they allow none. A tenth of the work of a search over cycles.
  func delay(greens: Tenths, _ solver: inout SplitSolver) -> Double {
    var problem = problem
    let (least, most) = (problem.cycle.lowerBound, problem.cycle.upperBound)
    let cycle = max(least, min(most, problem.lost + greens))
    problem.cycle = cycle...cycle
    guard case .solved(let split) = solver.solve(problem) else { return .infinity }
    return split.objective
  }
}

/// A cycle of the stages of one order, divided for the flows of now.
struct CycleSplit {
  /// Its stages.
  let stages: CycleStages

  /// What no red is to be longer than.
  let reds: [RedLimit]

  /// Its greens.
  let split: Split

  /// Divides a cycle that a plan is to bring.
  ///
  /// - Throws: Which limits clash.
  init(_ stages: CycleStages, in meeting: Meeting) throws(NoCycle) {
    self.stages = stages
    reds = redLimits(of: stages.order, in: meeting)
    switch solveSplit(stages.problem, keeping: reds) {
    case .solved(let split): self.split = split
    case .infeasible(let clashes): throw NoCycle(clashes: clashes)
    }
  }

  /// Whether no red is longer than its limit: where no cycle keeps to them all, the shortest comes nearest.
  var keepsReds: Bool { reds.allSatisfy { $0.excess(of: split.greens) == .zero } }

  /// Greens as entries of a plan: what the cabinet is told is without the flash after it.
  func entries(_ greens: [Tenths], at junction: Intersection) -> [PlanEntry] {
    zip(stages.order, greens).map { stage, green in
      PlanEntry(stage: stage, green: green - junction.stages[stage].greenFlash)
    }
  }
}

/// Limits leave no cycle.
struct NoCycle: Error {
  /// Those that clash.
  let clashes: [SplitClash]
}

/// The problem of the split, and which lane groups its demands are of.
private func splitProblem(
  of order: [Int], _ meeting: Meeting, demand: DemandEstimate, reference: TimingPlan
) -> (problem: SplitProblem, served: [Int]) {
  let junction = meeting.junction
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
  // Greens may have shown that it discharges faster than its site file says; those of any stage, so that
  // cycles of other stages can be compared.
  let saturation = rates.reduce(junction.laneGroups[laneGroup].saturationFlow) {
    max($0, $1[laneGroup] * 3600)
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
