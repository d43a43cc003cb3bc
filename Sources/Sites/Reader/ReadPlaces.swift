import Signals

extension ApproachDraft {
  init(_ row: Row) {
    self.row = row
    // 360 deg is 0 deg; one way to say north is enough.
    heading = row.table?["heading"]?.quantity(.degree, in: 0...359.999)
    speed = row.table?["speed"]?.quantity(.kilometrePerHour, in: 5...150).map { $0 / 3.6 }
  }
}

extension LaneGroupDraft {
  init(_ row: Row, approaches: Names, signalGroups: Names) {
    self.row = row
    approach = row.table?["approach"]?.reference(to: approaches)
    lanes = row.table?["lanes"]?.integer(in: 1...8)
    length = row.table?["length"]?.quantity(.metre, in: 1...5000)
    saturationFlow = row.table?["saturation_flow"]?.quantity(.carUnitPerHour, in: 100...20_000)
    weight = row.table?.value("weight", or: 1) { $0.number(in: 0.01...100) }
    movements = row.table?["movements"]?.list(count: 1...4).map { fields in
      fields.map { MovementDraft($0, signalGroups: signalGroups, isOnly: fields.count == 1) }
    }
    upstream = row.table?.value("upstream", or: []) { $0.list(count: 0...32)?.map(LinkDraft.init) }
  }
}

extension MovementDraft {
  init(_ field: Field, signalGroups: Names, isOnly: Bool) {
    self.field = field
    let table = field.table(Schema.movement)
    turn = table?["turn"]?.choice(of: Turn.self)
    signalField = table?["signal"]
    signal = signalField.flatMap { field in
      if case .scalar("none") = field.node.content { return Signal.unheld }
      return field.reference(to: signalGroups).map(Signal.group)
    }
    if let table, table["share"] == nil, !isOnly {
      field.report("needs a share, as its lane group has several movements; write, say, share: 0.8")
      share = nil
    } else {
      share = table?.value("share", or: 1) { $0.number(in: 0...1) }
    }
  }
}

extension LinkDraft {
  init(_ field: Field) {
    self.field = field
    guard let table = field.table(Schema.upstream) else {
      link = nil
      return
    }
    let junction = table["junction"]?.name()
    let laneGroup = table["lane_group"]?.name()
    let share = table["share"]?.number(in: 0...1)
    let time = table["travel_time"]?.quantity(.second, in: 0.1...3600)
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
    length = row.table?["length"]?.quantity(.metre, in: 1...100)
    walk = row.table?["walk"]?.duration(in: .seconds(1) ... .seconds(120))
    clearance = row.table?["clearance"]?.duration(in: .seconds(1) ... .seconds(120))
  }
}

extension DetectorDraft {
  init(_ row: Row, laneGroups: [LaneGroupDraft], names: Names) {
    self.row = row
    laneGroup = row.table?["lane_group"]?.reference(to: names)
    let all = laneGroup.flatMap { laneGroups.indices.contains($0) ? laneGroups[$0].lanes : nil }
    if let field = row.table?["lanes"] {
      lanes = field.integer(in: 1...8)
    } else {
      lanes = all
    }
    view = row.table?.value("view", or: 0) { $0.quantity(.metre, in: 0...1000) }
  }
}
