import Optimisation
import Signals

/// Every sequence of stages and greens there is, one after the other: plain, slow, and sure. A
/// branch is left only when its cost so far, to which nothing negative can come, is above the best.
struct ExhaustiveSearch {
  let problem: HorizonProblem
  let rules: HorizonRules
  let toGo: CostToGo
  private(set) var best = Double.infinity
  private(set) var visited = 0

  init(_ problem: HorizonProblem) {
    self.problem = problem
    rules = HorizonRules(problem)
    toGo = CostToGo(problem)
  }

  /// The least cost of all plans. `bound` is a cost that some plan is known to reach.
  static func leastCost(_ problem: HorizonProblem, bound: Double = .infinity) -> Double {
    var search = ExhaustiveSearch(problem)
    search.best = bound
    var queues = problem.queue
    var cost = 0.0
    let moves = min(problem.steps, problem.firstMove)
    search.move(nil, problem.stage, 0..<moves, &queues, &cost)
    let deadlines = HorizonDeadlines(problem)
    search.descend(problem.stage, moves, problem.firstStops, queues, cost, deadlines)
    return search.best
  }

  private func move(
    _ from: Int?, _ to: Int, _ range: Range<Int>, _ queues: inout [Double], _ cost: inout Double
  ) {
    let width = problem.laneGroups
    for step in range {
      for group in 0..<width {
        let before = from.map { problem.discharge[$0 * width + group] } ?? 0
        let lesser = min(before, problem.discharge[to * width + group])
        let ratio =
          from.map {
            $0 == to ? 1 : problem.changeRatio[($0 * problem.stages + to) * width + group]
          }
        let rate = lesser * (ratio ?? 0)
        queues[group] = max(
          0, queues[group] + problem.arrivals[group * problem.steps + step] - rate)
        cost += problem.weight[group] * queues[group]
      }
    }
  }

  private mutating func descend(
    _ stage: Int, _ begins: Int, _ stops: ClosedRange<Int>, _ start: [Double], _ spent: Double,
    _ deadlines: HorizonDeadlines
  ) {
    var queues = start
    var cost = spent
    visited += 1
    for step in begins...problem.steps {
      let late = Double(deadlines.lateness) * problem.latenessPrice
      if cost + late >= best { return }
      if stops.contains(step) { branch(stage, step, queues, cost, deadlines) }
      if step == problem.steps { break }
      // Without a successor that begins before the horizon's end the stage stays.
      let mayStay =
        step < stops.upperBound || stops.upperBound + rules.shortestClosed[stage] >= problem.steps
      guard mayStay else { return }
      move(stage, stage, step..<(step + 1), &queues, &cost)
    }
    let late = deadlines.total(endingIn: stage, problem, rules)
    let toGo = toGo.closing(
      stage, after: problem.steps - begins, queues: queues, problem, rules)
    let total = cost + toGo + Double(late) * problem.latenessPrice
    best = min(best, total)
  }

  private mutating func branch(
    _ stage: Int, _ step: Int, _ queues: [Double], _ cost: Double, _ deadlines: HorizonDeadlines
  ) {
    for next in 0..<problem.stages {
      guard let closed = rules.closedSteps(from: stage, to: next),
        step + closed < problem.steps,
        !problem.skipsDemand(
          from: stage, to: next, waits: { queues[$0] > HorizonProblem.demandThreshold })
      else { continue }
      var onward = queues
      var spent = cost
      let begins = step + closed
      move(stage, next, step..<begins, &onward, &spent)
      var due = deadlines
      due.start(next, at: begins - problem.startLoss, problem)
      let range = (begins + rules.shortest[next])...(begins + rules.longest[next])
      descend(next, begins, range, onward, spent, due)
    }
  }
}
