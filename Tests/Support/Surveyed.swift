public import Signals

extension Intersection {
  /// The same junction, whose site file tells other saturation flows: `factor` times these.
  public func surveyed(at factor: Double) -> Intersection {
    Intersection(
      id: id, name: name, timeZoneMinutes: timeZoneMinutes, approaches: approaches,
      signalGroups: signalGroups,
      laneGroups: laneGroups.map {
        LaneGroup(
          name: $0.name, approach: $0.approach, lanes: $0.lanes, length: $0.length,
          saturationFlow: $0.saturationFlow * factor, movements: $0.movements, weight: $0.weight,
          upstream: $0.upstream)
      }, crossings: crossings, stages: stages, changes: changes, detectors: detectors,
      limits: limits, plans: plans, schedule: schedule, control: control, cabinet: cabinet,
      health: health)
  }
}
