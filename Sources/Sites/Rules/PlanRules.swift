public import Signals

/// A plan's cycle is one that the junction's limits allow.
func planCycles(_ draft: Draft) {
  guard let limits = draft.limits, let least = limits.minimumCycle,
    let most = limits.maximumCycle, least <= most
  else { return }
  for plan in draft.plans {
    guard let cycle = plan.cycle, cycle < least || cycle > most else { continue }
    plan.row.at("cycle").report(
      "\(cycle) is outside the limits; write \(least) to \(most)",
      "\(cycle) 超出限值；请写 \(least) 至 \(most)")
  }
}

/// An offset of a whole cycle or more is the same as a smaller one, and so a slip.
func planOffsets(_ draft: Draft) {
  for plan in draft.plans {
    guard let offset = plan.offset, let cycle = plan.cycle, offset >= cycle else { continue }
    plan.row.at("offset").report(
      "\(offset) is not less than the cycle of \(cycle); write 0 s to \(cycle - Tenths(1))",
      "\(offset) 不小于周期 \(cycle)；请写 0 s 至 \(cycle - Tenths(1))")
  }
}

/// A plan changes only between stages that may follow each other.
func planChanges(_ draft: Draft) {
  guard let changes = draft.changes else { return }
  for plan in draft.plans {
    guard let greens = plan.greens, greens.count > 1 else { continue }
    for (position, green) in greens.enumerated() {
      guard let from = green.stage,
        let to = greens[(position + 1) % greens.count].stage, from.position != to.position,
        changes.intergreen(from: from.position, to: to.position) == nil
      else { continue }
      to.field.report(
        "the change from stage \(draft.stages[from.position].row.title) to "
          + "\(draft.stages[to.position].row.title) is forbidden; put a stage between them",
        "从相位阶段 \(draft.stages[from.position].row.title) 到 "
          + "\(draft.stages[to.position].row.title) 为禁止过渡；请在其间插入一个阶段")
    }
  }
}

/// A plan's cycle is what its greens and the changes between them add up to.
func planSums(_ draft: Draft) {
  guard let timing = draft.timing else { return }
  for plan in draft.plans {
    guard let cycle = plan.cycle, let entries = plan.entries,
      let sum = timing.length(of: entries), sum != cycle
    else { continue }
    let greens = entries.reduce(Tenths.zero) { $0 + $1.green }
    plan.row.at("cycle").report(
      "\(cycle) is not the sum of the plan, \(greens) of green and \(sum - greens) of changes; "
        + "write \(sum), or change the greens",
      "\(cycle) 不等于方案合计，即绿灯 \(greens) 与过渡 \(sum - greens)；" + "请写 \(sum)，或修改绿灯时间")
  }
}

/// A plan leaves no signal group red for longer than the limit.
func planReds(_ draft: Draft) {
  guard let timing = draft.timing, let limit = draft.limits?.longestRed else { return }
  for plan in draft.plans {
    guard let entries = plan.entries, timing.length(of: entries) != nil else { continue }
    for (position, group) in draft.signalGroups.enumerated() {
      // A group that no stage serves has its own error.
      guard timing.stages.contains(where: { $0.serves(position) }) else { continue }
      guard let red = timing.longestRed(of: position, in: entries) else {
        plan.row.at("greens").report(
          "signal group \(group.title) is never green in plan \(plan.row.title); "
            + "add a stage that serves it",
          "灯组 \(group.title) 在方案 \(plan.row.title) 中从无绿灯；请加入放行它的阶段")
        continue
      }
      guard red > limit else { continue }
      plan.row.at("greens").report(
        "signal group \(group.title) is red for \(red) in plan \(plan.row.title); "
          + "longest_red allows \(limit)",
        "灯组 \(group.title) 在方案 \(plan.row.title) 中红灯长达 \(red)；longest_red 只允许 \(limit)")
    }
  }
}

extension Intersection {
  /// The longest time from the end of a green of `group` to its next, as the entries go round and
  /// round; `nil` if it has none. The changes between them are allowed.
  public func longestRed(of group: Int, in entries: [PlanEntry]) -> Tenths? {
    guard entries.contains(where: { stages[$0.stage].serves(group) }) else { return nil }
    var longest = Tenths.zero
    var red = Tenths.zero
    // Two rounds: one gap may begin in the first and end in the second. What went before the first
    // green is no whole gap, and never longer than the one that contains it.
    for position in 0..<(2 * entries.count) {
      let entry = entries[position % entries.count]
      let next = entries[(position + 1) % entries.count].stage
      let change = changeTime(from: entry.stage, to: next) ?? .zero
      if !stages[entry.stage].serves(group) {
        red += entry.green + change
      } else {
        red = stages[next].serves(group) ? .zero : change
      }
      longest = max(longest, red)
    }
    return longest
  }
}
