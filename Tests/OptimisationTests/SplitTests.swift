import Signals
import Testing

@testable import Optimisation

@Suite("A split is the best there is within its limits, and says so")
struct SplitTests {
  @Test("Two stages solved by hand: λ = 0.663 at 14.9 s per vehicle")
  func minimumDelay() throws {
    let split = try #require(solveSplit(SplitSample.twoStage()).split)
    #expect(abs(split.idealGreens[0] / 100 - 0.663) < 5e-4)
    #expect(abs(split.objective / 1150 - 14.9) < 0.05)
    #expect(split.relativeGap < 1e-6)
    #expect(split.greens == [.seconds(66), .seconds(24)])
  }

  @Test("The same with equal degrees of saturation: λ = 0.579")
  func equalSaturation() throws {
    let split = try #require(solveSplit(SplitSample.twoStage(objective: .saturation)).split)
    #expect(abs(split.idealGreens[0] / 100 - 0.579) < 5e-4)
    let delays = split.performance.map(\.delay)
    let mean = (900 * delays[0] + 250 * delays[1]) / 1150
    #expect(abs(mean - 16.1) < 0.1)
  }

  @Test("Every gap is at most a millionth, every green within its bounds", arguments: 0..<150)
  func certificate(seed: Int) throws {
    let problem = SplitSample.random(seed: seed, stages: 2 + seed % 4, demands: 4 + seed % 9)
    let split = try #require(solveSplit(problem).split)
    #expect(split.relativeGap <= 1e-6, "\(split.relativeGap)")
    for (stage, green) in zip(problem.stages, split.greens) {
      #expect(green >= stage.shortestGreen && green <= stage.longestGreen)
      #expect(green.count % split.resolution.count == 0)
    }
    #expect(split.greens.reduce(problem.lost, +) == split.cycle)
    #expect(problem.cycle.contains(split.cycle))
    #expect(split.roundingLoss >= -split.dualityGap - 1e-9 * split.objective)
  }

  @Test("No whole seconds are better than those found", arguments: 0..<150)
  func enumeration(seed: Int) throws {
    let stages = 2 + seed % 5
    var problem = SplitSample.random(
      seed: 1000 + seed, stages: stages, demands: 3 + seed % 10)
    // Spare green that leaves some thousand ways to divide it.
    let spare = [60, 40, 20, 12, 9][stages - 2]
    let shortest = problem.stages.reduce(problem.lost) { $0 + $1.shortestGreen }
    let cycle = shortest + .seconds(spare)
    problem.cycle = cycle...cycle
    let split = try #require(solveSplit(problem).split)
    let best = Enumeration.best(problem, cycle: cycle.count / 10)
    let found = problem.objective(split.greens.map(\.seconds), cycle: cycle.seconds)
    #expect(found <= best * (1 + 1e-9), "\(found) \(best)")
    #expect(best * (1 + 1e-12) >= split.objective - split.dualityGap)
    #expect(abs(split.roundingLoss - (found - split.objective)) <= 1e-9 * found)
  }

  @Test("The best cycle of the range is as good as each second tried alone", arguments: 0..<6)
  func cycleSearch(seed: Int) throws {
    let problem = SplitSample.random(seed: 2000 + seed, stages: 3, demands: 8, cycle: 50...120)
    let split = try #require(solveSplit(problem).split)
    var best = Double.infinity
    for cycle in 50...120 {
      var alone = problem
      alone.cycle = .seconds(cycle) ... .seconds(cycle)
      if let other = solveSplit(alone).split { best = min(best, other.objective) }
    }
    #expect(split.objective <= best * (1 + 1e-7))
  }

  @Test("Weights that are all scaled change nothing but the objective's unit", arguments: 0..<10)
  func scaledWeights(seed: Int) throws {
    let problem = SplitSample.random(seed: 3000 + seed, stages: 3, demands: 7)
    var scaled = problem
    scaled.demands = problem.demands.map { $0.weighted(8) }
    let one = try #require(solveSplit(problem).split)
    let other = try #require(solveSplit(scaled).split)
    #expect(one.greens == other.greens)
    #expect(abs(other.objective - 8 * one.objective) < 1e-9 * other.objective)
  }

