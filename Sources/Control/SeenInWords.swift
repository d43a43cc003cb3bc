import Demand
import Signals

extension DemandEstimate {
  /// The longest queues in words: "Waiting: N.T 23, W.L 7.", or that nobody waits.
  func longestQueues(at junction: Intersection) -> String {
    // Half a vehicle is nobody; equal queues in the order of the site file.
    let waiting = laneGroups.indices.filter { laneGroups[$0].queue >= 0.5 }
      .sorted { (-laneGroups[$0].queue, $0) < (-laneGroups[$1].queue, $1) }
    guard !waiting.isEmpty else { return "Nobody is waiting." }
    let names = waiting.prefix(3).map {
      "\(junction.laneGroups[$0].name) \(decimal(laneGroups[$0].queue, places: 0))"
    }
    return "Waiting: \(names.joined(separator: ", "))."
  }
}
