import Demand
import Optimisation
import Signals

/// Lane groups that have right of way in the running stage with all their turns, and of whom nobody gets on, as
/// where the road ahead is full.
///
/// No camera of this junction sees that road; that nobody crosses, though somebody stands at green, tells of it; a
/// broken-down vehicle or a camera that lies looks the same, and such a green is no better spent. A turn that
/// gives way may stand for want of a gap, and is let out otherwise (WaysOut.swift).
///
/// - Parameters:
///   - meeting: The cabinet and what runs there.
///   - demand: What is thought of each lane group.
///   - startLoss: Seconds of green before a queue moves.
/// - Returns: Positions of lane groups.
func blockedExits(_ meeting: Meeting, _ demand: DemandEstimate, startLoss: Int) -> [Int] {
  let junction = meeting.junction
  let running = junction.stages[meeting.report.stage]
  let moving = meeting.report.timeInState.seconds - Double(startLoss)
  return junction.laneGroups.indices.filter { laneGroup in
    guard let heldUp = demand.laneGroups[laneGroup].heldUp else { return false }
    let hasCrossed = heldUp < meeting.report.timeInState.seconds
    guard min(heldUp, moving) >= (hasCrossed ? patience : patienceAtStart) else { return false }
    let groups = junction.laneGroups[laneGroup].movements.compactMap(\.signalGroup)
    return !groups.isEmpty && groups.allSatisfy(running.green.contains)
  }
}

/// Counts on little discharge in the running green where the exit is blocked, and ends it as soon as it may where
/// nobody else whom it serves waits, but somebody before a red.
///
/// At pace `second` the running green is open at each second. A horizon that believes in a queue's discharge at once
/// goes on with a green in which nobody moves, and two junctions that do so for each other, each with the other's
/// queue before a red, stay so until the longest red ends it. Once the green has ended the queue counts as before: by
/// its next turn the road may be free.
func discountBlocked(
  of problem: inout HorizonProblem, _ meeting: Meeting, _ demand: DemandEstimate
) {
  let (junction, running) = (meeting.junction, meeting.report.stage)
  let blocked = blockedExits(meeting, demand, startLoss: problem.startLoss)
  guard !blocked.isEmpty else { return }
  let waiting = junction.laneGroups.indices.filter { demand.laneGroups[$0].queue >= standing }
  let served = waiting.filter { problem.isServed($0, running) }
  if served.count < waiting.count, served.allSatisfy(blocked.contains) {
    problem.latestEnd = problem.earliestEnd
  }
  for laneGroup in blocked {
    // Where each lane has a camera of its own, only of one it is known that it stands.
    let cameras = junction.detectors.count { $0.laneGroup == laneGroup }
    problem.discharge[running * problem.laneGroups + laneGroup] *=
      1 - (1 - trickle) / Double(max(1, cameras))
  }
}

/// Green beyond the start loss in which nobody has crossed yet that shows a blocked exit, s: the first of a queue
/// crosses within a headway of 2 s.
private let patienceAtStart = 3.0

/// Green without anybody crossing, behind somebody who has, that shows a blocked exit, s: lorries and slow starters
/// follow each other in 4 s and more. With 3 s greens ended between any two of them (docs/sumo.md, Wildau).
private let patience = 5.0

/// Of the usual discharge, so much is believed: were it none, no stage would serve the queue.
private let trickle = 0.1

/// What counts as somebody who waits, vehicles: less is what an estimate has left.
private let standing = 0.5
