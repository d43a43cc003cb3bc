package import Optimisation
import Signals

/// The least cost of all plans of a rolling horizon: every sequence of stages and switch times is
/// followed, and a way is left only when it is proved that it leads to nothing better. Plain and
/// slow; for problems of at most 16 lane groups.
///
/// A way is left if what it has cost, and must still cost if every lane group were served from the
/// earliest step at which one of its stages could be on, is above the best known; or if another way
/// to the same stage at the same step is at least as good whatever follows. Where more than `width`
/// ways to one stage and step remain, those that look worst are dropped and counted: without any
/// the answer is proved.
package struct HorizonReference {
  /// A number for each lane group.
  typealias Lanes = SIMD16<Double>

  /// A way that has just brought a stage on.
  private struct Way {
    var cost: Double
    var queues: Lanes
    var pending: UInt32
    /// What it costs if the stages then follow by their nominal greens.
    var estimate = 0.0
  }

  private let problem: HorizonProblem
  private let rules: HorizonRules
  private let lanes: ReferenceLanes
  private let width: Int
  private var ways: [[Way]]
  private var best: Double

  /// Ways that were dropped without proof.
  package private(set) var dropped = 0

  /// - Parameters:
  ///   - problem: At most 16 lane groups.
  ///   - bound: A cost, lateness included, that some plan is known to reach.
  ///   - width: Ways to one stage and step that are kept.
  package init(_ problem: HorizonProblem, bound: Double = .infinity, width: Int = .max) {
    precondition(problem.laneGroups <= Lanes.scalarCount, "at most 16 lane groups")
    self.problem = problem
    self.width = width
    rules = HorizonRules(problem)
    lanes = ReferenceLanes(problem, rules)
    best = bound
    ways = Array(repeating: [], count: problem.stages * problem.steps)
  }

  /// The least cost, lateness included.
  package mutating func leastCost() -> Double {
    let first = min(problem.steps, problem.firstMove)
    var start = Way(
      cost: 0, queues: lanes.start, pending: HorizonDeadlines(problem).pending)
    let closed = problem.previousStage.map { lanes.carried(from: $0, to: problem.stage) }
    lanes.move(&start.queues, &start.cost, 0..<first, rate: closed ?? Lanes())
    follow(start, problem.stage, first, problem.firstStops)
    for begins in 0..<problem.steps {
      for stage in 0..<problem.stages {
        let stops = (begins + rules.shortest[stage])...(begins + rules.longest[stage])
        let here = ways[stage * problem.steps + begins]
        for way in here { follow(way, stage, begins, stops) }
        ways[stage * problem.steps + begins] = []
      }
    }
    return best
  }

  /// Lets a stage go on step by step, leaving it wherever it may end.
  private mutating func follow(
    _ start: Way, _ stage: Int, _ begins: Int, _ stops: ClosedRange<Int>
  ) {
    guard start.cost + lanes.atLeast(start.queues, stage, begins) < best else { return }
    var way = start
    for step in begins...problem.steps {
      if way.cost >= best { return }
      if stops.contains(step) {
        for next in 0..<problem.stages { branch(way, stage, step, next) }
      }
      if step == problem.steps { break }
      let mayStay =
        step < stops.upperBound || stops.upperBound + rules.shortestClosed[stage] >= problem.steps
      guard mayStay else { return }
      lanes.move(&way.queues, &way.cost, step..<(step + 1), rate: lanes.rates[stage])
    }
    let end = lanes.closing(way.queues, stage, after: problem.steps - begins)
    best = min(best, way.cost + end + late(way.pending, endingIn: stage))
  }

  /// Changes from `stage` to `next` after `step`.
  private mutating func branch(_ way: Way, _ stage: Int, _ step: Int, _ next: Int) {
    guard let closed = rules.closedSteps(from: stage, to: next), step + closed < problem.steps,
      !problem.skipsDemand(
        from: stage, to: next, waits: { way.queues[$0] > HorizonProblem.demandThreshold })
    else { return }
    var onward = way
    let begins = step + closed
    lanes.move(
      &onward.queues, &onward.cost, step..<begins, rate: lanes.carried(from: stage, to: next))
    if onward.pending & (1 << UInt32(next)) != 0 {
      onward.pending &= ~(1 << UInt32(next))
      let late = max(0, begins - problem.startLoss - problem.latestStart[next])
      onward.cost += Double(late) * problem.latenessPrice
    }
    guard onward.cost + lanes.atLeast(onward.queues, next, begins) < best else { return }
    onward.estimate = onward.cost + lanes.price(.begins, next, onward.queues)
    keep(onward, next, begins)
  }

  private mutating func keep(_ way: Way, _ stage: Int, _ begins: Int) {
    let place = stage * problem.steps + begins
    var here = ways[place]
    for other in here where excels(other, way, stage, begins) { return }
    here.removeAll { excels(way, $0, stage, begins) }
    here.append(way)
    if here.count > width {
      dropped += 1
      let worst = here.indices.max { here[$0].estimate < here[$1].estimate }
      if let worst { here.remove(at: worst) }
    }
    ways[place] = here
  }

  /// Whether `a` costs no more than `b` whatever follows.
  ///
  /// Queues that differ by some vehicles never differ by more later on, whatever the plan. So a
  /// vehicle more costs at most its waiting to the horizon's end and the steepest cost-to-go; and a
  /// vehicle less saves at least its waiting until the lane group can have been served empty.
  private func excels(_ a: Way, _ b: Way, _ stage: Int, _ begins: Int) -> Bool {
    guard a.pending & ~b.pending == 0 else { return false }
    let more = (a.queues - b.queues).replacing(with: 0, where: a.queues .< b.queues)
    // With more waiting, a stage might no longer be skipped: then there is no such bound.
    if problem.sequence == .skip, more != Lanes() { return false }
    let less = (b.queues - a.queues).replacing(with: 0, where: b.queues .< a.queues)
    let left = Double(problem.steps - begins)
    var waits = lanes.earliest[stage] + (a.queues / lanes.fullRate).rounded(.down)
    waits.replace(with: left, where: waits .> left)
    let worse = (more * (lanes.weight * left + lanes.steepest)).sum()
    return a.cost + worse <= b.cost + (less * lanes.weight * waits).sum()
  }

  private func late(_ pending: UInt32, endingIn stage: Int) -> Double {
    var sum = 0
    for other in 0..<problem.stages where pending & (1 << UInt32(other)) != 0 {
      let lead = rules.lead[stage * problem.stages + other]
      guard lead < HorizonProblem.never else { continue }
      sum += max(0, problem.steps + lead - problem.latestStart[other])
    }
    return Double(sum) * problem.latenessPrice
  }
}
