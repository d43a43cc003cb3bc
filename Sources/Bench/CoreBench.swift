package import Optimisation
import Signals

/// What the numeric core is measured by.
package enum CoreBench {
  /// Problems of one shape whose least costs are known.
  package static let horizons = 1000

  /// Instance number `seed` of those in `HorizonAnswers`: 12 lane groups, 4 stages, 90 s, each
  /// sequence in turn.
  package static func horizon(_ seed: Int) -> HorizonProblem {
    HorizonInstance.random(
      seed: seed, laneGroups: 12, stages: 4, steps: 90,
      sequence: Signals.Sequence.allCases[seed % 3])
  }

  /// An instance with 24 lane groups and 8 stages.
  package static func largeHorizon(_ seed: Int) -> HorizonProblem {
    HorizonInstance.random(
      seed: seed, laneGroups: 24, stages: 8, steps: 90,
      sequence: Signals.Sequence.allCases[seed % 3])
  }

  /// Times of the rolling horizon over `problems`, all of one shape.
  package static func times(_ problems: [HorizonProblem], rounds: Int = 3) -> Sample {
    guard let first = problems.first else { preconditionFailure("a problem") }
    var solver = HorizonSolver(
      laneGroups: first.laneGroups, stages: first.stages, steps: first.steps)
    return microseconds(problems, rounds: rounds) { _ = solver.solve($0) }
  }

  /// By how much the plans of `seeds` cost more than the least there is, as a share of it.
  package static func excess(_ seeds: [Int]) -> Sample {
    var solver = HorizonSolver(laneGroups: 12, stages: 4, steps: 90)
    return Sample(
      seeds.map { seed in
        let problem = horizon(seed)
        return wholeCost(solver.solve(problem), problem) / HorizonAnswers.leastCosts[seed] - 1
      })
  }

  /// What a plan costs with its lateness.
  package static func wholeCost(_ plan: HorizonPlan, _ problem: HorizonProblem) -> Double {
    plan.cost.total + Double(plan.cost.lateness) * problem.latenessPrice
  }

  /// Times of splits with 12 lane groups and 4 stages, and their greatest relative gap.
  package static func splits(
    cycle: ClosedRange<Int>, count: Int = 400, rounds: Int = 5
  ) -> (times: Sample, worstGap: Double) {
    let problems = (0..<count).map {
      SplitExample.random(seed: $0, stages: 4, demands: 12, cycle: cycle)
    }
    var solver = SplitSolver()
    var worst = 0.0
    let times = microseconds(problems, rounds: rounds) {
      if case .solved(let split) = solver.solve($0) { worst = max(worst, split.relativeGap) }
    }
    return (times, worst)
  }

  /// Times of improving splits with 12 lane groups and 4 stages for the queues that a cycle meets.
  package static func comingCycles(count: Int = 200, rounds: Int = 3) -> Sample {
    let cycles = (0..<count).compactMap { comingCycle($0) }
    return microseconds(cycles, rounds: rounds) { example in
      var cycle = ComingCycle(example.problem, example.outlooks)
      _ = cycle.improve(example.greens)
    }
  }

  /// A split, and random queues that its next cycle meets.
  private static func comingCycle(
    _ seed: Int
  ) -> (problem: SplitProblem, outlooks: [QueueOutlook], greens: [Tenths])? {
    let problem = SplitExample.random(seed: seed, stages: 4, demands: 12, cycle: 40...180)
    guard case .solved(let split) = solveSplit(problem) else { return nil }
    var random = SeededGenerator(seed: UInt64(seed))
    let outlooks = problem.demands.map { demand in
      // What comes in a minute, or nobody, or half as many again.
      QueueOutlook(queue: demand.flow / 60 * 1.5 * random.unit(), arrivals: [])
    }
    return (problem, outlooks, split.greens)
  }

  /// Solves some problems of a kind, each once; answers how many, `nil` for another kind.
  package static func once(_ kind: String) -> Int? {
    let seeds = 0..<30
    switch kind {
    case "horizon", "large-horizon":
      let problems = seeds.map(kind == "horizon" ? horizon : largeHorizon)
      var solver = HorizonSolver(
        laneGroups: problems[0].laneGroups, stages: problems[0].stages, steps: problems[0].steps)
      for problem in problems { _ = solver.solve(problem) }
    case "split", "split-search":
      var solver = SplitSolver()
      for seed in seeds {
        let cycle = kind == "split" ? 90...90 : 40...180
        _ = solver.solve(SplitExample.random(seed: seed, stages: 4, demands: 12, cycle: cycle))
      }
    case "coming-cycle":
      for case let example? in seeds.map(comingCycle) {
        var cycle = ComingCycle(example.problem, example.outlooks)
        _ = cycle.improve(example.greens)
      }
    default: return nil
    }
    return seeds.count
  }

  /// The least cost of instance `seed` by `HorizonReference`, and how many ways were dropped
  /// without proof: none if it is proved.
  package static func reference(_ seed: Int) -> (cost: Double, dropped: Int) {
    let problem = horizon(seed)
    var known = Double.infinity
    for effort in [HorizonEffort.everySecond, .thorough] {
      var solver = HorizonSolver(laneGroups: 12, stages: 4, steps: 90, effort: effort)
      known = min(known, wholeCost(solver.solve(problem, budget: .max), problem))
    }
    // Ways beyond these do not fit into minutes where the junction is oversaturated.
    var search = HorizonReference(problem, bound: known * (1 + 1e-9), width: 48)
    return (min(known, search.leastCost()), search.dropped)
  }
}
