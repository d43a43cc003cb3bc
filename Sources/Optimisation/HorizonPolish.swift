import Signals

/// Improves a plan by small moves for as long as one lowers its cost: a stage longer or shorter with
/// all that follows shifted, or at the cost of the next; another stage in its place; two exchanged;
/// one left out; one put in.
///
/// The forward search keeps one way to each (stage, step) by an estimate of what is to come. Where
/// the estimate misjudges, the way it drops is mostly one of these moves away from the one it keeps.
struct HorizonPolish<Lanes: LaneVector>: Sendable {
  /// A stage and the steps for which its queues move; those of the last one do not count.
  struct Turn: Sendable {
    var stage: Int
    var steps: Int
  }

  /// Rounds of all moves after which it is left at that.
  private static var rounds: Int { 8 }

  private var turns: [Turn] = []
  private var trial: [Turn] = []
  private var least = Float.infinity
  private(set) var work = 0

  init() {
    turns.reserveCapacity(HorizonProblem.stepLimit + 1)
    trial.reserveCapacity(HorizonProblem.stepLimit + 1)
  }

  /// Improves `legs` within `budget` steps of work; answers what they cost then, infinite if they
  /// break a rule.
  mutating func improve(
    _ legs: inout [HorizonLeg], _ problem: HorizonProblem, _ tables: HorizonTables<Lanes>,
    budget: Int
  ) -> Float {
    work = 0
    least = .infinity
    turns.removeAll(keepingCapacity: true)
    for leg in legs {
      turns.append(Turn(stage: leg.stage, steps: (leg.stops ?? leg.begins) - leg.begins))
    }
    copy()
    least = cost(problem, tables)
    guard least < .infinity else { return least }
    for _ in 0..<Self.rounds {
      let before = least
      shift(problem, tables, budget: budget)
      if problem.sequence != .fixed { reorder(problem, tables, budget: budget) }
      if least >= before || work >= budget { break }
    }
    write(&legs, problem, tables)
    return least
  }

  private mutating func copy() {
    trial.removeAll(keepingCapacity: true)
    for turn in turns { trial.append(turn) }
  }

  /// Keeps `trial` if it costs less; else takes `turns` up again.
  private mutating func judge(_ problem: HorizonProblem, _ tables: HorizonTables<Lanes>) -> Bool {
    let cost = cost(problem, tables)
    // A thousandth of a vehicle second is rounding, not gain: without it moves could go in circles.
    guard cost < least - 1e-3 - 1e-6 * least else {
      copy()
      return false
    }
    least = cost
    swap(&turns, &trial)
    copy()
    return true
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
            didImprove = judge(problem, tables) || didImprove
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
    var place = 1
    while place < turns.count, work < budget {
      for stage in problem.order {
        if place < turns.count, stage != turns[place].stage {
          trial[place].stage = stage
          settle(place, tables)
          _ = judge(problem, tables)
        }
        if place < turns.count, stage != turns[place].stage, stage != turns[place - 1].stage {
          trial.insert(Turn(stage: stage, steps: 0), at: place)
          settle(place, tables)
          _ = judge(problem, tables)
        }
      }
      if place + 1 < turns.count {
        trial.swapAt(place, place + 1)
        settle(place, tables)
        _ = judge(problem, tables)
      }
      for heir in [place - 1, place] where place + 1 < turns.count {
        let freed = trial.remove(at: place)
        trial[heir].steps += freed.steps
        _ = judge(problem, tables)
      }
      place += 1
    }
  }

  /// Makes a turn of the trial as long as its stage must be.
  private mutating func settle(_ place: Int, _ tables: HorizonTables<Lanes>) {
    trial[place].steps = max(trial[place].steps, tables.rules.shortest[trial[place].stage])
  }

  /// The cost of `trial`, infinite if it breaks a rule. Turns that could not begin within the
  /// horizon are left out of it.
  private mutating func cost(_ problem: HorizonProblem, _ tables: HorizonTables<Lanes>) -> Float {
    let rules = tables.rules
    let steps = problem.steps
    var queues = tables.start
    var cost: Float = 0
    var step = min(steps, problem.firstMove)
    var deadlines = HorizonDeadlines(problem)
    tables.close(
      from: problem.previousStage ?? -1, to: problem.stage, 0..<step, queues: &queues, cost: &cost)
    for place in trial.indices {
      let stage = trial[place].stage
      let stops =
        place == 0
        ? problem.firstStops : (step + rules.shortest[stage])...(step + rules.longest[stage])
      let end = step + trial[place].steps
      let next = place + 1 < trial.count ? trial[place + 1].stage : -1
      let closed = next >= 0 ? rules.closed[stage * rules.stages + next] : 0
      guard closed >= 0 else { return .infinity }
      let isLast = next < 0 || end + closed >= steps
      if isLast {
        guard stops.upperBound + rules.shortestClosed[stage] >= steps else { return .infinity }
        work += max(0, steps - step)
        hold(stage, step, steps, tables, &queues, &cost)
        trial.removeSubrange((place + 1)...)
        let late = deadlines.total(endingIn: stage, problem, rules)
        return cost + tables.price(.runs, stage, queues) + Float(late) * tables.latenessPrice
      }
      guard stops.contains(end), end >= step else { return .infinity }
      work += end + closed - step
      hold(stage, step, end, tables, &queues, &cost)
      guard !skips(problem, stage, next, queues) else { return .infinity }
      tables.close(from: stage, to: next, end..<(end + closed), queues: &queues, cost: &cost)
      step = end + closed
      deadlines.start(next, at: step - problem.startLoss, problem)
      if cost >= least { return .infinity }
    }
    return .infinity
  }

  @inline(__always)
  private func hold(
    _ stage: Int, _ from: Int, _ until: Int, _ tables: HorizonTables<Lanes>,
    _ queues: inout Lanes, _ cost: inout Float
  ) {
    var sum = Lanes.zero
    let rate = tables.rates[stage]
    var step = from
    while step < until {
      queues = (queues + tables.arrivals[step] - rate).drained
      sum = sum + queues
      step += 1
    }
    cost += sum.total
  }

  private func skips(_ problem: HorizonProblem, _ from: Int, _ to: Int, _ queues: Lanes) -> Bool {
    problem.skipsDemand(from: from, to: to) { group in
      Double(queues[group]) > HorizonProblem.demandThreshold * problem.weight[group]
    }
  }

  /// `turns` as legs.
  private func write(
    _ legs: inout [HorizonLeg], _ problem: HorizonProblem, _ tables: HorizonTables<Lanes>
  ) {
    legs.removeAll(keepingCapacity: true)
    var step = min(problem.steps, problem.firstMove)
    for (place, turn) in turns.enumerated() {
      let isLast = place == turns.count - 1
      let stops = isLast ? nil : step + turn.steps
      legs.append(HorizonLeg(stage: turn.stage, begins: step, stops: stops))
      guard !isLast else { return }
      let closed = tables.rules.closed[turn.stage * problem.stages + turns[place + 1].stage]
      step += turn.steps + closed
    }
  }
}
