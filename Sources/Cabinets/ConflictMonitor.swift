import Signals

/// The last line: whatever went wrong before, conflicting greens end in flashing yellow (GB 25280).
extension VirtualCabinet {
  /// Bit of `criticalFaults` for conflicting greens.
  static let conflictFault: UInt16 = 1

  mutating func superviseConflicts() {
    guard showsConflict, criticalFaults & Self.conflictFault == 0 else { return }
    criticalFaults |= Self.conflictFault
    abandonPlans()
    flash(until: .max)
  }

  /// Whether two conflicting signal groups are green, neither of them giving way to the other.
  private var showsConflict: Bool {
    guard course.show == .stages else { return false }
    let groups = intersection.signalGroups
    let isGreen = shownLamps().map(\.isGreen)
    return groups.indices.contains { group in
      isGreen[group]
        && groups[group].conflicts.contains { other in
          isGreen[other] && !givesWay(group, to: other) && !givesWay(other, to: group)
        }
    }
  }

  /// A flashing green does not tell whether it has right of way, the stage does.
  private func givesWay(_ group: Int, to other: Int) -> Bool {
    intersection.stages[course.stage].permissive.contains(group)
      && intersection.signalGroups[group].givesWayTo.contains(other)
  }

  // MARK: - A person at the cabinet

  /// Flashes from now on until `end`, then shows all-red and begins the own plan.
  mutating func flash(until end: Int64) {
    noteGreens()
    held = .flash
    course.show = .flash
    course.since = course.tick
    course.ends = end
  }

  /// Ends every plan of ours: whoever holds control does not get it back by a plan made before.
  mutating func abandonPlans() {
    for order in [pending?.order, course.programme.order].compactMap({ $0 }) { finish(order) }
    pending = nil
    leaseEnds = nil
    course.programme = course.programme.disowned()
    isReturning = true
  }

  mutating func hold(_ source: ControlSource) {
    abandonPlans()
    guard source == .flash else {
      if course.show == .flash { endFlash() }
      held = source
      return
    }
    flash(until: .max)
  }

  /// No jump of state: a stage that was held ends as any other, after minimum green and notice.
  mutating func giveBack() {
    if course.show == .flash { return endFlash() }
    if course.show == .allRed {
      held = .flash
      return
    }
    guard held != nil else { return }
    held = nil
    guard course.isGreen else { return }
    let shortest = Int64(intersection.stages[course.stage].shortestGreen.count)
    course.ends = max(
      course.greenSince + shortest, course.tick + Int64(intersection.limits.notice.count))
  }

  private mutating func endFlash() {
    noteGreens()
    course.show = .allRed
    course.since = course.tick
    course.ends = course.tick + Self.startAllRed
  }
}