  @Test("More demand never gives less delay", arguments: 0..<20)
  func monotone(seed: Int) throws {
    var problem = SplitSample.random(seed: 4000 + seed, stages: 3, demands: 7)
    var last = 0.0
    for factor in [1.0, 1.05, 1.2, 1.5, 2] {
      problem.demands = SplitSample.random(seed: 4000 + seed, stages: 3, demands: 7).demands.map {
        $0.carrying(factor)
      }
      let split = try #require(solveSplit(problem).split)
      #expect(split.objective > last)
      last = split.objective
    }
  }

  @Test("Nor does more demand of one lane group alone", arguments: 0..<20)
  func monotoneAlone(seed: Int) throws {
    let problem = SplitSample.random(seed: 8000 + seed, stages: 2 + seed % 4, demands: 8)
    let before = try #require(solveSplit(problem).split)
    for position in problem.demands.indices {
      var more = problem
      more.demands[position] = problem.demands[position].carrying(1.1)
      let after = try #require(solveSplit(more).split)
      #expect(after.objective > before.objective)
    }
  }

  @Test("The order of the lane groups does not matter")
  func order() throws {
    var problem = SplitSample.random(seed: 5, stages: 4, demands: 9)
    let one = try #require(solveSplit(problem).split)
    problem.demands.reverse()
    let other = try #require(solveSplit(problem).split)
    #expect(one.greens == other.greens)
  }

  @Test("Where in the round the plan begins does not matter", arguments: 0..<20)
  func rotation(seed: Int) throws {
    let problem = SplitSample.random(seed: 6000 + seed, stages: 2 + seed % 5, demands: 9)
    let one = try #require(solveSplit(problem).split)
    let other = try #require(solveSplit(problem.rotated()).split)
    #expect(Array(one.greens.dropFirst()) + [one.greens[0]] == other.greens)
    #expect(abs(one.objective - other.objective) <= 1e-8 * one.objective)
  }

