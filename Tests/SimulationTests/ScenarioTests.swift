import Signals
import Simulation
import Support
import Testing

@Suite("Scenarios run under fixed plans")
struct ScenarioTests {
  private func scenario(_ junctions: [Intersection], flow: Double) throws -> Scenario {
    Scenario(
      name: "test", begin: 25_200, length: 1800, warmUp: 600,
      network: try RoadNetwork(junctions),
      demand: TrafficDemand(
        vehicles: junctions.indices.flatMap { junction in
          (0..<8).map { .constant($0 % 2 == 0 ? flow : flow / 4, at: $0, of: junction) }
        }))
  }

  @Test("Only who is due after the warm-up is scored")
  func warmUp() throws {
    let scenario = try scenario([Sample.fourArm()], flow: 600)
    let score = scenario.score(under: [Sample.fourArm().plans[0].plan])
    // 3000 vehicles an hour for 1200 s.
    #expect(abs(score.performance.due - 1000) < 100)
    #expect(score.performance.due == score.junctions[0].performance.due)
  }

  @Test("The same seed repeats the score, another one changes it")
  func seeds() throws {
    let scenario = try scenario([Sample.fourArm()], flow: 600)
    let plan = [Sample.fourArm().plans[0].plan]
    #expect(scenario.score(under: plan) == scenario.score(under: plan))
    #expect(scenario.score(under: plan) == scenario.score(under: plan, seed: scenario.seed))
    #expect(scenario.score(under: plan) != scenario.score(under: plan, seed: 99))
  }

  @Test("The best of Webster's plans is no worse than the one for the mean flows")
  func best() throws {
    let scenario = try scenario([Sample.fourArm()], flow: 700)
    let best = try #require(scenario.bestWebsterPlans())
    let mean = scenario.score(under: scenario.websterPlans().compactMap(\.self))
    #expect(best.score.performance.delay <= mean.performance.delay)
    #expect(best.score == scenario.score(under: best.plans))
  }

  @Test("True flows are those of the demand while it is scored; Webster's plans follow from them")
  func webster() throws {
    let junctions = [Sample.fourArm(), Sample.fourArm(id: "J002")]
    let scenario = try scenario(junctions, flow: 400)
    for flows in scenario.trueFlows {
      for (position, flow) in flows.enumerated() {
        #expect(abs(flow - (position % 2 == 0 ? 400 : 100)) < 1e-9)
      }
    }
    let plans = scenario.websterPlans()
    #expect(plans[0] != nil && plans[0] == plans[1])
    #expect(plans[0] == websterPlan(for: junctions[0], flows: scenario.trueFlows[0]))
  }
}
