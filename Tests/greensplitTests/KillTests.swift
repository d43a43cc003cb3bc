import Glibc
import Signals
import Support
import Testing

@testable import History
@testable import greensplit

extension EndToEnd {
  @Suite("kill -9 of the daemon")
  struct KillTests {
    let street: Street

    init() throws { street = try Street() }

    private var history: String { street.path("history.db") }

    /// Kills a daemon and waits until it is gone.
    private func kill(_ daemon: Program) async throws {
      daemon.signal(SIGKILL)
      #expect(try await daemon.end() == 128 + SIGKILL)
    }

    private func checkFile() throws {
      let file = try Connection(path: history, access: .readWrite, patience: 5000)
      #expect(try file.text("PRAGMA integrity_check") == "ok")
      #expect(try file.integer("SELECT count(*) FROM pragma_foreign_key_check") == 0)
    }

    @Test("at random moments leaves a sound history, and whoever comes next is of a higher epoch")
    func random() async throws {
      let (_, addresses) = try await street.traffic()
      var generator = SeededGenerator(seed: 7)
      var last: Int64 = 0
      for _ in 0..<6 {
        let daemon = try Program(
          ["run", "--clock", street.clock.description] + street.arguments(addresses[0]))
        let pause = Int.random(in: 20...1200, using: &generator)
        try await Task.sleep(for: .milliseconds(pause))
        try await kill(daemon)
        guard access(history, F_OK) == 0 else { continue }
        try checkFile()
        let said = try daemon.log.first { $0["event"] == "starting" }?["epoch"].flatMap(Int64.init)
        if let said {
          #expect(said > last)
          last = said
        }
      }
      try await street.daemon(at: addresses[0]).hears(
        "cabinet", ["what": "control went from timeOfDay to central"])
      #expect(last > 0, "no daemon lived long enough to have an epoch")
    }

    @Test("is followed by a higher epoch, also than one that was asked for")
    func askedEpoch() async throws {
      let nowhere = try Listening()
      street.folder.write(try Street.site("J001"), to: "J001.yaml")
      var epochs: [String?] = []
      for asked in [[], ["--epoch", "4000000"], [], ["--epoch", "7"]] {
        let daemon = try await street.daemon(street.arguments(nowhere.address) + asked)
        epochs.append(try daemon.log.first?["epoch"])
        try await kill(daemon)
      }
      #expect(epochs == ["1", "4000000", "4000001", "4000002"])
    }

    @Test("lets the lease lapse in the cabinet; a restart takes control again")
    func lapse() async throws {
      let (cabinet, addresses) = try await street.traffic()
      let first = try await street.daemon(at: addresses[0])
      let began = try await street.takesControl(cabinet)
      // What runs is on the disk within the second.
      try await eventually(within: 60, "a plan that runs", details: { first.errors }) {
        try epochsThatRan().isEmpty ? nil : true
      }
      try await kill(first)
      let home = try await street.goesHome(cabinet, from: began)
      try checkFile()

      let second = try await street.daemon(at: addresses[0])
      _ = try await street.takesControl(cabinet, from: home)
      try await eventually(within: 60, "a plan of the second that runs", details: { second.errors })
      { try epochsThatRan().count == 2 ? true : nil }
      second.signal(SIGTERM)
      #expect(try await second.end(within: 3) == 0, "\(second.errors)")
      try checkFile()
      let epochs = try epochsThatRan()
      #expect(epochs == epochs.sorted() && Set(epochs).count == 2, "\(epochs)")
      #expect(try HistoryReader(path: history).lastEpoch() == Int64(epochs[1]))
    }

    /// Epochs with a plan that ran, as they came.
    private func epochsThatRan() throws -> [UInt32] {
      let (reader, always) = try street.story
      let plans = try reader.plans(in: always, limit: .max)
      return plans.filter { plan in plan.receipts.contains { $0.outcome == .running } }
        .map(\.plan.epoch).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    @Test("while the cabinet was cut off leaves no fault that lasts for ever")
    func openFault() async throws {
      let (_, addresses) = try await street.traffic()
      let nowhere = try Listening()
      let first = try await street.daemon(at: nowhere.address)
      try await eventually(within: 60, "the fault", details: { first.errors }) {
        try faults().contains { $0.what == "link lost" && $0.until == nil } ? true : nil
      }
      try await kill(first)
      let second = try await street.daemon(at: addresses[0])
      try await eventually(within: 60, "its end", details: { second.errors }) {
        try faults().allSatisfy { $0.until != nil } ? true : nil
      }
    }

    private func faults() throws -> [RecordedFault] {
      let (reader, always) = try street.story
      return try reader.faults(in: always, limit: .max)
    }
  }
}

/// A port on which nobody ever answers.
final class Listening {
  private let descriptor: Int32
  /// Where it is.
  let address: String

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port: UInt16? = withUnsafeMutableBytes(of: &place) { [descriptor] bytes in
      guard let base = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        bind(descriptor, base, length) == 0, listen(descriptor, 8) == 0,
        getsockname(descriptor, base, &length) == 0
      else { return nil }
      return UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
    }
    address = "127.0.0.1:\(try #require(port))"
  }

  deinit { close(descriptor) }
}
