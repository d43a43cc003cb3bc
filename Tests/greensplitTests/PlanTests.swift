import Control
import Optimisation
import Safety
import Signals
import Sites
import Support
import Testing

@testable import greensplit

@Suite("greensplit plan")
struct PlanTests {
  let street: Street

  init() throws { street = try Street() }

  static let shipped = ["GS_cluster_357187_359543", "J001", "J002", "J003", "J004"]

  private func site(_ id: String) -> String { "\(Peers.root)/intersections/\(id).yaml" }

  /// A day with two peaks, light enough for every shipped junction: shares of the saturation flow.
  private func profile(_ junction: Intersection) -> [[Double]] {
    (0..<24).map { hour in
      let load = hour < 6 ? 0.02 : [7, 8, 17, 18].contains(hour) ? 0.16 : 0.1
      return junction.laneGroups.map { ($0.saturationFlow * load).rounded() }
    }
  }

  private func table(_ junction: Intersection, _ flows: [[Double]]) -> String {
    var text = "hour,lane_group,flow\n"
    for (hour, row) in flows.enumerated() {
      for (group, flow) in zip(junction.laneGroups, row) {
        text += "\(hour),\"\(group.name)\",\(Int(flow))\n"
      }
    }
    return text
  }

  /// Writes a file of this test.
  private func file(_ name: String, _ text: String) -> String {
    street.replace(name, by: text)
    return street.path(name)
  }

  /// The site file with its `plans` and `schedule` replaced, as a person would.
  private func spliced(_ site: String, _ plans: String) -> String {
    var isKept = true
    var kept: [Substring] = []
    for line in site.split(separator: "\n", omittingEmptySubsequences: false) {
      if let first = line.first, first.isLetter {
        isKept = !line.hasPrefix("plans:") && !line.hasPrefix("schedule:")
      }
      if isKept { kept.append(line) }
    }
    return kept.joined(separator: "\n") + "\n" + plans
  }

  @Test("gives plans that greensplit check takes in the site file", arguments: shipped)
  func paste(id: String) async throws {
    let junction = try readSite(site(id)).get()
    let flows = profile(junction)
    let csv = file("flows.csv", table(junction, flows))
    let (status, output, errors) = try await Program.run("plan", site(id), "--flows", csv)
    #expect(errors == "")
    #expect(status == 0)
    let text = spliced(try Street.shipped("intersections/\(id).yaml"), output)
    let pasted = file("pasted.yaml", text)
    let checked = try await Program.run("check", pasted)
    #expect(checked.errors == "")
    #expect(checked.status == 0)
    let planned = try readSite(pasted).get()
    #expect(planned.plans.count <= 6)
    // Two peaks and a night of their own, where the limits leave room to differ.
    if id == "J001" { #expect(planned.plans.count > 1) }
    #expect(planned.name == junction.name)
    for words in ["Certificate", "mean delay", "LOS", "back of queue", "binds"] {
      #expect(output.contains(words), "\(words)")
    }
  }

  @Test(
    "Random days at shipped junctions: certified plans that Safety lets pass", arguments: shipped)
  func safety(id: String) throws {
    let junction = try readSite(site(id)).get()
    for seed in 0..<2 {
      var random = SeededGenerator(seed: UInt64(seed))
      let quiet = junction.laneGroups.map { $0.saturationFlow * 0.05 * random.unit() }
      let busy = junction.laneGroups.map { $0.saturationFlow * 0.7 * random.unit() }
      let flows = (0..<24).map { $0 < 12 ? quiet : busy }
      // Nothing is worth a change but a tenth: two plans at most, and no more joining than that.
      let plans = try planDay(at: junction, flows: flows, worth: 0.1).get()
      #expect(plans.flatMap(\.hours).sorted() == Array(0..<24))
      for day in plans {
        #expect(day.split.relativeGap <= 1e-6)
        let checked = try check(
          day.plan, at: junction, under: .start(of: day.plan, at: junction))
        #expect(checked.plan == day.plan)
        #expect(day.rows.count == day.split.performance.count)
      }
    }
  }

  @Test("tells every error of the profile by line and column")
  func errors() async throws {
    let path = site("J001")
    let csv = file(
      "flows.csv",
      "hour,lane_group,flow\n24,N.T,10\n7,N.Y,10\n7,N.T,many\n7,N.T\n7,N.T,10\n7,N.T,12\n\"7,N.T,1\n"
    )
    let (status, output, errors) = try await Program.run("plan", path, "--flows", csv)
    #expect(status == 1)
    #expect(output == "")
    let lines = errors.split(separator: "\n").map { $0.dropFirst(csv.count) }
    #expect(
      lines.map { $0.prefix { $0 != "," } } == [
        ":2:1: error: hour: \"24\" is no hour; write 0 to 23",
        ":3:3: error: lane_group: \"N.Y\" is no lane group of J001; did you mean \"N.T\"?",
        ":4:7: error: flow: \"many\" is no flow; write pcu/h without a unit",
        ":5:1: error: line: has 2 values; write hour",
        ":7:1: error: hour: hour 7 of N.T is on line 6 already; keep one of them",
        ":8:1: error: line: a quote is not closed; write \" at its end",
      ])
  }

  @Test("tells which hours are missing, and files that cannot be read")
  func missing() async throws {
    let junction = try readSite(site("J004")).get()
    var flows = table(junction, profile(junction)).split(separator: "\n").map(String.init)
    flows.removeAll { $0.hasPrefix("5,\"\(junction.laneGroups[0].name)\"") }
    let csv = file("flows.csv", flows.joined(separator: "\r\n") + "\r\n")
    let (status, _, errors) = try await Program.run("plan", site("J004"), "--flows", csv)
    #expect(status == 1)
    #expect(errors.contains("\(junction.laneGroups[0].name) has no flow in hour 5; write a line"))
    let none = try await Program.run("plan", site("J004"), "--flows", street.path("none.csv"))
    #expect(none.status == 1)
    #expect(none.errors.contains("none.csv:1:1: error: file: cannot be read: No such file"))
    let usage = try await Program.run("plan", site("J004"))
    #expect(usage.status == 2)
    #expect(usage.errors.contains("--flows is missing"))
  }
}
