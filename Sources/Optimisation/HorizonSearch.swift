import Signals

/// The forward dynamic program of one horizon problem, and its scratch.
///
/// A row is a stage whose queues begin to move at a step; an end is the step at which they stop. Of
/// all rows of a stage that may stop at a step, and of all ends from which a row may follow, the one
/// with the least cost so far plus cost-to-go is kept.
struct HorizonSearch<Lanes: LaneVector>: Sendable {
  /// The best way to have a stage stop at a step.
  struct End: Sendable {
    var estimate = Float.infinity
    var cost: Float = 0
    var begun: Int32 = 0
    var pending: UInt32 = 0
    var queues = Lanes.zero
  }

  /// Where the running stage's row comes from: from no end.
  private static var none: Int32 { -1 }

  let stages: Int
  let steps: Int
  private var tables: HorizonTables<Lanes>
  private var ends: [End]
  private var parents: [Int32]
  /// The best way to reach the horizon with each stage on.
  private var outcomes: [Outcome]
  private var work = 0
  private var candidate: [HorizonLeg] = []
  /// Steps of work for the polish of one way, and of all together: most of what they gain is gained
  /// by then.
  private static var polishLimit: Int { 8_000 }
  private static var polishBudget: Int { 16_000 }
  /// A way that costs more than this times the best is not polished. In a given order a small move
  /// does not make up for more than a few per cent, in free order for a fifth.
  private static func nearness(_ sequence: Signals.Sequence) -> Float {
    sequence == .free ? 1.2 : 1.04
  }
  private var legs: [HorizonLeg] = []
  private var replay: HorizonReplay
  private var greedy: HorizonGreedy
  private var polish = HorizonPolish<Lanes>()

  /// A way that reaches the horizon.
  struct Outcome: Sendable {
    var cost = Float.infinity
    var begun = 0
  }

  /// A row that is about to be rolled out.
  struct Row {
    var stage: Int
    var begins: Int
    var queues: Lanes
    var cost: Float
    var pending: UInt32
    var stops: ClosedRange<Int>
  }

  init(stages: Int, laneGroups: Int, steps: Int) {
    self.stages = stages
    self.steps = steps
    tables = HorizonTables(stages: stages, laneGroups: laneGroups, steps: steps)
    outcomes = Array(repeating: Outcome(), count: stages)
    ends = Array(repeating: End(), count: stages * (steps + 1))
    parents = Array(repeating: Self.none, count: stages * (steps + 1))
    replay = HorizonReplay(laneGroups: laneGroups)
    greedy = HorizonGreedy(laneGroups: laneGroups)
    legs.reserveCapacity(HorizonProblem.stepLimit + 1)
    candidate.reserveCapacity(HorizonProblem.stepLimit + 1)
  }

  /// The best plan that can be found within `budget` steps of work.
  mutating func solve(_ problem: HorizonProblem, budget: Int) -> HorizonPlan {
    let isComplete = run(problem, budget: budget)
    if isComplete {
      choose(problem, budget: budget)
    } else {
      greedy.plan(problem, tables.rules, tables.toGo, into: &legs)
    }
    return HorizonPlan(
      entries: legs.indices.map { entry($0, problem) },
      endsIn: legs.first?.stops.map { $0 - problem.endGain },
      cost: replay.cost(of: legs, problem, tables.rules, tables.toGo), isComplete: isComplete,
      work: work)
  }

  /// Polishes the best ways to the stages that come near the best of all, the cheapest first, and
  /// takes the best. Ways that end on different stages differ in more than small moves.
  private mutating func choose(_ problem: HorizonProblem, budget: Int) {
    legs.removeAll(keepingCapacity: true)
    var best = Float.infinity
    var limit = Float.infinity
    var left = min(Self.polishBudget, budget - work)
    while let stage = outcomes.indices.min(by: { outcomes[$0].cost < outcomes[$1].cost }),
      outcomes[stage].cost < limit, left > 0 || legs.isEmpty
    {
      limit = min(limit, outcomes[stage].cost * Self.nearness(problem.sequence))
      traceBack(stage, problem, into: &candidate)
      outcomes[stage].cost = .infinity
      let cost = polish.improve(
        &candidate, problem, tables, budget: min(Self.polishLimit, left))
      work += polish.work
      left -= polish.work
      guard cost < best || legs.isEmpty else { continue }
      best = cost
      swap(&legs, &candidate)
    }
  }

