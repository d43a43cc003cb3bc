import Demand
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
  guard !lanes.upstream.isEmpty, lanes.length <= shortLink else { return 1 }
  let fill = min(1, (estimate.queue + estimate.approaching) / max(1, lanes.storage))
  return 1 + 4 * fill * fill
}

/// A road that a green of 16 s fills, m: eight vehicles a lane.
private let shortLink = 60.0
