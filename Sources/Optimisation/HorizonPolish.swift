import Signals

/// Improves a plan by small moves for as long as one lowers its cost: a stage longer or shorter with
/// all that follows shifted, or at the cost of the next; another stage in its place; two exchanged;
/// one left out; one put in, in time of its own or in that of its neighbours. Where stages change, the
/// turns about them are fitted to it before it is judged.
///
/// The forward search keeps few ways for each (stage, span of steps) by an estimate of what is to
/// come. Where that misjudges, the way it drops is mostly one of these moves away from one it keeps.
struct HorizonPolish<Lanes: LaneVector>: Sendable {
  /// A stage and the steps for which its queues move; those of the last one do not count.
  struct Turn: Sendable {
    var stage: Int
    var steps: Int
  }

  /// Where a turn begins: what does not change while only later turns are moved.
  private struct Beginning: Sendable {
    var step = 0
    var queues = Lanes.zero
    var cost: Float = 0
    var deadlines: HorizonDeadlines
  }

  /// Rounds of all moves after which it is left at that.
  private static var rounds: Int { 8 }

  private var turns: [Turn] = []
  private var trial: [Turn] = []
  private var fitted: [Turn] = []
  private var beginnings: [Beginning] = []
  private var least = Float.infinity
  private var slack: Float = 1
  private(set) var work = 0

  init() {
    turns.reserveCapacity(HorizonProblem.stepLimit + 2)
    trial.reserveCapacity(HorizonProblem.stepLimit + 2)
    fitted.reserveCapacity(HorizonProblem.stepLimit + 2)
    beginnings.reserveCapacity(HorizonProblem.stepLimit + 2)
  }

  /// Improves `legs` within `budget` steps of work; answers what they cost then, infinite if they
  /// break a rule. `slack` is that of `HorizonEffort`.
  mutating func improve(
    _ legs: inout [HorizonLeg], _ problem: HorizonProblem, _ tables: HorizonTables<Lanes>,
    budget: Int, slack: Float
  ) -> Float {
    work = 0
    self.slack = slack
    least = .infinity
    trial.removeAll(keepingCapacity: true)
    for leg in legs {
      trial.append(Turn(stage: leg.stage, steps: (leg.stops ?? leg.begins) - leg.begins))
    }
    begin(problem, tables)
    guard judge(0, problem, tables) else { return least }
    for _ in 0..<Self.rounds {
      let before = least
      shift(problem, tables, budget: budget)
      if problem.sequence != .fixed { reorder(problem, tables, budget: budget) }
      if least >= before || work >= budget { break }
    }
    write(&legs)
    return least
  }

  /// The beginning of the first turn, which no move changes.
  private mutating func begin(_ problem: HorizonProblem, _ tables: HorizonTables<Lanes>) {
    var first = Beginning(
      step: min(problem.steps, problem.firstMove), queues: tables.start,
      deadlines: HorizonDeadlines(problem))
    tables.close(
      from: problem.previousStage ?? -1, to: problem.stage, 0..<first.step, queues: &first.queues,
      cost: &first.cost)
    beginnings.removeAll(keepingCapacity: true)
    beginnings.append(first)
  }

  /// Takes `turns` up again; those before `first` are the same still.
  private mutating func copy(from first: Int = 0) { Self.copy(turns, to: &trial, from: first) }

  private static func copy(_ turns: [Turn], to others: inout [Turn], from first: Int) {
    others.removeSubrange(min(first, others.count)...)
    for place in others.count..<turns.count { others.append(turns[place]) }
  }

