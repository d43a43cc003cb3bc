import Demand
import Optimisation
import Signals
import Support
import Testing

@testable import Control

@Suite("A short queue is not left waiting beside a long one")
struct PatienceTests {
  /// Its longest red is 150 s, three quarters of which are 112.5 s.
  private let site = Sample.fourArm(pace: .second, sequence: .free)

  private func weight(queue: Double, joinedAt rate: Double) -> Double {
    Control.weight(
      of: 0, estimate(queue: queue, flow: rate), joinedAt: rate, at: site)
  }

  private func estimate(
    queue: Double, flow: Double, capacity: Double? = nil
  ) -> LaneGroupEstimate {
    LaneGroupEstimate(
      queue: queue, approaching: 0, viewTime: 5, flow: flow, trust: 1, capacity: capacity)
  }

  @Test("It counts as it is, until it takes three quarters of the longest red to pass")
  func short() {
    #expect(weight(queue: 0, joinedAt: 240) == 1)
    #expect(weight(queue: 7.5, joinedAt: 240) == 1)
  }

  @Test("Beyond that by the square of the time, up to ninefold")
  func long() {
    #expect(abs(weight(queue: 15, joinedAt: 240) - 4) < 1e-9)
    #expect(abs(weight(queue: 22.5, joinedAt: 240) - 9) < 1e-9)
    #expect(weight(queue: 60, joinedAt: 240) == 9)
  }

  @Test("The longest wait says how long is too long, where it is shorter than the longest red")
  func longestWait() {
    let patient = Sample.fourArm(longestRed: .seconds(300)).controlled(
      by: ControlSettings(
        pace: .second, sequence: .free, lease: .seconds(60), longestWait: .seconds(150)))
    let queue = estimate(queue: 15, flow: 240)
    #expect(abs(Control.weight(of: 0, queue, joinedAt: 240, at: patient) - 4) < 1e-9)
  }

  @Test("Hardly any flow counts as a vehicle in a minute and a half")
  func littleFlow() {
    #expect(weight(queue: 1, joinedAt: 0) == 1)
    #expect(weight(queue: 2.5, joinedAt: 0) == weight(queue: 2.5, joinedAt: 40))
  }

  @Test("Who has green enough and waits all the same counts as it is")
  func enoughGreen() throws {
    let starved = try horizonWeight(estimate(queue: 15, flow: 240, capacity: 200))
    #expect(abs(starved - 4) < 1e-9)
    #expect(try horizonWeight(estimate(queue: 15, flow: 240)) == starved)
    #expect(try horizonWeight(estimate(queue: 15, flow: 240, capacity: 480)) == 1)
  }

  @Test("Not so at pace stage")
  func wholeGreens() throws {
    let served = estimate(queue: 15, flow: 240, capacity: 480)
    let weight = try horizonWeight(served, at: Sample.fourArm(pace: .stage, sequence: .free))
    #expect(abs(weight - 4) < 1e-9)
  }

  @Test("Not so at a junction right behind another, which a queue may block", arguments: [0, 3])
  func shortRoad(laneGroup: Int) throws {
    let short = site.withRoads(to: [laneGroup], length: 60, travelTime: 5)
    let long = site.withRoads(to: [laneGroup], length: 61, travelTime: 5)
    let served = estimate(queue: 15, flow: 240, capacity: 480)
    #expect(abs(try horizonWeight(served, at: short) - 4) < 1e-9)
    #expect(try horizonWeight(served, at: long) == 1)
  }

  private func horizonWeight(
    _ estimate: LaneGroupEstimate, at junction: Intersection? = nil
  ) throws -> Double {
    let site = junction ?? site
    let meeting = try #require(Meeting.sample(at: site))
    let demand = DemandEstimate(
      laneGroups: site.laneGroups.map { _ in estimate },
      discharge: dischargeRates(at: site, flows: site.laneGroups.map { _ in 300 }))
    return horizonProblem(
      meeting, demand: demand, reference: site.plans[0].plan, control: site.control
    ).weight[0]
  }
}