  /// A leg in terms of lamps.
  private func entry(_ place: Int, _ problem: HorizonProblem) -> HorizonEntry {
    let leg = legs[place]
    let starts = place == 0 ? -problem.greenSoFar : leg.begins - problem.startLoss
    if let stops = leg.stops {
      return HorizonEntry(stage: leg.stage, green: stops - problem.endGain - starts)
    }
    let shown = max(problem.steps - starts, problem.minimumGreen[leg.stage])
    return HorizonEntry(stage: leg.stage, green: min(shown, problem.maximumGreen[leg.stage]))
  }

  /// Searches; answers whether it could be carried through within `budget` steps of work.
  private mutating func run(_ problem: HorizonProblem, budget: Int) -> Bool {
    tables.take(problem)
    work = 0
    for stage in outcomes.indices { outcomes[stage].cost = .infinity }
    for index in ends.indices { ends[index].estimate = .infinity }
    rollOut(firstRow(problem), problem)
    for begins in 0..<steps {
      for stage in problem.order {
        guard let row = pull(stage, begins, problem) else { continue }
        rollOut(row, problem)
        guard work <= budget else { return false }
      }
    }
    return true
  }

  /// The running stage, after what is left of the change before it.
  private func firstRow(_ problem: HorizonProblem) -> Row {
    var queues = tables.start
    var cost: Float = 0
    let moves = min(steps, problem.firstMove)
    tables.close(
      from: problem.previousStage ?? -1, to: problem.stage, 0..<moves, queues: &queues,
      cost: &cost)
    return Row(
      stage: problem.stage, begins: moves, queues: queues, cost: cost,
      pending: HorizonDeadlines(problem).pending, stops: problem.firstStops)
  }

  /// The best row of `stage` whose queues begin to move at `begins`, from all ends before it.
  private mutating func pull(_ stage: Int, _ begins: Int, _ problem: HorizonProblem) -> Row? {
    var found: Row?
    var least = Float.infinity
    var parent = Self.none
    for before in 0..<stages {
      guard let closed = tables.rules.closedSteps(from: before, to: stage), closed <= begins else {
        continue
      }
      let index = before * (steps + 1) + begins - closed
      guard ends[index].estimate < .infinity else { continue }
      var queues = ends[index].queues
      if tables.skips(from: before, to: stage, queues) { continue }
      var cost = ends[index].cost
      tables.close(
        from: before, to: stage, (begins - closed)..<begins, queues: &queues, cost: &cost)
      var pending = ends[index].pending
      if pending & (1 << UInt32(stage)) != 0 {
        pending &= ~(1 << UInt32(stage))
        let late = begins - problem.startLoss - problem.latestStart[stage]
        cost += Float(max(0, late)) * tables.latenessPrice
      }
      let estimate = cost + tables.price(.begins, stage, queues)
      guard estimate < least else { continue }
      least = estimate
      parent = Int32(truncatingIfNeeded: index)
      found = Row(
        stage: stage, begins: begins, queues: queues, cost: cost, pending: pending,
        stops: (begins + tables.rules.shortest[stage])...(begins + tables.rules.longest[stage]))
    }
    if found != nil { parents[stage * (steps + 1) + begins] = parent }
    return found
  }

