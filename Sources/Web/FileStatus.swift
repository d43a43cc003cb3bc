package import Glibc

/// What kind of file a descriptor or path leads to.
package struct FileStatus {
  package let device: dev_t
  package let inode: ino_t
  package let size: Int
  private let mode: mode_t

  package init?(descriptor: Int32) {
    var found = stat()
    guard fstat(descriptor, &found) == 0 else { return nil }
    self.init(found)
  }

  package init?(path: String) {
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

  package var isRegular: Bool { mode & S_IFMT == S_IFREG }
  package var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
  package var isPipe: Bool { mode & S_IFMT == S_IFIFO }
  package var isSocket: Bool { mode & S_IFMT == S_IFSOCK }

  /// Whether others than the owner may read or write it.
  package var isOpenToOthers: Bool { mode & 0o077 != 0 }

  /// Whether of others only the group may do anything, and that is to read. Of a file with an access
  /// list these bits show what the list grants to users by name.
  package var isOpenToGroupReadersAlone: Bool { mode & 0o077 == 0o040 }

  package func isSameFile(as other: FileStatus) -> Bool {
    device == other.device && inode == other.inode
  }
}
