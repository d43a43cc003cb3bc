import Control
import Junctions
import Safety
import Signals
import Simulation
import Testing

@Suite("What failing cameras cost")
struct CameraFailureTests {
  private static let root =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  private func rushHour() throws -> Scenario {
    try ScenarioFile.read("\(Self.root)/simulations/rush-hour.yaml").get()
  }

  @Test(
    "All cameras dead: within a minute nothing but the time-of-day plan is asked for",
    arguments: Pace.allCases)
  func allDead(pace: Pace) throws {
    let scenario = try rushHour()
    // Not at a quarter past, when the plan of the day changes.
    let dead = scenario.begin + 1200
    let outages = scenario.network.junctions[0].detectors.map {
      CountFaults.Outage(detector: $0.id, from: dead)
    }
    let failing = try #require(
      scenario.failing(CountFaults(outages: outages)).paced(pace))
    var loop = ClosedLoop(
      failing.network, model: failing.model(), isControlled: true, step: failing.step,
      interval: failing.cameraInterval)
    for second in 0..<1800 {
      loop.runSecond { junction, decision in
        guard second > 1260 else { return }
        #expect(decision.level >= .timeOfDay, "second \(second): \(decision.cause)")
        #expect(!decision.renewsLease)
        let due = junction.site.timeOfDayPlan(at: decision.at.utc).plan.entries
        if let order = decision.order { #expect(order.plan.entries == due) }
        // The stage that ran out its green may end it; what follows is the plan.
        if second > 1380 { #expect(junction.report?.plan?.entries == due) }
      }
    }
  }

  @Test(
    "Of a third of the cameras nothing comes: no worse than the fixed plan",
    arguments: Pace.allCases)
  func thirdDead(pace: Pace) throws {
    let scenario = try rushHour()
    let detectors = scenario.network.junctions[0].detectors
    let fixed = try #require(scenario.run(.fixedPlan)).score.performance.delay
    for seed in [1, 2] as [UInt64] {
      var random = SeededGenerator(seed: seed)
      let dead = detectors.shuffled(using: &random).prefix((detectors.count * 3 + 5) / 10)
      let faults = CountFaults(outages: dead.map { .init(detector: $0.id) })
      let delay = try #require(scenario.failing(faults).run(.paced(pace)))
        .score.performance.delay
      #expect(delay <= fixed, "\(dead.map(\.id)): \(delay) against \(fixed)")
    }
  }
}