  /// Lets a row's stage go on step by step, offering each step as an end, to the horizon if it may.
  private mutating func rollOut(_ row: Row, _ problem: HorizonProblem) {
    let shortestClosed = tables.rules.shortestClosed[row.stage]
    let lastStop = min(row.stops.upperBound, steps - 1 - shortestClosed)
    let reachesHorizon = row.stops.upperBound + shortestClosed >= steps
    let last = reachesHorizon ? steps : lastStop
    let first = min(row.stops.lowerBound, max(row.begins, last))
    var queues = row.queues
    var sum = Lanes.zero
    tables.hold(row.stage, row.begins..<first, queues: &queues, sum: &sum)
    let stopped = offer(row, from: first, through: lastStop, problem, &queues, &sum)
    work += max(0, last - row.begins)
    guard reachesHorizon else { return }
    tables.hold(row.stage, stopped..<steps, queues: &queues, sum: &sum)
    let toGo = tables.closing(row.stage, after: steps - row.begins, queues)
    finish(row, row.cost + sum.total + toGo, problem)
  }

  /// Offers every step as an end of `row`, whose queues are told for the first; answers the last, up
  /// to which they have moved then.
  private mutating func offer(
    _ row: Row, from first: Int, through last: Int, _ problem: HorizonProblem,
    _ queues: inout Lanes, _ sum: inout Lanes
  ) -> Int {
    guard first <= last else { return first }
    let index = CostToGo.Position.ends.rawValue * stages + row.stage
    let linear = tables.linear[index]
    let quadratic = tables.quadratic
    let base = row.cost + tables.constant[index]
    let dueBy = dueBy(row, problem)
    let place = row.stage * (steps + 1)
    ends.withUnsafeMutableBufferPointer { ends in
      var step = first
      while true {
        var estimate = base + (sum + queues * (linear + queues * quadratic)).total
        if step > dueBy { estimate += Float(step - dueBy) * tables.latenessPrice }
        if estimate < ends[place + step].estimate {
          ends[place + step] = End(
            estimate: estimate, cost: row.cost + sum.total,
            begun: Int32(truncatingIfNeeded: row.begins), pending: row.pending, queues: queues)
        }
        guard step < last else { break }
        tables.hold(row.stage, step..<(step + 1), queues: &queues, sum: &sum)
        step += 1
      }
    }
    return last
  }

  /// The last step at which the row may stop without making a pending stage late.
  private func dueBy(_ row: Row, _ problem: HorizonProblem) -> Int {
    guard row.pending != 0 else { return .max }
    var due = Int.max
    for stage in 0..<stages where row.pending & (1 << UInt32(stage)) != 0 {
      let lead = tables.rules.lead[row.stage * stages + stage]
      guard lead < HorizonProblem.never else { continue }
      due = min(due, problem.latestStart[stage] - lead + problem.endGain)
    }
    return due
  }

  /// A row has reached the horizon at a total of `cost`, deadlines still to come not counted yet.
  private mutating func finish(_ row: Row, _ cost: Float, _ problem: HorizonProblem) {
    var total = cost
    for stage in 0..<stages where row.pending & (1 << UInt32(stage)) != 0 {
      let lead = tables.rules.lead[row.stage * stages + stage]
      guard lead < HorizonProblem.never else { continue }
      let late = steps + lead - problem.latestStart[stage]
      total += Float(max(0, late)) * tables.latenessPrice
    }
    guard total < outcomes[row.stage].cost else { return }
    outcomes[row.stage] = Outcome(cost: total, begun: row.begins)
  }

  /// The best way that ends with `last` on, the running stage first.
  private func traceBack(_ last: Int, _ problem: HorizonProblem, into legs: inout [HorizonLeg]) {
    legs.removeAll(keepingCapacity: true)
    var stage = last
    var begins = outcomes[last].begun
    var stops: Int?
    while true {
      legs.append(HorizonLeg(stage: stage, begins: begins, stops: stops))
      let parent = parents[stage * (steps + 1) + begins]
      if stage == problem.stage && begins == min(steps, problem.firstMove) { break }
      let index = Int(parent)
      stage = index / (steps + 1)
      stops = index % (steps + 1)
      begins = Int(ends[index].begun)
    }
    legs.reverse()
  }
}
