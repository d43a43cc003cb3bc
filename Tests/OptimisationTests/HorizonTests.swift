import Bench
import Signals
import Testing

@testable import Optimisation

@Suite("A rolling horizon finds nearly the best plan there is")
struct HorizonTests {
  @Test("Its cost is what the lamps it shows would cost", arguments: 0..<60)
  func meaning(seed: Int) {
    var problem = HorizonInstance.random(
      seed: seed, laneGroups: 3 + seed % 18, stages: 2 + seed % 4, steps: 60 + seed % 31,
      sequence: Signals.Sequence.allCases[seed % 3])
    if seed % 2 == 1 { problem = HorizonInstance.withChanges(problem, seed: seed) }
    var solver = HorizonSolver(problem)
    let plan = solver.solve(problem)
    let (cost, queues) = LampOracle.waiting(plan, problem)
    #expect(abs(plan.cost.waiting - cost) <= 1e-9 * cost + 1e-9)
    let last = LampOracle.greens(plan, problem)[plan.entries.count - 1]
    let moves = max(last.from + problem.startLoss, 0)
    let toGo = CostToGo(problem).closing(
      last.stage, after: problem.steps - moves, queues: queues, problem, HorizonRules(problem))
    #expect(abs(plan.cost.toGo - toGo) <= 1e-9 * toGo + 1e-9)
  }

  @Test(
    "Within 1 % of exhaustive search on average",
    arguments: Signals.Sequence.allCases)
  func nearlyOptimal(sequence: Signals.Sequence) {
    var excess = 0.0
    for seed in 0..<10 {
      let problem = HorizonInstance.random(
        seed: 100 + seed, laneGroups: 6, stages: 3, steps: 40, sequence: sequence)
      var solver = HorizonSolver(problem)
      let plan = solver.solve(problem)
      let found = plan.cost.total + Double(plan.cost.lateness) * problem.latenessPrice
      var reference = HorizonReference(problem, bound: found * (1 + 1e-9))
      let best = reference.leastCost()
      #expect(found <= best * 1.05 + 1e-6, "\(found) against \(best)")
      excess += found / max(best, 1e-9) - 1
    }
    #expect(excess / 10 < 0.01)
  }
}

@Suite("A rolling horizon keeps to its rules")
struct HorizonRulesTests {
  private func random(_ seed: Int, _ sequence: Signals.Sequence? = nil) -> HorizonProblem {
    HorizonInstance.random(
      seed: 500 + seed, laneGroups: 4 + seed % 10, stages: 2 + seed % 4, steps: 70,
      sequence: sequence ?? Signals.Sequence.allCases[seed % 3])
  }