  @Test("Without randomness two stages are the closed form of Lagrange", arguments: 0..<30)
  func closedForm(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(7000 + seed))
    let flows = [300 + 300 * random.unit(), 200 + 200 * random.unit()]
    let saturation = [3600.0, 1800]
    var problem = SplitSample.twoStage()
    problem.randomness = 0
    problem.demands = [0, 1].map {
      SplitDemand(
        flow: flows[$0], saturationFlow: saturation[$0], service: $0 == 0 ? [1, 0] : [0, 1])
    }
    // w q (1 - λ) / (1 - y) is the same for both, and λ1 + λ2 = 0.9.
    let pull = [0, 1].map { flows[$0] / (1 - flows[$0] / saturation[$0]) }
    let share = (pull[0] - 0.1 * pull[1]) / (pull[0] + pull[1])
    let needed = [0, 1].map { flows[$0] / saturation[$0] }
    try #require(share > needed[0] && 0.9 - share > needed[1])
    let split = try #require(solveSplit(problem).split)
    let within = min(0.85, max(0.05, share))
    #expect(abs(split.idealGreens[0] / 100 - within) < 1e-6)
  }

  @Test("A price tells which limit of a green it is")
  func limits() throws {
    func price(_ stage: SplitStage) throws -> GreenLimit? {
      var problem = SplitSample.twoStage()
      problem.stages[1] = stage
      let split = try #require(solveSplit(problem).split)
      return split.shadowPrices.compactMap { price -> GreenLimit? in
        guard case .green(stage: 1, let limit) = price.limit else { return nil }
        return limit
      }.first
    }
    func stage(
      _ least: Int, walk: Int = 0, _ most: Int, running: Int? = nil, step: Int = 0
    ) -> SplitStage {
      SplitStage(
        minimumGreen: .seconds(least), pedestrian: .seconds(walk), maximumGreen: .seconds(most),
        running: running.map(Tenths.seconds), largestChange: .seconds(step), change: .seconds(5))
    }
    // Free, the second stage is green for 24 s.
    #expect(try price(stage(5, 85)) == nil)
    #expect(try price(stage(30, 85)) == .minimumGreen)
    #expect(try price(stage(5, walk: 30, 85)) == .pedestrian)
    #expect(try price(stage(5, 20)) == .maximumGreen)
    #expect(try price(stage(5, 85, running: 40, step: 8)) == .largestChange)
    #expect(try price(stage(5, 85, running: 10, step: 8)) == .largestChange)
    // A running green out of bounds goes to the nearest bound at once.
    #expect(stage(30, 60, running: 10, step: 5).shortestGreen == .seconds(30))
    #expect(stage(30, 60, running: 10, step: 5).longestGreen == .seconds(30))
    #expect(stage(30, 60, running: 80, step: 5).shortestGreen == .seconds(60))
  }

  @Test("Pedestrians that need more than the longest green are a clash by that name")
  func pedestrianClash() {
    var problem = SplitSample.twoStage()
    problem.stages[0] = SplitStage(
      minimumGreen: .seconds(8), pedestrian: .seconds(24), maximumGreen: .seconds(20),
      change: .seconds(5))
    let clash = SplitClash.stage(
      0, shortest: .pedestrian, .seconds(24), longest: .maximumGreen, .seconds(20))
    #expect(solveSplit(problem) == .infeasible([clash]))
    #expect("\(clash)" == "stage number 1: pedestrian time 24 s exceeds longest green 20 s")
  }

  @Test("A solver's answer depends on the problem alone, whatever it solved before")
  func reuse() throws {
    var solver = SplitSolver()
    for seed in 0..<40 {
      let problem = SplitSample.random(
        seed: seed, stages: 1 + seed % 6, demands: 1 + seed % 13, cycle: 60...(60 + seed % 2 * 30))
      #expect(solver.solve(problem) == solveSplit(problem))
    }
  }

  @Test("A shadow price is what one more second is worth")
  func shadowPrices() throws {
    var problem = SplitSample.twoStage()
    problem.stages[0] = SplitSample.stage(5, 50, change: 5)
    let bound = try #require(solveSplit(problem).split)
    let price = try #require(
      bound.shadowPrices.first { $0.limit == .green(stage: 0, .maximumGreen) })
    let step = 0.1
    problem.stages[0] = SplitStage(
      minimumGreen: .seconds(5), maximumGreen: Tenths(501), change: .seconds(5))
    let freer = try #require(solveSplit(problem).split)
    let saved = (bound.objective - freer.objective) / step
    #expect(abs(saved - price.saving) < 0.05 * price.saving)
    let cycle = try #require(bound.shadowPrices.last)
    #expect(cycle.limit == .cycle && cycle.saving > 0)
  }

  @Test("Limits that clash are named, one by one")
  func infeasible() {
    var problem = SplitSample.twoStage()
    problem.stages[0] = SplitSample.stage(90, 80, change: 5)
    problem.demands.append(SplitDemand(flow: 10, saturationFlow: 1800, service: [0, 0]))
    #expect(
      solveSplit(problem)
        == .infeasible([
          .stage(
            0, shortest: .minimumGreen, .seconds(90), longest: .maximumGreen, .seconds(80)),
          .minimumGreens(need: .seconds(105), longestCycle: .seconds(100)),
          .neverServed(laneGroup: 2),
        ]))
    problem = SplitSample.twoStage()
    problem.stages = [SplitSample.stage(5, 20, change: 5), SplitSample.stage(5, 20, change: 5)]
    let clash = SplitClash.maximumGreens(reach: .seconds(50), shortestCycle: .seconds(100))
    #expect(solveSplit(problem) == .infeasible([clash]))
    #expect("\(clash)" == "longest greens and changes reach 50 s, the shortest cycle is 100 s")
  }

  @Test("A cycle without any demand or shortest greens is filled all the same")
  func idle() throws {
    let problem = SplitProblem(
      stages: [1, 2].map { _ in SplitSample.stage(0, 60, change: 5) },
      demands: [SplitDemand(flow: 0, saturationFlow: 1800, service: [1, 0])],
      cycle: .seconds(60) ... .seconds(90))
    let split = try #require(solveSplit(problem).split)
    #expect(split.greens.reduce(problem.lost, +) == split.cycle)
    #expect(split.objective == 0 && split.relativeGap == 0)
  }

  @Test("Limits in tenths are met in tenths")
  func tenths() throws {
    var problem = SplitSample.twoStage()
    problem.stages[1] = SplitStage(
      minimumGreen: Tenths(75), maximumGreen: Tenths(75), change: Tenths(42))
    let split = try #require(solveSplit(problem).split)
    #expect(split.greens == [Tenths(833), Tenths(75)])
    #expect(split.resolution == Tenths(1))
  }

  @Test("A lane group that runs on through a change keeps its green there")
  func overlap() {
    let problem = SplitProblem(
      stages: [1, 2, 3].map { _ in SplitSample.stage(10, 30, change: 6) },
      demands: [], cycle: .seconds(60) ... .seconds(60))
    func fixed(_ service: [Double]) -> Double {
      problem.fixedGreen(of: SplitDemand(flow: 1, saturationFlow: 1800, service: service))
    }
    // Alone: two seconds lost, two gained. Across one change: that change more. Always: all three.
    #expect(fixed([0, 1, 0]) == 0)
    #expect(fixed([1, 1, 0]) == 6)
    #expect(fixed([1, 0, 1]) == 6)
    #expect(fixed([1, 1, 1]) == 18)
  }
}