  /// Keeps `trial`, which is like `turns` before `place`, if it costs less; else takes `turns` up
  /// again.
  private mutating func judge(
    _ place: Int, _ problem: HorizonProblem, _ tables: HorizonTables<Lanes>
  ) -> Bool {
    let cost = cost(from: place, problem, tables)
    // A thousandth of a vehicle second is rounding, not gain: without it moves could go in circles.
    guard cost < least - 1e-3 - 1e-6 * least || least == .infinity && cost < least else {
      copy(from: place)
      return false
    }
    beginnings.removeSubrange((place + 1)...)
    // Once more for what it comes by: few trials are kept, and noting it each time would cost more.
    _ = self.cost(from: place, problem, tables, isKept: true)
    least = cost
    swap(&turns, &trial)
    copy()
    return true
  }

  /// Keeps `trial`, some of whose turns from `place` on are of other stages than before, if it costs
  /// less once the turns about these have been fitted to them.
  private mutating func judgeFitted(
    _ place: Int, _ problem: HorizonProblem, _ tables: HorizonTables<Lanes>
  ) {
    if slack > 1 {
      let cost = cost(from: place, problem, tables, below: least * slack)
      guard cost < least * slack else { return copy(from: place) }
      fit(place, cost, problem, tables)
    }
    _ = judge(place, problem, tables)
  }

  /// Makes the turns of `trial`, which costs `cost`, longer or shorter from `place` on for as long as
  /// that lowers it.
  private mutating func fit(
    _ place: Int, _ cost: Float, _ problem: HorizonProblem, _ tables: HorizonTables<Lanes>
  ) {
    var reached = cost
    Self.copy(trial, to: &fitted, from: 0)
    for distance in [4, 2] {
      for turn in place..<(place + 4) {
        for change in [distance, -distance] {
          for isLocal in [false, true] where turn < fitted.count - 1 {
            trial[turn].steps += change
            if isLocal { trial[turn + 1].steps -= change }
            let cost = self.cost(from: place, problem, tables, below: reached)
            if cost < reached {
              reached = cost
              Self.copy(trial, to: &fitted, from: place)
            } else {
              Self.copy(fitted, to: &trial, from: place)
            }
          }
        }
      }
    }
  }

  private mutating func shift(
    _ problem: HorizonProblem, _ tables: HorizonTables<Lanes>, budget: Int
  ) {
    var place = 0
    while place < turns.count - 1, work < budget {
      var distance = 4
      while distance > 0 {
        var didImprove = false
        for change in [distance, -distance] {
          for isLocal in [false, true] where place < turns.count - 1 {
            trial[place].steps += change
            if isLocal { trial[place + 1].steps -= change }
            didImprove = judge(place, problem, tables) || didImprove
          }
        }
        if !didImprove || place >= turns.count - 1 { distance /= 2 }
      }
      place += 1
    }
  }

  private mutating func reorder(
    _ problem: HorizonProblem, _ tables: HorizonTables<Lanes>, budget: Int
  ) {
    // In a given order neither another stage in a place nor an exchange keeps to it.
    let isFree = problem.sequence == .free
    var place = 1
    while place <= turns.count, work < budget {
      for stage in problem.order {
        if isFree, place < turns.count, stage != turns[place].stage {
          trial[place].stage = stage
          settle(place, tables)
          judgeFitted(place - 1, problem, tables)
        }
        for payer in [-1, place - 1, place + 1] { insert(stage, place, payer, problem, tables) }
      }
      if isFree, place + 1 < turns.count {
        trial.swapAt(place, place + 1)
        settle(place, tables)
        judgeFitted(place - 1, problem, tables)
      }
      for heir in [place - 1, place] where place + 1 < turns.count {
        let freed = trial.remove(at: place)
        trial[heir].steps += freed.steps
        judgeFitted(place - 1, problem, tables)
      }
      place += 1
    }
  }