  @Test("Greens lie within their bounds, changes are allowed", arguments: 0..<60)
  func bounds(seed: Int) {
    var problem = random(seed)
    if seed % 2 == 0 { problem.change[(seed % problem.stages) * problem.stages] = -1 }
    var solver = HorizonSolver(problem)
    let entries = solver.solve(problem).entries
    for (place, entry) in entries.enumerated() {
      #expect(entry.green >= problem.minimumGreen[entry.stage])
      #expect(entry.green <= problem.maximumGreen[entry.stage])
      guard place > 0 else { continue }
      let before = entries[place - 1].stage
      #expect(problem.change[before * problem.stages + entry.stage] >= 0)
      if problem.sequence == .fixed { #expect(entry.stage == (before + 1) % problem.stages) }
    }
    #expect(entries[0].stage == problem.stage)
  }

  @Test("The running green ends neither before its notice nor after its limit", arguments: 0..<30)
  func notice(seed: Int) {
    var problem = random(seed)
    problem.earliestEnd = seed % 13
    problem.latestEnd = problem.earliestEnd + seed % 4
    let least = max(problem.earliestEnd, problem.minimumGreen[problem.stage] - problem.greenSoFar)
    var solver = HorizonSolver(problem)
    guard let ends = solver.solve(problem).endsIn else {
      Issue.record("the running green has to end")
      return
    }
    #expect(ends >= least && ends <= max(least, problem.latestEnd))
  }

  @Test("A change under way is waited for: the stage to come gets its whole green")
  func underWay() {
    var problem = random(3)
    problem.greenSoFar = -4
    var solver = HorizonSolver(problem)
    let plan = solver.solve(problem)
    #expect((plan.endsIn ?? 100) >= 4 + problem.minimumGreen[problem.stage])
  }

  @Test("A stage with a deadline begins by it, though nobody drives there", arguments: 0..<24)
  func deadline(seed: Int) {
    var problem = random(seed, seed % 2 == 0 ? .free : .skip)
    let called = (problem.stage + 1) % problem.stages
    for group in 0..<problem.laneGroups {
      problem.discharge[called * problem.laneGroups + group] = 0
    }
    problem.isCalled[called] = true
    problem.latestStart[called] = 25
    problem.maximumGreen = problem.maximumGreen.map { max($0, 20) }
    var solver = HorizonSolver(problem)
    let plan = solver.solve(problem)
    #expect(plan.cost.lateness == 0)
    let greens = LampOracle.greens(plan, problem)
    #expect(greens.contains { $0.stage == called && $0.from <= 25 })
  }

  @Test("A deadline that cannot be kept is missed by as little as can be")
  func overdue() {
    var problem = random(10, .free)
    problem.stage = 0
    problem.greenSoFar = 30
    problem.latestStart[2] = 0
    var solver = HorizonSolver(problem)
    let plan = solver.solve(problem)
    #expect(plan.endsIn == 0)
    #expect(plan.entries[1].stage == 2)
    #expect(plan.cost.lateness == problem.change[2])
  }

  @Test("Skipping leaves out a stage only if nobody waits there and nobody called")
  func skipping() {
    var problem = HorizonSample.junction(sequence: .skip)
    problem.queue = [0, 0, 8]
    var solver = HorizonSolver(problem)
    #expect(solver.solve(problem).entries[1].stage == 2)
    problem.queue = [0, 3, 8]
    #expect(solver.solve(problem).entries[1].stage == 1)
    problem.queue = [0, 0, 8]
    problem.isCalled[1] = true
    #expect(solver.solve(problem).entries[1].stage == 1)
    problem.sequence = .free
    problem.queue = [0, 3, 30]
    #expect(solver.solve(problem).entries[1].stage == 2)
  }

  @Test("What the search may not skip is what the rule says", arguments: 0..<40)
  func skippingRule(seed: Int) {
    let problem = HorizonInstance.random(
      seed: seed, laneGroups: 4 + seed % 9, stages: 2 + seed % 4, steps: 40, sequence: .skip)
    var random = SeededGenerator(seed: UInt64(seed))
    var tables = HorizonTables<Lanes12>(
      stages: problem.stages, laneGroups: problem.laneGroups, steps: problem.steps)
    tables.take(problem)
    for _ in 0..<20 {
      var queues = Lanes12.zero
      for group in 0..<problem.laneGroups { queues[group] = Float(2 * Int(1.5 * random.unit())) }
      for from in 0..<problem.stages {
        for to in 0..<problem.stages where to != from {
          let rule = problem.skipsDemand(
            from: from, to: to,
            waits: { Double(queues[$0]) > HorizonProblem.demandThreshold * problem.weight[$0] })
          #expect(tables.skips(from: from, to: to, queues) == rule)
        }
      }
    }
  }

  @Test("A lane group that is green on both sides of a change moves through it")
  func carriedOver() {
    var problem = HorizonSample.junction(sequence: .fixed)
    problem.queue = [30, 1, 0]
    var solver = HorizonSolver(problem)
    let apart = solver.solve(problem).cost.total
    problem.discharge[1 * 3 + 0] = 0.5
    let together = solver.solve(problem).cost.total
    #expect(together < apart)
    problem.changeRatio[(0 * 3 + 1) * 3 + 0] = 0.5
    let slower = solver.solve(problem).cost.total
    #expect(together < slower && slower < apart)
  }

  @Test("A full exit serves nobody, and green is not spent on it")
  func fullExit() {
    var problem = HorizonSample.junction(sequence: .free)
    problem.queue = [0, 6, 20]
    for stage in 0..<3 { problem.discharge[stage * 3 + 2] = 0 }
    var solver = HorizonSolver(problem)
    #expect(solver.solve(problem).entries[1].stage == 1)
  }
}

@Suite("A rolling horizon is accountable")
struct HorizonAccountTests {
  private let problem = HorizonInstance.random(
    seed: 77, laneGroups: 12, stages: 4, steps: 90, sequence: .free)

  @Test("The same problem has the same plan, whatever was solved before", arguments: 0..<10)
  func deterministic(seed: Int) {
    var fresh = HorizonSolver(problem)
    var used = HorizonSolver(problem)
    let other = HorizonInstance.random(
      seed: seed, laneGroups: 12, stages: 4, steps: 90, sequence: .skip)
    _ = used.solve(other)
    #expect(fresh.solve(problem) == used.solve(problem))
  }

