import Signals

/// A plan by rule of thumb, for a search that ran out of its budget: each stage runs until those it
/// serves are gone, then the one follows whose turn costs least.
struct HorizonGreedy: Sendable {
  private var queues: [Double]

  init(laneGroups: Int) { queues = Array(repeating: 0, count: laneGroups) }

  /// The way of the plan.
  mutating func plan(
    _ problem: HorizonProblem, _ rules: HorizonRules, _ toGo: CostToGo,
    into legs: inout [HorizonLeg]
  ) {
    legs.removeAll(keepingCapacity: true)
    for group in queues.indices { queues[group] = problem.queue[group] }
    var stage = problem.stage
    var begins = min(problem.steps, problem.firstMove)
    var stops = problem.firstStops
    advance(0..<begins, problem) { _ in 0 }
    while true {
      let end = hold(stage, begins, stops, problem, rules)
      guard let end, let next = successor(of: stage, at: end, problem, rules, toGo) else {
        legs.append(HorizonLeg(stage: stage, begins: begins, stops: nil))
        return
      }
      legs.append(HorizonLeg(stage: stage, begins: begins, stops: end))
      let closed = rules.closed[stage * rules.stages + next]
      advance(end..<(end + closed), problem) { _ in 0 }
      stage = next
      begins = end + closed
      stops = (begins + rules.shortest[next])...(begins + rules.longest[next])
    }
  }

  /// Runs `stage` until it may and should stop; `nil` if that is beyond the horizon.
  private mutating func hold(
    _ stage: Int, _ begins: Int, _ stops: ClosedRange<Int>, _ problem: HorizonProblem,
    _ rules: HorizonRules
  ) -> Int? {
    let last = min(stops.upperBound, problem.steps - 1 - rules.shortestClosed[stage])
    let width = problem.laneGroups
    var step = begins
    while step < last {
      if step >= stops.lowerBound, !isBusy(stage, problem) { return step }
      advance(step..<(step + 1), problem) { problem.discharge[stage * width + $0] }
      step += 1
    }
    return step == last && step >= stops.lowerBound ? step : nil
  }

  private func isBusy(_ stage: Int, _ problem: HorizonProblem) -> Bool {
    for group in queues.indices where problem.isServed(group, stage) {
      if queues[group] >= HorizonProblem.demandThreshold { return true }
    }
    return false
  }

  private mutating func advance(
    _ range: Range<Int>, _ problem: HorizonProblem, rate: (Int) -> Double
  ) {
    for step in range {
      for group in queues.indices {
        let arrived = queues[group] + problem.arrivals[group * problem.steps + step]
        queues[group] = max(0, arrived - rate(group))
      }
    }
  }

  private func successor(
    of stage: Int, at end: Int, _ problem: HorizonProblem, _ rules: HorizonRules, _ toGo: CostToGo
  ) -> Int? {
    var best: Int?
    var least = Double.infinity
    for next in problem.order {
      guard let closed = rules.closedSteps(from: stage, to: next), end + closed < problem.steps,
        !problem.skipsDemand(
          from: stage, to: next, waits: { queues[$0] > HorizonProblem.demandThreshold })
      else { continue }
      let price = toGo.value(.begins, stage: next, queues: queues)
      if price < least {
        least = price
        best = next
      }
    }
    return best
  }
}
