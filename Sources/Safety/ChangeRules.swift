import Signals

/// A cycle to be kept, or a round that runs as a cycle, is one that the cabinet takes.
func cycleRange(_ candidate: Candidate) -> [Violation] {
  let isCycle = candidate.plan.takeover == .cycleStart
  let round = isCycle ? candidate.intersection.length(of: candidate.entries) : nil
  guard let cycle = candidate.plan.cycle ?? round else { return [] }
  let limits = candidate.limits
  guard cycle < limits.minimumCycle || cycle > limits.maximumCycle else { return [] }
  return [
    Violation(
      rule: .cycleRange, place: nil, value: "\(cycle)",
      limit: "\(limits.minimumCycle) to \(limits.maximumCycle)")
  ]
}

/// A cycle to be kept is the sum of its entries and the changes between them.
func cycleSum(_ candidate: Candidate) -> [Violation] {
  guard let cycle = candidate.plan.cycle,
    let sum = candidate.intersection.length(of: candidate.entries), sum != cycle
  else { return [] }
  return [
    Violation(
      rule: .cycleSum, place: nil, value: "entries and changes of \(sum)", limit: "cycle \(cycle)")
  ]
}

/// A plan that takes over now begins with the stage that is green now.
func runningStage(_ candidate: Candidate) -> [Violation] {
  let circumstances = candidate.circumstances
  guard candidate.plan.takeover == .now, let first = candidate.entries.first else { return [] }
  let names = candidate.intersection.stages.map(\.name)
  if circumstances.subState != .green {
    return [
      Violation(
        rule: .runningStage, place: "stage \(names[circumstances.stage])",
        value: "a change is under way", limit: "a plan takes over while a stage is green")
    ]
  }
  guard first.stage != circumstances.stage else { return [] }
  return [
    Violation(
      rule: .runningStage, place: nil, value: "begins with stage \(names[first.stage])",
      limit: "stage \(names[circumstances.stage]) is running")
  ]
}

/// A running stage does not end sooner than the notice allows, unless that end was already set.
func notice(_ candidate: Candidate) -> [Violation] {
  let circumstances = candidate.circumstances
  let entry = circumstances.entry
  guard candidate.plan.takeover == .now, circumstances.subState == .green,
    let first = candidate.entries.first, circumstances.running.entries.indices.contains(entry)
  else { return [] }
  let earliest = min(
    circumstances.running.entries[entry].green,
    circumstances.timeInState + candidate.limits.notice)
  guard max(first.green, circumstances.timeInState) < earliest else { return [] }
  return [
    Violation(
      rule: .notice, place: "stage \(candidate.intersection.stages[first.stage].name)",
      value: "ends after \(first.green)", limit: "not before \(earliest)")
  ]
}

/// From one cycle's plan to the next, no stage's green changes by more than the limit.
func largestChange(_ candidate: Candidate) -> [Violation] {
  let limit = candidate.limits.largestChange
  guard candidate.plan.takeover == .cycleStart, limit > .zero else { return [] }
  return candidate.intersection.stages.enumerated().compactMap { position, stage in
    let before = green(of: position, in: candidate.circumstances.running.entries)
    let after = green(of: position, in: candidate.entries)
    // A stage that comes or goes is a matter of order, which the other rules hold.
    guard before > .zero, after > .zero, abs((after - before).count) > limit.count else {
      return nil
    }
    return Violation(
      rule: .largestChange, place: "stage \(stage.name)", value: "\(before) to \(after)",
      limit: "at most \(limit) at once")
  }
}

private func green(of stage: Int, in entries: [PlanEntry]) -> Tenths {
  entries.lazy.filter { $0.stage == stage }.reduce(.zero) { $0 + $1.green }
}

/// Plans do not follow each other faster than the cabinet takes them.
func planInterval(_ candidate: Candidate) -> [Violation] {
  let limit = candidate.limits.planInterval
  guard let since = candidate.circumstances.sinceLastPlan, since < limit else { return [] }
  return [
    Violation(
      rule: .planInterval, place: nil, value: "\(since) after the plan before",
      limit: "at least \(limit)")
  ]
}
