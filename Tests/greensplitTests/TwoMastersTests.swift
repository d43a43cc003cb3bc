import Glibc
import History
import Signals
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("A cabinet that two daemons want")
  struct TwoMastersTests {
    let street: Street

    init() throws { street = try Street() }

    @Test("obeys the higher epoch; the lower one writes no more, also when the higher has gone")
    func standby() async throws {
      let (cabinet, addresses) = try await street.traffic()
      let first = try await street.daemon(at: addresses[0])
      let began = try await street.takesControl(cabinet)

      let second = try await street.daemon(
        street.arguments(addresses[0], history: "second.db")
          + ["--epoch", "7", "--control", street.path("second.sock")])
      let stale = try await first.heard("that another gives orders") {
        $0["what"]?.hasPrefix("another controller with epoch 7 gives orders") == true
      }.entry
      #expect(stale["level"] == "error")
      #expect(stale["what"]?.contains("--epoch 8") == true)
      let handed = street.clock.now().utc
      try await eventually(within: 60, "plans of the second", details: { second.errors }) {
        try ran(in: "second.db").count >= 2 ? true : nil
      }
      // The cabinet was under control all the while.
      let held = try cabinet.log[began...].filter { $0["event"]?.contains("lease over") == true }
      #expect(held.isEmpty, "\(cabinet.errors)")
      #expect(try ran(in: "second.db").allSatisfy { $0.plan.epoch == 7 })

      second.signal(SIGKILL)
      try await second.end(within: 3)
      let home = try await street.goesHome(cabinet, from: began)
      try await Task.sleep(for: .seconds(1))
      // The first stays behind: nobody has told it that the other is gone.
      #expect(try cabinet.log.count == home + 1, "\(cabinet.errors)")
      #expect(try sent(in: "history.db").allSatisfy { $0.plan.at.utc <= handed })

      first.signal(SIGTERM)
      #expect(try await first.end(within: 3) == 0)
      let third = try await street.daemon(street.arguments(addresses[0]) + ["--epoch", "8"])
      _ = try await street.takesControl(cabinet, from: home)
      try await eventually(within: 60, "plans of the third", details: { third.errors }) {
        try ran(in: "history.db").contains { $0.plan.epoch == 8 } ? true : nil
      }
    }

    private func sent(in history: String) throws -> [PlanStory] {
      let (reader, always) = try street.story(in: history)
      return try reader.plans(in: always, limit: .max)
    }

    private func ran(in history: String) throws -> [PlanStory] {
      try sent(in: history).filter { plan in plan.receipts.contains { $0.outcome == .running } }
    }
  }
}
