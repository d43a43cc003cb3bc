import Glibc
import Signals
import Simulation
import Testing

@Suite("Delay at an isolated approach agrees with the manuals")
struct DelayTests {
  /// Two-hour runs of one approach under a fixed plan of 80 s with 37 s of green.
  private func delay(flow: Double, seed: UInt64, step: Tenths = .seconds(1)) throws -> Double {
    let junction = Street.single()
    let clock = try #require(PlanClock(Street.plan(37, 33), at: junction))
    var model = try TrafficModel([junction], [.constant(flow)], seed: seed, step: step)
    model.run(until: 7200, under: [clock])
    return model.score().performance.delay
  }

  private func mean(
    flow: Double, step: Tenths = .seconds(1), seeds: ClosedRange<UInt64> = 1...12
  ) throws -> Double {
    let runs = try seeds.map { try delay(flow: flow, seed: $0, step: step) }
    return runs.reduce(0, +) / Double(runs.count)
  }

  /// Webster's formula of 1958, s; `saturation` in veh/h of one lane.
  private func webster(flow: Double, cycle: Double, green: Double, saturation: Double) -> Double {
    let share = green / cycle
    let degree = flow / (share * saturation)
    let q = flow / 3600
    return cycle * (1 - share) * (1 - share) / (2 * (1 - share * degree))
      + degree * degree / (2 * q * (1 - degree))
      - 0.65 * pow(cycle / (q * q), 1.0 / 3) * pow(degree, 2 + 5 * share)
  }

  /// HCM control delay without an initial queue: uniform and incremental part.
  private func manual(
    flow: Double, cycle: Double, green: Double, saturation: Double, hours: Double
  ) -> Double {
    let share = green / cycle
    let capacity = share * saturation
    let degree = flow / capacity
    let uniform = 0.5 * cycle * (1 - share) * (1 - share) / (1 - min(1, degree) * share)
    let root = ((degree - 1) * (degree - 1) + 8 * 0.5 * degree / (capacity * hours)).squareRoot()
    return uniform + 900 * hours * (degree - 1 + root)
  }

  @Test(
    "Poisson arrivals below saturation lose what Webster's formula says, within 6 %",
    arguments: [0.3, 0.5, 0.7, 0.85])
  func underSaturated(degree: Double) throws {
    let flow = degree * 1800 * 37 / 80
    let measured = try mean(flow: flow)
    let expected = webster(flow: flow, cycle: 80, green: 37, saturation: 1800)
    #expect(abs(measured - expected) < 0.06 * expected, "\(measured) against \(expected)")
  }

  @Test(
    "Beyond saturation, delay grows as the queue does, within 5 % of the HCM",
    arguments: [1.1, 1.25])
  func overSaturated(degree: Double) throws {
    let flow = degree * 1800 * 37 / 80
    let measured = try mean(flow: flow)
    let expected = manual(flow: flow, cycle: 80, green: 37, saturation: 1800, hours: 2)
    // The manual follows everybody home, the run ends with the queue still there: what the last
    // ones have yet to lose is left out, half of it on average.
    let unfinished = 7200 * (degree - 1) * (degree - 1) / (2 * degree)
    #expect(abs(measured - (expected - unfinished)) < 0.05 * expected, "\(measured), \(expected)")
  }

  @Test("Steps of 0.1 s, 0.5 s and 1 s see the same traffic and agree within 0.1 %")
  func steps() throws {
    let coarse = try mean(flow: 600, seeds: 1...3)
    for step in [1, 5] {
      let fine = try mean(flow: 600, step: Tenths(step), seeds: 1...3)
      #expect(abs(fine - coarse) < 0.001 * coarse, "\(fine) against \(coarse)")
    }
  }

  @Test("Time standing is part of the delay, and who stands has stopped")
  func waits() throws {
    let junction = Street.single()
    let clock = try #require(PlanClock(Street.plan(37, 33), at: junction))
    var model = try TrafficModel([junction], [.constant(600)])
    model.run(until: 3600, under: [clock])
    let performance = model.score().performance
    #expect(performance.wait <= performance.delay)
    #expect(performance.wait > 0.5 * performance.delay)
    #expect(performance.wait95 <= performance.delay95)
    #expect((0.4...1).contains(performance.stops))
    // The red of 43 s and the way to the stop line: nobody waits longer at this flow.
    #expect(performance.wait95 > 30 && performance.wait95 <= 45)
  }
}
