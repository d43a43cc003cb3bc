/// How a lane group may discharge while a stage is green.
public enum Service: Sendable, Equatable {
  /// Every stream waits.
  case none
  /// Every stream has right of way.
  case protected
  /// Every stream may go, some only after giving way.
  case permissive
  /// Some streams may go and some wait: `share` of the vehicles may go, until one that must wait
  /// holds up its lane.
  case partial(share: Double)
}

extension Intersection {
  /// Flash, yellow, all-red and intergreen from the end of `from`'s green to the start of `to`'s;
  /// `nil` if the change is forbidden. Between two entries of the same stage it is a whole change.
  ///
  /// If no signal group loses its green there is nothing to clear, and the intergreen alone counts.
  public func changeTime(from: Int, to: Int) -> Tenths? {
    tables.changeTimes[from * stages.count + to]
  }

  /// Whether `signalGroup` is green in `stage`, with right of way or without.
  public func serves(_ signalGroup: Int, in stage: Int) -> Bool {
    tables.serves[stage * signalGroups.count + signalGroup]
  }

  /// Whether `signalGroup` is green in any stage.
  public func isEverServed(_ signalGroup: Int) -> Bool { tables.isEverServed[signalGroup] }

  /// Whether any signal group that is green in `from` is not green in `to`.
  public func losesGreen(from: Int, to: Int) -> Bool {
    tables.lossesOfGreen[from * stages.count + to]
  }

  /// What the entries of a plan and the changes between them add up to; `nil` if it contains a
  /// forbidden change, and the green alone of a plan of one entry, which never changes.
  public func length(of entries: [PlanEntry]) -> Tenths? {
    guard entries.count > 1 else { return entries.first?.green }
    var sum = Tenths.zero
    for (position, entry) in entries.enumerated() {
      let next = entries[(position + 1) % entries.count]
      guard let change = changeTime(from: entry.stage, to: next.stage) else { return nil }
      sum += entry.green + change
    }
    return sum
  }

  /// What a signal group shows in `subState` of a change from `from` to `to`.
  ///
  /// Groups that are green on both sides stay green: no yellow between overlapping stages (搭接).
  public func lamp(of signalGroup: Int, from: Int, to: Int, in subState: SubState) -> Lamp {
    let shown = stages[from].lamp(of: signalGroup)
    let vehicle = signalGroups[signalGroup].kind == .vehicle
    guard subState != .green, shown.isGreen else { return shown }
    if from != to && stages[to].serves(signalGroup) { return shown }
    switch subState {
    case .green, .greenFlash: return .flashingGreen
    case .yellow: return vehicle ? .yellow : .red
    case .allRed: return .red
    }
  }

  /// How `laneGroup` may discharge in `stage`.
  public func service(of laneGroup: Int, in stage: Int) -> Service {
    tables.services[stage * laneGroups.count + laneGroup]
  }

  /// Whether a signal holds one of the streams of `laneGroup`.
  public func isSignalled(laneGroup: Int) -> Bool { tables.isSignalled[laneGroup] }

  /// Share of each movement, by lane group, as the site file has it.
  public var configuredShares: [[Double]] { tables.shares }

  /// Positions of the stages in which every signalled stream of `laneGroup` may go.
  public func stages(serving laneGroup: Int) -> [Int] {
    stages.indices.filter { stage in
      laneGroups[laneGroup].movements.allSatisfy { movement in
        movement.signalGroup.map(stages[stage].serves) ?? true
      }
    }
  }
}
