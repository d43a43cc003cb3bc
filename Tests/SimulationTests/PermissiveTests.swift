import Glibc
import Signals
import Simulation
import Testing

@Suite("Permissive turns give way")
struct PermissiveTests {
  private let bothGreen: [[Lamp]] = [[.green, .permissiveGreen, .red]]

  /// Left turns an hour against `opposing` vehicles an hour that always have green.
  private func capacity(against opposing: Double) throws -> Double {
    var model = try TrafficModel(
      [Street.opposedLeft()], [.constant(opposing, at: 0), .constant(1800, at: 1)])
    model.run(until: 900, under: bothGreen)
    let before = model.crossed(in: 1, of: 0)
    model.run(until: 900 + 7200, under: bothGreen)
    return Double(model.crossed(in: 1, of: 0) - before) / 2
  }

  @Test("Their capacity falls with the opposing flow as the HCM's formula does, within 12 %")
  func capacity() throws {
    var last = Double.infinity
    for opposing in [100.0, 300, 600, 900] {
      let measured = try capacity(against: opposing)
      let formula =
        opposing * exp(-opposing * 4.5 / 3600) / (1 - exp(-opposing * 2.5 / 3600))
      #expect(abs(measured - formula) < 0.12 * formula, "\(measured) against \(formula)")
      #expect(measured < last)
      last = measured
    }
  }

  @Test("Without opposing traffic they go at the follow-up headway")
  func unopposed() throws {
    var model = try TrafficModel([Street.opposedLeft()], [.constant(1800, at: 1)])
    model.run(until: 900, under: bothGreen)
    let before = model.crossed(in: 1, of: 0)
    model.run(until: 900 + 3600, under: bothGreen)
    let crossed = Double(model.crossed(in: 1, of: 0) - before)
    #expect(abs(crossed - 3600 / 2.5) < 0.03 * 3600 / 2.5)
  }

  @Test("Against a saturated stream, two sneak across at each change")
  func sneakers() throws {
    let junction = Street.opposedLeft()
    let clock = try #require(PlanClock(Street.plan(40, 30), at: junction))
    var model = try TrafficModel([junction], [.constant(2500, at: 0), .constant(1800, at: 1)])
    model.run(until: 800, under: [clock])
    let before = model.crossed(in: 1, of: 0)
    model.run(until: 800 + 800, under: [clock])
    #expect(model.crossed(in: 1, of: 0) - before == 2 * 10)
  }

  @Test("Who waited for a gap crosses when he gets right of way, not earlier")
  func rightOfWay() throws {
    var model = try TrafficModel(
      [Street.opposedLeft()], [.constant(2500, at: 0), .constant(200, at: 1)])
    model.run(until: 900, under: bothGreen)
    let waiting = model.queue(in: 1, of: 0)
    #expect(waiting > 10)
    let before = model.crossed(in: 1, of: 0)
    model.run(until: 910, under: [[.red, .green, .red]])
    // Five headways of 2 s, and not those that lie in the past.
    #expect((4...6).contains(model.crossed(in: 1, of: 0) - before))
  }

  @Test("They give way to people on a crossing with green")
  func pedestrians() throws {
    let base = Street.opposedLeft()
    let junction = Intersection(
      id: base.id, name: base.name, timeZoneMinutes: 480, approaches: base.approaches,
      signalGroups: [
        SignalGroup(name: "P", kind: .pedestrian, conflicts: [1]),
        SignalGroup(name: "E.L", kind: .vehicle, conflicts: [0], givesWayTo: [0]),
        base.signalGroups[2],
      ],
      laneGroups: [base.laneGroups[1]],
      crossings: [
        Crossing(name: "P", signalGroup: 0, length: 14, walk: .seconds(7), clearance: .seconds(13))
      ],
      stages: base.stages, changes: base.changes, detectors: [], limits: base.limits,
      plans: base.plans, schedule: base.schedule, control: base.control)
    let crossed = try [0.0, 600, 1500].map { people in
      var model = try TrafficModel(
        [junction], [.constant(1800)],
        pedestrians: [
          PedestrianDemand(junction: 0, crossing: 0, profile: FlowProfile(constant: people))
        ])
      model.run(until: 3600, under: bothGreen)
      return model.crossed(in: 0, of: 0)
    }
    #expect(crossed[0] > crossed[1] && crossed[1] > crossed[2] && crossed[2] > 0)
  }
}
