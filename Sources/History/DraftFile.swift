import Glibc

/// A database that is made beside its place and takes it only when it is whole: whatever ends the
/// work before, what stood there stands there still.
final class DraftFile {
  /// Where it is to stand.
  let place: String
  /// Where it is made. What a killed process left there is made anew.
  var path: String { place + ".new" }

  /// Holds the lock by which a second copy to the same place is kept out. It must not be closed while
  /// SQLite has the file open: that would take SQLite's own locks away.
  private let descriptor: Int32

  /// Begins an empty file that only its owner can read.
  ///
  /// - Parameters:
  ///   - place: Where it is to stand.
  ///   - owner: Whose it is; that of the process if `nil`.
  /// - Throws: Why it cannot be made, or that another copy is.
  init(for place: String, owner: (user: uid_t, group: gid_t)? = nil) throws(HistoryError) {
    self.place = place
    let path = place + ".new"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw Self.failure(errno, path: path) }
    var (named, held) = (stat(), stat())
    // The second look: between opening and locking it the other copy may have taken its place.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, stat(path, &named) == 0,
      fstat(descriptor, &held) == 0, named.st_ino == held.st_ino, named.st_dev == held.st_dev
    else {
      close(descriptor)
      throw HistoryError(.copying, path: place)
    }
    for name in leftovers { unlink(name) }
    guard ftruncate(descriptor, 0) == 0, fchmod(descriptor, 0o600) == 0,
      owner.map({ fchown(descriptor, $0.user, $0.group) == 0 }) ?? true
    else { throw abandoned(errno) }
  }

  deinit { close(descriptor) }

  private var leftovers: [String] { ["-journal", "-wal", "-shm"].map { path + $0 } }

  /// Puts it on the disk and in its place, of which there is never half a file.
  func take() throws(HistoryError) {
    guard fsync(descriptor) == 0, rename(path, place) == 0 else { throw abandoned(errno) }
    try Self.synchronise(folderOf: place)
  }

  /// Removes it.
  func abandon() {
    unlink(path)
    for name in leftovers { unlink(name) }
  }

  private func abandoned(_ reason: Int32) -> HistoryError {
    abandon()
    return Self.failure(reason, path: path)
  }

  /// Puts the names in a file's folder on the disk.
  static func synchronise(folderOf path: String) throws(HistoryError) {
    let folder = folder(of: path)
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(errno, path: folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(errno, path: folder) }
  }

  /// The folder that a file is in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// What a failed call of the system means to the history.
  static func failure(_ reason: Int32, path: String) -> HistoryError {
    let problem: HistoryError.Problem =
      switch reason {
      case ENOSPC, EDQUOT: .diskFull
      case EROFS, EACCES, EPERM: .readOnly
      case ENOENT, ENOTDIR, EISDIR, ELOOP: .cannotOpen
      default: .inputOutput
      }
    return HistoryError(problem, path: path, detail: String(cString: strerror(reason)))
  }
}
