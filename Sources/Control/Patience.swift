import Demand
import Signals

/// How much more a vehicle-second counts in a lane group whose drivers would wait longer than the longest wait.
///
/// Least total delay alone would let a short queue wait for cycle after cycle beside a long one. By
/// Little's law a queue of n that is joined at the rate q takes n/q to pass; where that exceeds three
/// quarters of the longest wait, it counts more with the square of the ratio, up to ninefold. What began
/// at the longest wait itself would come too late for those at the end of the queue.
///
/// - Parameters:
///   - estimate: What is thought of the lane group.
///   - junction: The junction.
/// - Returns: 1 where nobody waits too long.
func impatience(of estimate: LaneGroupEstimate, at junction: Intersection) -> Double {
  let limit = 0.75 * junction.longestWait.seconds
  let perSecond = max(estimate.flow, leastFlow) / 3600
  let ratio = estimate.queue / perSecond / max(1, limit)
  return min(9, max(1, ratio * ratio))
}

/// Flow below which a rate says nothing, pcu/h: one vehicle in a minute and a half.
private let leastFlow = 40.0

extension Intersection {
  /// What a vehicle-second counts in a lane group, as the site file says, but at least a thousandth.
  func weight(of laneGroup: Int) -> Double { max(1e-3, laneGroups[laneGroup].weight) }
}