  @Test("A search without budget says so, and still returns a plan within the rules")
  func budget() {
    var solver = HorizonSolver(problem)
    let whole = solver.solve(problem)
    #expect(whole.isComplete)
    for budget in [0, 100, 1000] {
      let cut = solver.solve(problem, budget: budget)
      #expect(!cut.isComplete)
      #expect(cut.work <= budget + HorizonProblem.stepLimit)
      #expect(cut.cost.total >= whole.cost.total * 0.999)
      for entry in cut.entries {
        #expect(entry.green >= problem.minimumGreen[entry.stage])
        #expect(entry.green <= problem.maximumGreen[entry.stage])
      }
    }
  }

  @Test("The alternative decides otherwise, and costs no less", arguments: 0..<30)
  func alternative(seed: Int) throws {
    let problem = HorizonInstance.random(
      seed: 900 + seed, laneGroups: 8, stages: 3, steps: 60, sequence: .free)
    var solver = HorizonSolver(problem)
    let plan = solver.solve(problem)
    let found = solver.alternative(to: plan, of: problem)
    let other = try #require(found)
    let least = max(0, problem.minimumGreen[problem.stage] - problem.greenSoFar)
    #expect((plan.endsIn == least) != (other.endsIn == least))
    #expect(other.cost.total >= plan.cost.total * 0.97)
    var held = problem
    held.earliestEnd = 5
    held.latestEnd = 5
    let only = solver.solve(held)
    let none = solver.alternative(to: only, of: held)
    #expect(none == nil)
  }

  @Test("More vehicles in the queue never cost less", arguments: 0..<20)
  func monotone(seed: Int) {
    var problem = HorizonInstance.random(
      seed: 700 + seed, laneGroups: 9, stages: 3, steps: 80, sequence: .fixed)
    var solver = HorizonSolver(problem)
    var last = 0.0
    for _ in 0..<5 {
      let cost = solver.solve(problem).cost.total
      #expect(cost >= last * 0.99)
      last = cost
      problem.queue = problem.queue.map { $0 + 3 }
    }
  }

  @Test("Weights that are all scaled change nothing but the unit", arguments: 0..<20)
  func scaledWeights(seed: Int) {
    var problem = HorizonInstance.random(
      seed: 800 + seed, laneGroups: 20, stages: 4, steps: 80, sequence: .skip)
    var solver = HorizonSolver(problem)
    let one = solver.solve(problem)
    // A power of two scales every number of the search exactly.
    problem.weight = problem.weight.map { $0 * 4 }
    let other = solver.solve(problem)
    #expect(one.entries == other.entries)
    #expect(abs(other.cost.total - 4 * one.cost.total) < 1e-9 * other.cost.total)
  }

  @Test("Where no way keeps every rule to the horizon's end, it says so and still returns a plan")
  func noWay() {
    var problem = HorizonProblem(laneGroups: 3, stages: 3, steps: 60, sequence: .skip)
    for stage in 0..<3 {
      problem.discharge[stage * 3 + stage] = 0.5
      problem.minimumGreen[stage] = 5
    }
    problem.change = [-1, 6, 2, 2, -1, 6, 6, 2, -1]
    problem.isCalled[1] = true
    // Its queues stop after step 55: stage 2 could follow in time but for the call of stage 1, whose
    // own change takes too long.
    problem.earliestEnd = 53
    problem.latestEnd = 53
    var solver = HorizonSolver(problem)
    let plan = solver.solve(problem)
    #expect(!plan.isComplete)
    #expect(plan.entries.first?.stage == 0)
  }

  @Test("An empty junction rests where it is")
  func empty() {
    var solver = HorizonSolver(laneGroups: 3, stages: 3, steps: 60)
    var problem = HorizonSample.junction(sequence: .free)
    problem.maximumGreen = [200, 200, 200]
    let plan = solver.solve(problem)
    #expect(plan.endsIn == nil)
    #expect(plan.cost == HorizonCost(waiting: 0, toGo: 0, lateness: 0))
  }

  @Test("It is not short-sighted: a green that clears all waiting later is worth more than its end")
  func costToGo() {
    let problem = HorizonSample.junction(sequence: .fixed)
    let toGo = CostToGo(problem)
    // Who is served costs less than who waits for his turn; a longer queue more than in proportion.
    let on = toGo.value(.runs, stage: 0, queues: [10, 0, 0])
    #expect(toGo.value(.runs, stage: 0, queues: [20, 0, 0]) > 2 * on)
    #expect(toGo.value(.runs, stage: 1, queues: [10, 0, 0]) > on)
    // By hand: nobody arrives, r = 0.5: q² / (2 r).
    #expect(abs(on - 100) < 1e-9)
  }
}

extension HorizonSolver {
  /// A solver of `problem`'s shape.
  init(_ problem: HorizonProblem) {
    self.init(laneGroups: problem.laneGroups, stages: problem.stages, steps: problem.steps)
  }
}
