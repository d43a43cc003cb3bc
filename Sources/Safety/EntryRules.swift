import Signals

/// A plan has 1 to 16 entries.
func entryCount(_ candidate: Candidate) -> [Violation] {
  let count = candidate.entries.count
  guard count < 1 || count > TimingPlan.entryLimit else { return [] }
  return [
    Violation(
      rule: .entryCount, place: nil, value: "\(count)", limit: "1 to \(TimingPlan.entryLimit)")
  ]
}

/// Every entry names a stage of the junction.
func knownStages(_ candidate: Candidate) -> [Violation] {
  let stages = candidate.intersection.stages.indices
  return candidate.entries.filter { !stages.contains($0.stage) }.map {
    Violation(
      rule: .knownStages, place: nil, value: "stage number \($0.stage + 1)",
      limit: "1 to \(stages.count)")
  }
}

/// No green is shorter than its stage's minimum.
func minimumGreens(_ candidate: Candidate) -> [Violation] {
  candidate.greens(.minimumGreens, breaking: { $0.green < $1.minimumGreen }) {
    "at least \($0.minimumGreen)"
  }
}

/// No green is shorter than the walk and clearance of the crossings in its stage.
func pedestrianTimes(_ candidate: Candidate) -> [Violation] {
  candidate.greens(.pedestrianTimes, breaking: { $0.green < $1.pedestrian }) {
    "at least \($0.pedestrian) of walk and clearance"
  }
}

/// No green is longer than its stage's maximum, nor may become so, nor is longer than its own.
func maximumGreens(_ candidate: Candidate) -> [Violation] {
  candidate.greens(
    .maximumGreens, breaking: { max($0.green, $0.longestGreen) > $1.maximumGreen }
  ) { "at most \($0.maximumGreen)" }
    + candidate.greens(.maximumGreens, breaking: { entry, _ in entry.longestGreen < entry.green }) {
      _ in "at most the entry's own longest green"
    }
}

/// No two entries that follow each other, the last and the first included, are a forbidden change,
/// nor is the change from the running stage to a plan that takes over at the next boundary.
func allowedChanges(_ candidate: Candidate) -> [Violation] {
  let stages = candidate.entries.map(\.stage)
  var changes = zip(stages, stages.dropFirst()).map { (from: $0, to: $1) }
  if stages.count > 1 { changes.append((from: stages[stages.count - 1], to: stages[0])) }
  switch candidate.plan.takeover {
  case .now: break
  case .stageBoundary: changes.append((from: candidate.circumstances.stage, to: stages[0]))
  case .cycleStart:
    if let last = candidate.circumstances.running.entries.last {
      changes.append((from: last.stage, to: stages[0]))
    }
  }
  let junction = candidate.intersection
  return changes.filter { change in
    change.from != change.to && junction.changes.intergreen(from: change.from, to: change.to) == nil
  }.map {
    Violation(
      rule: .allowedChanges,
      place: "stage \(junction.stages[$0.from].name) to \(junction.stages[$0.to].name)",
      value: "forbidden", limit: "a stage that may follow")
  }
}

extension Candidate {
  /// A violation for each entry that breaks a rule about greens.
  fileprivate func greens(
    _ rule: Rule, breaking isBroken: (PlanEntry, Stage) -> Bool, limit: (Stage) -> String
  ) -> [Violation] {
    entries.compactMap { entry in
      let stage = intersection.stages[entry.stage]
      guard isBroken(entry, stage) else { return nil }
      let value =
        rule == .maximumGreens && entry.longestGreen > entry.green
        ? entry.longestGreen : entry.green
      return Violation(
        rule: rule, place: "stage \(stage.name)", value: "\(value)", limit: limit(stage))
    }
  }
}
