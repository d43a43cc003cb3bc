import Signals
import Testing

@testable import Optimisation

@Suite("Webster's method")
struct WebsterPlanTests {
  @Test("Two stages: C = (1.5 L + 5) / (1 - Y), greens in proportion to y")
  func twoStage() throws {
    var problem = SplitSample.twoStage()
    problem.cycle = .seconds(30) ... .seconds(120)
    let plan = try #require(websterPlan(problem))
    let critical = 0.25 + 250.0 / 1800
    #expect(abs(plan.criticalRatio - critical) < 1e-12)
    // 20 / (1 - 0.3889) = 32.7 s, up to whole seconds of green.
    #expect(plan.cycle == .seconds(33))
    #expect(plan.greens == [.seconds(15), .seconds(8)])
  }

  @Test("Beyond what the cycle can carry: the longest cycle")
  func oversaturated() throws {
    var problem = SplitSample.twoStage()
    problem.cycle = .seconds(30) ... .seconds(120)
    problem.demands[0] = SplitDemand(flow: 3300, saturationFlow: 3600, service: [1, 0])
    let plan = try #require(websterPlan(problem))
    #expect(plan.cycle == .seconds(120))
    #expect(plan.greens.reduce(.seconds(10), +) == plan.cycle)
  }

  @Test("A lane group of two stages asks only for what they do not offer yet")
  func overlap() {
    var problem = SplitSample.twoStage()
    problem.demands.append(SplitDemand(flow: 360, saturationFlow: 1800, service: [1, 1]))
    let alone = 0.25 + 250.0 / 1800
    let withSmall = problem.criticalRatios().reduce(0, +)
    #expect(abs(withSmall - alone) < 1e-12)
    problem.demands.append(SplitDemand(flow: 900, saturationFlow: 1800, service: [1, 1]))
    let withLarge = problem.criticalRatios().reduce(0, +)
    #expect(abs(withLarge - 0.5) < 1e-12)
  }

  @Test("Greens keep to their bounds, and limits that clash give no plan", arguments: 0..<50)
  func bounds(seed: Int) throws {
    let problem = SplitSample.random(
      seed: seed, stages: 2 + seed % 4, demands: 8, cycle: 50...150)
    let plan = try #require(websterPlan(problem))
    for (stage, green) in zip(problem.stages, plan.greens) {
      #expect(green >= stage.shortestGreen && green <= stage.longestGreen)
    }
    #expect(plan.greens.reduce(problem.lost, +) == plan.cycle)
    #expect(problem.cycle.contains(plan.cycle))
    var clashing = problem
    clashing.cycle = .seconds(5) ... .seconds(6)
    #expect(websterPlan(clashing) == nil)
  }

  @Test("It is never better than the split of the same cycle", arguments: 0..<30)
  func comparison(seed: Int) throws {
    var problem = SplitSample.random(seed: seed, stages: 3, demands: 8, cycle: 50...150)
    let plan = try #require(websterPlan(problem))
    problem.cycle = plan.cycle...plan.cycle
    let split = try #require(solveSplit(problem).split)
    let webster = problem.objective(plan.greens.map(\.seconds), cycle: plan.cycle.seconds)
    #expect(webster >= split.objective - split.dualityGap)
  }
}
