import Bench
import Optimisation
import Signals
import Testing

@Suite("The reference of the rolling horizon finds the least cost there is")
struct HorizonReferenceTests {
  @Test("It agrees with plain enumeration of every plan", arguments: 0..<30)
  func enumeration(seed: Int) {
    var problem = HorizonInstance.random(
      seed: 40 + seed, laneGroups: 4 + seed % 3, stages: 2 + seed % 2, steps: 28 + seed % 5,
      sequence: Signals.Sequence.allCases[seed % 3])
    if seed % 2 == 1 { problem = HorizonInstance.withChanges(problem, seed: seed) }
    var reference = HorizonReference(problem)
    let found = reference.leastCost()
    let best = ExhaustiveSearch.leastCost(problem)
    #expect(abs(found - best) <= 1e-9 * best + 1e-9)
    #expect(reference.dropped == 0)
  }

  @Test("Dropping ways never gives less, and is told of")
  func width() {
    let problem = CoreBench.horizon(2)
    var narrow = HorizonReference(problem, width: 2)
    #expect(narrow.leastCost() >= HorizonAnswers.leastCosts[2] * (1 - 1e-12))
    #expect(narrow.dropped > 0)
  }

  @Test("The answers that are kept are what it finds, the proved ones at once", arguments: 0..<40)
  func answers(place: Int) {
    let proved = (0..<CoreBench.horizons).filter { HorizonAnswers.dropped[$0] == 0 }
    let seed = proved[place * proved.count / 40]
    let (cost, dropped) = CoreBench.reference(seed)
    #expect(abs(cost - HorizonAnswers.leastCosts[seed]) <= 1e-9 * cost)
    #expect(dropped == 0)
  }
}

@Suite("The rolling horizon's plans are nearly the best there are")
struct HorizonQualityTests {
  @Test("Within 1 % of the least cost on average, in every order", arguments: 0..<3)
  func excess(sequence: Int) {
    let seeds = Array(stride(from: sequence, to: 600, by: 3))
    let excess = CoreBench.excess(seeds)
    #expect(excess.mean < 0.01, "\(excess.mean)")
    // Nothing costs less than what is proved to be the least.
    let proved = CoreBench.excess(seeds.filter { HorizonAnswers.dropped[$0] == 0 })
    #expect(proved.quantile(0) > -1e-6)
  }
}

@Suite("The rolling horizon's plans for small junctions are near the best")
struct SmallHorizonTests {
  @Test(
    "Within 1 % of the least cost on average; in a given order 10 % at worst",
    arguments: [(6, 3, 50), (8, 3, 60)],
    Signals.Sequence.allCases)
  func excess(shape: (Int, Int, Int), sequence: Signals.Sequence) {
    let excess = Sample(
      (0..<100).map { seed in
        let problem = HorizonInstance.random(
          seed: seed, laneGroups: shape.0, stages: shape.1, steps: shape.2, sequence: sequence)
        var solver = HorizonSolver(
          laneGroups: shape.0, stages: shape.1, steps: shape.2)
        let found = CoreBench.wholeCost(solver.solve(problem), problem)
        var reference = HorizonReference(problem, bound: found * (1 + 1e-9))
        return found / max(reference.leastCost(), 1e-9) - 1
      })
    #expect(excess.mean < 0.01, "\(excess.mean)")
    // In free order one way kept for each stage and second can miss the best sequence by more.
    #expect(sequence == .free || excess.most < 0.1, "\(excess.most)")
  }
}

@Suite("Measured numbers are told by their order")
struct SampleTests {
  @Test("Middle, mean, greatest and quantiles")
  func order() {
    let sample = Sample([5, 1, 3, 2, 4])
    #expect(sample.median == 3)
    #expect(sample.mean == 3)
    #expect(sample.most == 5)
    #expect(sample.quantile(0) == 1)
    #expect(sample.quantile(0.99) == 5)
  }
}
