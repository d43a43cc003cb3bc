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
    var random = SeededGenerator(seed: UInt64(seed))
    let bounds = (0..<stages).map { _ in
      stage(4 + Int(6 * random.unit()), max(30, 100 / stages) + Int(50 * random.unit()), change: 4)
    }
    let load = 0.3 + random.unit()
    let groups = (0..<demands).map { position in
      var service = Array(repeating: 0.0, count: stages)
      service[position % stages] = 1
      if random.unit() < 0.3 {
        service[(position + 1) % stages] = random.unit() < 0.5 ? 1 : 0.3 + 0.5 * random.unit()
      }
      let saturationFlow = 1500 + 2000 * random.unit()
      let share = load * (0.2 + 0.8 * random.unit()) / Double(stages)
      return SplitDemand(
        flow: saturationFlow * share, saturationFlow: saturationFlow, service: service,
        weight: random.unit() < 0.8 ? 1 : 2, initialQueue: random.unit() < 0.8 ? 0 : 20 * share)
    }
    return SplitProblem(
      stages: bounds, demands: groups,
      cycle: .seconds(cycle.lowerBound) ... .seconds(cycle.upperBound))
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
