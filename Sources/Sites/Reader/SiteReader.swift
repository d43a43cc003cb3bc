import Signals

extension Draft {
  /// Reads all sections of a file, reporting what cannot be read.
  init?(_ field: Field) {
    guard let root = field.table(Schema.site) else { return nil }
    self.root = root
    let approachRows = Section(root["approaches"], of: .approach)
    let groups = Section(root["signal_groups"], of: .signalGroup)
    let laneGroupRows = Section(root["lane_groups"], of: .laneGroup)
    let stageRows = Section(root["stages"], of: .stage)
    let planRows = Section(root["plans"], of: .plan)
    approaches = approachRows.rows.map(ApproachDraft.init)
    signalGroups = SignalGroupDraft.read(groups, conflicts: root["conflicts"])
    laneGroups = laneGroupRows.rows.map {
      LaneGroupDraft($0, approaches: approachRows.names, signalGroups: groups.names)
    }
    crossings = root.rows("crossings", of: .crossing).map {
      CrossingDraft($0, signalGroups: groups.names)
    }
    stages = stageRows.rows.map { StageDraft($0, signalGroups: groups.names) }
    changes = readChanges(root["changes"], stages: stageRows.names)
    limits = LimitsDraft(root["limits"])
    let laneGroups = self.laneGroups
    detectors = root.rows("detectors", of: .detector, nameKey: "id").map {
      DetectorDraft($0, laneGroups: laneGroups, names: laneGroupRows.names)
    }
    plans = planRows.rows.map { PlanDraft($0, stages: stageRows.names) }
    schedule = root["schedule"]?.listed()?.map {
      ScheduleDraft($0, plans: planRows.names)
    }
    control = ControlDraft(root["control"])
    survey = readSurvey(
      root, approaches: approaches, crossings: crossings, control: control,
      signalGroups: groups.names)
    timing = Self.timing(stages: stages, groups: signalGroups, changes: changes)
  }

  /// A junction of stages and changes alone; all else in it stands for nothing.
  private static func timing(
    stages: [StageDraft], groups: [SignalGroupDraft], changes: ChangeTable?
  ) -> Intersection? {
    let built = stages.compactMap { $0.build(pedestrian: .zero) }
    guard let changes, !built.isEmpty, built.count == stages.count,
      changes.stages == built.count
    else { return nil }
    return Intersection(
      id: "", name: "", timeZoneMinutes: 0, approaches: [],
      signalGroups: groups.map { SignalGroup(name: $0.title, kind: .vehicle, conflicts: []) },
      laneGroups: [], crossings: [], stages: built, changes: changes, detectors: [],
      limits: Limits(minimumCycle: .zero, maximumCycle: .zero, longestRed: .zero),
      plans: [NamedPlan(name: "", plan: TimingPlan(entries: []))],
      schedule: [ScheduleEntry(fromMinute: 0, plan: 0)],
      control: ControlSettings(pace: .stage, sequence: .fixed, lease: .zero))
  }
}

extension Table {
  /// The entries of a section that may be left out.
  fileprivate func rows(_ name: String, of noun: Noun, nameKey: String = "name") -> [Row] {
    guard let field = self[name] else { return [] }
    return Section(field, of: noun, nameKey: nameKey).rows
  }
}
