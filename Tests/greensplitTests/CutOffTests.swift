import FoundationEssentials
import Glibc
import History
import Signals
import Support
import Testing

extension EndToEnd {
  @Suite("A cabinet that is cut off in mid-run")
  struct CutOffTests {
    let street: Street

    init() throws { street = try Street() }

    /// The reason of a decision, as the history keeps it.
    private struct Body: Decodable {
      struct Reason: Decodable { let text: String }
      let reason: Reason
      let cause: String
    }

    @Test("is told of, falls back to its own plan when the lease lapses, and is taken back")
    func cutOff() async throws {
      let (cabinet, addresses) = try await street.traffic(["J001"], ["--cut-off", "900+180"])
      let daemon = try await street.daemon(at: addresses[0])

      let began = try await street.takesControl(cabinet)
      try await daemon.hears("cabinet", ["what": "control went from timeOfDay to central"])
      let cut = try await cabinet.hears("network cut off", from: began).position
      let lost = try await daemon.heard("the link's loss") {
        $0["what"]?.hasPrefix("link lost: ") == true
      }
      #expect(lost.entry["level"] == "warning")
      #expect(lost.entry["junction"] == "J001")
      let home = try await street.goesHome(cabinet, from: cut)
      let back = try await daemon.heard(from: lost.position, "the link's return") {
        $0["what"]?.hasPrefix("link is back after ") == true
      }
      _ = try await street.takesControl(cabinet, from: home)
      try await daemon.hears(
        "cabinet", ["what": "control went from timeOfDay to central"], from: back.position)
      try await eventually(within: 60, "a plan that runs after the cut", details: { daemon.errors })
      {
        try ranAfterFault() ? true : nil
      }

      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 3) == 0, "\(daemon.errors)")
      #expect(access(street.path("history.db-wal"), F_OK) != 0, "the database was closed")
      try checkHistory()
    }

    @Test("that is silent and then gone is told of with both reasons, each once")
    func reasons() async throws {
      street.folder.write(try Street.site("J001"), to: "J001.yaml")
      street.folder.write("", to: "counts")
      var silent: Listening? = try Listening()
      let daemon = try await street.daemon(at: try #require(silent).address)
      let lost = try await daemon.heard("the link's loss") {
        $0["what"]?.hasPrefix("link lost: no answer in time; ") == true
      }
      silent = nil
      let refused = ["what": "still no link: no connection: Connection refused"]
      let told = try await daemon.hears("cabinet", refused, from: lost.position)
      #expect(told.entry["level"] == "warning")
      #expect(told.entry["junction"] == "J001")
      // Several attempts later.
      try await Task.sleep(for: .seconds(2))
      let all = try daemon.log.filter { $0["what"]?.hasPrefix("still no link") == true }
      #expect(all.count == 1, "\(all)")
    }

    private func ranAfterFault() throws -> Bool {
      let (reader, always) = try street.story
      guard let end = try reader.faults(in: always, limit: 9).first?.until else { return false }
      return try reader.plans(in: always, limit: .max).contains { plan in
        plan.plan.at.utc > end && plan.receipts.contains { $0.outcome == .running }
      }
    }

    private func checkHistory() throws {
      let (reader, always) = try street.story
      let faults = try reader.faults(in: always, limit: .max)
      #expect(faults.map(\.what) == ["link lost"])
      let fault = try #require(faults.first)
      let end = try #require(fault.until)
      // Cut off for 180 s; found out within a poll or two, and tried again every minute at worst.
      #expect((150...280).contains(end.seconds(since: fault.since)))

      let plans = try reader.plans(in: always, limit: .max)
      let ran = plans.filter { plan in plan.receipts.contains { $0.outcome == .running } }
      #expect(ran.contains { $0.plan.at.utc < fault.since })
      #expect(ran.contains { $0.plan.at.utc > end })
      #expect(plans.allSatisfy { !$0.plan.why.isEmpty && !$0.plan.plan.entries.isEmpty })
      #expect(plans.contains { plan in plan.receipts.contains { $0.outcome == .lapsed } })
      let refusals = plans.flatMap(\.receipts).filter {
        [.refused, .exception].contains($0.outcome)
      }
      #expect(refusals.isEmpty, "\(refusals)")

      let counts = try reader.counts(in: always, limit: .max)
      #expect(counts.count > 8 * 100)
      #expect(Set(counts.map(\.detector)).count == 8)
      try checkDecisions(cutSince: fault.since)
    }

    private func checkDecisions(cutSince cut: UTC) throws {
      let (reader, always) = try street.story
      let decisions = try reader.decisions(in: always, limit: .max)
      let bodies = try decisions.map { decision in
        try JSONDecoder().decode(Body.self, from: Data(decision.body.utf8))
      }
      #expect(bodies.allSatisfy { !$0.reason.text.isEmpty && !$0.cause.isEmpty })
      // Counts were fresh, so it was adaptive; cut off, it fell to the last rung and said why.
      #expect(decisions.contains { $0.level <= .onHistory && $0.at.utc < cut })
      let fell = zip(decisions, bodies).first { $0.0.level == .local && $0.0.at.utc > cut }
      #expect(fell?.1.cause == "no fresh report of the cabinet")
    }
  }
}
