import Signals

@testable import Optimisation

/// Horizon problems that several suites solve.
enum HorizonSample {
  /// A random junction: each lane group in one stage or two neighbouring ones, from empty to
  /// oversaturated, platoons in the arrivals, the running stage at some point of its green.
  static func random(
    seed: Int, laneGroups: Int, stages: Int, steps: Int, sequence: Signals.Sequence
  ) -> HorizonProblem {
    var random = SeededGenerator(seed: UInt64(seed))
    var problem = HorizonProblem(
      laneGroups: laneGroups, stages: stages, steps: steps, sequence: sequence)
    let load = 0.2 + 1.1 * random.unit()
    for group in 0..<laneGroups {
      let lanes = Double(1 + Int(2.5 * random.unit()))
      problem.weight[group] = random.unit() < 0.8 ? 1 : 2
      let home = group % stages
      problem.discharge[home * laneGroups + group] = 0.45 * lanes
      if random.unit() < 0.25 {
        let next = (home + 1) % stages
        problem.discharge[next * laneGroups + group] =
          0.45 * lanes * (random.unit() < 0.5 ? 1 : 0.4)
      }
      let flow = 0.45 * lanes * load / Double(stages) * (0.3 + random.unit())
      problem.queue[group] = (flow * 60 * random.unit()).rounded()
      for step in 0..<steps where random.unit() < flow / lanes {
        problem.arrivals[group * steps + step] = lanes * (step % 30 < 15 ? 1.4 : 0.6)
      }
    }
    for from in 0..<stages {
      for to in 0..<stages where from != to {
        problem.change[from * stages + to] = 4 + Int(2 * random.unit())
      }
      problem.minimumGreen[from] = 5 + Int(6 * random.unit())
      problem.maximumGreen[from] = 30 + Int(40 * random.unit())
    }
    problem.stage = Int(Double(stages) * random.unit())
    problem.greenSoFar = Int(12 * random.unit())
    return problem
  }

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
