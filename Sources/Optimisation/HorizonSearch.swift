import Signals

/// The forward dynamic program of one horizon problem, and its scratch.
///
/// A row is a stage whose queues begin to move at a step; an end is a step at which they stop. Steps
/// are taken together in spans: of all ways to have a stage begin in a span, and of all to have it
/// end there, those with the least cost so far plus cost-to-go are kept.
struct HorizonSearch<Lanes: LaneVector>: Sendable {
  /// A way to have a stage begin.
  private struct Row: Sendable {
    var stage = 0
    var begins = 0
    var queues = Lanes.zero
    var cost: Float = 0
    var pending: UInt32 = 0
    /// The row before and the step at which its queues stopped; none before the running stage's.
    var parent = -1
    var parentStops = 0
    /// The stages up to this one, four bits each, the last sixteen.
    var sequence: UInt64 = 0
  }

  /// A way to have a stage stop.
  private struct End: Sendable {
    var row = 0
    var step = 0
    var queues = Lanes.zero
    var cost: Float = 0
  }

  /// A way to the horizon, by its last row.
  private struct Outcome: Sendable {
    let row: Int
    let cost: Float
  }

  let stages: Int
  let steps: Int
  private let effort: HorizonEffort
  private var extent: HorizonEffort.Extent
  private var spans = 0
  private var tables: HorizonTables<Lanes>
  private var rows: [Row] = []
  private var ends: Shortlists<End>
  private var drawn: Shortlists<Row>
  /// The best ways to the horizon, of different sequences, the cheapest first.
  private var outcomes: [Outcome] = []
  private var work = 0
  private var candidate: [HorizonLeg] = []
  private var legs: [HorizonLeg] = []
  private var replay: HorizonReplay
  private var greedy: HorizonGreedy
  private var polish = HorizonPolish<Lanes>()

  init(stages: Int, laneGroups: Int, steps: Int, effort: HorizonEffort) {
    self.stages = stages
    self.steps = steps
    self.effort = effort
    extent = effort.free
    tables = HorizonTables(stages: stages, laneGroups: laneGroups, steps: steps)
    let extents = [effort.ordered, effort.free]
    let room = extents.map { $0.ways(of: stages) }.max() ?? 0
    let spans = extents.map { steps / $0.grain + 1 }.max() ?? 0
    ends = Shortlists(count: stages * spans, room: room, blank: End())
    drawn = Shortlists(count: 1, room: room, blank: Row())
    outcomes.reserveCapacity(max(effort.ordered.candidates, effort.free.candidates) + 1)
    rows.reserveCapacity(stages * spans * room + 1)
    replay = HorizonReplay(laneGroups: laneGroups)
    greedy = HorizonGreedy(laneGroups: laneGroups)
    legs.reserveCapacity(HorizonProblem.stepLimit + 1)
    candidate.reserveCapacity(HorizonProblem.stepLimit + 1)
  }

  /// The best plan that can be found within `budget` steps of work.
  mutating func solve(_ problem: HorizonProblem, budget: Int) -> HorizonPlan {
    tables.take(problem)
    extent = effort.extent(of: problem.sequence)
    spans = steps / extent.grain + 1
    // Handed on rather than looked up in each function: it would be copied there.
    let tables = tables
    // Without an outcome no way was found that keeps every rule to the horizon's end.
    let isComplete = run(problem, tables, budget: budget) && !outcomes.isEmpty
    if isComplete {
      choose(problem, tables, budget: budget)
    } else {
      greedy.plan(problem, tables.rules, tables.toGo, into: &legs)
    }
    return HorizonPlan(
      entries: legs.indices.map { entry($0, problem) },
      endsIn: legs.first?.stops.map { $0 - problem.endGain },
      cost: replay.cost(of: legs, problem, tables.rules, tables.toGo), isComplete: isComplete,
      work: work)
  }

