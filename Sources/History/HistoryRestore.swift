import CSQLite
import Glibc

/// Puts a copy in the place of a history.
public enum HistoryRestore {
  /// What came of it.
  public struct Result: Sendable, Equatable {
    /// What the history now holds.
    public let history: HistorySummary
    /// Where the one before is kept; `nil` if there was none.
    public let kept: String?
    /// Whether the one before could tell its epoch. If not, the cabinets may know a higher one than
    /// the history now gives out.
    public let knowsEpoch: Bool
  }

  /// Puts the copy at `copy` in the place of the history at `path`. What stood there is kept beside it.
  ///
  /// The epoch never goes back: cabinets refuse orders of a lower one than they have seen.
  ///
  /// - Parameters:
  ///   - copy: A file that `HistoryCopy` made, or a history that nobody writes.
  ///   - path: The daemon's history; it need not be there.
  ///   - stamp: Ends the name under which the history before is kept, as `.replaced-` and it.
  ///   - progress: Is told how far it is.
  /// - Returns: What the history holds from now on, and where the one before is.
  /// - Throws: Why nothing was changed: the copy is damaged, or a program has the history open.
  public static func restore(
    _ copy: String, to path: String, stamp: String,
    progress: (HistoryCopy.Progress) -> Void = { _ in }
  ) throws(HistoryError) -> Result {
    let source = try DatabaseFile.openToCopy(copy)
    guard DatabaseFile.Identity(path: copy) != DatabaseFile.Identity(path: path) else {
      throw HistoryError(.isOccupied, path: path, detail: "it is the copy itself")
    }
    let isThere = DatabaseFile.Identity(path: path) != nil
    let epoch = isThere ? try epochBefore(of: path) : 0
    let draft = try DraftFile(for: path, owner: owner(of: path))
    do throws(HistoryError) {
      let summary = try HistoryCopy.fill(draft, from: source, epoch: epoch ?? 0, progress)
      let kept = isThere ? "\(path).replaced-\(stamp)" : nil
      if let kept {
        // SQLite would throw the log of a file that it cannot read away.
        if epoch != nil { try settle(path) }
        try exchange(draft, keeping: kept)
      } else {
        try draft.take()
      }
      return Result(history: summary, kept: kept, knowsEpoch: epoch != nil)
    } catch {
      draft.abandon()
      throw error
    }
  }

  /// The epoch of the history that is to give way; `nil` if it is too damaged to tell.
  ///
  /// - Throws: That a program has it open, or that it is no history at all.
  private static func epochBefore(of path: String) throws(HistoryError) -> Int64? {
    do throws(HistoryError) {
      _ = try DatabaseFile.openToCopy(path)
    } catch {
      switch error.problem {
      // The history of a newer greensplit gives way to the copy from before the upgrade.
      case .newerVersion, .corrupt, .notADatabase: break
      default: throw error
      }
    }
    try FileHold(path).release()
    let old = try? Connection(path: path, access: .readOnly, patience: 2000)
    return try? old?.integer("SELECT value FROM meta WHERE key = 'epoch'")
  }

  /// Moves what waits in the log of the history at `path` into it, so that it is one file.
  private static func settle(_ path: String) throws(HistoryError) {
    do throws(HistoryError) {
      // Leaving the log's mode takes the file for itself, which nobody gets while another has it open.
      let connection = try Connection(path: path, access: .readWrite, patience: 100)
      try connection.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE")
    } catch {
      switch error.problem {
      case .locked: throw HistoryError(.inUse, path: path)
      // It is kept as it is, its log beside it.
      case .corrupt, .notADatabase: return
      default: throw error
      }
    }
  }

  /// Puts `draft` in its place; what stands there is called `kept` from then on.
  private static func exchange(_ draft: DraftFile, keeping kept: String) throws(HistoryError) {
    // Whoever opens the old file from here on has to wait, and finds the new one afterwards.
    let hold = try FileHold(draft.place)
    defer { hold.release() }
    // A damaged history may have left its log, which must not be taken for that of the copy.
    for end in ["-wal", "-journal"] { rename(draft.place + end, kept + end) }
    unlink(draft.place + "-shm")
    guard link(draft.place, kept) == 0 else { throw DraftFile.failure(errno, path: kept) }
    try draft.take()
  }

  /// For root alone: whose the history is, or the folder that it is to stand in; the daemon could not
  /// write a file of root's.
  private static func owner(of path: String) -> (user: uid_t, group: gid_t)? {
    var found = stat()
    guard geteuid() == 0,
      stat(path, &found) == 0 || stat(DraftFile.folder(of: path), &found) == 0
    else { return nil }
    return (found.st_uid, found.st_gid)
  }
}

/// A database file that no other program has open, held so that none can open it.
struct FileHold {
  private let descriptor: Int32

  /// SQLite locks these 512 bytes, whichever lock it takes (file format, "lock-byte page").
  private static let lockBytes: (first: off_t, count: off_t) = (0x4000_0000, 512)

  /// F_OFD_SETLK of <fcntl.h>, which hides it from Swift.
  private static let setLockOfOpenFile: Int32 = 37

  /// Takes hold of the file at `path`.
  init(_ path: String) throws(HistoryError) {
    descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw DraftFile.failure(errno, path: path) }
    var range = flock()
    range.l_type = Int16(F_WRLCK)
    range.l_whence = Int16(SEEK_SET)
    range.l_start = Self.lockBytes.first
    range.l_len = Self.lockBytes.count
    // Of the open file, not of the process: SQLite in the same process must not lose its own.
    guard fcntl(descriptor, Self.setLockOfOpenFile, &range) == 0 else {
      close(descriptor)
      throw HistoryError(.inUse, path: path)
    }
  }

  /// Lets it go.
  func release() { close(descriptor) }
}
