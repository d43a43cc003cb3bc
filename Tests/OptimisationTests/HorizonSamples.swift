import Signals

@testable import Optimisation

/// Horizon problems that several suites solve.
enum HorizonSample {
  /// Three stages with one lane group each, 0.5 veh/s, 5 s between greens, the first on for 10 s;
  /// no arrivals.
  static func junction(sequence: Signals.Sequence) -> HorizonProblem {
    var problem = HorizonProblem(laneGroups: 3, stages: 3, steps: 60, sequence: sequence)
    for from in 0..<3 {
      problem.discharge[from * 3 + from] = 0.5
      for to in 0..<3 where to != from { problem.change[from * 3 + to] = 5 }
    }
    problem.minimumGreen = [6, 6, 6]
    problem.maximumGreen = [60, 60, 60]
    problem.greenSoFar = 10
    return problem
  }
}
