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
  let impatience = min(9, max(1, ratio * ratio))
  return max(1e-3, junction.laneGroups[laneGroup].weight) * impatience
}

/// Flow below which a rate says nothing, pcu/h: one vehicle in a minute and a half.
private let leastFlow = 40.0
