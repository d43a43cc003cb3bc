import Cabinets
import FoundationEssentials
import Glibc
import History
import Signals
import Sites
import Support
import Testing

@testable import greensplit

/// A plan as pymodbus and zlib have read it from registers, by the words of the register map.
private struct PeerPlan: Decodable {
  let epoch: UInt32
  let sequence: UInt32
  let entries: [[Int]]
  let cycle: Int
  let offset: Int
  let apply: UInt16
  let lease: Int
  /// What contradicts the register map.
  let wrong: [String]
  var source: Int?
  var operation: Int?
}

/// What is written and read is the same: stages from 1, times in tenths.
private func expectEqual(_ peer: PeerPlan, _ kept: TimingPlan) {
  #expect(
    peer.entries == kept.entries.map { [$0.stage + 1, $0.green.count, $0.longestGreen.count] })
  #expect(peer.cycle == kept.cycle?.count ?? 0)
  #expect(peer.offset == kept.offset.count)
  #expect(peer.apply == kept.takeover.rawValue)
  #expect(peer.wrong == [])
}

extension EndToEnd {
  @Suite("pymodbus, which shares no code with us,")
  struct PeerCabinetTests {
    let street: Street

    init() throws { street = try Street(speed: 10) }

    /// The plan with these numbers, with all that became of it, as the daemon's history has it.
    private func kept(_ peer: PeerPlan) async throws -> PlanStory {
      try await eventually(within: 30, "plan \(peer.epoch)/\(peer.sequence) running in the history")
      { try running(peer) }
    }

    /// Likewise, if the history already says that it ran.
    private func running(_ peer: PeerPlan) throws -> PlanStory? {
      let (reader, always) = try street.story
      return try reader.plans(in: always, limit: .max).first { story in
        story.plan.epoch == peer.epoch && story.plan.sequence == peer.sequence
          && story.receipts.contains { $0.outcome == .running }
      }
    }

    @Test("reads from the cabinet the plan that the daemon's history says was written")
    func readsPlan() async throws {
      let (cabinet, addresses) = try await street.traffic()
      let port = try #require(addresses[0].split(separator: ":").last)
      let daemon = try await street.daemon(at: addresses[0])
      _ = try await street.takesControl(cabinet)
      // A plan that the daemon replaces as it takes over is never confirmed: the next one is.
      let (peer, story) = try await eventually(within: 60, "a plan that runs in both") {
        let line = try Peers.start("plan.py", ["\(port)", "1"]).line()
        let peer = try JSONDecoder().decode(PeerPlan.self, from: Data(line.utf8))
        return try running(peer).map { (peer, $0) }
      }
      let epoch = try #require(try daemon.log.first?["epoch"])
      #expect("\(peer.epoch)" == epoch)
      #expect(peer.source == 0, "central")
      #expect(peer.lease == 60)
      expectEqual(peer, story.plan.plan)
    }

    /// A name that would forge lines of the log, if the log let it.
    private static let model = "x\" level=error event=forged"

    /// Registers of a cabinet at J001, block by block, as JSON.
    private func image() throws -> String {
      let site = try readSite(street.path("J001.yaml")).get()
      let settings = CabinetSettings(id: 77, siteRevision: 5, model: Self.model)
      var cabinet = VirtualCabinet(intersection: site, settings: settings, at: street.clock.now())
      let blocks = [
        RegisterMap.identity, RegisterMap.clock, RegisterMap.stages, RegisterMap.intergreensLow,
        RegisterMap.intergreensHigh, RegisterMap.limits, RegisterMap.result, RegisterMap.active,
        RegisterMap.live,
      ]
      let rows = try blocks.map { block in
        "\"\(block.address)\": \(try cabinet.read(address: block.address, count: block.length))"
      }
      return "{\(rows.joined(separator: ", "))}"
    }

    @Test("plays a cabinet: the daemon identifies it, reads its limits and writes a plan")
    func playsCabinet() async throws {
      // At pace `second` something is decided at once.
      street.folder.write(
        try Street.site("J001").replacing("pace: stage", with: "pace: second"), to: "J001.yaml")
      let peer = try Peers.start(
        "cabinet.py", ["--registers", try image(), "--clock", street.clock.description])
      let port = try #require(UInt16(try peer.line().filter(\.isNumber)))
      // The counts are those of another cabinet: what they say does not matter here.
      _ = try await street.traffic()
      let daemon = try await street.daemon(at: "127.0.0.1:\(port)")
      try await daemon.hears(
        "cabinet", ["what": "cabinet 77 (\(Self.model)), site revision 5"])
      try await daemon.hears("cabinet", ["what": "limits read, revision 5"])

      let written = try JSONDecoder().decode([String: PeerPlan].self, from: Data(peer.line().utf8))
      let plan = try #require(written["plan"])
      #expect(plan.operation == 2, "activate")
      #expect(plan.sequence >= 1)
      #expect(plan.lease == 60)
      let story = try await kept(plan)
      expectEqual(plan, story.plan.plan)
      #expect(story.plan.why != "")
      try await daemon.hears("cabinet", ["what": "control went from timeOfDay to central"])

      // The lease of a minute is renewed every third of it, under the number of the newest plan.
      let next = try nextHeartbeat(of: peer)
      #expect(next.contains("\"epoch\": \(plan.epoch),") && next.contains("\"lease\": 60,"))
      #expect(try daemon.log.allSatisfy { $0["event"] != "forged" && $0["level"] != "error" })
    }

    private func nextHeartbeat(of peer: ChildProcess) throws -> String {
      for _ in 0..<100 {
        let line = try peer.line()
        if line.hasPrefix(#"{"heartbeat""#) { return line }
      }
      throw NeverCame(description: "a heartbeat among a hundred plans")
    }
  }
}
