import Safety
import Signals

/// The plans that lead from what runs to the round that an override wants.
struct OverrideChooser {
  private let meeting: Meeting
  private let round: [PlanEntry]
  private let reference: TimingPlan
  private let takeover: Takeover
  /// Whether the round's first stage is wanted, and the others are only let pass.
  private let isHeld: Bool

  /// Ways to `outlook`'s round.
  ///
  /// - Parameters:
  ///   - meeting: The cabinet and what a plan meets there.
  ///   - outlook: What is wanted.
  ///   - reference: The time-of-day plan.
  init(_ meeting: Meeting, toward outlook: OverrideOutlook, reference: TimingPlan) {
    self.meeting = meeting
    self.reference = reference
    round = outlook.entries
    isHeld = outlook.held != nil
    takeover = meeting.junction.control.pace.takeover
  }

  /// Whether a plan of ours runs the wanted round already, wherever it began.
  var isReached: Bool {
    let running = meeting.circumstances.running.entries
    guard meeting.report.source == .central, running.count == round.count else { return false }
    return round.indices.contains { rotated(round, from: $0) == running }
  }

  /// Plans to try in order: the wanted round from its beginning, then from elsewhere, then with greens
  /// cut for those who have waited long, then whatever serves those first.
  func plans() -> [TimingPlan] {
    let rounds = [round] + shortenings()
    let stages = urgentStages(meeting, reference: reference)
    let urgent = PlanComposer(junction: meeting.junction, reference: reference)
      .plans(beginningWith: lead(to: stages), takeover: takeover)
    return rounds.flatMap { led(to: $0) }.filter {
      !$0.isEmpty && $0.count <= TimingPlan.entryLimit
    }
    .map { TimingPlan(entries: $0, takeover: takeover) } + (stages.isEmpty ? [] : urgent)
  }

  /// The round with less and less green in it, down to the shortest: in steps of 5 s, which nobody would
  /// tell from smaller ones.
  private func shortenings() -> [[PlanEntry]] {
    let longest = round.map(\.green).max() ?? .zero
    var rounds = takeover == .cycleStart ? [towards(round)] : []
    var ceiling = longest - .seconds(5)
    while ceiling > .zero {
      let cut = round.map { entry in
        let shortest = meeting.junction.stages[entry.stage].shortestGreen
        return PlanEntry(stage: entry.stage, green: max(shortest, min(entry.green, ceiling)))
      }
      if cut != rounds.last { rounds.append(cut) }
      ceiling = ceiling - .seconds(5)
    }
    return rounds
  }

  /// The round as near as the largest change from one cycle to the next lets greens come to it.
  private func towards(_ round: [PlanEntry]) -> [PlanEntry] {
    let limit = meeting.junction.limits.largestChange
    guard limit > .zero else { return round }
    let running = meeting.circumstances.running.entries
    return round.map { entry in
      let before = running.filter { $0.stage == entry.stage }.reduce(Tenths.zero) { $0 + $1.green }
      guard before > .zero else { return entry }
      return PlanEntry(
        stage: entry.stage, green: min(before + limit, max(before - limit, entry.green)))
    }
  }

  /// Ways into `round` from what runs.
  private func led(to round: [PlanEntry]) -> [[PlanEntry]] {
    let starts = round.indices.map { rotated(round, from: $0) }
    switch takeover {
    case .cycleStart: return starts
    case .stageBoundary:
      let running = meeting.report.stage
      let position = round.firstIndex { $0.stage == running }
      if round.count == 1 { return [round] }
      guard let position, !isHeld || position == 0 else {
        return [detour(to: round)] + starts
      }
      // The stage that runs ends: the round goes on after it.
      return [starts[(position + 1) % round.count]] + starts
    case .now:
      let running = meeting.report.stage
      let position = round.firstIndex { $0.stage == running }
      guard let position, !isHeld || position == 0 else {
        return [lead(to: detour(to: round))] + starts.map { lead(to: $0) }
      }
      let after = rotated(round, from: (position + 1) % round.count)
      return [starts[position], lead(to: Array(after.dropLast(1)))]
        + starts.map { lead(to: $0) }
    }
  }

  /// `entries` behind the stage that runs, if plans take over at once; that stage ends as soon as it may.
  private func lead(to entries: [PlanEntry]) -> [PlanEntry] {
    guard takeover == .now else { return entries }
    let running = meeting.report.stage
    let stage = meeting.junction.stages[running]
    // What was announced stays: a notice that began anew each second would never end.
    let announced = min(
      meeting.entry.green, meeting.report.timeInState + meeting.junction.limits.notice)
    let green = min(
      max(stage.maximumGreen, stage.shortestGreen), max(stage.shortestGreen, announced))
    let rest = entries.first?.stage == running ? Array(entries.dropFirst()) : entries
    return [PlanEntry(stage: running, green: green)] + rest
  }

  /// The round behind the shortest way to its first stage, where the stage that runs may not lead to it.
  private func detour(to round: [PlanEntry]) -> [PlanEntry] {
    guard let first = round.first?.stage else { return [] }
    return way(from: meeting.report.stage, to: first).map {
      PlanEntry(stage: $0, green: meeting.junction.stages[$0].shortestGreen)
    } + round
  }

  /// The stages between two, by the fewest changes; none if there is no way.
  private func way(from start: Int, to end: Int) -> [Int] {
    let changes = meeting.junction.changes
    var ways: [[Int]] = [[start]]
    var seen = [start]
    while !ways.isEmpty {
      let way = ways.removeFirst()
      let last = way[way.count - 1]
      if changes.intergreen(from: last, to: end) != nil { return Array(way.dropFirst()) }
      for next in 0..<changes.stages
      where !seen.contains(next) && changes.intergreen(from: last, to: next) != nil {
        seen.append(next)
        ways.append(way + [next])
      }
    }
    return []
  }
}

/// `entries` beginning with the one at `start`.
private func rotated(_ entries: [PlanEntry], from start: Int) -> [PlanEntry] {
  Array(entries[start...] + entries[..<start])
}
