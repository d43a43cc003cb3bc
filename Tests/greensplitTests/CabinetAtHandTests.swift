import Cabinets
import Glibc
import History
import Signals
import Sites
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  /// The other things that befall cabinets are in `UnrulyCabinetTests`, in virtual time.
  @Suite("A cabinet at which people are at work")
  struct CabinetAtHandTests {
    let street: Street
    let cabinet: CabinetAtHand
    let cameras: Cameras

    init() throws {
      street = try Street()
      street.folder.write(try Street.site("J001"), to: "J001.yaml")
      street.folder.write("", to: "counts")
      let junction = try readSite(street.path("J001.yaml")).get()
      cabinet = try CabinetAtHand(of: junction, clock: street.clock)
      cameras = try Cameras(of: "J001", in: street)
    }

    /// Waits for `what`, with cameras that see all the while.
    @discardableResult
    private func until<Value>(
      _ what: String, _ daemon: Program, isolation: isolated (any Actor)? = #isolation,
      _ look: () throws -> Value?
    ) async throws -> Value {
      try await eventually(within: 60, what, details: { daemon.errors }) {
        cameras.see()
        return try look()
      }
    }

    /// A daemon that has taken control.
    private func inControl() async throws -> Program {
      let daemon = try await street.daemon(at: cabinet.address)
      _ = try await hears(daemon, "control went from timeOfDay to central")
      return daemon
    }

    /// Waits until the daemon has told that control went to `source`; returns where.
    private func hears(
      _ daemon: Program, _ what: String, from first: Int = 0
    ) async throws -> Int {
      try await until(what, daemon) {
        let log = try daemon.log
        return log.indices.dropFirst(first).first { log[$0]["what"]?.hasPrefix(what) == true }
      }
    }

    private func plans() throws -> [PlanStory] {
      let (reader, always) = try street.story
      return try reader.plans(in: always, limit: .max)
    }

    /// Waits for a plan that was made after `moment` and ran.
    private func runsPlan(_ daemon: Program, after moment: UTC) async throws {
      try await until("a plan that runs", daemon) {
        try plans().contains { plan in
          plan.plan.at.utc > moment && plan.receipts.contains { $0.outcome == .running }
        } ? true : nil
      }
    }

    @Test("is not fought while somebody has it on manual, and taken back with a fresh plan")
    func manual() async throws {
      let daemon = try await inControl()
      cabinet.set(.manual)
      let taken = try await hears(daemon, "control went from central to manual")
      let since = street.clock.now().utc
      try await until("why nothing is sent", daemon) {
        try daemon.log.first {
          $0["rung"] == "local" && $0["cause"] == "the cabinet is under manual control"
        }
      }
      // A minute of somebody's hands.
      let end = street.clock.now().monotonic.advanced(bySeconds: 60)
      try await until("a minute", daemon) {
        street.clock.now().monotonic > end ? true : nil
      }
      #expect(cabinet.source == .manual)
      let given = street.clock.now().utc
      cabinet.set(.timeOfDay)
      let back = try await hears(daemon, "control went from manual to timeOfDay", from: taken)
      _ = try await hears(daemon, "control went from timeOfDay to central", from: back)
      try await runsPlan(daemon, after: given)
      let meanwhile = try plans().filter { since < $0.plan.at.utc && $0.plan.at.utc < given }
      #expect(meanwhile.isEmpty, "\(meanwhile.map(\.plan.why))")
    }

    @Test("is asked anew who it is after a restart, and taken back when its flash is over")
    func restarted() async throws {
      let daemon = try await inControl()
      let restarted = street.clock.now().utc
      cabinet.restart()
      #expect(cabinet.source == .flash)
      let told = try await hears(daemon, "the cabinet was restarted")
      let back = try await hears(daemon, "control went from flash to timeOfDay", from: told)
      _ = try await hears(daemon, "control went from timeOfDay to central", from: back)
      try await runsPlan(daemon, after: restarted)
      let (reader, always) = try street.story
      #expect(try reader.plans(in: always, limit: .max).map(\.plan.epoch).allSatisfy { $0 == 1 })
    }

    @Test("that another replaces is controlled within the limits of the new one")
    func replaced() async throws {
      let daemon = try await inControl()
      let strict = try Street.site("J001")
        .replacing(/max_green: 70 s/, with: "max_green: 45 s")
      let junction = try readSite(Array(strict.utf8), named: "strict.yaml").get()
      let settings = CabinetSettings(id: 2, siteRevision: 3)
      await cabinet.replace(by: junction, settings, after: 30)
      let replaced = street.clock.now().utc
      _ = try await hears(daemon, "cabinet 2 (")
      _ = try await hears(daemon, "limits read, revision 3")
      try await until("control", daemon) { cabinet.source == .central ? true : nil }
      try await runsPlan(daemon, after: replaced)
      for plan in try plans() where plan.plan.at.utc > replaced {
        for entry in plan.plan.plan.entries {
          #expect(entry.green <= junction.stages[entry.stage].maximumGreen)
        }
        #expect(plan.receipts.allSatisfy { $0.outcome != .refused })
      }
    }
  }
}
