import Glibc
import Support
import Testing

@testable import greensplit

/// Links through stunnel, as docs/tls.md describes them.
@Suite("Through stunnel at both ends,")
struct TunnelTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  /// A key and a certificate that vouches for itself, as `NAME.pem`.
  private func certify(_ name: String) throws {
    let (status, _) = try Command.run(
      "openssl",
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
        "2", "-subj", "/CN=\(name)", "-keyout", path("\(name).key"), "-out", path("\(name).pem"),
      ])
    #expect(status == 0)
  }

  /// A stunnel in the foreground with what the documentation says, from one port to another.
  private func tunnel(
    _ service: String, asClient: Bool, own: String, peer: String, from: UInt16, to: String
  ) throws -> Tunnel {
    folder.write(
      """
      foreground = yes
      pid =
      socket = l:TCP_NODELAY=1
      socket = r:TCP_NODELAY=1
      [\(service)]
      client = \(asClient ? "yes" : "no")
      accept = 127.0.0.1:\(from)
      connect = 127.0.0.1:\(to)
      cert = \(path("\(own).pem"))
      key = \(path("\(own).key"))
      CAfile = \(path("\(peer).pem"))
      verifyPeer = yes
      sslVersionMin = TLSv1.2
      TIMEOUTclose = 0

      """, to: "\(service).conf")
    return try Tunnel(path("\(service).conf"))
  }

  /// A port that was free a moment ago.
  private func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> UInt16? in
        guard bind(descriptor, address, length) == 0,
          getsockname(descriptor, address, &length) == 0
        else { return nil }
        return pointer.pointee.sin_port.bigEndian
      }
    }
    return try #require(port)
  }

  private func cabinet() async throws -> (program: Program, port: String) {
    let program = try Program([
      "cabinet", "--site", "\(Peers.root)/intersections/J001.yaml", "--listen", "127.0.0.1:0",
    ])
    let port = try await eventually(within: 30, "the port of the cabinet") {
      try program.errors.split(separator: "\n").lazy.map { try LogEntry(String($0)) }
        .first { $0["event"] == "cabinet is listening" }
        .flatMap { $0["address"]?.split(separator: ":").last.map(String.init) }
    }
    return (program, port)
  }

  private func read(
    _ port: UInt16
  ) async throws -> (status: Int32, output: String, errors: String) {
    try await Program.run(
      "cabinet-read", "--profile", "\(Peers.root)/intersections/cabinets/tsc-mb.yaml", "--connect",
      "127.0.0.1:\(port)", "--deadline", "10")
  }

  @Test(
    "a cabinet is read as without, and nobody else gets in: not without TLS, not with another key")
  func both() async throws {
    for name in ["daemon", "cabinet", "stranger"] { try certify(name) }
    let (program, port) = try await cabinet()
    let (secure, plain, wrong) = (try freePort(), try freePort(), try freePort())
    let server = try tunnel(
      "cabinet", asClient: false, own: "cabinet", peer: "daemon", from: secure, to: port)
    let client = try tunnel(
      "daemon", asClient: true, own: "daemon", peer: "cabinet", from: plain, to: "\(secure)")
    let stranger = try tunnel(
      "stranger", asClient: true, own: "stranger", peer: "cabinet", from: wrong, to: "\(secure)")
    let good = try await eventually(
      within: 30, "stunnel to listen",
      look: { connects(secure) && connects(plain) && connects(wrong) ? true : nil })
    #expect(good)
    let through = try await read(plain)
    #expect(through.status == 0, "\(through.errors)\(through.output)")
    #expect(through.output.contains("Greensplit virtual cabinet"))
    let bare = try await read(secure)
    #expect(bare.status == 1)
    #expect(!bare.output.contains("Greensplit virtual cabinet"))
    let foreign = try await read(wrong)
    #expect(foreign.status == 1)
    #expect(!foreign.output.contains("Greensplit virtual cabinet"))
    let daemon = try await drive(plain)
    withExtendedLifetime((program, server, client, stranger, daemon)) {}
  }

  /// The daemon itself, until it knows its cabinet.
  private func drive(_ port: UInt16) async throws -> Program {
    let daemon = try Program([
      "run", "--sites", "\(Peers.root)/intersections/J001.yaml", "--cabinets",
      "J001=127.0.0.1:\(port)", "--history", path("history.db"),
    ])
    try await eventually(
      within: 30, "the daemon to read the cabinet's limits", details: { daemon.errors },
      look: { daemon.errors.contains("limits read, revision 1") ? true : nil })
    return daemon
  }

  private func connects(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}

/// A stunnel that ends with this value.
private final class Tunnel {
  private let process: pid_t

  init(_ configuration: String) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor: Int32 in [0, 1, 2] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    let words: [String] = ["stunnel", configuration]
    let copies = words.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    var process = pid_t()
    let code = posix_spawnp(&process, "stunnel", &actions, nil, copies + [nil], environ)
    try #require(
      code == 0, "stunnel: \(String(cString: strerror(code))); install the package stunnel4")
    self.process = process
  }

  deinit {
    kill(process, SIGKILL)
    waitpid(process, nil, 0)
  }
}
