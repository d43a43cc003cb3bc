import Signals

/// One stage on the way through a plan.
struct Step {
  let stage: Int
  /// Its green from now on, tenths, and the least it could be.
  let green: Int
  let least: Int
  /// The entry of the plan under judgement, `nil` on the way to it.
  let entry: Int?
}

/// How long signal groups stay red under a plan.
extension VirtualCabinet {
  /// The longest time that any signal group which `entries` serve is red from round to round, tenths.
  func longestGap(_ entries: [PlanEntry]) -> Int {
    let steps = rounds(2, of: entries)
    return intersection.signalGroups.indices.map { group in
      waits(of: group, before: nil, through: steps, isLeast: false).map(\.time).max() ?? 0
    }.max() ?? 0
  }

  /// The entry before which `plan` would let a signal group stay red too long, 0 if it never serves
  /// it; `nil` if it is well. A wait that the first round could not make shorter is no fault of it.
  func entryTooLate(_ plan: TimingPlan) -> Int? {
    let way = way(to: plan)
    var steps = way.steps + rounds(3, of: plan.entries)
    if plan.takeover == .now { steps[0] = restOfRunning(steps[0], plan: plan) }
    let firstRound = way.steps.count + plan.entries.count
    let limit = intersection.limits.longestRed.count
    let red = redTimes()
    for group in intersection.signalGroups.indices
    where intersection.stages.contains(where: { $0.serves(group) }) {
      let before = red[group] + way.change
      let planned = waits(of: group, before: before, through: steps, isLeast: false)
      let least = waits(of: group, before: before, through: steps, isLeast: true)
      guard planned.contains(where: { $0.entry != nil }) else { return 0 }
      for (wait, shortest) in zip(planned, least) where wait.time > limit {
        guard let entry = wait.entry else { continue }
        if wait.step >= firstRound || wait.time > shortest.time { return entry + 1 }
      }
    }
    return nil
  }

  /// The rest of the running green under a plan that takes over now.
  private func restOfRunning(_ step: Step, plan: TimingPlan) -> Step {
    Step(
      stage: step.stage, green: Int(endOfGreen(wanted: plan.entries[0].green) - course.tick),
      least: Int(endOfGreen(wanted: .zero) - course.tick), entry: 0)
  }

  private func rounds(_ count: Int, of entries: [PlanEntry]) -> [Step] {
    (0..<count).flatMap { _ in
      entries.enumerated().map { position, entry in
        let shortest = max(
          intersection.stages[entry.stage].shortestGreen, intersection.limits.notice)
        return Step(
          stage: entry.stage, green: entry.green.count,
          least: min(entry.green.count, shortest.count), entry: position)
      }
    }
  }

  /// What runs before the first entry of `plan` does, and the rest of a change under way.
  private func way(to plan: TimingPlan) -> (change: Int, steps: [Step]) {
    var ahead = self
    ahead.pending = nil
    var change = 0
    if course.isChanging {
      change = restOfChange
      if course.stageToCome == plan.entries[0].stage && plan.takeover == .stageBoundary {
        return (change, [])
      }
      ahead.course.stage = course.stageToCome
    }
    let rest =
      course.isChanging
      ? ahead.course.greens[course.position].count : Int(max(0, course.ends - course.tick))
    if plan.takeover == .now { return (0, []) }
    var steps = [Step(stage: ahead.course.stage, green: rest, least: rest, entry: nil)]
    while plan.takeover == .cycleStart && steps.count <= 2 * TimingPlan.entryLimit {
      let next = ahead.successor()
      guard next.position != 0 else { break }
      ahead.isReturning = ahead.isReturning && !next.isTakeover
      ahead.course.programme = next.programme
      ahead.course.position = next.position
      ahead.course.stage = next.programme.stage(next.position)
      let green = next.programme.plan.entries[next.position].green.count
      steps.append(Step(stage: ahead.course.stage, green: green, least: green, entry: nil))
    }
    return (change, steps)
  }

  /// Time until the change under way leads to green.
  private var restOfChange: Int {
    let times = changeTimes(from: course.stage, to: course.stageToCome)
    let rest = Int(max(0, course.ends - course.tick))
    switch course.subState {
    case .green: return 0
    case .greenFlash: return rest + (times.yellow + times.allRed).count
    case .yellow: return rest + times.allRed.count
    case .allRed: return rest
    }
  }

  /// A time that a group has been red when a step serves it.
  private struct Wait {
    let time: Int
    let step: Int
    let entry: Int?
  }

  /// The times that `group` is red before each step that serves it. `before` is how long it has been
  /// red when the first step begins, `nil` to leave out the time before its first green.
  private func waits(
    of group: Int, before: Int?, through steps: [Step], isLeast: Bool
  ) -> [Wait] {
    var found: [Wait] = []
    var wait = before
    for (position, step) in steps.enumerated() {
      let serves = intersection.stages[step.stage].serves(group)
      if serves {
        if let wait { found.append(Wait(time: wait, step: position, entry: step.entry)) }
        wait = 0
      }
      guard position + 1 < steps.count else { break }
      let next = steps[position + 1]
      let change = change(from: step, to: next)
      if !serves {
        let green = isLeast ? step.least : step.green
        wait = wait.map { $0 + green + change.flash + change.red }
      } else if change.flash + change.red > 0,
        next.stage == step.stage || !intersection.stages[next.stage].serves(group)
      {
        wait = change.red
      }
    }
    return found
  }

  /// The change between two steps: none where a plan takes over in the stage that it begins with,
  /// or has but one stage.
  private func change(from step: Step, to next: Step) -> (flash: Int, red: Int) {
    let isTakeover = step.entry == nil && next.entry != nil
    let isAlone = step.entry == 0 && next.entry == 0
    guard step.stage != next.stage || !(isTakeover || isAlone) else { return (0, 0) }
    let times = changeTimes(from: step.stage, to: next.stage)
    return (times.flash.count, (times.yellow + times.allRed).count)
  }
}
