/// A stage on the way of a plan: when its queues begin to move and when they stop.
struct HorizonLeg: Sendable, Hashable {
  let stage: Int
  let begins: Int
  /// `nil` if they move to the horizon's end.
  let stops: Int?
}

/// Runs queues through a given way, step by step, in double precision: the meaning of a plan's
/// cost, and what every search is measured by.
struct HorizonReplay: Sendable {
  private var queues: [Double]
  private var waiting = 0.0

  init(laneGroups: Int) { queues = Array(repeating: 0, count: laneGroups) }

  /// What `legs` cost.
  mutating func cost(
    of legs: [HorizonLeg], _ problem: HorizonProblem, _ rules: HorizonRules, _ toGo: CostToGo
  ) -> HorizonCost {
    for group in queues.indices { queues[group] = problem.queue[group] }
    waiting = 0
    var deadlines = HorizonDeadlines(problem)
    var before = problem.previousStage
    var stopped = 0
    var last = problem.stage
    var elapsed = 0
    for (place, leg) in legs.enumerated() {
      let stops = leg.stops ?? problem.steps
      move(from: before, to: leg.stage, stopped..<leg.begins, problem)
      move(from: leg.stage, to: leg.stage, leg.begins..<stops, problem)
      if place > 0 { deadlines.start(leg.stage, at: leg.begins - problem.startLoss, problem) }
      before = leg.stage
      last = leg.stage
      elapsed = problem.steps - leg.begins
      stopped = stops
    }
    return HorizonCost(
      waiting: waiting, toGo: toGo.closing(last, after: elapsed, queues: queues, problem, rules),
      lateness: deadlines.total(endingIn: last, problem, rules))
  }

  /// Steps between two stages, or in the green of one.
  private mutating func move(
    from: Int?, to: Int, _ range: Range<Int>, _ problem: HorizonProblem
  ) {
    for step in range {
      for group in 0..<problem.laneGroups {
        let rate = problem.rate(of: group, from: from, to: to)
        let arrived = queues[group] + problem.arrivals[group * problem.steps + step]
        queues[group] = max(0, arrived - rate)
        waiting += problem.weight[group] * queues[group]
      }
    }
  }
}

/// The deadlines of a plan.
package struct HorizonDeadlines: Sendable {
  package private(set) var pending: UInt32 = 0
  package private(set) var lateness = 0

  /// Every stage but the running one that has a deadline.
  package init(_ problem: HorizonProblem) {
    for stage in problem.order
    where stage != problem.stage && problem.latestStart[stage] < HorizonProblem.never {
      pending |= 1 << UInt32(stage)
    }
  }

  /// `stage` is green from `step` on.
  package mutating func start(_ stage: Int, at step: Int, _ problem: HorizonProblem) {
    guard pending & (1 << UInt32(stage)) != 0 else { return }
    pending &= ~(1 << UInt32(stage))
    lateness += max(0, step - problem.latestStart[stage])
  }

  /// Lateness if `stage` is on at the horizon's end: those still pending come as soon as they can.
  package func total(endingIn stage: Int, _ problem: HorizonProblem, _ rules: HorizonRules) -> Int {
    var sum = lateness
    for other in 0..<problem.stages where pending & (1 << UInt32(other)) != 0 {
      let lead = rules.lead[stage * problem.stages + other]
      guard lead < HorizonProblem.never else { continue }
      sum += max(0, problem.steps + lead - problem.latestStart[other])
    }
    return sum
  }
}
