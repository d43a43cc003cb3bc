import Demand
import Optimisation
import Signals

/// How much more a vehicle-second counts where a queue is about to stand in the junction upstream.
///
/// Between two signals close to each other there is room for a few vehicles, fewer than a green lets in. Who finds
/// none stands within the junction upstream and blocks its other streams; where turns of both wait for each other
/// so, neither gets free any more. A plan of whole cycles cannot mend that before the next; so the fuller the room,
/// the more its queue counts, up to fivefold.
///
/// - Returns: 1 where the queue blocks no junction.
func spillback(
  of laneGroup: Int, _ estimate: LaneGroupEstimate, at junction: Intersection
) -> Double {
  let lanes = junction.laneGroups[laneGroup]
  guard junction.isShortLink(laneGroup) else { return 1 }
  let fill = min(1, (estimate.queue + estimate.approaching) / max(1, lanes.storage))
  return 1 + 4 * fill * fill
}

/// A road that a green of 16 s fills, m: eight vehicles a lane.
private let shortLink = 60.0

/// How far it may be from the stop line upstream to the begin of a road that leads away from there, m: across a
/// large junction.
private let widestJunction = 40.0

/// Lets out at once who fills a road that a shortest green fills, before he who follows stands in the junction
/// upstream.
///
/// There his own turn, and the one that comes the other way, soon wait for each other. Only a stage that gives all
/// of the road right of way counts: giving way, the first may find no gap while the junction upstream sends more. No
/// stage that must begin by a deadline comes too late for it. In free order alone, where any stage can follow.
func clearFullRoads(
  of problem: inout HorizonProblem, _ meeting: Meeting, _ demand: DemandEstimate
) {
  guard problem.sequence == .free else { return }
  let junction = meeting.junction
  let full = fullRoads(demand, at: junction)
  let from = meeting.report.stage
  let next = junction.stages.indices.filter { problem.isInTime($0, after: from) }
  let cleared = next.map { junction.clears(full, in: $0) }
  guard let most = cleared.max(), most > junction.clears(full, in: from) else { return }
  problem.latestEnd = problem.earliestEnd
  for to in junction.stages.indices where to != from {
    if !next.contains(to) || junction.clears(full, in: to) < most {
      problem.change[from * problem.stages + to] = HorizonProblem.forbidden
    }
  }
}

/// Lane groups whose queue leaves no room on a road from another junction so short that a shortest green fills it:
/// three vehicles a lane in 5 s and the yellow behind it.
func fullRoads(_ demand: DemandEstimate, at junction: Intersection) -> [Int] {
  junction.laneGroups.indices.filter {
    let (lanes, estimate) = (junction.laneGroups[$0], demand.laneGroups[$0])
    return lanes.storage <= 3 * Double(lanes.lanes) && junction.reachesUpstream($0)
      && estimate.trust > 0 && estimate.queue >= 0.9 * lanes.storage
  }
}

extension HorizonProblem {
  /// Whether `stage` may follow the running one now, and after its shortest green every stage that must begin by a
  /// deadline.
  fileprivate func isInTime(_ stage: Int, after running: Int) -> Bool {
    guard stage != running, order.contains(stage) else { return false }
    let before = change[running * stages + stage]
    guard before != Self.forbidden else { return false }
    let over = earliestEnd + before + minimumGreen[stage]
    return order.allSatisfy { due in
      guard due != stage, due != running, latestStart[due] != Self.never else { return true }
      let after = change[stage * stages + due]
      return after != Self.forbidden && over + after <= latestStart[due]
    }
  }
}

extension Intersection {
  /// Whether the queue of any lane group soon stands in a junction upstream: a junction right behind another,
  /// which must not be blocked for anything that green elsewhere gains.
  var isRightBehindAnother: Bool { laneGroups.indices.contains(where: isShortLink) }

  /// Whether a lane group's queue soon stands in a junction upstream.
  func isShortLink(_ laneGroup: Int) -> Bool {
    laneGroups[laneGroup].length <= shortLink && reachesUpstream(laneGroup)
  }

  /// Whether a lane group's lanes begin at a junction upstream. Those of a bay for turning are short too, but from
  /// there a road leads to them.
  fileprivate func reachesUpstream(_ laneGroup: Int) -> Bool {
    let lanes = laneGroups[laneGroup]
    let speed = approaches[lanes.approach].speed
    return lanes.upstream.contains { $0.travelTime * speed <= lanes.length + widestJunction }
  }

  /// How many of `laneGroups` have right of way with all their turns in `stage`.
  fileprivate func clears(_ groups: [Int], in stage: Int) -> Int {
    groups.count { group in
      laneGroups[group].movements.allSatisfy { movement in
        movement.signalGroup.map(stages[stage].green.contains) ?? true
      }
    }
  }
}
