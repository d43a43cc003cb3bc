import Safety
import Signals
import Simulation
import Support
import Testing

@Suite("Webster's plan for the true demand")
struct WebsterPlanTests {
  @Test("Whatever the flows, the plan passes every check", arguments: 1...60)
  func limits(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let junction = Sample.fourArm()
    let flows = (0..<8).map { _ in random.unit() * 900 }
    let plan = try #require(websterPlan(for: junction, flows: flows))
    let checked = try check(plan, at: junction, under: .start(of: plan, at: junction))
    #expect(checked.plan == plan)
    #expect(plan.cycle == junction.length(of: plan.entries))
  }

  @Test("Two stages without a binding limit: C0 = (1.5 L + 5) / (1 - Y), greens as the flow ratios")
  func formula() throws {
    let junction = Street.opposedLeft()
    // y = 0.5 for the through stage; nobody in the cross street, which keeps its shortest green.
    let plan = try #require(websterPlan(for: junction, flows: [900, 0]))
    let cycle = (1.5 * 10 + 5) / (1 - 0.5)
    #expect(plan.cycle == .seconds(Int(cycle)))
    #expect(plan.entries[1].green == .seconds(5))
    #expect(plan.entries[0].green == .seconds(Int(cycle) - 10 - 5))
  }

  @Test("A permissive turn needs more green the more it must give way")
  func permissive() throws {
    func cycle(_ opposing: Double) throws -> Tenths {
      let plan = try #require(
        websterPlan(for: Street.opposedLeft(), flows: [opposing, 250]))
      return try #require(plan.cycle)
    }
    #expect(try cycle(300) < cycle(700))
  }

  @Test("The longest red bounds the cycle of heavy flows")
  func longestRed() throws {
    let base = Sample.fourArm()
    let limits = Limits(
      minimumCycle: .seconds(40), maximumCycle: .seconds(180), longestRed: .seconds(90))
    let junction = Intersection(
      id: base.id, name: base.name, timeZoneMinutes: 480, approaches: base.approaches,
      signalGroups: base.signalGroups, laneGroups: base.laneGroups, crossings: base.crossings,
      stages: base.stages, changes: base.changes, detectors: base.detectors, limits: limits,
      plans: base.plans, schedule: base.schedule, control: base.control)
    let flows = (0..<8).map { $0 % 2 == 0 ? 1200.0 : 350 }
    let (bound, free) = (
      try #require(websterPlan(for: junction, flows: flows)),
      try #require(websterPlan(for: base, flows: flows))
    )
    #expect(try #require(bound.cycle) < #require(free.cycle))
    #expect(throws: Never.self) {
      try check(bound, at: junction, under: .start(of: bound, at: junction))
    }
  }

  @Test("Limits that clash have no plan")
  func clash() {
    let base = Sample.fourArm()
    let limits = Limits(
      minimumCycle: .seconds(40), maximumCycle: .seconds(60), longestRed: .seconds(150))
    let junction = Intersection(
      id: base.id, name: base.name, timeZoneMinutes: 480, approaches: base.approaches,
      signalGroups: base.signalGroups, laneGroups: base.laneGroups, crossings: base.crossings,
      stages: base.stages, changes: base.changes, detectors: base.detectors, limits: limits,
      plans: base.plans, schedule: base.schedule, control: base.control)
    #expect(websterPlan(for: junction, flows: Array(repeating: 100, count: 8)) == nil)
  }

  @Test("On the flows it was made for, it beats a plan that knows nothing of them")
  func beats() throws {
    let junction = Sample.fourArm()
    let flows: [Double] = [1000, 120, 350, 150, 900, 100, 300, 200]
    let plan = try #require(websterPlan(for: junction, flows: flows))
    let delays = try [plan, junction.plans[0].plan].map { plan in
      let clock = try #require(PlanClock(plan, at: junction))
      var model = try TrafficModel(
        [junction], flows.enumerated().map { .constant($1, at: $0) }, measureFrom: 600)
      model.run(until: 4200, under: [clock])
      return model.score().performance.delay
    }
    #expect(delays[0] < 0.95 * delays[1], "\(delays)")
  }
}