  /// Tries `stage` at `place` for its shortest time, which the turn at `payer` gives up; -1: nobody
  /// does, and all that follows is later. At the end of the plan it begins with the last step.
  private mutating func insert(
    _ stage: Int, _ place: Int, _ payer: Int, _ problem: HorizonProblem,
    _ tables: HorizonTables<Lanes>
  ) {
    guard place <= turns.count, stage != turns[place - 1].stage else { return }
    let rules = tables.rules
    let before = turns[place - 1].stage
    trial.insert(Turn(stage: stage, steps: rules.shortest[stage]), at: place)
    if place == turns.count {
      guard payer == place - 1 else { return copy() }
      let closed = rules.closed[before * rules.stages + stage]
      trial[payer].steps = problem.steps - 1 - closed - beginnings[payer].step
    } else {
      let after = turns[place].stage
      guard stage != after else { return copy() }
      if payer >= 0 {
        guard payer < turns.count else { return copy() }
        trial[payer].steps -=
          rules.closed[before * rules.stages + stage] + rules.shortest[stage]
          + rules.closed[stage * rules.stages + after] - rules.closed[before * rules.stages + after]
      }
    }
    judgeFitted(place - 1, problem, tables)
  }

  /// Makes a turn of the trial as long as its stage must be.
  private mutating func settle(_ place: Int, _ tables: HorizonTables<Lanes>) {
    trial[place].steps = max(trial[place].steps, tables.rules.shortest[trial[place].stage])
  }

  /// The cost of `trial`, which is like `turns` before `place`; infinite if it breaks a rule, or is
  /// certain not to come below `bound`, by default the least. Turns that could not begin within the
  /// horizon are left out of it.
  private mutating func cost(
    from first: Int, _ problem: HorizonProblem, _ tables: HorizonTables<Lanes>,
    below bound: Float? = nil, isKept: Bool = false
  ) -> Float {
    let bound = bound ?? least
    let steps = problem.steps
    let stages = problem.stages
    var now = beginnings[first]
    for place in first..<trial.count {
      let stage = trial[place].stage
      let shortest = tables.rules.shortest[stage]
      let longest = tables.rules.longest[stage]
      let stops =
        place == 0 ? problem.firstStops : (now.step + shortest)...(now.step + longest)
      let end = now.step + trial[place].steps
      let next = place + 1 < trial.count ? trial[place + 1].stage : -1
      let closed = next >= 0 ? tables.rules.closed[stage * stages + next] : 0
      guard closed >= 0 else { return .infinity }
      if next < 0 || end + closed >= steps {
        guard stops.upperBound + tables.rules.shortestClosed[stage] >= steps else {
          return .infinity
        }
        let elapsed = max(0, steps - now.step)
        work += elapsed
        hold(stage, until: steps, &now, tables)
        trial.removeSubrange((place + 1)...)
        let late = now.deadlines.total(endingIn: stage, problem, tables.rules)
        return now.cost + tables.closing(stage, after: elapsed, now.queues)
          + Float(late) * tables.latenessPrice
      }
      guard stops.contains(end), end >= now.step else { return .infinity }
      work += end + closed - now.step
      hold(stage, until: end, &now, tables)
      guard !tables.skips(from: stage, to: next, now.queues) else { return .infinity }
      tables.close(
        from: stage, to: next, end..<(end + closed), queues: &now.queues, cost: &now.cost)
      now.step = end + closed
      now.deadlines.start(next, at: now.step - problem.startLoss, problem)
      if now.cost + tables.leastToGo >= bound { return .infinity }
      if isKept { beginnings.append(now) }
    }
    return .infinity
  }

  @inline(__always)
  private func hold(
    _ stage: Int, until end: Int, _ now: inout Beginning, _ tables: HorizonTables<Lanes>
  ) {
    tables.hold(stage, now.step..<max(now.step, end), queues: &now.queues, cost: &now.cost)
  }

  /// `turns` as legs.
  private func write(_ legs: inout [HorizonLeg]) {
    legs.removeAll(keepingCapacity: true)
    for (place, turn) in turns.enumerated() {
      let begins = beginnings[place].step
      let stops = place == turns.count - 1 ? nil : begins + turn.steps
      legs.append(HorizonLeg(stage: turn.stage, begins: begins, stops: stops))
    }
  }
}
