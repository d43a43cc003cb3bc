import Glibc
import Safety
import Signals
import Simulation
import Sites
import Support
import Testing

/// The directory of the shipped scenarios.
private let simulations =
  "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/simulations"

@Suite("Shipped scenarios")
struct ShippedScenarioTests {
  static let names = [
    "arterial", "oversaturated", "rush-hour", "t-junction-school", "ten-junctions",
  ]

  private func scenario(_ name: String) throws -> Scenario {
    try ScenarioFile.read("\(simulations)/\(name).yaml").get()
  }

  /// The plan that each junction runs by itself in the middle of a scenario.
  private func ownPlans(_ scenario: Scenario) -> [TimingPlan] {
    scenario.network.junctions.map { junction in
      let local = (scenario.begin + scenario.length / 2) / 60 - Double(junction.timeZoneMinutes)
      return junction.timeOfDayPlan(at: UTC(seconds: local * 60)).plan
    }
  }

  @Test("Every file of the directory is tested here")
  func directory() throws {
    let stream = try #require(opendir(simulations))
    defer { closedir(stream) }
    var found: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".yaml") { found.append(String(name.dropLast(5))) }
    }
    #expect(found.sorted() == Self.names.sorted())
  }

  @Test("Each is read, and scored over an hour at least", arguments: names)
  func readable(name: String) throws {
    let scenario = try scenario(name)
    #expect(scenario.length - scenario.warmUp >= 3600)
    #expect(!scenario.demand.vehicles.isEmpty)
  }

  @Test("Webster has a plan for every junction, and it passes every check", arguments: names)
  func webster(name: String) throws {
    let scenario = try scenario(name)
    for (junction, plan) in zip(scenario.network.junctions, scenario.websterPlans()) {
      let plan = try #require(plan, "\(junction.id)")
      let checked = try check(plan, at: junction, under: .start(of: plan, at: junction))
      #expect(checked.plan == plan)
    }
  }

  @Test("Under the sites' own plans traffic flows, and every stream has some", arguments: names)
  func flows(name: String) throws {
    let scenario = try scenario(name)
    let score = scenario.score(under: ownPlans(scenario))
    #expect(Double(score.performance.completed) > 0.85 * Double(score.performance.due))
    #expect((10...300).contains(score.performance.delay), "\(score.performance)")
    for junction in score.junctions {
      for group in junction.laneGroups {
        #expect(group.performance.completed > 0, "\(junction.id).\(group.name)")
      }
    }
  }

  @Test("A fixed plan that knows the rush hour beforehand beats the site's own")
  func rushHour() throws {
    let scenario = try scenario("rush-hour")
    let own = scenario.score(under: ownPlans(scenario)).performance
    let best = try #require(scenario.bestWebsterPlans()).score.performance
    #expect(best.delay < own.delay, "\(best.delay) against \(own.delay)")
  }

  @Test("In the peak of the oversaturated one, critical flows add up to more than any green")
  func oversaturated() throws {
    let scenario = try scenario("oversaturated")
    let junction = scenario.network.junctions[0]
    let peak = scenario.begin + 1800
    // Stages A to D serve these in turn; what they need is a share of the whole cycle.
    let needed = ["N.T", "N.L", "W.T", "W.L"].reduce(0.0) { sum, name in
      let group = junction.laneGroups.firstIndex { $0.name == name } ?? 0
      let demand = scenario.demand.vehicles.first { $0.laneGroup == group }
      return sum + (demand?.profile.flow(at: peak) ?? 0) / junction.laneGroups[group].saturationFlow
    }
    // Four changes of 5 s beside the flashing green, in the longest cycle of 180 s.
    #expect(needed > 1 - 20.0 / 180)
  }
}
