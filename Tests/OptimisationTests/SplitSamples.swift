import Bench
import Signals

@testable import Optimisation

/// Split problems that several suites solve.
enum SplitSample {
  /// Two stages, one lane group each, C = 100 s, L = 10 s (methods C3).
  static func twoStage(objective: SplitObjective = .delay) -> SplitProblem {
    var problem = SplitProblem(
      stages: [stage(5, 85, change: 5), stage(5, 85, change: 5)],
      demands: [
        SplitDemand(flow: 900, saturationFlow: 3600, service: [1, 0]),
        SplitDemand(flow: 250, saturationFlow: 1800, service: [0, 1]),
      ], cycle: .seconds(100) ... .seconds(100))
    problem.objective = objective
    return problem
  }

  /// Bounds and change in whole seconds.
  static func stage(_ least: Int, _ most: Int, change: Int) -> SplitStage {
    SplitStage(
      minimumGreen: .seconds(least), maximumGreen: .seconds(most), change: .seconds(change))
  }

  /// A random junction of `stages` stages and `demands` lane groups, some of which run in two
  /// stages, from light to oversaturated; its limits never clash.
  static func random(
    seed: Int, stages: Int, demands: Int, cycle: ClosedRange<Int> = 90...90
  ) -> SplitProblem {
    SplitExample.random(seed: seed, stages: stages, demands: demands, cycle: cycle)
  }
}

extension SplitOutcome {
  /// The split, if there is one.
  var split: Split? {
    guard case .solved(let split) = self else { return nil }
    return split
  }
}

extension SplitProblem {
  /// What whole greens, s, cost at a cycle of `cycle` seconds.
  func objective(_ greens: [Double], cycle: Double) -> Double {
    var program = SplitProgram()
    program.take(self)
    program.take(cycle: cycle)
    for (stage, green) in greens.enumerated() { program.green[stage] = green }
    return program.differentiate()
  }
}
