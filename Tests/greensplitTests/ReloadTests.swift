import Glibc
import Support
import Testing

extension EndToEnd {
  @Suite("SIGHUP")
  struct ReloadTests {
    let street: Street

    init() throws { street = try Street() }

    /// A site file of the street whose cabinet is at `address`.
    private func site(_ id: String, at address: String) throws -> String {
      try Street.site(id).replacing(/connect: "[^"]*"/, with: "connect: \"\(address)\"")
    }

    @Test("takes over what is right, refuses what is wrong, and leaves a removed junction alone")
    func reload() async throws {
      let (cabinets, addresses) = try await street.traffic(["J001", "J004"])
      street.replace("J001.yaml", by: try site("J001", at: addresses[0]))
      street.replace("J004.yaml", by: try site("J004", at: addresses[1]))
      let daemon = try await street.daemon([
        "--sites", street.folder.path, "--follow", street.path("counts"),
      ])
      _ = try await street.takesControl(cabinets, of: "J001")
      var last = try await street.takesControl(cabinets, of: "J004")

      // Wrong: said with its place, and control goes on beyond a lease of the old configuration.
      let wrong = try site("J001", at: addresses[0])
        .replacing("min_green: 8 s", with: "min_green: 8 m")
      street.replace("J001.yaml", by: wrong)
      daemon.signal(SIGHUP)
      let refused = try await daemon.hears("configuration not taken over, the old one stays")
      let reason = try #require(refused.entry["reason"])
      #expect(refused.entry["level"] == "error")
      let lines = wrong.split(separator: "\n", omittingEmptySubsequences: false)
      let places = lines.indices.filter { lines[$0].contains("8 m") }.map { $0 + 1 }
      #expect(places.count == 2)
      for (place, stage) in zip(places, ["B", "D"]) {
        #expect(reason.contains("J001.yaml:\(place):16: error: stages[\(stage)].min_green: "))
      }
      try await Task.sleep(for: .seconds(60 * 1.5 / Street.speed))
      #expect(try changes(cabinets) == 2, "\(cabinets.errors)")

      // Right: the changed junction is replaced, the other goes on.
      street.replace(
        "J001.yaml",
        by: try site("J001", at: addresses[0]).replacing("min_green: 8 s", with: "min_green: 9 s"))
      let before = try daemon.log.count
      daemon.signal(SIGHUP)
      try await daemon.hears(
        "configuration read again", ["added": "", "replaced": "J001", "removed": ""])
      // On a queue of its own, the successor may speak first.
      try await daemon.hears("cabinet", ["junction": "J001"], from: before)
      try await Task.sleep(for: .seconds(60 * 1.5 / Street.speed))
      #expect(try changes(cabinets) == 2, "the successor took over in time\n\(cabinets.errors)")

      // Removed: no longer written to, and its lease lapses; put back, it is controlled again.
      unlink(street.path("J004.yaml"))
      daemon.signal(SIGHUP)
      try await daemon.hears("configuration read again", ["removed": "J004"])
      last = try await street.goesHome(cabinets, of: "J004", from: last)
      street.replace("J004.yaml", by: try site("J004", at: addresses[1]))
      daemon.signal(SIGHUP)
      try await daemon.hears("configuration read again", ["added": "J004"])
      _ = try await street.takesControl(cabinets, of: "J004", from: last)
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 3) == 0, "\(daemon.errors)")
      let ofFirst = try cabinets.log.filter { $0["junction"] == "J001" && $0["from"] != nil }
      #expect(ofFirst.count == 1, "J001 was under control throughout\n\(cabinets.errors)")
    }

    /// How often control of any cabinet has changed hands.
    private func changes(_ cabinets: Program) throws -> Int {
      try cabinets.log.count { $0["from"] != nil }
    }

    @Test("puts a changed junction in the old one's place also while the cabinet owes an answer")
    func owedAnswer() async throws {
      let silent = try Listening()
      let site = try site("J001", at: silent.address)
      street.replace("J001.yaml", by: site)
      let daemon = try await street.daemon(["--sites", street.path("J001.yaml")])
      var told = 0
      for green in [9, 10, 9] {
        // Each junction tells once that its link is lost, and asks again at once, for a second.
        told = try await daemon.heard(from: told, "a lost link") {
          $0["what"]?.hasPrefix("link lost: ") == true
        }.position
        try await Task.sleep(for: .milliseconds(100))
        street.replace(
          "J001.yaml", by: site.replacing("min_green: 8 s", with: "min_green: \(green) s"))
        daemon.signal(SIGHUP)
        told += 1
        try await daemon.hears("configuration read again", ["replaced": "J001"], from: told)
      }
      _ = try await daemon.heard(from: told, "the last successor") {
        $0["what"]?.hasPrefix("link lost: ") == true
      }
    }

    @Test("may remove a junction whose cabinet the command line names")
    func namedCabinet() async throws {
      street.replace("J001.yaml", by: try Street.site("J001"))
      street.replace("J004.yaml", by: try Street.site("J004"))
      let nowhere = [try Listening(), try Listening()]
      let daemon = try await street.daemon([
        "--sites", street.folder.path, "--cabinets",
        "J001=\(nowhere[0].address),J004=\(nowhere[1].address)",
      ])
      unlink(street.path("J004.yaml"))
      daemon.signal(SIGHUP)
      try await daemon.hears("configuration read again", ["removed": "J004"])
    }
  }
}
