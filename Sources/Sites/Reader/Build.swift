import Signals

extension Draft {
  /// The junction with its cabinet at `cabinet`; `nil` if anything of it could not be read.
  func build(cabinet: CabinetAddress?) -> Intersection? {
    _ = root["version"]?.integer()
    let id = root["id"]?.name()
    let name = root["name"]?.name()
    let zone = root["time_zone"]?.timeZone()
    let health = root["detector_health"].map(readHealth)
    guard let id, let name, let zone, let changes, let limits = limits?.build(),
      let control = control?.build(),
      let schedule = schedule.flatMap({ all($0.map { $0.build() }) }),
      let approaches = all(approaches.map { $0.build() }),
      let groups = all(signalGroups.map { $0.build() }),
      let laneGroups = all(laneGroups.map { $0.build() }),
      let crossings = all(crossings.map { $0.build() }),
      let stages = all(stages.map { $0.build(pedestrian: pedestrian(of: $0)) }), !stages.isEmpty,
      let detectors = all(detectors.map { $0.build() }),
      let plans = all(plans.map { $0.build() }), !plans.isEmpty, root.field.problems.isEmpty
    else { return nil }
    return Intersection(
      id: id, name: name, timeZoneMinutes: zone, approaches: approaches, signalGroups: groups,
      laneGroups: laneGroups, crossings: crossings, stages: stages, changes: changes,
      detectors: detectors, limits: limits, plans: plans,
      schedule: schedule.sorted { $0.fromMinute < $1.fromMinute }, control: control,
      cabinet: cabinet, health: health ?? nil)
  }

  /// Longest walk and clearance of the crossings that run in `stage`.
  func pedestrian(of stage: StageDraft) -> Tenths {
    crossings(in: stage).compactMap(\.pedestrian).max() ?? .zero
  }

  /// The crossings that run in `stage`.
  func crossings(in stage: StageDraft) -> [CrossingDraft] {
    crossings.filter { $0.signal.map { stage.serves($0.position) } ?? false }
  }
}

/// All values, if none is missing.
func all<Value>(_ values: [Value?]) -> [Value]? {
  let found = values.compactMap(\.self)
  return found.count == values.count ? found : nil
}

extension ApproachDraft {
  func build() -> Approach? {
    guard let name = row.name, let heading, let speed else { return nil }
    return Approach(name: name, heading: heading, speed: speed)
  }
}

extension SignalGroupDraft {
  func build() -> SignalGroup? {
    guard let name = row.name, let kind, let givesWayTo, knowsAllConflicts else { return nil }
    return SignalGroup(
      name: name, kind: kind, conflicts: conflicts, givesWayTo: givesWayTo.map(\.position))
  }
}

extension LaneGroupDraft {
  func build() -> LaneGroup? {
    guard let name = row.name, let approach, let lanes, let length, let saturationFlow, let weight,
      let movements = movements.flatMap({ all($0.map { $0.build() }) }),
      let upstream = upstream.flatMap({ all($0.map(\.link)) })
    else { return nil }
    return LaneGroup(
      name: name, approach: approach, lanes: lanes, length: length, saturationFlow: saturationFlow,
      movements: movements, weight: weight, upstream: upstream)
  }
}

extension MovementDraft {
  func build() -> Movement? {
    guard let turn, let share, signal != nil else { return nil }
    return Movement(turn: turn, signalGroup: signalGroup, share: share)
  }
}

extension CrossingDraft {
  func build() -> Crossing? {
    guard let name = row.name, let signal, let length, let walk, let clearance else { return nil }
    return Crossing(
      name: name, signalGroup: signal.position, length: length, walk: walk, clearance: clearance)
  }
}

extension StageDraft {
  func build(pedestrian: Tenths) -> Stage? {
    guard let name = row.name, let green, let permissive, let minimumGreen, let maximumGreen,
      let greenFlash, let yellow, let allRed, let recall
    else { return nil }
    return Stage(
      name: name, green: green.map(\.position), permissive: permissive.map(\.position),
      minimumGreen: minimumGreen, maximumGreen: maximumGreen, pedestrian: pedestrian,
      greenFlash: greenFlash, yellow: yellow, allRed: allRed, recall: recall)
  }
}

extension LimitsDraft {
  func build() -> Limits? {
    guard let minimumCycle, let maximumCycle, let longestRed, let largestChange, let planInterval,
      let notice
    else { return nil }
    return Limits(
      minimumCycle: minimumCycle, maximumCycle: maximumCycle, longestRed: longestRed,
      largestChange: largestChange, planInterval: planInterval, notice: notice)
  }
}

extension DetectorDraft {
  func build() -> Detector? {
    guard let id = row.name, let laneGroup, let lanes, let view,
      loops.allSatisfy({ $0.number != nil })
    else { return nil }
    return Detector(
      id: id, laneGroup: laneGroup, lanes: lanes, view: view, loops: loops.compactMap(\.number))
  }
}

extension PlanDraft {
  func build() -> NamedPlan? {
    guard let name = row.name, let cycle, let offset, let entries else { return nil }
    return NamedPlan(
      name: name, plan: TimingPlan(entries: entries, cycle: cycle, offset: offset))
  }
}

extension ScheduleDraft {
  func build() -> ScheduleEntry? {
    guard let fromMinute, let plan else { return nil }
    return ScheduleEntry(fromMinute: fromMinute, plan: plan)
  }
}

extension ControlDraft {
  func build() -> ControlSettings? {
    guard let pace, let sequence, let lease, let usedYellow else { return nil }
    return ControlSettings(
      pace: pace, sequence: sequence, lease: lease, usedYellow: usedYellow,
      longestWait: longestWait)
  }
}
