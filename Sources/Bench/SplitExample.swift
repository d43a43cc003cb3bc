package import Optimisation
import Signals

/// Cycles to be divided: made from a seed, from light to oversaturated.
package enum SplitExample {
  /// A random junction of `stages` stages and `demands` lane groups, some of which run in two
  /// stages; its limits never clash.
  package static func random(
    seed: Int, stages: Int, demands: Int, cycle: ClosedRange<Int> = 90...90
  ) -> SplitProblem {
    var random = SeededGenerator(seed: UInt64(seed))
    let bounds = (0..<stages).map { _ in
      SplitStage(
        minimumGreen: .seconds(4 + Int(6 * random.unit())),
        maximumGreen: .seconds(max(30, 100 / stages) + Int(50 * random.unit())),
        change: .seconds(4))
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
