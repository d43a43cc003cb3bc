package import Optimisation
package import Signals

/// Rolling horizons to be solved: made from a seed, from light to oversaturated.
package enum HorizonInstance {
  /// The same junction with queues that move faster or slower through changes than the greens on both sides say.
  package static func withChanges(_ problem: HorizonProblem, seed: Int) -> HorizonProblem {
    var random = SeededGenerator(seed: UInt64(seed))
    var changed = problem
    for place in changed.changeRatio.indices { changed.changeRatio[place] = 2 * random.unit() }
    return changed
  }

  /// A random junction: each lane group in one stage or two neighbouring ones, from empty to
  /// oversaturated, platoons in the arrivals, the running stage at some point of its green; some with
  /// a stage that must begin in time or must not be skipped.
  package static func random(
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
    let asked = (problem.stage + 1 + Int(Double(stages - 1) * random.unit())) % stages
    if random.unit() < 0.3 { problem.latestStart[asked] = 25 + Int(60 * random.unit()) }
    if random.unit() < 0.2 { problem.isCalled[asked] = true }
    return problem
  }
}
