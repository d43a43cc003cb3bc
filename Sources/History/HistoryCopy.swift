import Glibc

/// Copies a history into one file, of one moment, while it is being written or not.
public enum HistoryCopy {
  /// How far a copy is.
  public enum Progress: Sendable, Equatable {
    /// So much of it is copied, 0 ... 1.
    case copying(Double)
    /// It is copied, and read again as a whole.
    case checking
  }

  /// Pages of one step: 1 MiB of 4 KiB pages, some milliseconds of a disk.
  private static let pagesOfStep: Int32 = 256

  /// Copies the history at `path` to `place`.
  ///
  /// The daemon that writes it waits for nothing. At most half of the disk's time goes into copying:
  /// after each step a pause as long as the step. Meanwhile the daemon's write-ahead log grows by what
  /// it writes, and is cut back afterwards.
  ///
  /// - Parameters:
  ///   - path: The history.
  ///   - place: Where the copy goes, whole or not at all; an older copy there is replaced, anything
  ///     else is not.
  ///   - progress: Is told how far it is.
  /// - Returns: What the copy holds, read from the copy.
  /// - Throws: Why there is no copy, or none that could be trusted.
  public static func make(
    of path: String, at place: String, progress: (Progress) -> Void = { _ in }
  ) throws(HistoryError) -> HistorySummary {
    try make(of: path, at: place, pages: pagesOfStep, progress: progress)
  }

  /// Likewise, `pages` at a time.
  static func make(
    of path: String, at place: String, pages: Int32, progress: (Progress) -> Void
  ) throws(HistoryError) -> HistorySummary {
    let source = try DatabaseFile.openToCopy(path)
    try checkPlace(place, otherThan: path)
    let draft = try DraftFile(for: place)
    do throws(HistoryError) {
      let summary = try fill(draft, from: source, epoch: 0, pages: pages, progress)
      try draft.take()
      return summary
    } catch {
      draft.abandon()
      throw error
    }
  }

  /// Copies all of `source` into `draft`, gives out no epoch up to `epoch` in it, and checks it.
  static func fill(
    _ draft: DraftFile, from source: Connection, epoch: Int64, pages: Int32 = pagesOfStep,
    _ progress: (Progress) -> Void
  ) throws(HistoryError) -> HistorySummary {
    try checkRoom(for: source, at: draft.path)
    do {
      let target = try Connection(path: draft.path, access: .readWrite, patience: 0)
      // Nothing needs to be undone in a file that is thrown away if the work does not end, and it is
      // put on the disk as a whole at the end.
      try target.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
      let clock = ContinuousClock()
      var began = clock.now
      try source.copy(into: target, pages: pages) { done, total in
        progress(.copying(Double(done) / Double(max(1, total))))
        let worked = (clock.now - began).components
        let microseconds = worked.attoseconds / 1_000_000_000_000
        usleep(UInt32(clamping: worked.seconds * 1_000_000 + microseconds))
        began = clock.now
      }
    }
    progress(.checking)
    // The log's mode came along in the file's header; a copy is one file. Alone with it SQLite needs
    // no shared memory.
    let copy = try Connection(path: draft.path, access: .readWrite, patience: 0)
    try copy.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE")
    try copy.prepare("UPDATE meta SET value = max(value, ?) WHERE key = 'epoch'")
      .run([.integer(epoch)])
    return try HistorySummary(checking: copy)
  }

  private static func checkPlace(_ place: String, otherThan path: String) throws(HistoryError) {
    guard let there = DatabaseFile.Identity(path: place) else { return }
    guard there != DatabaseFile.Identity(path: path) else {
      throw HistoryError(.isOccupied, path: place, detail: "it is the history itself")
    }
    do throws(HistoryError) {
      _ = try DatabaseFile.openToCopy(place)
    } catch {
      // A damaged copy, or one of a newer greensplit, is a copy nevertheless.
      switch error.problem {
      case .corrupt, .newerVersion: return
      default: throw HistoryError(.isOccupied, path: place)
      }
    }
  }

  /// Says so before the work if there is no room for it.
  private static func checkRoom(for source: Connection, at path: String) throws(HistoryError) {
    var system = statvfs()
    guard statvfs(path, &system) == 0 else { throw DraftFile.failure(errno, path: path) }
    let needed =
      try source.integer("PRAGMA page_count") * source.integer("PRAGMA page_size")
    let free = Int64(clamping: UInt64(system.f_bavail) * UInt64(system.f_frsize))
    guard free > needed else {
      throw HistoryError(.noRoom(needed: needed, free: free), path: path)
    }
  }
}
