import Glibc
import Support
import Testing

extension EndToEnd {
  @Suite("Under a service manager, the daemon")
  struct ServiceTests {
    let street: Street
    let manager: ServiceManagerSocket
    let nowhere: Listening

    init() throws {
      street = try Street()
      manager = try ServiceManagerSocket(at: street.path("notify"))
      nowhere = try Listening()
      street.folder.write(try Street.site("J001"), to: "J001.yaml")
    }

    private func start(_ environment: [(name: String, value: String)] = []) throws -> Program {
      try Program(
        ["run", "--sites", street.path("J001.yaml"), "--cabinets", "J001=\(nowhere.address)"],
        environment: [("NOTIFY_SOCKET", street.path("notify"))] + environment)
    }

    @Test("says when it is ready, reloads and stops, and proves that it lives")
    func tells() async throws {
      let daemon = try start([("WATCHDOG_USEC", "400000")])
      let ready = try await manager.hears("READY=1")
      #expect(ready.contains("STATUS=1 junctions"))
      let clock = ContinuousClock()
      let from = clock.now
      for _ in 0..<5 { _ = try await manager.hears("WATCHDOG=1") }
      // Every half of the watchdog's patience.
      #expect(clock.now - from < .seconds(5))

      daemon.signal(SIGHUP)
      let reloading = try await manager.hears("RELOADING=1")
      let text = try #require(reloading.first { $0.hasPrefix("MONOTONIC_USEC=") }?.dropFirst(15))
      let told = try #require(Int64(text))
      #expect((0...60_000_000).contains(Self.monotonicMicroseconds() - told))
      _ = try await manager.hears("READY=1")

      daemon.signal(SIGTERM)
      _ = try await manager.hears("STOPPING=1")
      #expect(try await daemon.end(within: 3) == 0, "\(daemon.errors)")
    }

    @Test("that cannot take over a new configuration says so where an operator looks")
    func refusedReload() async throws {
      let daemon = try start()
      _ = try await manager.hears("READY=1")
      street.replace("J001.yaml", by: "version: 2\n")
      daemon.signal(SIGHUP)
      let ready = try await manager.hears("READY=1")
      #expect(
        ready.contains(
          "STATUS=1 junctions; the configuration was not taken over, the old one stays: see the log"
        ))
      street.replace("J001.yaml", by: try Street.site("J001"))
      daemon.signal(SIGHUP)
      #expect(try await manager.hears("READY=1").contains("STATUS=1 junctions"))
    }

    @Test(
      "is started by a unit that this machine's systemd understands",
      .enabled(if: access("/usr/bin/systemd-analyze", X_OK) == 0))
    func unit() throws {
      let unit = try Street.shipped("systemd/greensplit.service")
        .replacing("/usr/bin/greensplit", with: Program.path)
      street.folder.write(unit, to: "greensplit.service")
      // It tells what it does not understand on standard error, and goes on.
      let (status, output) = try Command.run(
        "sh", ["-c", "systemd-analyze verify --man=no \(street.path("greensplit.service")) 2>&1"])
      #expect(status == 0)
      #expect(String(decoding: output, as: UTF8.self) == "")
    }

    @Test("may be told to reload as soon as it is ready")
    func reloadAtOnce() async throws {
      let daemon = try start()
      #expect(manager.hearsAtOnce("READY=1"))
      daemon.signal(SIGHUP)
      _ = try await manager.hears("RELOADING=1")
      _ = try await manager.hears("READY=1")
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 3) == 0, "\(daemon.errors)")
    }

    @Test("loses no signal that comes while it starts", arguments: [SIGHUP, SIGTERM])
    func early(number: Int32) async throws {
      let daemon = try start()
      // Looked at without a pause: the start takes some milliseconds.
      var isStarting = false
      let end = ContinuousClock.now + .seconds(10)
      while !isStarting, ContinuousClock.now < end {
        isStarting = try daemon.log.contains { $0["event"] == "starting" }
        await Task.yield()
      }
      #expect(isStarting)
      daemon.signal(number)
      if number == SIGHUP {
        _ = try await manager.hears("RELOADING=1")
        daemon.signal(SIGTERM)
      }
      let status = try await daemon.end(within: 10)
      // Before anything listens the signal itself ends it, with another status.
      if number == SIGHUP { #expect(status == 0, "\(daemon.errors)") }
    }

    @Test("ends at once while its start hangs", arguments: [SIGTERM, SIGINT])
    func hanging(number: Int32) async throws {
      let pipe = street.path("config")
      #expect(mkfifo(pipe, 0o600) == 0)
      let daemon = try Program(["run", "--config", pipe])
      // Nothing tells that it waits for who writes to the pipe; well before, it would be ended likewise.
      try await Task.sleep(for: .milliseconds(300))
      daemon.signal(number)
      _ = try await daemon.end(within: 5)
    }

    @Test("stops once, however often it is told, and does not reload meanwhile")
    func impatient() async throws {
      let daemon = try start()
      _ = try await manager.hears("READY=1")
      for signal in [SIGTERM, SIGHUP, SIGTERM, SIGINT, SIGHUP] { daemon.signal(signal) }
      #expect(try await daemon.end(within: 3) == 0, "\(daemon.errors)")
      #expect(try daemon.log.count { $0["event"] == "stopping" } == 1)
    }

    @Test("without a configuration never says that it is ready")
    func broken() async throws {
      let daemon = try Program(
        ["run", "--sites", street.path("nothing.yaml")],
        environment: [("NOTIFY_SOCKET", street.path("notify"))])
      #expect(try await daemon.end() == 1)
      #expect(daemon.errors.contains("nothing.yaml:1:1: error: file: cannot be read"))
      #expect(manager.take() == nil)
    }

    private static func monotonicMicroseconds() -> Int64 {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
  }
}

/// The socket on which a service manager listens.
final class ServiceManagerSocket {
  private let descriptor: Int32

  init(at path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let code = withUnsafeBytes(of: &address) { [descriptor] bytes in
      bytes.baseAddress.map {
        bind(descriptor, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
      }
    }
    try #require(code == 0, "bind \(path)")
  }

  deinit { close(descriptor) }

  /// The next message, as its lines; `nil` if there is none yet.
  func take() -> [String]? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Whether a message with this line comes within 30 s; returns the moment it does.
  func hearsAtOnce(_ line: String) -> Bool {
    for _ in 0..<30 {
      var wish = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&wish, 1, 1000) > 0, take()?.contains(line) == true { return true }
    }
    return false
  }

  /// The next message with this line; those before it are dropped.
  func hears(_ line: String) async throws -> [String] {
    try await eventually(within: 30, line) {
      while let message = take() { if message.contains(line) { return message } }
      return nil
    }
  }
}
