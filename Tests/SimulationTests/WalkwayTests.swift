import Signals
import Simulation
import Support
import Testing

@Suite("People at crossings wait for steady green")
struct WalkwayTests {
  @Test("Their mean wait is that of even arrivals, their longest the red")
  func waits() throws {
    let junction = Sample.fourArm()
    let clock = try #require(PlanClock(junction.plans[0].plan, at: junction))
    var model = try TrafficModel(
      [junction], [],
      pedestrians: [
        PedestrianDemand(junction: 0, crossing: 0, profile: FlowProfile(constant: 600))
      ])
    model.run(until: 11_000, under: [clock])
    let score = model.score().junctions[0].crossings
    // Green for 30 s of 110 s: a mean of 80² / (2 × 110), a 95th percentile 5.5 s below the red.
    #expect(abs(score[0].wait - 29.1) < 1.5)
    #expect(abs(score[0].wait95 - 74.5) < 2.5)
    #expect(abs(Double(score[0].people) - 600 * 11_000 / 3600) < 150)
    #expect(score[1].people == 0 && score[1].wait == 0)
  }

  @Test("Nobody steps off on flashing green, and who still waits at the end counts")
  func flashing() throws {
    let junction = Sample.fourArm()
    var model = try TrafficModel(
      [junction], [],
      pedestrians: [
        PedestrianDemand(junction: 0, crossing: 0, profile: FlowProfile(constant: 600))
      ])
    model.run(until: 600, under: [Array(repeating: .flashingGreen, count: 10)])
    let score = model.score().junctions[0].crossings[0]
    #expect(score.people > 60)
    #expect(abs(score.wait - 300) < 60)
  }
}
