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
