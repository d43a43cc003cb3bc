import Demand
import Signals

/// What a vehicle-second counts in one lane group: the site's weight, and more where drivers would
/// wait longer than the longest wait.
///
/// Least total delay alone would let a short queue wait for cycle after cycle beside a long one. By
/// Little's law a queue of n that is joined at the rate q takes n/q to pass; where that exceeds three
/// quarters of the longest wait, its weight grows with the square of the ratio, up to ninefold. What began
/// at the longest wait itself would come too late for those at the end of the queue.
///
/// Where more comes than passes all wait that long, and greens of broad roads would go to narrow ones, which let half
/// as many go. So a queue counts up to that of `longQueue` a lane, and a longer one as it is; but not on a road so short
/// that its queue soon stands in the junction upstream.
///
/// - Parameters:
///   - laneGroup: Position of the lane group.
///   - estimate: What is thought of it.
///   - rate: At which it is joined, pcu/h.
///   - junction: The junction.
/// - Returns: At least a thousandth.
func weight(
  of laneGroup: Int, _ estimate: LaneGroupEstimate, joinedAt rate: Double, at junction: Intersection
) -> Double {
  let limit = 0.75 * junction.longestWait.seconds
  let perSecond = max(rate, leastFlow) / 3600
  let ratio = estimate.queue / perSecond / max(1, limit)
  let site = junction.laneGroups[laneGroup]
  let long = junction.isShortLink(laneGroup) ? .infinity : longQueue * Double(site.lanes)
  return max(1e-3, site.weight) * max(1, min(9, ratio * ratio, long / estimate.queue))
}

/// Flow below which a rate says nothing, pcu/h: one vehicle in a minute and a half.
private let leastFlow = 40.0

/// Vehicles a lane: as many as 30 s of green let go. With twelve a left turn with short greens waits longer than the
/// longest red beside a long queue.
private let longQueue = 15.0
