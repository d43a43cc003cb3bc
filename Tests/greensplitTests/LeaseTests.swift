import Glibc
import History
import Signals
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  /// `kill -9` is in `KillTests`, a cut by the cabinet's own side in `CutOffTests`.
  @Suite("The lease of a plan lapses")
  struct LeaseTests {
    let street: Street

    init() throws { street = try Street() }

    @Test("when the daemon is stopped as soon as it has control, which comes back when it goes on")
    func stopped() async throws {
      let (cabinet, addresses) = try await street.traffic()
      let daemon = try await street.daemon(at: addresses[0])
      let began = try await street.takesControl(cabinet)
      daemon.signal(SIGSTOP)
      let stopped = street.clock.now().monotonic
      let home = try await street.goesHome(cabinet, from: began)
      // A lease of a minute, the longest green of J001 for a boundary to come, and two seconds of a
      // loaded machine.
      #expect(street.clock.now().monotonic.seconds(since: stopped) < 60 + 90 + 2 * Street.speed)
      daemon.signal(SIGCONT)
      _ = try await street.takesControl(cabinet, from: home)
      _ = try await daemon.heard("the lapse") {
        $0["what"]?.hasSuffix("is over, the cabinet runs its own plan") == true
      }
    }

    @Test(
      "when the cable is pulled, and control comes back when it is plugged in",
      .enabled(
        if: NetworkNamespace.isPermitted,
        "skipped: network namespaces are not permitted here; run as root"))
    func cable() async throws {
      let network = try NetworkNamespace()
      let (cabinet, addresses) = try await street.traffic(
        listen: ["--listen", "\(network.address):0"], within: network.wrapper)
      let daemon = try await street.daemon(at: addresses[0])
      let began = try await street.takesControl(cabinet)
      try network.connect(false)
      let lost = try await daemon.heard("the link's loss") {
        $0["what"]?.hasPrefix("link lost: no answer") == true
      }
      let home = try await street.goesHome(cabinet, from: began)
      try network.connect(true)
      _ = try await daemon.heard(from: lost.position, "the link's return") {
        $0["what"]?.hasPrefix("link is back after ") == true
      }
      _ = try await street.takesControl(cabinet, from: home)
      let (reader, always) = try street.story
      let faults = try reader.faults(in: always, limit: .max)
      #expect(faults.map(\.what) == ["link lost"])
    }

    @Test("when no counts come any more, and control comes back with them")
    func stale() async throws {
      // The cameras fall silent after two and a half minutes; the cabinet goes on.
      let (cabinet, addresses) = try await street.traffic(["J001"], ["--stay"], seconds: 150)
      let daemon = try await street.daemon(at: addresses[0])
      let began = try await street.takesControl(cabinet)
      try await cabinet.hears("scenario is over", from: began)
      let over = street.clock.now().monotonic
      let home = try await street.goesHome(cabinet, from: began)
      // Counts are stale after half a minute; then as above.
      #expect(street.clock.now().monotonic.seconds(since: over) < 30 + 60 + 90 + 2 * Street.speed)
      let fell = try await daemon.heard("why nothing is sent any more") {
        $0["event"] == "control level" && $0["rung"] == "timeOfDay"
      }
      #expect(fell.entry["cause"]?.contains(" % of the lane groups without counts") == true)

      let cameras = try Cameras(of: "J001", in: street)
      try await eventually(within: 60, "control again", details: { daemon.errors }) {
        cameras.see()
        return try cabinet.log[home...].first { $0["to"] == "central" }
      }
    }
  }
}
