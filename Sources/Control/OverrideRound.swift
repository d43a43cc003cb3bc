public import Safety
public import Signals

/// What an override will do at a junction: the stages that run round and round, and what bounds them.
public struct OverrideOutlook: Sendable, Equatable {
  /// The stages and their greens.
  public let entries: [PlanEntry]

  /// Length of the round.
  public let length: Tenths

  /// The stage that is held; `nil` for a whole plan.
  public let held: Int?

  /// What keeps the held stage from being green a second longer, beside its maximum green; `nil` if that
  /// does, or for a whole plan.
  public let bound: Violation?

  /// Seconds after the beginning at which the wanted stage is green at the latest, if nobody is overdue.
  public let latestStart: Tenths
}

extension Override.Action {
  /// What it will do at a junction.
  ///
  /// - Parameters:
  ///   - junction: The junction under the stricter of its own and its cabinet's limits.
  ///   - reference: The time-of-day plan that is due.
  /// - Returns: The round, or every limit that it breaks wherever it begins.
  public func outlook(
    at junction: Intersection, reference: TimingPlan
  ) -> Result<OverrideOutlook, PlanRejected> {
    let takeover = junction.control.pace.takeover
    switch self {
    case .stage(let stage):
      guard junction.stages.indices.contains(stage) else {
        return checkedRound(
          [PlanEntry(stage: stage, green: .zero)], at: junction, takeover: takeover)
      }
      return lockedRound(stage, at: junction, reference: reference)
    case .plan(let entries):
      return checkedRound(entries, at: junction, takeover: takeover)
    case .dayPlan(let plan):
      let isKnown = junction.plans.indices.contains(plan)
      return checkedRound(
        isKnown ? junction.plans[plan].plan.entries : [], at: junction, takeover: takeover)
    case .handOver:
      // The cabinet runs it by itself in any case: it is not ours to refuse.
      return .success(
        OverrideOutlook(
          entries: reference.entries, length: junction.length(of: reference.entries) ?? .zero,
          held: nil, bound: nil, latestStart: junction.limits.maximumCycle))
    }
  }
}

/// The round in which `stage` is green for as long as may be: it runs up to its maximum green, then all
/// who are red meanwhile have their shortest greens, then it runs again. Its green is cut where somebody
/// would else be red for too long.
private func lockedRound(
  _ stage: Int, at junction: Intersection, reference: TimingPlan
) -> Result<OverrideOutlook, PlanRejected> {
  let limits = junction.stages[stage]
  let others = othersOnce(stage, at: junction, reference: reference)
  let takeover = junction.control.pace.takeover
  var bound: PlanRejected?
  var green = max(limits.shortestGreen, limits.maximumGreen)
  while true {
    let entries = [PlanEntry(stage: stage, green: green)] + others
    switch steady(entries, at: junction, takeover: takeover) {
    case .success:
      let violation = bound?.violations.first
      return .success(
        OverrideOutlook(
          entries: entries, length: junction.length(of: entries) ?? .zero, held: stage,
          bound: violation, latestStart: latestStart(of: stage, at: junction)))
    case .failure(let rejection):
      bound = rejection
      guard green > limits.shortestGreen else { return .failure(rejection) }
      green = max(limits.shortestGreen, green - .seconds(1))
    }
  }
}

private func checkedRound(
  _ entries: [PlanEntry], at junction: Intersection, takeover: Takeover
) -> Result<OverrideOutlook, PlanRejected> {
  steady(entries, at: junction, takeover: takeover).map { _ in
    OverrideOutlook(
      entries: entries, length: junction.length(of: entries) ?? .zero, held: nil, bound: nil,
      latestStart: latestStart(of: entries[0].stage, at: junction))
  }
}

/// Whether a round that has run for long may go on running.
private func steady(
  _ entries: [PlanEntry], at junction: Intersection, takeover: Takeover
) -> Result<CheckedPlan, PlanRejected> {
  let plan = TimingPlan(entries: entries, takeover: takeover)
  // A plan of unknown stages is refused before its circumstances are looked at.
  let first = entries.first.flatMap { junction.stages.indices.contains($0.stage) ? $0 : nil }
  let circumstances = Circumstances(
    stage: first?.stage ?? 0, subState: .green, timeInState: first?.green ?? .zero,
    red: junction.signalGroups.map { _ in .zero }, running: plan, entry: 0, sinceLastPlan: nil)
  do {
    return .success(try check(plan, at: junction, under: circumstances))
  } catch {
    return .failure(error)
  }
}

