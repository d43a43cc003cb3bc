import Phrases
import Support
import Testing

@testable import Sites

/// A slip in one place and the error that it brings.
struct Slip: Sendable, CustomTestStringConvertible {
  let right: String
  let wrong: String
  let error: String

  /// `wrong` in the place of `right` is said to be `error`, in the file `m.yaml`.
  init(_ right: String, _ wrong: String, _ error: String...) {
    self.right = right
    self.wrong = wrong
    self.error = error.map { $0 == "valid" ? $0 : "m.yaml:\($0)" }.joined(separator: "\n")
  }

  var testDescription: String { wrong }
}

@Suite("Each rule of a site file says where it is broken, and what would be right")
struct RuleTests {
  @Test("The junction that these tests break is right itself")
  func valid() { #expect(Mini.said() == "valid") }

  @Test("Signal groups and conflicts", arguments: signalSlips)
  func signals(slip: Slip) { #expect(Mini.said(slip.right, slip.wrong) == slip.error) }

  @Test("What is measured on site, and what is accepted", arguments: surveySlips)
  func survey(slip: Slip) { #expect(Mini.said(slip.right, slip.wrong) == slip.error) }

  @Test("Lane groups, crossings and detectors", arguments: laneSlips)
  func lanes(slip: Slip) { #expect(Mini.said(slip.right, slip.wrong) == slip.error) }

  @Test("Stages, changes and limits", arguments: stageSlips)
  func stages(slip: Slip) { #expect(Mini.said(slip.right, slip.wrong) == slip.error) }

  @Test("Plans, schedule and control", arguments: planSlips)
  func plans(slip: Slip) { #expect(Mini.said(slip.right, slip.wrong) == slip.error) }

  @Test("Keys, names and the file itself", arguments: keySlips)
  func keys(slip: Slip) { #expect(Mini.said(slip.right, slip.wrong) == slip.error) }

  @Test("More lane groups than the rolling horizon takes are refused, not met at run time")
  func tooManyLaneGroups() {
    let first = "lane_groups:\n"
    let more = (0..<31).map {
      "  - {name: L\($0), approach: N, lanes: 1, length: 90 m, saturation_flow: 1600 pcu/h,\n"
        + "     movements: [{turn: through, signal: N.T}]}\n"
    }
    let said = Mini.said(first, first + more.joined())
    #expect(
      said?.pieces(around: "\n").contains(
        "m.yaml:17:3: error: lane_groups: has 33 entries, but 1 to 32 are needed") == true)
  }

  @Test("More stages or signal groups than a cabinet has are refused")
  func tooMany() throws {
    let stage = "  - {name: A, green: [N.T], min_green: 10 s,"
    let stages = (0..<15).map {
      "  - {name: S\($0), green: [N.T], min_green: 10 s, max_green: 60 s, yellow: 3 s, "
        + "all_red: 2 s}\n"
    }
    #expect(
      Mini.said(stage, stages.joined() + stage)?.pieces(around: "\n").first
        == "m.yaml:31:3: error: stages: has 17 entries, but 1 to 16 are needed")
    let groups = (0..<61).map { "  - {name: G\($0)}\n" }.joined()
    let said = Mini.said("  - {name: N.T}\n", groups + "  - {name: N.T}\n")
    #expect(
      said?.pieces(around: "\n").first
        == "m.yaml:9:3: error: signal_groups: has 65 entries, but 1 to 64 are needed")
  }

  @Test("All errors of a file are said at once, by position")
  func together() {
    let text = Mini.text.pieces(around: "50 km/h}\n  - {name: W").joined(
      separator: "50 mph}\n  - {name: W"
    ).pieces(around: "yellow: 3 s, all_red: 2 s}\n  - {name: B").joined(
      separator: "yelow: 3 s, all_red: 2 s}\n  - {name: B"
    ).pieces(around: "cycle: 70 s").joined(separator: "cycle: 200 s")
    guard case .failure(let errors) = readSite(Array(text.utf8), named: "m.yaml") else {
      Issue.record("three slips are no site file")
      return
    }
    #expect(
      errors.description == """
        m.yaml:6:40: error: approaches[N].speed: "50 mph" has the wrong unit; it must be in km/h; \
        write, say, 50 km/h
        m.yaml:31:5: error: stages[A].yellow: is missing; write, say, yellow: 3 s
        m.yaml:31:63: error: stages[A].yelow: is not a key here; did you mean "yellow"?
        m.yaml:40:12: error: plans[day].cycle: 200 s is outside the limits; write 40 s to 120 s
        """)
  }
}
