import Signals
import Simulation
import Support
import Testing

@Suite("No vehicle is lost or made up")
struct ConservationTests {
  @Test(
    "Those who are due wait outside, are inside or have left", arguments: [1, 2, 3] as [UInt64])
  func conservation(seed: UInt64) throws {
    let junction = Sample.fourArm()
    let clock = try #require(PlanClock(junction.plans[0].plan, at: junction))
    var model = try TrafficModel(
      [junction], (0..<8).map { .constant($0 % 2 == 0 ? 900 : 220, at: $0) }, seed: seed)
    for _ in 0..<1800 {
      model.advance(under: [clock.lamps(at: model.time)])
      #expect(model.totals.due == model.totals.entered + model.waitingOutside)
      #expect(model.totals.entered == model.totals.left + model.inside)
    }
    #expect(model.totals.left > 1000)
    #expect(model.inside > 0)
    let score = model.score()
    #expect(score.performance.due == model.totals.due)
    #expect(score.performance.completed == model.totals.left)
    #expect(score.performance.neverEntered == model.waitingOutside)
  }

  @Test("A lane group never holds more than it has room for")
  func storage() throws {
    let junction = Sample.fourArm()
    var model = try TrafficModel([junction], (0..<8).map { .constant(2000, at: $0) })
    let red = [Array(repeating: Lamp.red, count: junction.signalGroups.count)]
    model.run(until: 600, under: red)
    for (position, laneGroup) in junction.laneGroups.enumerated() {
      #expect(model.vehicles(in: position, of: 0) == Int(laneGroup.storage))
    }
    #expect(model.waitingOutside > 0)
  }

  /// Two four-arm junctions that feed each other in a circle, so that they can lock up.
  private func circle() -> [Intersection] {
    [("J1", "J2"), ("J2", "J1")].map { id, other in
      let base = Sample.fourArm(id: id)
      let laneGroups = base.laneGroups.enumerated().map { position, group in
        LaneGroup(
          name: group.name, approach: group.approach, lanes: group.lanes, length: group.length,
          saturationFlow: group.saturationFlow, movements: group.movements,
          upstream: position % 2 == 0
            ? [UpstreamLink(intersection: other, laneGroup: group.name, share: 0.9, travelTime: 12)]
            : [
              UpstreamLink(
                intersection: other, laneGroup: base.laneGroups[position - 1].name, share: 0.1,
                travelTime: 9)
            ])
      }
      return Intersection(
        id: id, name: id, timeZoneMinutes: 480, approaches: base.approaches,
        signalGroups: base.signalGroups, laneGroups: laneGroups, crossings: base.crossings,
        stages: base.stages, changes: base.changes, detectors: base.detectors,
        limits: base.limits, plans: base.plans, schedule: base.schedule, control: base.control)
    }
  }

  @Test(
    "Whatever the lamps show, in a circle of junctions too",
    arguments: 1...12 as ClosedRange<UInt64>)
  func anyLamps(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let junctions = circle()
    let step = Tenths([1, 5, 10][Int(seed % 3)])
    let demand = (0..<16).map { position in
      VehicleDemand(
        junction: position / 8, laneGroup: position % 8,
        profile: FlowProfile([
          .init(at: 0, flow: 900 * random.unit()), .init(at: 300, flow: 900 * random.unit()),
        ]), platoon: Int.random(in: 1...4, using: &random))
    }
    var model = try TrafficModel(junctions, demand, seed: seed, step: step, measureFrom: 60)
    var lamps = junctions.map { $0.signalGroups.map { _ in Lamp.red } }
    while model.time < 600 {
      for junction in 0..<2 {
        for group in 0..<10 where random.unit() < 0.05 * step.seconds {
          lamps[junction][group] = Lamp.allCases.randomElement(using: &random) ?? .red
        }
      }
      model.advance(under: lamps)
      let totals = model.totals
      #expect(totals.due == totals.entered + model.waitingOutside)
      #expect(totals.entered == totals.left + model.inside)
      for junction in 0..<2 {
        for (position, group) in junctions[junction].laneGroups.enumerated() {
          let inside = model.vehicles(in: position, of: junction)
          #expect(inside <= Int(group.storage))
          #expect((0...inside).contains(model.queue(in: position, of: junction)))
        }
      }
    }
    for junction in model.score().junctions {
      for group in junction.laneGroups {
        #expect(group.performance.delay >= group.performance.wait)
        #expect(group.performance.delay95 >= group.performance.wait95)
        #expect(group.performance.wait >= 0 && group.queue >= 0)
        #expect(group.performance.completed <= group.performance.due)
        #expect(group.spillBack <= 540)
      }
    }
  }

  @Test("What leaves one junction for the next arrives there in the share of the road")
  func shares() throws {
    let junctions = Street.pair(share: 0.4, length: 2100)
    var model = try TrafficModel(junctions, [.constant(900)], seed: 4)
    model.run(until: 7200, under: [[.green, .red], [.green, .red]])
    let (first, second) = (model.crossed(in: 0, of: 0), model.crossed(in: 0, of: 1))
    // 1800 draws: a standard deviation of 1.2 %; three of them.
    #expect(abs(Double(second) / Double(first) - 0.4) < 0.035)
  }
}