extension SplitDemand {
  /// The same demand with its weight times `factor`.
  fileprivate func weighted(_ factor: Double) -> SplitDemand {
    SplitDemand(
      flow: flow, saturationFlow: saturationFlow, service: service, weight: weight * factor,
      initialQueue: initialQueue)
  }

  /// The same lane group with `factor` times the flow.
  fileprivate func carrying(_ factor: Double) -> SplitDemand {
    SplitDemand(
      flow: flow * factor, saturationFlow: saturationFlow, service: service, weight: weight,
      initialQueue: initialQueue)
  }
}

extension SplitProblem {
  /// The same round, told from its second stage on.
  fileprivate func rotated() -> SplitProblem {
    func rotate<Element>(_ list: [Element]) -> [Element] { Array(list.dropFirst()) + [list[0]] }
    var rotated = self
    rotated.stages = rotate(stages)
    rotated.demands = demands.map {
      SplitDemand(
        flow: $0.flow, saturationFlow: $0.saturationFlow, service: rotate($0.service),
        weight: $0.weight, initialQueue: $0.initialQueue)
    }
    return rotated
  }
}

/// Every way to divide a cycle into whole seconds.
enum Enumeration {
  static func best(_ problem: SplitProblem, cycle: Int) -> Double {
    var program = SplitProgram()
    program.take(problem)
    program.take(cycle: Double(cycle))
    var best = Double.infinity
    func descend(_ stage: Int, left: Int) {
      let least = problem.stages[stage].shortestGreen.count / 10
      let most = problem.stages[stage].longestGreen.count / 10
      if stage == problem.stages.count - 1 {
        guard (least...most).contains(left) else { return }
        program.green[stage] = Double(left)
        best = min(best, program.differentiate())
        return
      }
      for green in least...most where green <= left {
        program.green[stage] = Double(green)
        descend(stage + 1, left: left - green)
      }
    }
    descend(0, left: cycle - problem.lost.count / 10)
    return best
  }
}
