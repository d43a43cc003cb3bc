public import Signals

/// Watches lamps as somebody with a camera would, every 0.1 s, and knows only the site file.
public struct LampWatch {
  private let junction: Intersection
  private var before: [Lamp]
  /// Tenths since the watch began.
  private var time = 0
  /// When each group began to be green, and when it stopped.
  private var greenBegan: [Int]
  private var greenEnded: [Int]
  /// Whether the watch saw the green begin.
  private var sawBegin: [Bool]
  /// How long each group has been neither green nor out, tenths.
  public private(set) var waits: [Int]
  /// Whether somebody holds the stage, so that a maximum does not count.
  public var isHeld = false
  /// What was seen that must never be seen.
  public private(set) var faults: [String] = []
  /// The longest time that each group was neither green nor out, tenths of a second.
  public private(set) var longestReds: [Int]

  /// A watch that begins with `lamps`.
  public init(_ junction: Intersection, _ lamps: [Lamp]) {
    self.junction = junction
    before = lamps
    // What is shown at the beginning is seen first at tenth 1.
    greenBegan = lamps.map { _ in 1 }
    // Long ago: a green before the watch began is none of its business.
    greenEnded = lamps.map { _ in -1000 }
    sawBegin = lamps.map { _ in false }
    waits = lamps.map { _ in 0 }
    longestReds = waits
  }

  /// What is shown 0.1 s after what was seen before.
  public mutating func see(_ lamps: [Lamp]) {
    time += 1
    for group in lamps.indices {
      waits[group] = lamps[group].isGreen || isOut(lamps[group]) ? 0 : waits[group] + 1
      longestReds[group] = max(longestReds[group], waits[group])
    }
    guard lamps != before else { return }
    for group in lamps.indices where lamps[group] != before[group] {
      if before[group].isGreen && !lamps[group].isGreen { greenEnded[group] = time }
      seeChange(of: group, to: lamps[group])
    }
    seeConflicts(lamps)
    before = lamps
  }

  private func isSteady(_ lamp: Lamp) -> Bool { lamp == .green || lamp == .permissiveGreen }

  private func isOut(_ lamp: Lamp) -> Bool { lamp == .dark || lamp == .flashingYellow }

  private mutating func seeChange(of group: Int, to lamp: Lamp) {
    let last = before[group]
    if isOut(last) || isOut(lamp) { return sawBegin[group] = false }
    if isSteady(lamp) && !isSteady(last) {
      sawBegin[group] = true
      greenBegan[group] = time
      seeClearance(of: group)
    }
    if isSteady(last) && !isSteady(lamp) { seeEnd(of: group) }
    let name = junction.signalGroups[group].name
    if junction.signalGroups[group].kind == .vehicle, last.isGreen, lamp == .red {
      faults.append("\(name): green to red without yellow")
    }
    if last == .yellow && lamp.isGreen { faults.append("\(name): yellow to green") }
  }

  /// The green that ended was long enough for one of its stages, and not too long if it has but one.
  private mutating func seeEnd(of group: Int) {
    let stages = junction.stages.filter { $0.serves(group) }
    let shortest = stages.map(\.shortestGreen.count).min() ?? 0
    let longest = stages.count == 1 ? stages[0].maximumGreen.count : Int.max
    let name = junction.signalGroups[group].name
    let green = time - greenBegan[group]
    if sawBegin[group] && green < shortest {
      faults.append("\(name): green for \(green), at least \(shortest)")
    }
    if !isHeld && green > longest {
      faults.append("\(name): green for \(green), at most \(longest)")
    }
  }

  /// Whoever conflicts has not been green for the shortest yellow and all-red of any stage.
  private mutating func seeClearance(of group: Int) {
    let clearance = junction.stages.map { ($0.yellow + $0.allRed).count }.min() ?? 0
    for other in junction.signalGroups[group].conflicts where !before[other].isGreen {
      let since = time - greenEnded[other]
      guard since < clearance else { continue }
      faults.append(
        "\(junction.signalGroups[group].name): \(since) after "
          + "\(junction.signalGroups[other].name), at least \(clearance)")
    }
  }

  private mutating func seeConflicts(_ lamps: [Lamp]) {
    for group in lamps.indices where lamps[group].isGreen {
      for other in junction.signalGroups[group].conflicts where lamps[other].isGreen {
        if givesWay(group, to: other, lamps) || givesWay(other, to: group, lamps) { continue }
        faults.append("groups \(group) and \(other) green together")
      }
    }
  }

  /// A flashing green does not tell whether it has right of way.
  private func givesWay(_ group: Int, to other: Int, _ lamps: [Lamp]) -> Bool {
    lamps[group] != .green && junction.signalGroups[group].givesWayTo.contains(other)
  }
}
