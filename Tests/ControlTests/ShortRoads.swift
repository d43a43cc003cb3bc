import Signals

extension Intersection {
  /// The same with roads of `length` metres to the lane groups `short`, `travelTime` seconds from a stop line
  /// upstream, or with none there; turns `permissive` give way in the first stage.
  func withRoads(
    to short: [Int], length: Double, travelTime: Double?, permissive: [Int] = []
  ) -> Intersection {
    let upstream = travelTime.map {
      UpstreamLink(intersection: "J002", laneGroup: "N.T", share: 1, travelTime: $0)
    }
    let lanes = laneGroups.enumerated().map { position, lanes in
      guard short.contains(position) else { return lanes }
      return LaneGroup(
        name: lanes.name, approach: lanes.approach, lanes: lanes.lanes, length: length,
        saturationFlow: lanes.saturationFlow, movements: lanes.movements,
        upstream: upstream.map { [$0] } ?? [])
    }
    let stages = stages.enumerated().map { position, stage in
      Stage(
        name: stage.name, green: stage.green, permissive: position == 0 ? permissive : [],
        minimumGreen: stage.minimumGreen, maximumGreen: stage.maximumGreen,
        pedestrian: stage.pedestrian, yellow: stage.yellow, allRed: stage.allRed)
    }
    return Intersection(
      id: id, name: name, timeZoneMinutes: timeZoneMinutes, approaches: approaches,
      signalGroups: signalGroups, laneGroups: lanes, crossings: crossings, stages: stages,
      changes: changes, detectors: detectors, limits: limits, plans: plans, schedule: schedule,
      control: control)
  }
}
