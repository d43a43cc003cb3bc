import Control
import Demand
import Junctions
import Signals
import Simulation
import Support
import Testing

@Suite("Saturation flow in the street and in the site file")
struct SaturationTests {
  private static let root =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  /// What is told of saturation flows after the rush hour, where site files tell `factor` times the truth.
  private func drifts(
    told factor: Double, in name: String
  ) throws -> (drifts: [SaturationDrift], site: Intersection) {
    let scenario = try ScenarioFile.read("\(Self.root)/simulations/\(name).yaml").get()
    let sites = scenario.network.junctions.map { $0.surveyed(at: factor) }
    let start = simulatedMoment(scenario.begin, timeZoneMinutes: sites[0].timeZoneMinutes)
    var street = ControlledJunctions(sites, isControlled: true, at: start)
    var model = scenario.model()
    var drifts: [SaturationDrift] = []
    for _ in 0..<Int(scenario.length) {
      street.tick { loop, decision in
        if loop.site.id == sites[0].id { drifts = loop.status(at: decision.at).control.drifts }
      }
      model.advance(under: street.lamps)
      street.advance(to: start.advanced(bySeconds: model.time - scenario.begin))
      street.receive(model.takeCounts().map { $0.record(from: start, begin: scenario.begin) })
    }
    return (drifts, sites[0])
  }

  @Test("A site file that tells a third too much is found out where queues are, within the hour")
  func tooMuch() throws {
    let (drifts, site) = try drifts(told: 1.33, in: "oversaturated")
    let names = drifts.map { site.laneGroups[$0.laneGroup].name }
    #expect(names.contains("N.T") && names.contains("W.T"), "\(names)")
    #expect(drifts.allSatisfy { $0.learned < $0.surveyed })
  }

  @Test(
    "Of a site file that tells the truth nothing is told",
    arguments: ["rush-hour", "oversaturated"])
  func truth(name: String) throws {
    #expect(try drifts(told: 1, in: name).drifts.isEmpty)
  }
}