  /// Polishes the best ways to the horizon, the cheapest first, and takes the best.
  private mutating func choose(
    _ problem: HorizonProblem, _ tables: HorizonTables<Lanes>, budget: Int
  ) {
    legs.removeAll(keepingCapacity: true)
    var best = Float.infinity
    var left = min(extent.polishLimit * extent.candidates, budget - work)
    for outcome in outcomes {
      let isNear = left > 0 && outcome.cost < outcomes[0].cost * extent.nearness
      guard isNear || legs.isEmpty else { break }
      Self.traceBack(outcome.row, rows, into: &candidate)
      let cost = polish.improve(
        &candidate, problem, tables, budget: min(extent.polishLimit, left), slack: extent.slack)
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
  private mutating func run(
    _ problem: HorizonProblem, _ tables: HorizonTables<Lanes>, budget: Int
  ) -> Bool {
    work = 0
    rows.removeAll(keepingCapacity: true)
    let ways = extent.ways(of: stages)
    ends.clear(length: ways, alike: extent.alike)
    outcomes.removeAll(keepingCapacity: true)
    rows.append(firstRow(problem, tables))
    rollOut(0, problem.firstStops, problem, tables)
    for first in stride(from: 0, to: steps, by: extent.grain) {
      let span = first...(min(first + extent.grain, steps) - 1)
      for stage in problem.order {
        drawn.clear(length: ways, alike: extent.alike)
        draw(stage, span, problem, tables)
        let limit = drawn.least(0) * extent.reach
        for place in drawn.places(0) where drawn.estimate(place) <= limit {
          rows.append(drawn[place])
          let begins = rows[rows.count - 1].begins
          let stops =
            (begins + tables.rules.shortest[stage])...(begins + tables.rules.longest[stage])
          rollOut(rows.count - 1, stops, problem, tables)
          guard work <= budget else { return false }
        }
      }
    }
    return true
  }

  /// The running stage, after what is left of the change before it.
  private func firstRow(
    _ problem: HorizonProblem, _ tables: HorizonTables<Lanes>
  ) -> Row {
    var row = Row(
      stage: problem.stage, begins: min(steps, problem.firstMove), queues: tables.start,
      pending: HorizonDeadlines(problem).pending, sequence: UInt64(problem.stage))
    tables.close(
      from: problem.previousStage ?? -1, to: problem.stage, 0..<row.begins, queues: &row.queues,
      cost: &row.cost)
    return row
  }

  /// Draws up the best ways to have the queues of `stage` begin to move in a span.
  private mutating func draw(
    _ stage: Int, _ span: ClosedRange<Int>, _ problem: HorizonProblem,
    _ tables: HorizonTables<Lanes>
  ) {
    for before in 0..<stages {
      guard let closed = tables.rules.closedSteps(from: before, to: stage),
        closed <= span.upperBound
      else { continue }
      let earliest = max(0, span.lowerBound - closed)
      let latest = span.upperBound - closed
      for list in (earliest / extent.grain)...(latest / extent.grain) {
        for place in ends.places(before * spans + list) {
          // What the end was estimated at is with the best stage that may follow.
          guard ends.estimate(place) < drawn.limit(0), earliest <= ends[place].step,
            ends[place].step <= latest
          else { continue }
          follow(
            ends[place], to: stage, from: before, at: ends[place].step + closed, problem, tables)
        }
      }
    }
  }

  /// Considers a row of `stage` that begins after an end.
  @inline(__always)
  private mutating func follow(
    _ end: End, to stage: Int, from before: Int, at begins: Int, _ problem: HorizonProblem,
    _ tables: HorizonTables<Lanes>
  ) {
    var queues = end.queues
    if tables.skips(from: before, to: stage, queues) { return }
    var cost = end.cost
    tables.close(from: before, to: stage, end.step..<begins, queues: &queues, cost: &cost)
    var pending = rows[end.row].pending
    if pending & (1 << UInt32(stage)) != 0 {
      pending &= ~(1 << UInt32(stage))
      let late = begins - problem.startLoss - problem.latestStart[stage]
      cost += Float(max(0, late)) * tables.latenessPrice
    }
    var estimate = cost + tables.price(.begins, stage, queues)
    let due = dueBy(stage, pending, problem, tables)
    let stops = begins + tables.rules.shortest[stage]
    if stops > due { estimate += Float(stops - due) * tables.latenessPrice }
    let before = rows[end.row].sequence
    let origin = origin(before)
    guard let place = drawn.place(0, for: estimate, from: origin) else { return }
    drawn.take(
      Row(
        stage: stage, begins: begins, queues: queues, cost: cost, pending: pending,
        parent: end.row, parentStops: end.step, sequence: before << 4 | UInt64(stage)),
      at: estimate, from: origin, 0, place)
  }

  /// Lets a row's stage go on, offering ends, to the horizon if it may.
  private mutating func rollOut(
    _ index: Int, _ stops: ClosedRange<Int>, _ problem: HorizonProblem,
    _ tables: HorizonTables<Lanes>
  ) {
    let row = rows[index]
    let shortestClosed = tables.rules.shortestClosed[row.stage]
    let lastStop = min(stops.upperBound, steps - 1 - shortestClosed)
    let reachesHorizon = stops.upperBound + shortestClosed >= steps
    var course = tables.begin(row.stage, at: row.begins, row.queues)
    if stops.lowerBound <= lastStop {
      course = offer(row, index, stops.lowerBound...lastStop, course, problem, tables)
    }
    if reachesHorizon {
      tables.run(&course, to: steps)
      finish(row, index, course, problem, tables)
    }
    work += course.step - row.begins
  }

  /// Offers ends of a row; answers how far it has come then.
  private mutating func offer(
    _ row: Row, _ index: Int, _ stops: ClosedRange<Int>, _ start: HorizonTables<Lanes>.Course,
    _ problem: HorizonProblem, _ tables: HorizonTables<Lanes>
  ) -> HorizonTables<Lanes>.Course {
    var course = start
    let dueBy = dueBy(row.stage, row.pending, problem, tables)
    let origin = origin(row.sequence >> 4)
    let near = index == 0 ? stops.lowerBound + extent.near : 0
    let far = stops.lowerBound + min(extent.far, steps)
    var step = stops.lowerBound
    while true {
      tables.run(&course, to: step)
      let queues = tables.queues(course)
      let waits = tables.waits(course)
      var estimate = row.cost + tables.priceNext(after: row.stage, step, queues, waits)
      if step > dueBy { estimate += Float(step - dueBy) * tables.latenessPrice }
      let list = row.stage * spans + step / extent.grain
      if let place = ends.place(list, for: estimate, from: origin) {
        ends.take(
          End(row: index, step: step, queues: queues, cost: row.cost + waits.total), at: estimate,
          from: origin, list, place)
      }
      guard step < stops.upperBound else { return course }
      let stride = step < near ? 1 : step < far ? extent.grain : 2 * extent.grain
      step = min(step + stride, stops.upperBound)
    }
  }

  /// The last two stages of a sequence, as the origin of what follows.
  @inline(__always)
  private func origin(_ sequence: UInt64) -> Int {
    Int(sequence & 0xF) * stages + Int(sequence >> 4 & 0xF)
  }

  /// The last step at which `running` may stop without making a pending stage late.
  @inline(__always)
  private func dueBy(
    _ running: Int, _ pending: UInt32, _ problem: HorizonProblem, _ tables: HorizonTables<Lanes>
  ) -> Int {
    guard pending != 0 else { return .max }
    var due = Int.max
    for stage in 0..<stages where pending & (1 << UInt32(stage)) != 0 {
      let lead = tables.rules.lead[running * stages + stage]
      guard lead < HorizonProblem.never else { continue }
      due = min(due, problem.latestStart[stage] - lead + problem.endGain)
    }
    return due
  }

  /// A row has reached the horizon; deadlines still to come are counted.
  private mutating func finish(
    _ row: Row, _ index: Int, _ course: HorizonTables<Lanes>.Course,
    _ problem: HorizonProblem, _ tables: HorizonTables<Lanes>
  ) {
    var total = row.cost + tables.waits(course).total
    if outcomes.count == extent.candidates,
      total + tables.leastToGo >= outcomes[outcomes.count - 1].cost
    {
      return
    }
    total += tables.closing(row.stage, after: steps - row.begins, tables.queues(course))
    for stage in 0..<stages where row.pending & (1 << UInt32(stage)) != 0 {
      let lead = tables.rules.lead[row.stage * stages + stage]
      guard lead < HorizonProblem.never else { continue }
      let late = steps + lead - problem.latestStart[stage]
      total += Float(max(0, late)) * tables.latenessPrice
    }
    note(Outcome(row: index, cost: total))
  }

  /// Keeps an outcome if it is among the best, in the place of a dearer one of the same sequence.
  private mutating func note(_ outcome: Outcome) {
    let sequence = rows[outcome.row].sequence
    if let same = outcomes.firstIndex(where: { rows[$0.row].sequence == sequence }) {
      guard outcome.cost < outcomes[same].cost else { return }
      outcomes.remove(at: same)
    }
    let place = outcomes.firstIndex { $0.cost > outcome.cost } ?? outcomes.count
    guard place < extent.candidates else { return }
    outcomes.insert(outcome, at: place)
    if outcomes.count > extent.candidates { outcomes.removeLast() }
  }

  /// The way that ends with row `last`, the running stage first. Not a method of the search: `legs` is
  /// a part of it, and would be copied.
  private static func traceBack(_ last: Int, _ rows: [Row], into legs: inout [HorizonLeg]) {
    legs.removeAll(keepingCapacity: true)
    var index = last
    var stops: Int?
    while index >= 0 {
      legs.append(HorizonLeg(stage: rows[index].stage, begins: rows[index].begins, stops: stops))
      stops = rows[index].parentStops
      index = rows[index].parent
    }
    legs.reverse()
  }
}
