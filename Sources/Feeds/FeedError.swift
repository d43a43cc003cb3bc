import Glibc

/// Why a file or pipe cannot be read.
public enum FeedError: Error, Sendable, Hashable {
  /// It cannot be opened; `reason` is the system's.
  case cannotOpen(path: String, reason: String)
  /// It is a directory or a device.
  case notAFile(path: String)
  /// Reading failed half-way; `reason` is the system's.
  case cannotRead(path: String, reason: String)
}

extension FeedError: CustomStringConvertible {
  /// For the person who must act.
  public var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "\(path): cannot be opened: \(reason)"
    case .notAFile(let path): "\(path): is no file of count records; name a file or a pipe"
    case .cannotRead(let path, let reason): "\(path): cannot be read: \(reason)"
    }
  }
}

/// The system's reason for the error number `code`.
func systemReason(_ code: Int32) -> String {
  var text = [CChar](repeating: 0, count: 256)
  // The GNU variant gives a text of its own that need not lie in the buffer.
  guard strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// What kind of file a descriptor or path leads to.
struct FileStatus {
  let device: dev_t
  let inode: ino_t
  let size: Int
  private let mode: mode_t

  init?(descriptor: Int32) {
    var found = stat()
    guard fstat(descriptor, &found) == 0 else { return nil }
    self.init(found)
  }

  init?(path: String) {
    var found = stat()
    guard stat(path, &found) == 0 else { return nil }
    self.init(found)
  }

  private init(_ found: stat) {
    device = found.st_dev
    inode = found.st_ino
    size = Int(found.st_size)
    mode = found.st_mode
  }

  var isRegular: Bool { mode & S_IFMT == S_IFREG }
  var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
  var isPipe: Bool { mode & S_IFMT == S_IFIFO }
  var isSocket: Bool { mode & S_IFMT == S_IFSOCK }

  /// Whether others than the owner may read or write it.
  var isOpenToOthers: Bool { mode & 0o077 != 0 }

  /// Whether of others only the group may do anything, and that is to read. Of a file with an access
  /// list these bits show what the list grants to users by name.
  var isOpenToGroupReadersAlone: Bool { mode & 0o077 == 0o040 }

  func isSameFile(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }
}
