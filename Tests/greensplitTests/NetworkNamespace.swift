import Glibc
import Support
import Testing

/// A network of its own for a cabinet, with one cable to ours that can be pulled: on Linux that takes
/// root. It goes with this value.
final class NetworkNamespace {
  /// Whether this process may make one.
  static let isPermitted: Bool = {
    let name = "gsplit-try-\(getpid())"
    guard run("netns", "add", name) else { return false }
    defer { _ = run("netns", "del", name) }
    return true
  }()

  private let name = "gsplit-\(getpid())"
  private var near: String { "gsn\(getpid())" }
  private var far: String { "gsf\(getpid())" }

  /// Four addresses out of those kept for a link (RFC 3927), others for another process.
  private static let block: (third: Int32, fourth: Int32) = (
    1 + getpid() % 254, getpid() / 254 % 63 * 4
  )

  /// The address of the far end.
  let address = "169.254.\(block.third).\(block.fourth + 2)"

  /// What starts a program in it.
  var wrapper: [String] { ["ip", "netns", "exec", name] }

  init() throws {
    try #require(Self.run("netns", "add", name))
    let made = [
      ["link", "add", near, "type", "veth", "peer", "name", far, "netns", name],
      ["addr", "add", "169.254.\(Self.block.third).\(Self.block.fourth + 1)/30", "dev", near],
      ["link", "set", near, "up"],
      ["-n", name, "addr", "add", "\(address)/30", "dev", far],
      ["-n", name, "link", "set", far, "up"],
    ].allSatisfy(Self.run)
    try #require(made, "a pair of interfaces and a network namespace")
  }

  deinit {
    _ = Self.run("link", "del", near)
    _ = Self.run("netns", "del", name)
  }

  /// Pulls the cable, or plugs it in: what is sent meanwhile is lost without a word.
  func connect(_ isConnected: Bool) throws {
    try #require(Self.run("-n", name, "link", "set", far, isConnected ? "up" : "down"))
  }

  private static func run(_ arguments: String...) -> Bool { run(arguments) }

  private static func run(_ arguments: [String]) -> Bool {
    (try? Command.run("ip", arguments))?.status == 0
  }
}
