import Signals
import Simulation
import Support
import Testing

@Suite("A run follows from its seed")
struct DeterminismTests {
  private struct Outcome: Equatable {
    var score: Score
    var counts: [DetectorCount] = []
  }

  private func run(seed: UInt64, factor: Double = 1) throws -> Outcome {
    let junction = Sample.fourArm()
    let clock = try #require(PlanClock(junction.plans[0].plan, at: junction))
    var model = try TrafficModel(
      [junction], (0..<8).map { .constant(factor * ($0 % 2 == 0 ? 700 : 180), at: $0) },
      pedestrians: [
        PedestrianDemand(junction: 0, crossing: 0, profile: FlowProfile(constant: 200))
      ], seed: seed, faults: CountFaults(missRate: 0.05, doubleRate: 0.02))
    var outcome = Outcome(score: model.score())
    while model.time < 1800 {
      model.run(until: model.time + 5, under: [clock])
      outcome.counts += model.takeCounts()
    }
    outcome.score = model.score()
    return outcome
  }

  @Test("The same seed gives the same score and counts to the last bit")
  func same() throws {
    let (one, other) = (try run(seed: 7), try run(seed: 7))
    #expect(one == other)
    #expect(String(describing: one) == String(describing: other))
  }

  @Test("Another seed gives other traffic")
  func other() throws {
    #expect(try run(seed: 7).counts != run(seed: 8).counts)
  }

  @Test("Other signals do not change who comes and when")
  func commonTraffic() throws {
    let junction = Sample.fourArm()
    let demand = (0..<8).map { VehicleDemand.constant(300, at: $0) }
    let red = [Array(repeating: Lamp.red, count: 10)]
    let green = [Array(repeating: Lamp.green, count: 10)]
    var (stopped, free) = (
      try TrafficModel([junction], demand), try TrafficModel([junction], demand)
    )
    for second in 1...600 {
      stopped.run(until: Double(second), under: red)
      free.run(until: Double(second), under: green)
      #expect(stopped.totals.due == free.totals.due)
    }
  }
}
