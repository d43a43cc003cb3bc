import FoundationEssentials
import Glibc
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("greensplit cabinets")
  struct CabinetsTests {
    let street: Street

    init() throws {
      street = try Street()
      street.folder.write("secret\n", to: "token")
    }

    /// The links that the daemon at `address` tells.
    private func links(_ address: String) async throws -> LinkReport {
      let (status, output, errors) = try await Program.run(
        "cabinets", "--http", address, "--token-file", street.path("token"), "--json")
      try #require(status == 0, "\(errors)")
      return try JSONDecoder().decode(LinkReport.self, from: Data(output.utf8))
    }

    /// The first link that is as wanted, asked for again and again.
    private func first(
      _ address: String, _ what: String, _ isWanted: (LinkReport.Link) -> Bool
    ) async throws -> LinkReport.Link {
      for _ in 0..<100 {
        if let found = try await links(address).cabinets.first(where: isWanted) { return found }
        try await Task.sleep(for: .milliseconds(100))
      }
      throw NeverCame(description: "no link with \(what)")
    }

    @Test("shows what is wanted and what runs, leases and errors, as a table and as JSON")
    func shows() async throws {
      let (cabinet, addresses) = try await street.traffic(["J001"], ["--cut-off", "600+900"])
      let daemon = try await street.daemon(
        street.arguments(addresses[0]) + [
          "--http", "127.0.0.1:0", "--token-file", street.path("token"),
        ])
      let address = try #require(
        try await daemon.hears("listening for counts").entry["address"])
      let began = try await street.takesControl(cabinet)
      let link = try await first(address, "a plan that runs") { ($0.running?.sequence ?? 0) > 0 }
      #expect(link.junction == "J001")
      #expect(link.address == "\(addresses[0]) unit 1")
      #expect(link.make == "reference map")
      #expect(link.link == "up")
      #expect(link.source == "central")
      #expect((1...60).contains(link.leaseLeft ?? 0))
      #expect((0...10).contains(link.reportAge ?? 99))
      #expect((0.01...1000).contains(link.roundTrip ?? 0))
      #expect(link.requests > 8 && link.lostSince == nil)
      // A plan so soon after another that the cabinet puts it off is all that may have gone wrong.
      #expect((link.failures == 0) == (link.lastError == nil))
      #expect(link.lastError?.what.contains("it is busy") ?? true)
      let wanted = try #require(link.wanted)
      let running = try #require(link.running)
      #expect(wanted.sequence >= running.sequence)
      #expect(
        running.greens.allSatisfy { ["A", "B", "C", "D"].contains($0.stage) && $0.green > 0 })
      let (status, table, _) = try await Program.run(
        "cabinets", "--http", address, "--token-file", street.path("token"))
      #expect(status == 0)
      #expect(table.contains("junction") && table.contains("\nJ001 "))
      #expect(table.contains("  central  #"))

      _ = try await cabinet.hears("network cut off", from: began)
      let lost = try await first(address, "a lost link") { $0.link == "down" }
      #expect(lost.failures > 0 && lost.lostSince != nil)
      #expect(lost.lastError?.what.isEmpty == false)
      let after = try await Program.run(
        "cabinets", "--http", address, "--token-file", street.path("token"))
      #expect(after.output.contains("  down  "))
      #expect(after.output.contains("\nlast errors\nJ001  2026-"))
    }

    @Test("says what is wrong when it is not let in, or when nobody is there")
    func refused() async throws {
      let (_, addresses) = try await street.traffic()
      let daemon = try await street.daemon(
        street.arguments(addresses[0]) + [
          "--http", "127.0.0.1:0", "--token-file", street.path("token"),
        ])
      let address = try #require(
        try await daemon.hears("listening for counts").entry["address"])
      let bare = try await Program.run("cabinets", "--http", address)
      #expect(bare.status == 1)
      #expect(bare.errors.contains("wants another token; name its file with --token-file"))
      let nobody = try await Program.run("cabinets", "--http", "127.0.0.1:1")
      #expect(nobody.status == 1)
      #expect(nobody.errors.contains("no answer from 127.0.0.1:1: "))
      let name = try await Program.run("cabinets", "--http", "localhost")
      #expect(name.status == 2)
      #expect(name.errors.contains("--http localhost: expected an address and a port"))
    }
  }
}
