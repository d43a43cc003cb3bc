import Glibc

/// A real broker, `mosquitto` of Debian, on a port of its own. It goes with this value.
public final class Broker {
  /// Where it listens on the loopback.
  public let port: UInt16
  private let folder: TemporaryFolder
  private let settings: String
  private var process: ChildProcess?

  /// A broker that runs, with `more` in its configuration; "FOLDER" in it is a folder with `files`.
  public init(_ more: String = "allow_anonymous true", files: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    port = try freePort()
    for (name, text) in files { folder.write(text, to: name) }
    // As root it would become somebody who may not read the test's files.
    settings = "user root\nlistener \(port) 127.0.0.1\n\(more)\nlog_type error\n".replacing(
      "FOLDER", with: folder.path)
    folder.write(settings, to: "mosquitto.conf")
    try start()
  }

  /// Runs it, again after `stop`.
  public func start() throws {
    process = try ChildProcess("/usr/sbin/mosquitto", ["-c", folder.path + "/mosquitto.conf"])
    let begin = ContinuousClock.now
    while !isListening, ContinuousClock.now - begin < .seconds(20) { usleep(10_000) }
  }

  /// Ends it as a crash does.
  public func stop() {
    process?.signal(SIGKILL)
    _ = process?.wait()
    process = nil
  }

  private var isListening: Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port)
    return withUnsafeBytes(of: &address) { bytes in
      bytes.baseAddress.map {
        connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) == 0
      } ?? false
    }
  }

  /// Sends a message with `mosquitto_pub`, at least once.
  public func publish(_ message: String, to topic: String, _ options: [String] = []) throws {
    let (status, _) = try Command.run(
      "mosquitto_pub",
      ["-h", "127.0.0.1", "-p", "\(port)", "-q", "1", "-t", topic, "-s"] + options,
      input: Array(message.utf8))
    precondition(status == 0, "mosquitto_pub")
  }
}

private func loopback(_ port: UInt16) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  return address
}

/// A port that was free a moment ago.
private func freePort() throws -> UInt16 {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  defer { close(descriptor) }
  var address = loopback(0)
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isBound = withUnsafeMutableBytes(of: &address) { bytes in
    bytes.baseAddress.map {
      let plain = $0.assumingMemoryBound(to: sockaddr.self)
      return bind(descriptor, plain, length) == 0 && getsockname(descriptor, plain, &length) == 0
    } ?? false
  }
  precondition(isBound, "a free port")
  return UInt16(bigEndian: address.sin_port)
}
