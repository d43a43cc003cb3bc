import Signals

/// A lane group of one of several junctions.
struct RouteStop: Hashable, Sendable {
  let junction: Int
  let laneGroup: Int
  /// From the stop line before, s; 0 at the first.
  var travelTime = 0.0
}

/// The roads through `sites` along which most vehicles go on: from each lane group to the one that takes most
/// of its departures, where that one in turn gets no more from elsewhere.
///
/// - Parameters:
///   - sites: The junctions.
///   - vehicles: Vehicles that crossed each stop line, by junction and lane group; where none were counted
///     shares alone decide.
/// - Returns: Roads past two stop lines at least, by their first lane group; no stop line is in two.
func routes(through sites: [Intersection], vehicles: [[Double]]) -> [[RouteStop]] {
  let positions = Dictionary(
    sites.indices.map { (sites[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
  var onward: [RouteStop: (next: RouteStop, share: Double)] = [:]
  var all: [RouteStop] = []
  for junction in sites.indices {
    for (laneGroup, group) in sites[junction].laneGroups.enumerated()
    where isSignalled(group) {
      all.append(RouteStop(junction: junction, laneGroup: laneGroup))
      var main: (from: RouteStop, link: UpstreamLink, vehicles: Double)?
      for link in group.upstream {
        guard let before = positions[link.intersection],
          let source = sites[before].laneGroups.firstIndex(where: { $0.name == link.laneGroup }),
          isSignalled(sites[before].laneGroups[source])
        else { continue }
        let come = link.share * (1 + vehicles[before][source])
        // The first of those that are alike: a road is written before what turns into it.
        if come > main?.vehicles ?? 0 {
          main = (RouteStop(junction: before, laneGroup: source), link, come)
        }
      }
      guard let main else { continue }
      if main.link.share > onward[main.from]?.share ?? 0 {
        let next = RouteStop(
          junction: junction, laneGroup: laneGroup, travelTime: main.link.travelTime)
        onward[main.from] = (next, main.link.share)
      }
    }
  }
  let reached = Set(
    all.compactMap {
      onward[$0].map { RouteStop(junction: $0.next.junction, laneGroup: $0.next.laneGroup) }
    })
  // Who drives in a ring never begins; such a road has no first stop line and is left out.
  return all.filter { !reached.contains($0) }.compactMap { first in
    var road = [first]
    var here = first
    while let step = onward[here] {
      road.append(step.next)
      here = RouteStop(junction: step.next.junction, laneGroup: step.next.laneGroup)
    }
    return road.count > 1 ? road : nil
  }
}

private func isSignalled(_ group: LaneGroup) -> Bool {
  group.movements.contains { $0.signalGroup != nil }
}
