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

  @Test("Beyond that by the square of the time")
  func long() {
    #expect(abs(weight(queue: 3, joinedAt: 48) - 4) < 1e-9)
    #expect(abs(weight(queue: 3, joinedAt: 40) - 5.76) < 1e-9)
  }

  @Test("A queue counts as fifteen vehicles a lane at most, and as it is where it is longer")
  func longQueues() {
    // On two lanes, eight times as long as it may take.
    for queue in [4.0, 10, 30] {
      let counts = queue * weight(queue: queue, joinedAt: queue * 4)
      #expect(abs(counts - 30) < 1e-9, "\(queue) vehicles")
    }
    #expect(weight(queue: 60, joinedAt: 240) == 1)
  }

  @Test(
    "On a road of 60 m from another junction, which it blocks, a long queue counts ninefold",
    arguments: [22.5, 60])
  func shortRoads(queue: Double) {
    func weight(road: Int, length: Double) -> Double {
      let site = site.withRoads(to: [road], length: length, travelTime: 5)
      return Control.weight(of: 0, estimate(queue: queue, flow: 240), joinedAt: 240, at: site)
    }
    #expect(weight(road: 0, length: 60) == 9)
    #expect(weight(road: 0, length: 61) < 2)
    // Beside such a road a queue on another blocks nobody.
    #expect(weight(road: 3, length: 60) < 2)
  }

  @Test("The longest wait says how long is too long, where it is shorter than the longest red")
  func longestWait() {
    let patient = Sample.fourArm(longestRed: .seconds(300)).controlled(
      by: ControlSettings(
        pace: .second, sequence: .free, lease: .seconds(60), longestWait: .seconds(150)))
    let queue = estimate(queue: 7.5, flow: 120)
    #expect(abs(Control.weight(of: 0, queue, joinedAt: 120, at: patient) - 4) < 1e-9)
  }

  @Test("Hardly any flow counts as a vehicle in a minute and a half")
  func littleFlow() {
    #expect(weight(queue: 1, joinedAt: 0) == 1)
    #expect(weight(queue: 2.5, joinedAt: 0) == weight(queue: 2.5, joinedAt: 40))
  }

  @Test("Who has green enough and waits all the same counts as it is")
  func enoughGreen() throws {
    let starved = try horizonWeight(estimate(queue: 7.5, flow: 120, capacity: 100))
    #expect(abs(starved - 4) < 1e-9)
    #expect(try horizonWeight(estimate(queue: 7.5, flow: 120)) == starved)
    #expect(try horizonWeight(estimate(queue: 7.5, flow: 120, capacity: 240)) == 1)
  }

  @Test("Not so at pace stage")
  func wholeGreens() throws {
    let served = estimate(queue: 7.5, flow: 120, capacity: 240)
    let weight = try horizonWeight(served, at: Sample.fourArm(pace: .stage, sequence: .free))
    #expect(abs(weight - 4) < 1e-9)
  }

  @Test("Nor at a junction right behind another, which a queue may block", arguments: [0, 3])
  func rightBehindAnother(laneGroup: Int) throws {
    let served = estimate(queue: 7.5, flow: 120, capacity: 240)
    let short = site.withRoads(to: [laneGroup], length: 60, travelTime: 5)
    #expect(abs(try horizonWeight(served, at: short) - 4) < 1e-9)
    let long = site.withRoads(to: [laneGroup], length: 61, travelTime: 5)
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
