import Signals

@testable import Optimisation

/// The cost of a plan told in lamps, written without the solver's machinery: for each second and
/// lane group it asks who is green and for how long.
enum LampOracle {
  /// A stage that is green from one step until another.
  struct Green {
    let stage: Int
    let from: Int
    let until: Int
  }

  /// When the stages of `plan` are green, steps from now; the last lasts to the horizon and on.
  static func greens(_ plan: HorizonPlan, _ problem: HorizonProblem) -> [Green] {
    var greens: [Green] = []
    var from = -problem.greenSoFar
    for (place, entry) in plan.entries.enumerated() {
      let isLast = place == plan.entries.count - 1
      let until = isLast ? 10_000 : from + entry.green
      greens.append(Green(stage: entry.stage, from: from, until: until))
      guard !isLast else { break }
      let next = plan.entries[place + 1].stage
      from = until + problem.change[entry.stage * problem.stages + next]
    }
    return greens
  }

  /// Weighted vehicle seconds within the horizon, and the queues at its end.
  static func waiting(
    _ plan: HorizonPlan, _ problem: HorizonProblem
  ) -> (cost: Double, queues: [Double]) {
    let greens = greens(plan, problem)
    var queues = problem.queue
    var cost = 0.0
    for step in 0..<problem.steps {
      for group in queues.indices {
        queues[group] += problem.arrivals[group * problem.steps + step]
        queues[group] = max(0, queues[group] - rate(group, step, greens, problem))
        cost += problem.weight[group] * queues[group]
      }
    }
    return (cost, queues)
  }

  private static func rate(
    _ group: Int, _ step: Int, _ greens: [Green], _ problem: HorizonProblem
  ) -> Double {
    func discharge(_ stage: Int) -> Double {
      problem.discharge[stage * problem.laneGroups + group]
    }
    for (place, green) in greens.enumerated() {
      let begins = max(place == 0 ? 0 : Int.min, green.from + problem.startLoss)
      let stops = green.until + problem.endGain
      if step >= begins && step < stops { return discharge(green.stage) }
      guard place + 1 < greens.count else { continue }
      let next = greens[place + 1]
      if step >= stops && step < next.from + problem.startLoss {
        let change = green.stage * problem.stages + next.stage
        return min(discharge(green.stage), discharge(next.stage))
          * problem.changeRatio[change * problem.laneGroups + group]
      }
    }
    return 0
  }
}
