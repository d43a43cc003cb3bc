import Signals
import Simulation
import Support
import Testing

@Suite("Vehicles cross the stop line as the lamps let them")
struct DischargeTests {
  @Test("Nobody crosses on red, nor later than 2 s into yellow")
  func red() throws {
    let junction = Sample.fourArm()
    let clock = try #require(PlanClock(junction.plans[0].plan, at: junction))
    var model = try TrafficModel([junction], (0..<8).map { .constant(800, at: $0) })
    var yellow = Array(repeating: 0, count: 8)
    var crossings = 0
    for _ in 0..<1200 {
      let lamps = clock.lamps(at: model.time)
      let before = (0..<8).map { model.crossed(in: $0, of: 0) }
      model.advance(under: [lamps])
      for group in 0..<8 {
        yellow[group] = lamps[group] == .yellow ? yellow[group] + 1 : 0
        let crossed = model.crossed(in: group, of: 0) - before[group]
        crossings += crossed
        let mayCross = lamps[group].isGreen || (1...2).contains(yellow[group])
        #expect(mayCross || crossed == 0, "\(lamps[group]) at \(model.time)")
      }
    }
    #expect(crossings > 500)
  }

  @Test(
    "A queue that never ends discharges at its saturation flow, whatever the step",
    arguments: [1, 2, 5, 10], [(1, 1800.0), (2, 3300.0), (3, 4700.0)])
  func saturationFlow(step: Int, lanes: (number: Int, flow: Double)) throws {
    let junction = Street.single(lanes: lanes.number, saturationFlow: lanes.flow)
    let clock = try #require(PlanClock(Street.plan(37, 33), at: junction))
    var model = try TrafficModel([junction], [.constant(5000)], step: Tenths(step))
    model.run(until: 600, under: [clock])
    let before = model.crossed(in: 0, of: 0)
    model.run(until: 600 + 3200, under: [clock])
    // 40 rounds of 80 s; the effective green is 37 s, start-up loss and use of yellow being equal.
    let expected = lanes.flow * 40 * 37 / 3600
    let crossed = Double(model.crossed(in: 0, of: 0) - before)
    #expect(abs(crossed - expected) < 0.03 * expected)
  }

  @Test("The first of a standing queue loses the start-up time, one who arrives in green nothing")
  func startUp() throws {
    let demand = FlowProfile([.init(at: 0, flow: 3600), .init(at: 20, flow: 0)])
    var model = try TrafficModel(
      [Street.single(length: 140)], [VehicleDemand(junction: 0, laneGroup: 0, profile: demand)])
    model.run(until: 60, under: [[.red, .red]])
    #expect(model.queue(in: 0, of: 0) >= 3)
    model.run(until: 63, under: [[.green, .red]])
    #expect(model.crossed(in: 0, of: 0) == 0)
    model.run(until: 65, under: [[.green, .red]])
    #expect(model.crossed(in: 0, of: 0) == 1)

    var free = try TrafficModel([Street.single(length: 140)], [.constant(60)])
    free.run(until: 3600, under: [[.green, .red]])
    // One a minute: now and then two follow each other closely, beside that nobody waits.
    #expect(free.score().performance.delay < 0.1)
  }

  @Test("In a shared lane, one who waits for red holds up those behind who might go")
  func sharedLane() throws {
    let movements = [
      Movement(turn: .through, signalGroup: 0, share: 0.5),
      Movement(turn: .right, signalGroup: nil, share: 0.5),
    ]
    var shared = try TrafficModel([Street.single(movements: movements)], [.constant(400)])
    shared.run(until: 600, under: [[.red, .green]])
    let crossed = shared.crossed(in: 0, of: 0)
    // Those right turns pass that came before the first to go straight on: a handful.
    #expect(crossed < 12)
    let rightOnly = [Movement(turn: .right, signalGroup: nil, share: 1)]
    var alone = try TrafficModel([Street.single(movements: rightOnly)], [.constant(400)])
    alone.run(until: 600, under: [[.red, .green]])
    #expect(alone.crossed(in: 0, of: 0) > 40)
  }

  @Test("In two lanes, right turns keep to their side and pass those who wait")
  func sides() throws {
    let movements = [
      Movement(turn: .through, signalGroup: 0, share: 0.5),
      Movement(turn: .right, signalGroup: nil, share: 0.5),
    ]
    let junction = Street.single(lanes: 2, length: 700, saturationFlow: 3600, movements: movements)
    var model = try TrafficModel([junction], [.constant(60)], seed: 3)
    model.run(until: 90, under: [[.red, .green]])
    let one = try TrafficModel([Street.single(movements: movements)], [.constant(60)], seed: 3)
    #expect(model.crossed(in: 0, of: 0) >= one.crossed(in: 0, of: 0))
  }

  @Test("Those whom no signal holds flow at most at their capacity")
  func unsignalled() throws {
    let right = [Movement(turn: .right, signalGroup: nil, share: 1)]
    var model = try TrafficModel([Street.single(movements: right)], [.constant(1500)])
    model.run(until: 3600, under: [[.red, .green]])
    let capacity = Behaviour().unsignalledCapacity
    #expect(abs(Double(model.crossed(in: 0, of: 0)) - capacity) < 0.05 * capacity)
  }

  @Test("In a shared lane with green, right turns go at the saturation flow")
  func sharedGreen() throws {
    let movements = [
      Movement(turn: .through, signalGroup: 0, share: 0.5),
      Movement(turn: .right, signalGroup: nil, share: 0.5),
    ]
    var model = try TrafficModel([Street.single(movements: movements)], [.constant(2500)])
    model.run(until: 600, under: [[.green, .red]])
    let before = model.crossed(in: 0, of: 0)
    model.run(until: 600 + 3600, under: [[.green, .red]])
    #expect(abs(model.crossed(in: 0, of: 0) - before - 1800) < 20)
  }

  @Test(
    "Under dark and flashing lamps a lane feels its way across",
    arguments: [Lamp.dark, .flashingYellow])
  func uncontrolled(lamp: Lamp) throws {
    var model = try TrafficModel([Street.single()], [.constant(1500)])
    model.run(until: 3600, under: [[lamp, lamp]])
    let capacity = Behaviour().uncontrolledCapacity
    #expect(abs(Double(model.crossed(in: 0, of: 0)) - capacity) < 0.05 * capacity)
  }
}
