import Control
import Demand
import Junctions
import Signals
import Simulation
import Testing

@Suite("The estimated queue against the true one")
struct QueueEstimateTests {
  private static let root =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  /// Errors over all signalled lane groups and seconds of a scenario.
  struct Errors {
    /// Queues that end in view: sum of absolute errors, vehicles, and how many.
    var inView = 0.0
    var inViewCount = 0.0
    /// Queues that reach beyond it: sum of absolute errors and of queues, as far as there is storage.
    var beyond = 0.0
    var beyondQueue = 0.0
  }

  private func errors(_ name: String, faults: CountFaults = CountFaults()) throws -> Errors {
    let scenario = try ScenarioFile.read("\(Self.root)/simulations/\(name).yaml").get()
      .failing(faults)
    let site = scenario.network.junctions[0]
    var model = scenario.model()
    let start = simulatedMoment(scenario.begin, timeZoneMinutes: site.timeZoneMinutes)
    var street = ControlledJunctions(scenario.network.junctions, isControlled: true, at: start)
    var errors = Errors()
    while model.time < scenario.end {
      var queues: [Double] = []
      street.tick { queues = $1.reason.demand.laneGroups.map(\.queue) }
      if model.time > scenario.begin + scenario.warmUp {
        for (group, estimate) in queues.enumerated() {
          add(estimate, of: group, at: site, model, to: &errors)
        }
      }
      for _ in 0..<(10 / scenario.step.count) { model.advance(under: street.lamps) }
      street.advance(to: start.advanced(bySeconds: model.time - scenario.begin))
      street.receive(model.takeCounts().map { $0.record(from: start, begin: scenario.begin) })
    }
    return errors
  }

  private func add(
    _ estimate: Double, of group: Int, at site: Intersection, _ model: TrafficModel,
    to errors: inout Errors
  ) {
    let lanes = site.laneGroups[group]
    guard lanes.movements.allSatisfy({ $0.signalGroup != nil }),
      let view = site.detectors.first(where: { $0.laneGroup == group })?.view
    else { return }
    let room = Double(Int(view / LaneGroup.spacing) * lanes.lanes)
    let truth = min(lanes.storage, Double(model.queue(in: group, of: 0)))
    if truth <= room {
      errors.inView += abs(estimate - truth)
      errors.inViewCount += 1
    } else {
      errors.beyond += abs(min(lanes.storage, estimate) - truth)
      errors.beyondQueue += truth
    }
  }

  @Test(
    "In view it is right to 1.5 vehicles, beyond it to a fifth as far as the road reaches",
    arguments: ["rush-hour", "oversaturated"], [0, 0.1])
  func marks(name: String, missRate: Double) throws {
    let errors = try errors(name, faults: CountFaults(missRate: missRate, doubleRate: missRate))
    print(
      "queue", name, missRate, errors.inView / errors.inViewCount,
      errors.beyond / errors.beyondQueue, errors)
    #expect(errors.inView / errors.inViewCount <= 1.5)
    #expect(errors.beyond / max(1, errors.beyondQueue) <= 0.2)
  }
}
