import Demand
import Optimisation
import Signals

/// After a stage in which a turn gives way and finds no gap, leaves such changes alone as give it right of way.
///
/// Who found no gap stands in the middle of the junction. Yellow lets the first of them out, two at most (HCM 6,
/// ch. 31: sneakers); the next stage would shut in those behind, and they whom it lets go. That is about turns that
/// share their lane with a stream that may go: it stands too, and the horizon would still count on its discharge. A
/// lane of their own has a queue of its own, which the horizon sees. Plans that keep an order of stages have that
/// right of way in it where somebody thought of it; in free order, or where stages are skipped, nobody did. Where no
/// stage gives it, everything stays allowed.
func keepWaysOut(
  of problem: inout HorizonProblem, _ meeting: Meeting, _ demand: DemandEstimate
) {
  guard problem.sequence != .fixed else { return }
  let from = meeting.report.stage
  let moving = meeting.report.timeInState.seconds - Double(problem.startLoss)
  let waiting = waitingForGap(meeting, demand, moving: moving)
  let waysOut = meeting.junction.stages.indices.filter { to in
    to != from && problem.order.contains(to)
      && problem.change[from * problem.stages + to] != HorizonProblem.forbidden
      && waiting.contains { meeting.junction.stages[to].green.contains($0) }
  }
  guard let most = waysOut.map({ freed(waiting, by: $0, at: meeting.junction) }).max() else {
    return
  }
  for to in meeting.junction.stages.indices
  where to != from && freed(waiting, by: to, at: meeting.junction) < most {
    problem.change[from * problem.stages + to] = HorizonProblem.forbidden
  }
}

/// Whether a plan that is announced whole may let `next` follow `stage`: nobody sees then who found no gap, and it
/// takes such changes alone as give all turns that may stand in the way right of way, or as many as any change to one of
/// `stages` does.
func keepsWayOut(
  from stage: Int, to next: Int, among stages: [Int], at junction: Intersection
) -> Bool {
  let waiting = turnsInTheWay(of: Array(junction.laneGroups.indices), in: stage, at: junction)
  let most =
    stages.filter { junction.changes.intergreen(from: stage, to: $0) != nil }
    .map { freed(waiting, by: $0, at: junction) }.max() ?? 0
  return freed(waiting, by: next, at: junction) >= most
}

/// How many of `waiting` have right of way in `stage`.
private func freed(_ waiting: [Int], by stage: Int, at junction: Intersection) -> Int {
  waiting.count { junction.stages[stage].green.contains($0) }
}

/// Signal groups of `laneGroups` that give way in `stage` while another stream of their lanes may go.
private func turnsInTheWay(
  of laneGroups: [Int], in stage: Int, at junction: Intersection
) -> [Int] {
  let stage = junction.stages[stage]
  var turns: [Int] = []
  for laneGroup in laneGroups {
    let groups = junction.laneGroups[laneGroup].movements.compactMap(\.signalGroup)
    guard groups.contains(where: stage.green.contains) else { continue }
    for group in groups where stage.permissive.contains(group) && !turns.contains(group) {
      turns.append(group)
    }
  }
  return turns
}

/// Signal groups that give way in the running stage, whose queues have moved for `moving` seconds, and at whose
/// stop line nobody gets on.
private func waitingForGap(
  _ meeting: Meeting, _ demand: DemandEstimate, moving: Double
) -> [Int] {
  let heldUp = meeting.junction.laneGroups.indices.filter { laneGroup in
    demand.laneGroups[laneGroup].heldUp.map { min($0, moving) >= patience } ?? false
  }
  return turnsInTheWay(of: heldUp, in: meeting.report.stage, at: meeting.junction)
}

/// Green without anybody crossing that shows that the first in the queue waits, s: the headway of a queue that
/// discharges, in which records of a second have one without anybody.
private let patience = 2.0
