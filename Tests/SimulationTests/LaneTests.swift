import Signals
import Testing

@testable import Simulation

@Suite("One lane")
struct LaneTests {
  /// A lane whose vehicles reach the stop line at these times.
  private func lane(reaching times: [Double]) -> Lane {
    var lane = Lane()
    for time in times {
      var vehicle = Vehicle(due: 0, random: SeededGenerator(seed: 1))
      vehicle.reach = time
      lane.vehicles.append(vehicle)
    }
    return lane
  }

  @Test("Those who have reached the queue are in it, with the halt that they met")
  func settle() {
    var lane = lane(reaching: [3, 4, 9])
    lane.stood = 17
    lane.halts = 2
    lane.hold = .signal
    lane.settle(until: 5)
    #expect(lane.queue == 2)
    #expect(lane.vehicles[0].stoodAtJoin == 17 && lane.vehicles[1].haltsAtJoin == 1)
    lane.hold = nil
    lane.settle(until: 10)
    // Who joins a queue that moves has not stopped yet.
    #expect(lane.queue == 3 && lane.vehicles[2].haltsAtJoin == 2)
  }

  @Test("In view are the standing at 7 m each and the driving at their distance")
  func view() {
    var lane = lane(reaching: [0, 0, 0, 104, 109])
    lane.hold = .signal
    lane.queue = 3
    // At 10 m/s the fourth is 40 m away, the fifth 90 m.
    #expect(lane.inView(of: 80, speed: 10, wave: 1.25, at: 100) == (all: 4, standing: 3))
    #expect(lane.inView(of: 39, speed: 10, wave: 1.25, at: 100) == (all: 3, standing: 3))
    #expect(lane.inView(of: 13, speed: 10, wave: 1.25, at: 100) == (all: 2, standing: 2))
    #expect(lane.inView(of: 0, speed: 10, wave: 1.25, at: 100) == (all: 1, standing: 1))
  }

  @Test("The starting wave frees one after another")
  func wave() {
    var lane = lane(reaching: [0, 0, 0, 0])
    lane.queue = 4
    lane.movingSince = 100
    let standing = [100, 101, 102, 103, 104, 105].map {
      lane.inView(of: 80, speed: 10, wave: 1.25, at: $0).standing
    }
    #expect(standing == [4, 4, 3, 2, 1, 0])
  }
}

@Suite("What a stream of traffic lost")
struct PerformanceTests {
  @Test("Finished and unfinished count alike; percentiles and means are over all")
  func sums() {
    let finished = (1...18).map { Visit(delay: Double($0), wait: Double($0) / 2, stops: 1) }
    let unfinished = [Visit(delay: 100, wait: 80, stops: 3), Visit(delay: 0, wait: 0, stops: 0)]
    let performance = Performance(finished: finished, unfinished: unfinished, neverEntered: 1)
    #expect(performance.due == 20 && performance.completed == 18)
    #expect(performance.neverEntered == 1)
    #expect(abs(performance.delay - (171 + 100) / 20) < 1e-12)
    #expect(abs(performance.wait - (85.5 + 80) / 20) < 1e-12)
    #expect(performance.delay95 == 18 && performance.wait95 == 9)
    #expect(performance.stops == 21.0 / 20)
  }

  @Test("Of nobody, everything is 0")
  func nobody() {
    let performance = Performance(finished: [], unfinished: [], neverEntered: 0)
    #expect(performance.due == 0 && performance.delay == 0 && performance.wait95 == 0)
    #expect(performance.stops == 0)
  }
}

@Suite("Behaviour at the stop line")
struct BehaviourTests {
  /// Vehicles that a saturated lane discharges in ten rounds of 80 s with 37 s of green.
  private func discharged(_ behaviour: Behaviour) throws -> Int {
    let junction = Street.single()
    let clock = try #require(PlanClock(Street.plan(37, 33), at: junction))
    var model = TrafficModel(
      try RoadNetwork([junction]), demand: TrafficDemand(vehicles: [.constant(3000)]),
      settings: ModelSettings(seed: 1, behaviour: behaviour))
    model.run(until: 800, under: [clock])
    let before = model.crossed(in: 0, of: 0)
    model.run(until: 1600, under: [clock])
    return model.crossed(in: 0, of: 0) - before
  }

  @Test("Start-up loss costs its time of saturation flow, the use of yellow gains it")
  func effectiveGreen() throws {
    // A headway of 2 s: 37 s give 18.5 vehicles a round.
    #expect(try discharged(Behaviour()) == 185)
    #expect(try discharged(Behaviour(startUpLoss: 4)) == 175)
    #expect(try discharged(Behaviour(yellowExtension: 0)) == 175)
    #expect(try discharged(Behaviour(startUpLoss: 0, yellowExtension: 3)) == 200)
  }
}
