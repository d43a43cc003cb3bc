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

  private func estimate(queue: Double, flow: Double) -> LaneGroupEstimate {
    LaneGroupEstimate(queue: queue, approaching: 0, viewTime: 5, flow: flow, trust: 1)
  }

  private func impatience(queue: Double, flow: Double) -> Double {
    Control.impatience(of: estimate(queue: queue, flow: flow), at: site)
  }

  @Test("It counts as it is, until it takes three quarters of the longest red to pass")
  func short() {
    #expect(impatience(queue: 0, flow: 240) == 1)
    #expect(impatience(queue: 7.5, flow: 240) == 1)
  }

  @Test("Beyond that by the square of the time, up to ninefold")
  func long() {
    #expect(abs(impatience(queue: 15, flow: 240) - 4) < 1e-9)
    #expect(abs(impatience(queue: 22.5, flow: 240) - 9) < 1e-9)
    #expect(impatience(queue: 60, flow: 240) == 9)
  }

  @Test("The longest wait says how long is too long, where it is shorter than the longest red")
  func longestWait() {
    let patient = Sample.fourArm(longestRed: .seconds(300)).controlled(
      by: ControlSettings(
        pace: .second, sequence: .free, lease: .seconds(60), longestWait: .seconds(150)))
    let queue = estimate(queue: 15, flow: 240)
    #expect(abs(Control.impatience(of: queue, at: patient) - 4) < 1e-9)
  }

  @Test("Hardly any flow counts as a vehicle in a minute and a half")
  func littleFlow() {
    #expect(impatience(queue: 1, flow: 0) == 1)
    #expect(impatience(queue: 2.5, flow: 0) == impatience(queue: 2.5, flow: 40))
  }

  @Test("So at pace stage")
  func wholeGreens() throws {
    let stagewise = Sample.fourArm(pace: .stage, sequence: .free)
    #expect(abs(try horizonWeight(at: stagewise) - 4) < 1e-9)
  }

  @Test("At pace second it counts as it is, for what one waits less there others wait more")
  func openGreens() throws {
    #expect(try horizonWeight(at: site) == 1)
  }

  @Test("But not at a junction right behind another, which a queue may block", arguments: [0, 3])
  func shortRoad(laneGroup: Int) throws {
    let short = site.withRoads(to: [laneGroup], length: 60, travelTime: 5)
    let long = site.withRoads(to: [laneGroup], length: 61, travelTime: 5)
    #expect(abs(try horizonWeight(at: short) - 4) < 1e-9)
    #expect(try horizonWeight(at: long) == 1)
  }

  /// What a second of a queue counts that takes 225 s to pass.
  private func horizonWeight(at junction: Intersection) throws -> Double {
    let meeting = try #require(Meeting.sample(at: junction))
    let demand = DemandEstimate(
      laneGroups: junction.laneGroups.map { _ in estimate(queue: 15, flow: 240) },
      discharge: dischargeRates(at: junction, flows: junction.laneGroups.map { _ in 300 }))
    return horizonProblem(
      meeting, demand: demand, reference: junction.plans[0].plan, control: junction.control
    ).weight[0]
  }
}
