import Signals

/// What a cabinet refuses: rules of its own, so that a mistake of the daemon's checks stops here.
extension VirtualCabinet {
  /// Refuses an order that must not run, by the first rule it breaks.
  func judge(_ order: PlanOrder) throws(Refusal) {
    guard held == nil else { throw Refusal(code: .held) }
    guard !hasUnreadTables else { throw Refusal(code: .revisionChanged) }
    guard settings.leaseSeconds.contains(Int(order.leaseSeconds)) else {
      throw Refusal(code: .leaseRange)
    }
    try judgeStages(order.plan.entries)
    try judgeGreens(order.plan.entries)
    try judgeChanges(order.plan.entries)
    try judgeCycle(order.plan)
    try judgeTakeover(order.plan)
    if let entry = entryTooLate(order.plan) {
      throw Refusal(code: .longestRed, entry: entry == 0 ? nil : entry)
    }
  }

  private func judgeStages(_ entries: [PlanEntry]) throws(Refusal) {
    guard !entries.isEmpty else { throw Refusal(code: .unknownStage) }
    let known = intersection.stages.indices
    if let fault = entries.firstIndex(where: { !known.contains($0.stage) }) {
      throw Refusal(code: .unknownStage, entry: fault + 1)
    }
  }

  private func judgeGreens(_ entries: [PlanEntry]) throws(Refusal) {
    let fault = entries.firstIndex { entry in
      let stage = intersection.stages[entry.stage]
      // A green of nothing would let stages follow each other without end in no time.
      let shortest = max(stage.minimumGreen, stage.pedestrian, Tenths(1))
      return entry.green < shortest || entry.green > stage.maximumGreen
        || entry.longestGreen < entry.green || entry.longestGreen > stage.maximumGreen
    }
    if let fault { throw Refusal(code: .belowMinimumGreen, entry: fault + 1) }
  }

  /// Each entry follows the one before it, the first the last; a plan of one stage never changes.
  private func judgeChanges(_ entries: [PlanEntry]) throws(Refusal) {
    guard entries.count > 1 else { return }
    for (position, entry) in entries.enumerated() {
      let before = entries[(position + entries.count - 1) % entries.count]
      if intersection.changes.intergreen(from: before.stage, to: entry.stage) == nil {
        throw Refusal(code: .forbiddenChange, entry: position + 1)
      }
    }
  }

  private func judgeCycle(_ plan: TimingPlan) throws(Refusal) {
    guard let cycle = plan.cycle else { return }
    let limits = intersection.limits
    guard cycle >= limits.minimumCycle, cycle <= limits.maximumCycle else {
      throw Refusal(code: .cycleRange)
    }
    guard length(of: plan.entries) == cycle else { throw Refusal(code: .cycleSum) }
  }

  /// Greens and the changes between them.
  private func length(of entries: [PlanEntry]) -> Tenths {
    guard entries.count > 1 else { return entries.first?.green ?? .zero }
    return entries.indices.reduce(.zero) { sum, position in
      let next = entries[(position + 1) % entries.count].stage
      let times = changeTimes(from: entries[position].stage, to: next)
      return sum + entries[position].green + times.flash + times.yellow + times.allRed
    }
  }

  private func judgeTakeover(_ plan: TimingPlan) throws(Refusal) {
    let first = plan.entries[0].stage
    switch plan.takeover {
    case .now:
      guard course.isGreen, course.stage == first else {
        throw Refusal(code: .notRunningStage, entry: 1)
      }
    case .stageBoundary:
      guard mayFollow(course.stageToCome, first) else {
        throw Refusal(code: .forbiddenChange, entry: 1)
      }
    case .cycleStart:
      let last = course.programme.plan.entries[course.programme.plan.entries.count - 1].stage
      guard mayFollow(last, first) else { throw Refusal(code: .forbiddenChange, entry: 1) }
    }
  }
}
