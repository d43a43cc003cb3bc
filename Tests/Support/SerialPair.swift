import Glibc

/// Two serial devices that are the ends of one line, made by socat from a pair of pseudo terminals.
public final class SerialPair {
  /// The devices.
  public let ends: (near: String, far: String)

  private let folder: TemporaryFolder
  private let socat: ChildProcess

  /// Lays a line and waits until both ends are there.
  public init() throws {
    folder = try TemporaryFolder()
    ends = (folder.path + "/near", folder.path + "/far")
    socat = try ChildProcess(
      "/usr/bin/socat",
      ["pty,raw,echo=0,link=\(ends.near)", "pty,raw,echo=0,link=\(ends.far)"])
    for _ in 0..<1000 where access(ends.near, F_OK) != 0 || access(ends.far, F_OK) != 0 {
      usleep(10_000)
    }
  }

  /// The devices under their own names, as site files want them.
  public var devices: (near: String, far: String) {
    (Self.target(ends.near), Self.target(ends.far))
  }

  private static func target(_ link: String) -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let length = readlink(link, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, length)), as: UTF8.self)
  }

  /// Tears the line: both devices are gone.
  public func cut() {
    socat.signal(SIGKILL)
    _ = socat.wait()
  }
}
