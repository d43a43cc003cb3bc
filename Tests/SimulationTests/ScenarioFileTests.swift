import Phrases
import Signals
import Simulation
import Sites
import Support
import Testing

/// Reads `text` as a scenario of the four-arm sample, which any path names.
private func read(_ text: String) -> Result<Scenario, SiteErrors> {
  ScenarioFile.read(Array(text.utf8), named: "peak.yaml") { _ in .success(Sample.fourArm()) }
}

private let complete = """
  name: peak
  begin: 07:00
  length: 1800 s
  warm_up: 300 s
  step: 0.5 s
  seed: 42
  camera_interval: 5 s
  sites: [J001.yaml]
  demand:
    J001:
      N.T: [{at: 07:00, flow: 400 veh/h}, {at: 07:15, flow: 800.5 veh/h}]
      E.L: [{at: 07:00, flow: 90 veh/h}]
  platoons:
    J001: {N.T: 4}
  pedestrians:
    J001:
      along E-W: [{at: 07:00, flow: 120 ped/h}]
  faults:
    miss_rate: 0.05
    double_rate: 0.01
    outages: [{detector: J001.N.T, from: 07:10, until: 07:20}]
  """

@Suite("Scenario files")
struct ScenarioFileTests {
  @Test("Everything that is written is in the scenario")
  func everything() throws {
    let scenario = try read(complete).get()
    #expect(scenario.name == "peak")
    #expect(scenario.begin == 25_200 && scenario.length == 1800 && scenario.warmUp == 300)
    #expect(scenario.end == 27_000)
    #expect(scenario.step == Tenths(5) && scenario.seed == 42)
    #expect(scenario.cameraInterval == .seconds(5))
    #expect(scenario.network.junctions == [Sample.fourArm()])
    let rising = FlowProfile([.init(at: 25_200, flow: 400), .init(at: 26_100, flow: 800.5)])
    let level = FlowProfile([.init(at: 25_200, flow: 90)])
    #expect(
      scenario.demand
        == TrafficDemand(
          vehicles: [
            VehicleDemand(junction: 0, laneGroup: 0, profile: rising, platoon: 4),
            VehicleDemand(junction: 0, laneGroup: 3, profile: level),
          ],
          pedestrians: [
            PedestrianDemand(
              junction: 0, crossing: 1, profile: FlowProfile([.init(at: 25_200, flow: 120)]))
          ]))
    #expect(
      scenario.faults
        == CountFaults(
          missRate: 0.05, doubleRate: 0.01,
          outages: [.init(detector: "J001.N.T", from: 25_800, until: 26_400)]))
  }

  @Test("What may be left out has the values that the reference names")
  func defaults() throws {
    let scenario = try read(
      """
      name: bare
      begin: 00:00
      length: 600 s
      sites: [J001.yaml]
      demand: {J001: {N.T: [{at: 00:00, flow: 400 veh/h}]}}
      """
    ).get()
    #expect(scenario.warmUp == 0 && scenario.step == .seconds(1) && scenario.seed == 1)
    #expect(scenario.cameraInterval == .seconds(1) && scenario.faults == CountFaults())
  }

  @Test("A site may be had several times, with roads between its copies")
  func copies() throws {
    let scenario = try read(
      """
      name: pair
      begin: 00:00
      length: 600 s
      sites: [J001.yaml, {site: J001.yaml, as: K1}]
      roads:
        - from: {junction: J001, lane_group: N.T}
          to: {junction: K1, lane_group: N.T}
          share: 0.75
          travel_time: 20.5 s
      demand: {K1: {N.T: [{at: 00:00, flow: 400 veh/h}]}}
      """
    ).get()
    let junctions = scenario.network.junctions
    #expect(junctions.map(\.id) == ["J001", "K1"])
    #expect(junctions[0] == Sample.fourArm())
    #expect(junctions[1].detectors.map(\.id).first == "K1.N.T")
    #expect(
      junctions[1].laneGroups[0].upstream == [
        UpstreamLink(intersection: "J001", laneGroup: "N.T", share: 0.75, travelTime: 20.5)
      ])
    #expect(junctions[1].stages == junctions[0].stages)
  }

  /// A wrong line of an otherwise right scenario, and the error it gives.
  static let mistakes: [(right: String, wrong: String, error: String)] = [
    (
      "begin: 07:00", "begin: 7:00",
      "2:8: error: begin: \"7:00\" is not a time of day; "
        + "write \"00:00\" to \"23:59\""
    ),
    (
      "begin: 07:00", "begin: 24:30",
      "2:8: error: begin: \"24:30\" is not a time of day; "
        + "write \"00:00\" to \"23:59\""
    ),
    (
      "length: 1800 s", "length: 1800",
      "3:9: error: length: \"1800\" has no unit; write 1800 s"
    ),
    (
      "warm_up: 300 s", "warm_up: 1800 s",
      "4:10: error: warm_up: 1800 s leaves nothing of 1800 s; it must be shorter"
    ),
    (
      "step: 0.5 s", "step: 0.3 s",
      "5:7: error: step: 0.3 s does not divide a second; write 0.1 s, 0.2 s, 0.5 s or 1 s"
    ),
    ("seed: 42", "seeds: 42", "6:1: error: seeds: is not a key here; did you mean \"seed\"?"),
    (
      "    E.L:", "    E.X:",
      "12:5: error: demand.J001.E.X: there is no lane group \"E.X\"; did you mean \"E.T\"?"
    ),
    (
      "  J001:\n    N.T:", "  J007:\n    N.T:",
      "10:3: error: demand.J007: there is no junction \"J007\"; did you mean \"J001\"?"
    ),
    (
      "07:15, flow", "07:00, flow",
      "11:46: error: demand.J001.N.T[#2].at: is not later than the point before; "
        + "write points in order of time"
    ),
    (
      "flow: 120 ped/h", "flow: 120 veh/h",
      "17:35: error: pedestrians.J001.along E-W[#1].flow: \"120 veh/h\" has the wrong unit; "
        + "it must be in ped/h; write, say, 400 ped/h"
    ),
    (
      "miss_rate: 0.05", "miss_rate: 5",
      "19:14: error: faults.miss_rate: 5 is out of range; it must be 0 to 1"
    ),
    (
      "until: 07:20", "until: 07:05",
      "21:13: error: faults.outages[#1]: ends before it begins; "
        + "`until` must be later than `from`"
    ),
    (
      "detector: J001.N.T", "detector: J001.N.R",
      "21:24: error: faults.outages[#1].detector: there is no detector \"J001.N.R\"; "
        + "did you mean \"J001.N.T\"?"
    ),
    (
      "{N.T: 4}", "{N.T: 0}",
      "14:15: error: platoons.J001.N.T: 0 is out of range; it must be 1 to 50"
    ),
    (
      "demand:\n",
      "roads: [{from: {junction: J001, lane_group: N.T}, to: {junction: J001, lane_group: E.R}, "
        + "share: 1, travel_time: 9 s}]\ndemand:\n",
      "9:84: error: roads[#1].to.lane_group: there is no lane group \"E.R\"; "
        + "did you mean \"E.T\"?"
    ),
    (
      "sites: [J001.yaml]", "sites: [{site: J001.yaml}]",
      "8:9: error: sites[#1].as: is missing; write, say, as: K001"
    ),
    (
      "sites: [J001.yaml]", "sites: [J001.yaml, J001.yaml]",
      "8:8: error: sites: junction J001 is there twice; each needs an identifier of its own"
    ),
  ]

  @Test("Each mistake has its place, what is wrong and what would be right", arguments: mistakes)
  func mistake(_ mistake: (right: String, wrong: String, error: String)) throws {
    let start = try #require(complete.firstRange(of: mistake.right))
    let text = complete.replacingCharacters(start, with: mistake.wrong)
    guard case .failure(let failure) = read(text) else {
      Issue.record("\(mistake.wrong) was taken")
      return
    }
    for error in failure.errors { #expect(flaw(of: error.problem) == nil) }
    #expect(failure.errors.map(\.description) == ["peak.yaml:" + mistake.error])
  }

  @Test("All mistakes of a file are found at once, in the order of the file")
  func all() throws {
    var text = complete
    let independent = Self.mistakes.filter {
      ["begin: 7:00", "step: 0.3 s", "miss_rate: 5", "{N.T: 0}"].contains($0.wrong)
    }
    for mistake in independent {
      text = text.replacingCharacters(
        try #require(text.firstRange(of: mistake.right)), with: mistake.wrong)
    }
    guard case .failure(let failure) = read(text) else {
      Issue.record("the file was taken")
      return
    }
    #expect(failure.errors.map(\.line) == [2, 5, 14, 19])
  }

  @Test("A site that cannot be read is named with its first error")
  func site() {
    let result = ScenarioFile.read(Array(complete.utf8), named: "peak.yaml") { path in
      YAMLFile.read(Array("a: 1".utf8), named: path) { file -> Intersection? in
        file.report("is no site; write one", "不是路口文件；请写一个")
        return nil
      }
    }
    guard case .failure(let failure) = result else {
      Issue.record("the file was taken")
      return
    }
    #expect(
      failure.errors.map(\.description) == [
        "peak.yaml:8:9: error: sites[#1]: cannot be used; put this right first: "
          + "J001.yaml:1:1: error: file: is no site; write one"
      ])
  }

  @Test("A file that is not there is an error like any other")
  func missing() {
    let result = ScenarioFile.read("/nonexistent/peak.yaml") { _ in .success(Sample.fourArm()) }
    guard case .failure(let failure) = result else {
      Issue.record("a file that is not there was read")
      return
    }
    #expect(failure.errors.count == 1 && failure.errors[0].file == "/nonexistent/peak.yaml")
  }
}

extension String {
  fileprivate func firstRange(of part: String) -> Range<String.Index>? {
    indices.first { self[$0...].hasPrefix(part) }.map { $0..<index($0, offsetBy: part.count) }
  }

  fileprivate func replacingCharacters(
    _ range: Range<String.Index>, with text: String
  ) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
