import Glibc
import Support
import Testing

@testable import History

extension EndToEnd {
  @Suite("A history that cannot be written")
  struct TroubledHistoryTests {
    let street: Street

    init() throws { street = try Street() }

    @Test("stops nobody: control is taken all the same, and what waited is written afterwards")
    func locked() async throws {
      let (cabinet, addresses) = try await street.traffic()
      let daemon = try await street.daemon(at: addresses[0])
      let path = street.path("history.db")
      let other = try Connection(path: path, access: .readWrite, patience: 5000)
      try other.execute("BEGIN IMMEDIATE")

      let before = try rows("plans")
      let trouble = try await daemon.hears("history", ["level": "error", "control": "goes on"])
      #expect(trouble.entry["what"]?.contains("another program holds the database locked") == true)
      _ = try await street.takesControl(cabinet)
      // Some five seconds: more than twice the lease, which is renewed all the same.
      let again = try await daemon.heard(from: trouble.position, "another attempt") {
        $0["what"]?.contains("; attempt 3, ") == true
      }
      #expect(try rows("plans") == before, "nothing can have been written")
      try other.execute("ROLLBACK")

      let written = try await daemon.heard(from: again.position, "the end of the trouble") {
        $0["what"]?.hasPrefix("history: written again after ") == true
      }
      #expect(written.entry["level"] == "notice")
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 10) == 0, "\(daemon.errors)")
      #expect(try rows("plans") > before)
      let (reader, always) = try street.story
      let plans = try reader.plans(in: always, limit: .max)
      #expect(plans.first.map { $0.plan.sequence } == 1, "from the first plan on")
      #expect(try rows("counts") > 8 * 20)
      #expect(try cabinet.log.count { $0["from"] == "central" } == 0, "control was kept")
    }

    private func rows(_ table: String) throws -> Int64 {
      let file = try Connection(path: street.path("history.db"), access: .readOnly, patience: 5000)
      return try file.integer("SELECT count(*) FROM \(table)")
    }
  }
}
