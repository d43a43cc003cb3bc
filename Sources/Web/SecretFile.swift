import Glibc

/// A token or a password in a file: one line that nobody but its owner may read.
package enum SecretFile {
  /// Longest file, bytes.
  package static let limit = 4096

  /// What is wrong with the file, and what to do.
  package struct Refused: Error {
    package let reason: String
  }

  /// The folder of a service's credentials (systemd's `LoadCredential=`), which only the service may
  /// enter; `nil` without one.
  package static var credentialsFolder: String? {
    getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) }
  }

  /// Reads the line in the file at `path`.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - credentials: A folder in which a file may be readable by a group.
  /// - Returns: Its bytes, printable ASCII without spaces.
  /// - Throws: What is wrong with it.
  package static func read(
    _ path: String, credentials: String? = credentialsFolder
  ) throws(Refused) -> [UInt8] {
    func refused(_ reason: String) -> Refused { Refused(reason: reason) }
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
    var content = [UInt8](repeating: 0, count: limit + 1)
    let count = Glibc.read(descriptor, &content, content.count)
    guard count >= 0 else { throw refused("cannot be read: \(systemReason(errno))") }
    guard count <= limit else { throw refused("is longer than \(limit) bytes") }
    let line = content[..<count].reversed().drop { $0 == 10 || $0 == 13 || $0 == 32 }.reversed()
    guard !line.isEmpty else { throw refused("is empty; write one line of random text into it") }
    guard line.allSatisfy({ (33...126).contains($0) }) else {
      throw refused("must hold one line of printable ASCII without spaces")
    }
    return Array(line)
  }
}
