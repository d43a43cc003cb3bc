import Signals

/// Completes decided stages to plans that may be left running round and round.
///
/// Whatever comes after the decided stages will be decided anew before it runs. It matters if nobody
/// decides any more: then the cabinet goes round the list until the lease lapses, so every signal
/// group must be in it.
struct PlanComposer {
  let junction: Intersection

  /// The time-of-day plan in whose order and greens the rest follows.
  let reference: TimingPlan

  /// The reference plan and behind it the stages that it leaves out.
  private let ring: [PlanEntry]

  init(junction: Intersection, reference: TimingPlan) {
    self.junction = junction
    self.reference = reference
    ring = reference.entries + missingStages(of: reference, at: junction)
  }

  /// Plans that begin with `head`, the most desirable first.
  func plans(beginningWith head: [PlanEntry], takeover: Takeover) -> [TimingPlan] {
    [first(beginningWith: head, takeover: takeover)]
      + others(beginningWith: head, takeover: takeover)
  }

  /// The most desirable plan that begins with `head`: the rest takes the reference plan's greens.
  func first(beginningWith head: [PlanEntry], takeover: Takeover) -> TimingPlan {
    TimingPlan(entries: closed(head, tail(after: head) { $0 }), takeover: takeover)
  }

  /// Where that would make somebody wait too long: the rest takes the shortest greens, and then begins
  /// earlier, for only the first stages of `head` are needed at once.
  func others(beginningWith head: [PlanEntry], takeover: Takeover) -> [TimingPlan] {
    [head.count, 2, 1].filter { $0 <= head.count }.map { count in
      let head = Array(head.prefix(count))
      return TimingPlan(
        entries: closed(head, tail(after: head, green: shortest)), takeover: takeover)
    }
  }

  private func shortest(_ entry: PlanEntry) -> PlanEntry {
    PlanEntry(stage: entry.stage, green: junction.stages[entry.stage].shortestGreen)
  }

  /// A round of the reference plan that goes on after the last stage of `head`.
  private func tail(
    after head: [PlanEntry], green: (PlanEntry) -> PlanEntry
  ) -> [PlanEntry] {
    guard var before = head.last?.stage else { return ring }
    let start = (ring.firstIndex { $0.stage == before } ?? -1) + 1
    var waiting = ring.indices.map { ring[(start + $0) % ring.count] }
    var tail: [PlanEntry] = []
    while let next = waiting.firstIndex(where: { isAllowed(from: before, to: $0.stage) }) {
      let entry = waiting.remove(at: next)
      guard entry.stage != before else { continue }
      tail.append(green(entry))
      before = entry.stage
    }
    return tail
  }

  private func isAllowed(from: Int, to: Int) -> Bool {
    from == to || junction.changes.intergreen(from: from, to: to) != nil
  }

  /// Head and tail within the table, the tail cut back so that the last stage may lead to the first
  /// again; a junction of one stage keeps it.
  private func closed(_ head: [PlanEntry], _ tail: [PlanEntry]) -> [PlanEntry] {
    let head = head.prefix(max(1, TimingPlan.entryLimit - tail.count))
    var entries = Array(head) + tail
    while entries.count > max(1, head.count), let first = entries.first, let last = entries.last,
      last.stage == first.stage || !isAllowed(from: last.stage, to: first.stage)
    {
      entries.removeLast()
    }
    return entries
  }
}

/// Stages that serve signal groups which the reference plan leaves out.
private func missingStages(of reference: TimingPlan, at junction: Intersection) -> [PlanEntry] {
  var served = junction.signalGroups.indices.map { group in
    reference.entries.contains { junction.serves(group, in: $0.stage) }
  }
  return junction.stages.indices.compactMap { stage in
    let groups = junction.signalGroups.indices.filter { junction.serves($0, in: stage) }
    guard groups.contains(where: { !served[$0] }) else { return nil }
    for group in groups { served[group] = true }
    return PlanEntry(stage: stage, green: junction.stages[stage].shortestGreen)
  }
}
