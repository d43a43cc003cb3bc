extension RoadNetwork {
  /// What a demand makes of each lane group: those who enter there, and those who come from the
  /// lane groups upstream.
  ///
  /// Travel times and queues are left out: all of a period's vehicles count in that period.
  ///
  /// - Parameters:
  ///   - demand: All who come to the network.
  ///   - begin: Start of the period, seconds since local midnight.
  ///   - end: End of the period, seconds since local midnight; later than `begin`.
  /// - Returns: Mean flow of each lane group of each junction, veh/h.
  public func flows(
    of demand: TrafficDemand, from begin: Double, to end: Double
  ) -> [[Double]] {
    precondition(end > begin, "a period takes time")
    var entering = Array(repeating: 0.0, count: groups.count)
    for entry in demand.vehicles {
      entering[group(entry.laneGroup, of: entry.junction)] +=
        entry.profile.arrivals(from: begin, to: end) * 3600 / (end - begin)
    }
    // As many rounds as a vehicle can pass lane groups: what goes round in circles shrinks with
    // every turn, and after 60 at a share of 0.8 a millionth is left.
    var flows = entering
    for _ in 0..<max(60, groups.count) {
      var next = entering
      for (position, group) in groups.enumerated() {
        for link in group.downstream { next[link.group] += flows[position] * link.share }
      }
      if next == flows { break }
      flows = next
    }
    return junctions.indices.map { junction in
      groups.indices.filter { groups[$0].junction == junction }.map { flows[$0] }
    }
  }
}
