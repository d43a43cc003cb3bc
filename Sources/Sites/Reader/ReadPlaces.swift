import Signals

extension ApproachDraft {
  init(_ row: Row) {
    self.row = row
    heading = row.table?["heading"]?.number()
    speed = row.table?["speed"]?.number().map { $0 / 3.6 }
  }
}

extension LaneGroupDraft {
  init(_ row: Row, approaches: Names, signalGroups: Names) {
    self.row = row
    approach = row.table?["approach"]?.reference(to: approaches)
    lanes = row.table?["lanes"]?.integer()
    length = row.table?["length"]?.number()
    saturationFlow = row.table?["saturation_flow"]?.number()
    weight = row.table?.value("weight", or: 1) { $0.number() }
    movements = row.table?["movements"]?.listed().map { fields in
      fields.map { MovementDraft($0, signalGroups: signalGroups, isOnly: fields.count == 1) }
    }
    upstream = row.table?.value("upstream", or: []) { $0.listed()?.map(LinkDraft.init) }
  }
}

extension MovementDraft {
  init(_ field: Field, signalGroups: Names, isOnly: Bool) {
    self.field = field
    let table = field.table()
    turn = table?["turn"]?.choice(of: Turn.self)
    signalField = table?["signal"]
    signal = signalField.flatMap { field in
      if case .scalar("none") = field.node.content { return Signal.unheld }
      return field.reference(to: signalGroups).map(Signal.group)
    }
    if let table, table["share"] == nil, !isOnly {
      field.report(
        "needs a share, as its lane group has several movements; write, say, share: 0.8",
        "所在车道组有多个流向，必须写 share；例如写 share: 0.8")
      share = nil
    } else {
      share = table?.value("share", or: 1) { $0.number() }
    }
  }
}

extension LinkDraft {
  init(_ field: Field) {
    self.field = field
    guard let table = field.table() else {
      link = nil
      return
    }
    let junction = table["junction"]?.name()
    let laneGroup = table["lane_group"]?.name()
    let share = table["share"]?.number()
    let time = table["travel_time"]?.number()
    guard let junction, let laneGroup, let share, let time else {
      link = nil
      return
    }
    link = UpstreamLink(
      intersection: junction, laneGroup: laneGroup, share: share, travelTime: time)
  }
}

extension CrossingDraft {
  init(_ row: Row, signalGroups: Names) {
    self.row = row
    let field = row.table?["signal"]
    signal = field.flatMap { field in
      field.reference(to: signalGroups).map { Reference(position: $0, field: field) }
    }
    length = row.table?["length"]?.number()
    walk = row.table?["walk"]?.duration()
    clearance = row.table?["clearance"]?.duration()
  }
}

extension DetectorDraft {
  init(_ row: Row, laneGroups: [LaneGroupDraft], names: Names) {
    self.row = row
    laneGroup = row.table?["lane_group"]?.reference(to: names)
    let all = laneGroup.flatMap { laneGroups.indices.contains($0) ? laneGroups[$0].lanes : nil }
    if let field = row.table?["lanes"] {
      lanes = field.integer()
    } else {
      lanes = all
    }
    view = row.table?.value("view", or: 0) { $0.number() }
    loops = row.table?["loops"]?.listed()?.map { ($0.integer(), $0) } ?? []
  }
}
