/// What follows from a junction's stages and is looked up many times a second: worked out once.
struct IntersectionTables: Sendable, Equatable {
  /// By `from * stages + to`: what `Intersection.changeTime` tells.
  let changeTimes: [Tenths?]

  /// By `from * stages + to`: what `Intersection.losesGreen` tells.
  let lossesOfGreen: [Bool]

  /// By `stage * laneGroups + laneGroup`: what `Intersection.service` tells.
  let services: [Service]

  /// By `stage * signalGroups + signalGroup`: what `Stage.serves` tells.
  let serves: [Bool]

  /// By signal group: what `Intersection.isEverServed` tells.
  let isEverServed: [Bool]

  /// By lane group: what `Intersection.isSignalled` tells.
  let isSignalled: [Bool]

  /// By lane group: what `Intersection.configuredShares` tells.
  let shares: [[Double]]

  init(signalGroups: Int, laneGroups: [LaneGroup], stages: [Stage], changes: ChangeTable) {
    let losses = stages.flatMap { from in
      stages.map { to in (from.green + from.permissive).contains { !to.serves($0) } }
    }
    lossesOfGreen = losses
    changeTimes = losses.indices.map { cell in
      let (from, to) = cell.quotientAndRemainder(dividingBy: stages.count)
      guard let intergreen = changes.intergreen(from: from, to: to) else { return nil }
      guard from == to || losses[cell] else { return intergreen }
      let ending = stages[from]
      return ending.greenFlash + max(ending.yellow + ending.allRed, intergreen)
    }
    services = stages.flatMap { stage in laneGroups.map { service(of: $0, in: stage) } }
    serves = stages.flatMap { stage in (0..<signalGroups).map(stage.serves) }
    isEverServed = (0..<signalGroups).map { group in stages.contains { $0.serves(group) } }
    isSignalled = laneGroups.map { $0.movements.contains { $0.signalGroup != nil } }
    shares = laneGroups.map { $0.movements.map(\.share) }
  }
}

private func service(of laneGroup: LaneGroup, in stage: Stage) -> Service {
  var open = 0.0
  var isPermissive = false
  var isHeld = false
  for movement in laneGroup.movements {
    guard let group = movement.signalGroup else {
      open += movement.share
      continue
    }
    if stage.serves(group) {
      open += movement.share
      isPermissive = isPermissive || stage.permissive.contains(group)
    } else {
      isHeld = true
    }
  }
  if !isHeld { return isPermissive ? .permissive : .protected }
  return open > 0 ? .partial(share: open) : .none
}
