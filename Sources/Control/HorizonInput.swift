import Demand
import Optimisation
import Safety
import Signals

/// How far the rolling horizon looks, steps of a second: beyond it a camera's view says nothing, and most queues of
/// now are gone.
let horizonSteps = 90

/// The rolling horizon's problem at one junction now.
///
/// - Parameters:
///   - meeting: The cabinet and what a plan meets there.
///   - demand: What is thought of each lane group.
///   - reference: The time-of-day plan, whose order of stages `fixed` and `skip` keep.
///   - control: The junction's settings.
/// - Returns: A problem in steps of a second from now on.
func horizonProblem(
  _ meeting: Meeting, demand: DemandEstimate, reference: TimingPlan, control: ControlSettings
) -> HorizonProblem {
  let junction = meeting.junction
  var problem = HorizonProblem(
    laneGroups: junction.laneGroups.count, stages: junction.stages.count, steps: horizonSteps,
    sequence: control.sequence)
  problem.endGain = min(problem.startLoss, control.usedYellow.count / 10)
  fillDemand(of: &problem, junction, demand, pace: control.pace)
  let cautions = junction.stages.indices.map {
    Caution(of: $0, at: junction, demand: demand, reference: reference)
  }
  // A green that is announced whole may begin before somebody comes; only what is looked at every second can
  // still turn to him.
  let isDeserted =
    control.pace == .second
    ? desertedGroups(at: junction, demand) : junction.signalGroups.map { _ in false }
  fillStages(
    of: &problem, meeting, cautions: cautions, reference: reference,
    due: deadlines(meeting, reference: reference, isDeserted: isDeserted))
  problem.stage = meeting.report.stage
  problem.greenSoFar = meeting.report.timeInState.count / 10
  let flash = flashSteps(of: junction.stages[problem.stage])
  if control.pace == .stage {
    // The running green is announced; only what follows is open.
    problem.earliestEnd = wholeSteps(meeting.greenLeft) + flash
    problem.latestEnd = problem.earliestEnd
    problem.maximumGreen[problem.stage] = max(
      problem.maximumGreen[problem.stage], problem.greenSoFar + problem.earliestEnd)
  } else {
    let shortest = cautions[problem.stage].shortest - meeting.report.timeInState
    let announced = min(wholeSteps(junction.limits.notice), wholeSteps(meeting.greenLeft))
    problem.earliestEnd = max(wholeSteps(shortest), announced) + flash
    discountBlocked(of: &problem, meeting, demand)
    clearFullRoads(of: &problem, meeting, demand)
  }
  keepWaysOut(of: &problem, meeting, demand)
  return problem
}

/// Steps of flashing green after a stage's green. Vehicles go on through it, so that the horizon
/// counts it as green; what is written to the cabinet does not.
func flashSteps(of stage: Stage) -> Int { wholeSteps(stage.greenFlash) }

/// Steps of a second that cover `duration`; none if it has passed.
func wholeSteps(_ duration: Tenths) -> Int { max(0, (duration.count + 9) / 10) }

private func fillDemand(
  of problem: inout HorizonProblem, _ junction: Intersection, _ demand: DemandEstimate, pace: Pace
) {
  let isBehind = junction.isRightBehindAnother
  for laneGroup in junction.laneGroups.indices {
    let estimate = demand.laneGroups[laneGroup]
    problem.queue[laneGroup] = estimate.queue
    // Who has green enough and waits all the same, for the road ahead is full, is joined by few. More green is lost
    // on him, so what his greens would let go counts where that is more. Whole greens gain nothing by it.
    let served = pace == .stage || isBehind ? 0 : estimate.capacity ?? 0
    problem.weight[laneGroup] = weight(
      of: laneGroup, estimate, joinedAt: max(estimate.flow, served), at: junction)
    estimate.put(
      arrivalsIn: problem.steps, into: &problem.arrivals, at: laneGroup * problem.steps)
  }
  let rates = demand.discharge
  for stage in junction.stages.indices {
    for laneGroup in junction.laneGroups.indices {
      problem.discharge[stage * problem.laneGroups + laneGroup] = rates[stage][laneGroup]
    }
  }
  for seen in demand.changes ?? [] {
    let lesser = min(rates[seen.from][seen.laneGroup], rates[seen.to][seen.laneGroup])
    guard lesser > 0 else { continue }
    let change = seen.from * problem.stages + seen.to
    // Who hardly ever finds a gap in either green may still move well between them.
    problem.changeRatio[change * problem.laneGroups + seen.laneGroup] = min(
      HorizonProblem.largestRatio, seen.rate / lesser)
  }
}

private func fillStages(
  of problem: inout HorizonProblem, _ meeting: Meeting, cautions: [Caution],
  reference: TimingPlan, due: [Tenths?]
) {
  let junction = meeting.junction
  for (position, stage) in junction.stages.enumerated() {
    let flash = flashSteps(of: stage)
    let caution = cautions[position]
    // A green that lets nobody pass is none to the horizon.
    problem.minimumGreen[position] = max(
      1 + problem.startLoss - problem.endGain, wholeSteps(caution.shortest) + flash)
    problem.maximumGreen[position] = max(
      problem.minimumGreen[position], caution.longest.count / 10 + flash)
    problem.isCalled[position] = stage.recall
    if let left = due[position] { problem.latestStart[position] = max(0, left.count / 10) }
    for next in junction.stages.indices where next != position {
      guard let change = junction.changeTime(from: position, to: next) else { continue }
      problem.change[position * problem.stages + next] = wholeSteps(change - .seconds(flash))
    }
  }
  var order: [Int] = []
  for entry in reference.entries where !order.contains(entry.stage) { order.append(entry.stage) }
  if problem.sequence == .free {
    order += junction.stages.indices.filter { !order.contains($0) }
  }
  problem.order = order
}
