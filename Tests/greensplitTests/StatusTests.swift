import Control
import Phrases
import Counts
import FoundationEssentials
import Junctions
import Signals
import Simulation
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("greensplit status of a running daemon")
  struct StatusTests {
    let street: Street

    init() throws {
      street = try Street()
      street.folder.write("secret\n", to: "token")
    }

    private func ask(
      _ line: [String]
    ) async throws -> (status: Int32, output: String, errors: String) {
      let program = try Program(line)
      return (try await program.end(), program.output, program.errors)
    }

    @Test("tells in words, and as JSON, how its junction stands, and takes no wrong token")
    func asked() async throws {
      let (_, addresses) = try await street.traffic()
      let daemon = try await street.daemon([
        "--sites", street.path("J001.yaml"), "--cabinets", "J001=\(addresses[0])", "--http",
        "127.0.0.1:0", "--token-file", street.path("token"),
      ])
      let address = try #require(try await daemon.hears("listening for counts").0["address"])
      try await daemon.hears("control level", ["rung": "timeOfDay"])
      let line = ["status", "--http", address, "--token-file", street.path("token")]
      let (status, output, errors) = try await ask(line)
      #expect(status == 0, "\(errors)")
      #expect(output.hasPrefix("J001: time-of-day plan since "))
      #expect(output.contains("100 % of the lane groups without counts: 8 of 8 detectors"))

      let json = try await ask(line + ["--json", "J001"])
      #expect(json.status == 0, "\(json.errors)")
      let report = try JSONDecoder().decode(StatusReport.self, from: Data(json.output.utf8))
      #expect(report.junctions.map(\.id) == ["J001"])
      #expect(report.junctions[0].level == "timeOfDay")
      let detectors = report.junctions[0].detectors
      #expect(detectors.count == 8)
      #expect(detectors.allSatisfy { $0.findings.first?.check == "missing" })

      street.folder.write("other\n", to: "wrong")
      for (line, problem) in [
        (line + ["J009"], "no junction J009; the daemon controls J001"),
        (["status", "--http", address], "the daemon wants another token"),
        (
          ["status", "--http", address, "--token-file", street.path("wrong")],
          "the daemon wants another token"
        ), (["status", "--http", "127.0.0.1:1"], "no answer from 127.0.0.1:1"),
      ] {
        let (status, output, errors) = try await ask(line)
        #expect(status == 1 && output == "")
        #expect(errors.hasPrefix("greensplit status: \(problem)"), "\(errors)")
      }
    }
  }
}

@Suite("The line that tells how a junction stands")
struct StatusWordsTests {
  private let start = Sample.moment(900)

  /// A loop of a four-arm junction without a cabinet, whose cameras `N`, `E`, `S` and `W` report each
  /// second but those that `silent` names, for so long.
  private func loop(seconds: Int, ahead: Double = 0, of shifted: String = "") -> JunctionLoop {
    let site = Sample.fourArm()
    var loop = JunctionLoop(site: site, epoch: 1, at: start)
    for second in 1...seconds {
      let now = start.advanced(bySeconds: Double(second))
      let records = site.detectors.map { detector in
        let arm = String(detector.id.dropFirst(5).prefix(1))
        let end = now.utc.advanced(bySeconds: arm == shifted ? ahead : 0)
        return CountRecord(
          detector: detector.id, start: end.advanced(bySeconds: -1), end: end,
          source: "cam-017-\(arm)", count: VehicleCount(total: Double(second % 2)), inView: 3)
      }
      _ = loop.receive(records, at: now)
      _ = loop.decide(at: now)
    }
    return loop
  }

  @Test("says who controls, and why")
  func local() {
    let loop = loop(seconds: 5)
    let words = StatusWords(loop.status(at: start.advanced(bySeconds: 5)), in: .english).line
    #expect(words == "J001: the cabinet's own plan since 08:15: no fresh report of the cabinet")
    let report = JunctionReport(loop.status(at: start.advanced(bySeconds: 5)))
    #expect(report.words == words)
    #expect(report.told.text(.chinese) == "J001：信号机自身方案（自 08:15 起）：信号机没有新的状态报告")
  }

  @Test("names a clock that is wrong, and which way")
  func clocks() {
    let behind = loop(seconds: 90, ahead: -60, of: "N")
    #expect(
      StatusWords(behind.status(at: start.advanced(bySeconds: 90)), in: .english).line
        .hasSuffix("; clock of cam-017-N 60 s behind"))
    let ahead = loop(seconds: 90, ahead: 60, of: "N")
    #expect(
      StatusWords(ahead.status(at: start.advanced(bySeconds: 90)), in: .english).line
        .hasSuffix("; clock of cam-017-N 60 s ahead, its counts are refused"))
  }

  @Test(
    "names a lane group whose queue discharges otherwise than its site file says, and its figures")
  func saturation() throws {
    let scenario = try ScenarioFile.read("\(Peers.root)/simulations/oversaturated.yaml").get()
    let surveyed = scenario.network.junctions[0].surveyed(at: 1.6)
    let site = surveyed.controlled(by: surveyed.control.with(pace: .cycle))
    let begin = simulatedMoment(scenario.begin, timeZoneMinutes: site.timeZoneMinutes)
    var street = ControlledJunctions([site], isControlled: true, at: begin)
    var model = scenario.model()
    var found: JunctionStatus?
    while found == nil, model.time < scenario.end {
      street.tick { loop, decision in
        let status = loop.status(at: decision.at)
        if !status.control.drifts.isEmpty { found = status }
      }
      model.advance(under: street.lamps)
      street.advance(to: begin.advanced(bySeconds: model.time - scenario.begin))
      street.receive(model.takeCounts().map { $0.record(from: begin, begin: scenario.begin) })
    }
    let status = try #require(found)
    let drift = try #require(JunctionReport(status).saturationFlow?.first)
    #expect(drift.learned < 0.86 * drift.surveyed)
    let words =
      "; \(drift.laneGroup) discharges \(Int(drift.learned)) pcu/h, 15 % less than its site file says"
    #expect(
      StatusWords(status, in: .english).line.hasSuffix(words),
      "\(StatusWords(status, in: .english).line)")
    #expect(JunctionReport(loop(seconds: 5).status(at: start)).saturationFlow == nil)
  }

  @Test("What became of records is told of each camera")
  func tallies() {
    let status = loop(seconds: 90, ahead: 60, of: "N").status(at: start.advanced(bySeconds: 90))
    let report = JunctionReport(status)
    let north = report.sources.first { $0.name == "cam-017-N" }
    #expect(north?.counts.clockFaults == 180 && north?.counts.accepted == 0)
    #expect(north?.quarantinedSince != nil)
    let east = report.sources.first { $0.name == "cam-017-E" }
    #expect(east?.counts.accepted == 180 && east?.behind == 0)
  }
}
