import Glibc

/// Why there are no peers to test against.
public enum PeerFailure: Error, Sendable, Equatable {
  /// There is no Python environment at this path.
  case noPython(String)
}

extension PeerFailure: CustomStringConvertible {
  /// The failure in words.
  public var description: String {
    switch self {
    case .noPython(let path):
      "no Python with the test peers at \(path): run `make peers`, or set GREENSPLIT_PEERS to the "
        + "python of an environment made from Tests/peers/requirements.txt"
    }
  }
}

/// Independent programs that speak to ours: scripts in Tests/peers on pymodbus.
public enum Peers {
  /// Folder of the package.
  public static let root: String = {
    // This file is Tests/Support/Peers.swift.
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()

  /// The Python that has the peers: what GREENSPLIT_PEERS names, else that of `.venv`.
  ///
  /// - Throws: `noPython` if it is not there. Let the test fail by it: a test that passes without
  ///   its peer proves nothing.
  public static func python() throws(PeerFailure) -> String {
    try python(named: getenv("GREENSPLIT_PEERS").map { String(cString: $0) })
  }

  /// Likewise, with what the environment says given.
  public static func python(named: String?) throws(PeerFailure) -> String {
    let path = named ?? "\(root)/.venv/bin/python"
    guard access(path, X_OK) == 0 else { throw .noPython(path) }
    return path
  }

  /// Starts a script of Tests/peers, such as `server.py`.
  public static func start(_ script: String, _ arguments: [String] = []) throws -> ChildProcess {
    try ChildProcess(python(), ["\(root)/Tests/peers/\(script)"] + arguments)
  }
}