/// Stages after `stage` that serve all whom it does not, in the order of the reference plan, each as short
/// as it may be; those without whom nobody would miss anything are left out.
private func othersOnce(
  _ stage: Int, at junction: Intersection, reference: TimingPlan
) -> [PlanEntry] {
  let head = [PlanEntry(stage: stage, green: junction.stages[stage].shortestGreen)]
  let composer = PlanComposer(junction: junction, reference: reference)
  // The last of its plans has the shortest greens.
  let whole = composer.plans(beginningWith: head, takeover: .stageBoundary).last
  var entries = whole?.entries ?? head
  for position in entries.indices.dropFirst().reversed() {
    var fewer = entries
    fewer.remove(at: position)
    if servesAll(fewer, as: entries, at: junction), junction.length(of: fewer) != nil {
      entries = fewer
    }
  }
  return Array(entries.dropFirst())
}

/// Whether every signal group that `old` serves is served by `new` too.
private func servesAll(
  _ new: [PlanEntry], as old: [PlanEntry], at junction: Intersection
) -> Bool {
  junction.signalGroups.indices.allSatisfy { group in
    func isServed(_ entries: [PlanEntry]) -> Bool {
      entries.contains { junction.serves(group, in: $0.stage) }
    }
    return isServed(new) || !isServed(old)
  }
}

/// How long it takes at most until `stage` is green, from any other stage that may lead to it.
private func latestStart(of stage: Int, at junction: Intersection) -> Tenths {
  let times = junction.stages.indices.compactMap { other -> Tenths? in
    guard other != stage, let change = junction.changeTime(from: other, to: stage) else {
      return nil
    }
    switch junction.control.pace {
    case .second:
      return max(junction.stages[other].shortestGreen, junction.limits.notice) + change
    case .stage: return junction.stages[other].maximumGreen + change
    case .cycle: return junction.limits.maximumCycle
    }
  }
  return times.max() ?? .zero
}

extension OverrideOutlook {
  /// "A 60 s, B 6 s, C 20 s, D 6 s, round and round"
  func words(at junction: Intersection) -> String {
    let greens = entries.map { "\(junction.stages[$0.stage].name) \($0.green)" }
    return greens.joined(separator: ", ") + ", round and round"
  }
}

extension Override {
  /// Whether its stage is wanted at a moment that was still to come when it became valid.
  var isRoute: Bool { ready.monotonic > begins.monotonic }

  /// Whether control must turn to what is wanted now, to come to it in time: from the beginning, but for
  /// a stage that need not be green yet.
  func isDue(_ meeting: Meeting) -> Bool {
    guard case .stage(let stage) = action, meeting.at.monotonic < ready.monotonic else {
      return true
    }
    let left = Tenths(seconds: ready.monotonic.seconds(since: meeting.at.monotonic))
    return left <= meeting.timeToReach(stage)
  }
}

extension Meeting {
  /// What reports of one second, and a plan that comes a second late, can add.
  private static let slack = Tenths.seconds(3)

  /// How long before `stage` is wanted control must not go on as usual any more: by the next time that it
  /// decides there would be no time left for everybody else to be green once before it, each as short as
  /// may be; and if they were not, they would wait too long while it is held.
  fileprivate func timeToReach(_ stage: Int) -> Tenths {
    let changes = junction.stages.indices.flatMap { from in
      junction.stages.indices.compactMap { junction.changeTime(from: from, to: $0) }
    }
    let change = changes.max() ?? .zero
    let others = junction.stages.indices.filter { $0 != stage }
    let once = others.reduce(change) { $0 + junction.stages[$1].shortestGreen + change }
    switch junction.control.pace {
    case .second:
      let shortest = junction.stages.map { max($0.shortestGreen, junction.limits.notice) }
      let running = junction.stages[report.stage].shortestGreen - report.timeInState
      let rest = max(running, junction.limits.notice, .zero)
      return max(once, rest + (shortest.max() ?? .zero) + change + change + Self.slack)
    case .stage:
      let longest = junction.stages.map(\.maximumGreen).max() ?? .zero
      return longest + change + change + Self.slack + once
    case .cycle: return junction.limits.maximumCycle + junction.limits.maximumCycle
    }
  }
}
