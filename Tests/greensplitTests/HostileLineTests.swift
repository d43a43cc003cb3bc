import Glibc
import History
import Signals
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("A cabinet at the end of a line that does not behave")
  struct HostileLineTests {
    let street: Street

    init() throws { street = try Street() }

    @Test("is never believed wrongly, holds up no other cabinet, and is taken back")
    func beside() async throws {
      let (cabinets, addresses) = try await street.traffic(["J001", "J002"])
      let port = try #require(addresses[1].split(separator: ":").last)
      let line = try Peers.start("hostile.py", ["--to", "\(port)", "--after", "12"])
      let listening = try line.line()
      let daemon = try await street.daemon([
        "--sites", street.path("J001.yaml"), "--sites", street.path("J002.yaml"),
        "--cabinets", "J001=\(addresses[0])",
        "--cabinets", "J002=127.0.0.1:\(listening.filter(\.isNumber))",
        "--follow", street.path("counts"), "--history", street.path("history.db"),
        // One queue for both: a cabinet that held it up would hold up the other.
        "--queues", "1",
      ])
      let began = try await street.takesControl(cabinets)

      var mischief: [String] = []
      while let said = try? line.line(within: 20), !said.contains("honest") {
        mischief.append(said)
      }
      #expect(mischief.count == 19, "\(mischief)\n\(daemon.errors)")
      // Whatever the cabinet did meanwhile, from here on it must come to be controlled.
      let now = try cabinets.log.count
      try await eventually(within: 60, "control of J002", details: { daemon.errors }) {
        try runsPlans("J002", after: street.clock.now().utc.advanced(bySeconds: -60)) ? true : nil
      }
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 5) == 0, "\(daemon.errors)")

      // The neighbour: no answer missed, no lease lost.
      let log = try daemon.log
      let told = log.filter { $0["junction"] == "J001" }.compactMap { $0["what"] }
      #expect(told.filter { $0.hasPrefix("link lost") } == [])
      let sources = try cabinets.log[began..<now].filter { $0["junction"] == "J001" }
      #expect(sources.filter { $0["to"] == "timeOfDay" }.isEmpty)
      try checkTicks()
      try checkBelieved(log)
      try checkPlans()
    }

    private func runsPlans(_ junction: String, after moment: UTC) throws -> Bool {
      let (reader, always) = try street.story(of: junction)
      return try reader.plans(in: always, limit: .max).contains { plan in
        plan.plan.at.utc > moment && plan.receipts.contains { $0.outcome == .running }
      }
    }

    /// The neighbour decided each second. An answer that is waited for takes a second of real time at
    /// the most, half a minute here: had the neighbour waited for one of the other's, ticks would miss.
    private func checkTicks() throws {
      let (reader, always) = try street.story
      let kept = try reader.decisions(in: always, limit: .max)
      #expect(kept.count > 20)
      let lost = zip(kept, kept.dropFirst()).map { before, next in
        next.at.utc.seconds(since: before.at.utc) - Double(next.tick - before.tick)
      }
      let worst = lost.max() ?? .infinity
      #expect(worst < Street.speed / 2, "\(worst) ticks lost at once")
    }

    /// All that was believed of J002 is what its cabinet is.
    private func checkBelieved(_ log: [LogEntry]) throws {
      let told = log.filter { $0["junction"] == "J002" }.compactMap { $0["what"] }
      for beginning in ["cabinet ", "limits read"] {
        let said = told.filter { $0.hasPrefix(beginning) && !$0.hasPrefix("cabinet's") }
        #expect(Set(said).count == 1, "\(said)")
      }
      #expect(told.contains { $0.hasPrefix("link lost") })
      #expect(told.contains { $0.hasPrefix("link is back") })
      for wrong in ["does not belong", "fault bits", "another controller", "to manual", "to flash"]
      {
        #expect(told.filter { $0.contains(wrong) } == [])
      }
    }

    /// No plan is said to have run that the cabinet refused, nor the other way round.
    private func checkPlans() throws {
      for junction in ["J001", "J002"] {
        let (reader, always) = try street.story(of: junction)
        for plan in try reader.plans(in: always, limit: .max) {
          let outcomes = plan.receipts.map(\.outcome)
          #expect(!(outcomes.contains(.running) && outcomes.contains(.refused)))
        }
      }
    }
  }
}
