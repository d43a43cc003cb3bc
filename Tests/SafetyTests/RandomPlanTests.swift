import Safety
import Signals
import Support
import Testing

@Suite("Random plans, feasible and not")
struct RandomPlanTests {
  let junction = Sample.fourArm(forbidding: [(0, 3)])

  /// The checker reasons by sums; the oracle runs the plan lamp by lamp in steps of 0.1 s.
  @Test("A plan passes exactly if the lamps it brings about keep to every limit")
  func agreesWithLamps() {
    var random = SeededGenerator(seed: 1)
    var passed = 0
    for _ in 0..<800 {
      let plan = randomPlan(using: &random)
      let running = randomCircumstances(for: plan, using: &random)
      let accepted = (try? check(plan, at: junction, under: running)) != nil
      let expected = LampOracle(junction: junction).accepts(plan, under: running)
      #expect(accepted == expected, "\(plan) under \(running)")
      passed += accepted ? 1 : 0
    }
    #expect(passed > 80 && passed < 720, "both kinds must occur, \(passed) passed")
  }

  @Test("A checked plan is the plan that was asked for")
  func unchanged() throws {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<500 {
      let plan = randomPlan(using: &random)
      let running = randomCircumstances(for: plan, using: &random)
      if let checked = try? check(plan, at: junction, under: running) {
        #expect(checked.plan == plan)
      }
    }
  }

  private func randomPlan(using random: inout SeededGenerator) -> TimingPlan {
    let takeover = Takeover.allCases.randomElement(using: &random) ?? .now
    let isOrdinary = random.unit() < 0.7
    let first = Int.random(in: 0..<4, using: &random)
    let count = isOrdinary ? 4 : Int.random(in: 1...6, using: &random)
    let entries = (0..<count).map { position in
      let stage = isOrdinary ? (first + position) % 4 : Int.random(in: 0..<4, using: &random)
      let least = junction.stages[stage].shortestGreen.count
      let spread = isOrdinary ? 0...250 : -40...450
      return PlanEntry(
        stage: stage, green: Tenths(least + Int.random(in: spread, using: &random)))
    }
    return TimingPlan(entries: entries, takeover: takeover)
  }

  private func randomCircumstances(
    for plan: TimingPlan, using random: inout SeededGenerator
  ) -> Circumstances {
    let running = junction.plans[0].plan
    let wanted = plan.entries[0].stage
    let entry =
      plan.takeover == .now
      ? wanted : running.entries.indices.randomElement(using: &random) ?? 0
    let green = running.entries[entry].green
    let waits = junction.signalGroups.indices.map { group in
      junction.stages[running.entries[entry].stage].serves(group)
        ? Tenths.zero : Tenths(Int.random(in: 0...600, using: &random))
    }
    return Circumstances(
      stage: running.entries[entry].stage, subState: .green,
      timeInState: Tenths(Int.random(in: 0...green.count, using: &random)), red: waits,
      running: running, entry: entry, sinceLastPlan: nil)
  }
}

/// Runs a plan lamp by lamp and looks at what a bystander could see.
private struct LampOracle {
  let junction: Intersection

  func accepts(_ plan: TimingPlan, under circumstances: Circumstances) -> Bool {
    guard plan.entries.allSatisfy(isWithinStageTimes) else { return false }
    var waits = circumstances.red.map(\.count)
    var longest = waits
    let lead = leadIn(plan, under: circumstances)
    guard let round = shown(plan.entries), let before = shown(lead, next: plan.entries[0].stage)
    else { return false }
    if plan.takeover == .cycleStart,
      !(junction.limits.minimumCycle.count...junction.limits.maximumCycle.count)
        .contains(plan.entries.count == 1 ? plan.entries[0].green.count : round.count)
    {
      return false
    }
    let begun =
      plan.takeover == .now ? min(circumstances.timeInState, plan.entries[0].green) : .zero
    var lamps = before + round.dropFirst(begun.count) + round
    while lamps.count <= 3 * junction.limits.longestRed.count { lamps += round }
    for green in lamps {
      for group in waits.indices {
        waits[group] = green.contains(group) ? 0 : waits[group] + 1
        longest[group] = max(longest[group], waits[group])
      }
    }
    return longest.allSatisfy { $0 <= junction.limits.longestRed.count }
  }

  private func isWithinStageTimes(_ entry: PlanEntry) -> Bool {
    let stage = junction.stages[entry.stage]
    return entry.green >= stage.shortestGreen && entry.green <= stage.maximumGreen
  }

  /// What still runs of the plan before.
  private func leadIn(_ plan: TimingPlan, under circumstances: Circumstances) -> [PlanEntry] {
    let running = circumstances.running.entries
    let rest = PlanEntry(
      stage: circumstances.stage,
      green: max(.zero, running[circumstances.entry].green - circumstances.timeInState))
    switch plan.takeover {
    case .now: return []
    case .stageBoundary: return [rest]
    case .cycleStart: return [rest] + running[(circumstances.entry + 1)...]
    }
  }

  /// Green groups for each tenth of a second; `nil` if a change is forbidden.
  private func shown(_ entries: [PlanEntry], next: Int? = nil) -> [Set<Int>]? {
    var lamps: [Set<Int>] = []
    for (position, entry) in entries.enumerated() {
      let follower =
        position + 1 < entries.count ? entries[position + 1].stage : next ?? entries[0].stage
      let here = Set(junction.stages[entry.stage].green)
      lamps += Array(repeating: here, count: entry.green.count)
      guard follower != entry.stage else { continue }
      guard let change = junction.changeTime(from: entry.stage, to: follower) else { return nil }
      let kept = here.intersection(junction.stages[follower].green)
      lamps += Array(repeating: kept, count: change.count)
    }
    return lamps
  }
}
