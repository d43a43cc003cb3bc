import Signals

/// No signal group waits longer than the limit, counting the time it has waited already: neither
/// until the plan first serves it nor from round to round, however long the plan is left running.
///
/// After a manual stage or a flash some groups may be overdue whatever the plan does. They must come
/// in its first round, with nothing before them longer than it must be, and no later than if the
/// plan that runs went on: so nobody is put off again and again, and where that plan keeps everybody
/// within the limit no other may break it.
func longestRed(_ candidate: Candidate) -> [Violation] {
  guard candidate.intersection.length(of: candidate.entries) != nil else { return [] }
  let takeover = candidate.waitsAtTakeover()
  let unchanged = candidate.waitsIfUnchanged()
  let rounds = candidate.rounds()
  var violations: [Violation] = []
  for group in takeover.indices where candidate.intersection.isEverServed(group) {
    let violation = candidate.longestRed(
      of: group, waited: takeover[group], unchanged: unchanged[group], in: rounds)
    if let violation { violations.append(violation) }
  }
  return violations
}

extension Candidate {
  /// How long each signal group has been red when the plan's first entry begins.
  func waitsAtTakeover() -> [Tenths] {
    var waits = circumstances.red
    let running = circumstances.running.entries
    switch plan.takeover {
    case .now: break
    case .stageBoundary:
      let left = restOfGreen()
      pass(circumstances.stage, green: left, to: entries[0].stage, waits: &waits)
    case .cycleStart:
      guard running.indices.contains(circumstances.entry) else { break }
      for position in circumstances.entry..<running.count {
        let isFirst = position == circumstances.entry
        let next = position + 1 < running.count ? running[position + 1].stage : entries[0].stage
        pass(
          running[position].stage, green: isFirst ? restOfGreen() : running[position].green,
          to: next, waits: &waits)
      }
    }
    return waits
  }

  /// How long each signal group will have been red when the plan that runs, left alone, serves it;
  /// `nil` if it never does, or what runs is not known.
  func waitsIfUnchanged() -> [Tenths?] {
    let running = circumstances.running.entries
    var served: [Tenths?] = circumstances.red.map { _ in nil }
    guard running.indices.contains(circumstances.entry) else { return served }
    var waits = circumstances.red
    for step in 0...running.count {
      let position = (circumstances.entry + step) % running.count
      let stage = running[position].stage
      // A stage that ends already serves nobody any more.
      let isEnding = step == 0 && circumstances.subState != .green
      for group in waits.indices where !isEnding && served[group] == nil {
        if intersection.serves(group, in: stage) { served[group] = waits[group] }
      }
      let next = running[(position + 1) % running.count].stage
      pass(
        stage, green: step == 0 ? restOfGreen() : running[position].green, to: next, waits: &waits)
    }
    return served
  }

  /// Green left to the running entry: a plan that waits for a boundary cannot shorten it.
  private func restOfGreen() -> Tenths {
    let running = circumstances.running.entries
    guard circumstances.subState == .green, running.indices.contains(circumstances.entry) else {
      return .zero
    }
    return max(.zero, running[circumstances.entry].green - circumstances.timeInState)
  }

  /// Lets `stage` be green for `green` and change to `next`.
  private func pass(_ stage: Int, green: Tenths, to next: Int, waits: inout [Tenths]) {
    let change = stage == next ? .zero : intersection.changeTime(from: stage, to: next) ?? .zero
    for group in waits.indices {
      guard intersection.serves(group, in: stage) else {
        waits[group] += green + change
        continue
      }
      waits[group] = intersection.serves(group, in: next) ? .zero : change
    }
  }

  /// An entry of a round and the change to what follows it.
  struct Turn {
    let stage: Int
    let next: Int
    /// Green that is still to come.
    let green: Tenths
    let change: Tenths
    /// Whether nothing before it is longer than it must be.
    let isPrompt: Bool
  }

  /// Three rounds of the plan: the first wait, then one whole gap from round to round wherever it lies.
  func rounds() -> [Turn] {
    var isPrompt = true
    return (0..<(3 * entries.count)).map { position in
      let entry = entries[position % entries.count]
      let next = entries[(position + 1) % entries.count].stage
      let begun = position == 0 && plan.takeover == .now ? circumstances.timeInState : .zero
      defer { isPrompt = isPrompt && entry.green <= leastGreen(at: position) }
      return Turn(
        stage: entry.stage, next: next, green: max(.zero, entry.green - begun),
        change: intersection.changeTime(from: entry.stage, to: next) ?? .zero, isPrompt: isPrompt)
    }
  }

  /// The violation of one group, which has waited for `waited` when the first entry begins, and under
  /// the plan that runs will have waited for `unchanged` when it is served.
  func longestRed(
    of group: Int, waited: Tenths, unchanged: Tenths?, in rounds: [Turn]
  ) -> Violation? {
    let limit = limits.longestRed
    guard entries.contains(where: { intersection.serves(group, in: $0.stage) }) else {
      return violation(group, value: "never green")
    }
    var wait = waited
    var isFirstRound = true
    for turn in rounds {
      guard intersection.serves(group, in: turn.stage) else {
        wait += turn.green + turn.change
        continue
      }
      let isExcused = isFirstRound && turn.isPrompt && unchanged.map { wait <= $0 } ?? true
      if wait > limit && !isExcused { return violation(group, value: "red for \(wait)") }
      isFirstRound = false
      wait = intersection.serves(group, in: turn.next) ? .zero : turn.change
    }
    return nil
  }

  /// The least green that the entry at `position` could have: a stage is announced to end, and once
  /// it is, that end is not put off.
  private func leastGreen(at position: Int) -> Tenths {
    let stage = intersection.stages[entries[position % entries.count].stage]
    let running = circumstances.running.entries
    guard position == 0, plan.takeover == .now, running.indices.contains(circumstances.entry)
    else { return max(stage.shortestGreen, limits.notice) }
    let announced = min(
      running[circumstances.entry].green, circumstances.timeInState + limits.notice)
    return max(stage.shortestGreen, announced)
  }

  private func violation(_ group: Int, value: String) -> Violation {
    Violation(
      rule: .longestRed, place: "signal group \(intersection.signalGroups[group].name)",
      value: value, limit: "at most \(limits.longestRed)")
  }
}
