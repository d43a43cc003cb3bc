import Glibc

/// The secret that a sender of counts must show (RFC 6750), read from a file.
struct BearerToken: Sendable {
  /// Longest file, bytes.
  static let limit = 4096

  private let bytes: [UInt8]

  /// Reads the token from the file at `path`: one line that nobody but its owner may read.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - credentials: The folder of a service's credentials (systemd's `LoadCredential=`), which only
  ///     the service may enter; `nil` without one.
  /// - Throws: Why it is no token, and what to do.
  init(
    path: String, credentials: String? = Self.credentialsFolder
  ) throws(HTTPFeedError) {
    func refused(_ reason: String) -> HTTPFeedError { .tokenFile(path: path, reason: reason) }
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw refused("cannot be opened: \(systemReason(errno))") }
    defer { close(descriptor) }
    guard let status = FileStatus(descriptor: descriptor), status.isRegular else {
      throw refused("is no file")
    }
    let isCredential = credentials.map { path.hasPrefix($0 + "/") } ?? false
    guard !status.isOpenToOthers || isCredential && status.isOpenToGroupReadersAlone else {
      throw refused("may be read or written by others than its owner; chmod 600 it")
    }
    var content = [UInt8](repeating: 0, count: Self.limit + 1)
    let count = read(descriptor, &content, content.count)
    guard count >= 0 else { throw refused("cannot be read: \(systemReason(errno))") }
    guard count <= Self.limit else { throw refused("is longer than \(Self.limit) bytes") }
    let line = content[..<count].reversed().drop { $0 == 10 || $0 == 13 || $0 == 32 }.reversed()
    guard !line.isEmpty else { throw refused("is empty; write one line of random text into it") }
    guard line.allSatisfy({ (33...126).contains($0) }) else {
      throw refused("must hold one line of printable ASCII without spaces")
    }
    bytes = Array(line)
  }

  private static var credentialsFolder: String? {
    getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) }
  }

  /// Whether `header`, the value of Authorization, shows the token. How long that takes does not
  /// depend on where the first wrong character stands.
  func matches(_ header: String) -> Bool {
    let scheme = Array("bearer ".utf8)
    let shown = Array(header.utf8)
    let isBearer =
      shown.count > scheme.count && zip(shown, scheme).allSatisfy { ($0.0 | 0x20) == $0.1 }
    let secret = shown.dropFirst(scheme.count).drop { $0 == 32 }
    var difference: UInt8 = isBearer && secret.count == bytes.count ? 0 : 1
    for (position, byte) in secret.prefix(Self.limit).enumerated() {
      difference |= byte ^ bytes[position % bytes.count]
    }
    return difference == 0
  }
}
