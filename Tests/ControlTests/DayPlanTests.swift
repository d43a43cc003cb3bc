import Optimisation
import Signals
import Support
import Testing

@testable import Control

@Suite("Time-of-day plans from an hour profile")
struct DayPlanTests {
  let junction = Sample.fourArm()

  /// Every lane group at a share of its saturation flow.
  private func flows(_ share: Double) -> [Double] {
    junction.laneGroups.map { $0.saturationFlow * share }
  }

  @Test("Hours that differ in nothing are one plan, whatever a change must be worth")
  func same() throws {
    let plans = try planDay(
      at: junction, flows: Array(repeating: flows(0.12), count: 24), worth: 0
    ).get()
    #expect(plans.count == 1)
    #expect(plans[0].hours.count == 24)
    #expect(plans[0].plan.cycle == plans[0].split.cycle)
  }

  @Test("Day and night are two plans, the night's past midnight; dear changes make it one")
  func dayAndNight() throws {
    let day = (0..<24).map { (6..<20).contains($0) ? flows(0.17) : flows(0.01) }
    let two = try planDay(at: junction, flows: day, worth: 0.001).get()
    #expect(two.map(\.hours.first) == [6, 20])
    #expect(two[1].hours == [20, 21, 22, 23, 0, 1, 2, 3, 4, 5])
    #expect(two[0].split.objective > 10 * two[1].split.objective)
    #expect(two.allSatisfy { $0.split.relativeGap <= 1e-6 })
    #expect(try planDay(at: junction, flows: day, worth: 1).get().count == 1)
  }

  @Test("Where drivers brake for yellow more of a cycle is lost, and it is longer")
  func unusedYellow() throws {
    let braking = junction.controlled(
      by: ControlSettings(
        pace: .cycle, sequence: .fixed, lease: .seconds(180), usedYellow: .zero))
    let day = Array(repeating: flows(0.16), count: 24)
    let usual = try planDay(at: junction, flows: day, worth: 0).get()[0].split
    let split = try planDay(at: braking, flows: day, worth: 0).get()[0].split
    #expect(split.cycle > usual.cycle)
    #expect(split.objective > usual.objective)
  }

  @Test("A day whose limits clash has no plans, and says which")
  func clash() {
    let limits = Limits(
      minimumCycle: .seconds(20), maximumCycle: .seconds(30), longestRed: .seconds(150))
    let tight = Intersection(
      id: junction.id, name: junction.name, timeZoneMinutes: junction.timeZoneMinutes,
      approaches: junction.approaches, signalGroups: junction.signalGroups,
      laneGroups: junction.laneGroups, crossings: junction.crossings, stages: junction.stages,
      changes: junction.changes, detectors: junction.detectors, limits: limits,
      plans: junction.plans, schedule: junction.schedule, control: junction.control)
    let outcome = planDay(
      at: tight, flows: Array(repeating: flows(0.1), count: 24), worth: 0.01)
    guard case .failure(.clash(let clashes)) = outcome else {
      Issue.record("plans in a cycle that is too short for them")
      return
    }
    #expect(clashes.count == 1)
    #expect("\(clashes[0])".contains("the longest cycle is 30 s"))
  }

  @Test("The split knows of each green which limit is the tightest, flashing green counted")
  func limits() {
    let order = Array(junction.stages.indices)
    for (number, stage) in zip(order, splitStages(junction, order: order)) {
      let site = junction.stages[number]
      #expect(stage.shortestGreen == site.shortestGreen + site.greenFlash)
      #expect(stage.longestGreen == site.maximumGreen + site.greenFlash)
      #expect(stage.longestLimit == .maximumGreen)
      let isWalked = site.pedestrian > .zero && site.pedestrian >= site.minimumGreen
      #expect(stage.shortestLimit == (isWalked ? .pedestrian : .minimumGreen))
    }
    #expect(junction.stages.contains { $0.pedestrian > .zero })
    let stepped = Sample.fourArm(largestChange: .seconds(4))
    let running = junction.plans[0].plan.entries
    for (number, stage) in zip(order, splitStages(stepped, order: order, running: running)) {
      let green = running[number].green + junction.stages[number].greenFlash
      #expect(stage.longestGreen <= green + .seconds(4))
      #expect(stage.shortestGreen >= min(stage.longestGreen, green - .seconds(4)))
    }
  }
}
