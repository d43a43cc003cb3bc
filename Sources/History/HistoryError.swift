import CSQLite

/// Why the history could not be opened, written or read: what happened, to which file, and what the
/// person who runs greensplit can do about it.
public struct HistoryError: Error, Hashable, Sendable {
  /// What kind of trouble it is.
  public enum Problem: Hashable, Sendable {
    /// The file is something else than an SQLite database.
    case notADatabase
    /// The file is the database of another program; `id` is its `application_id`.
    case otherApplication(id: Int32)
    /// A newer greensplit wrote it: it has schema `found`, this one knows up to `known`.
    case newerVersion(found: Int, known: Int)
    /// An older greensplit wrote it and no writer has brought it up to date yet.
    case olderVersion(found: Int, known: Int)
    /// The contents are damaged.
    case corrupt
    /// Somebody else holds the lock.
    case locked
    /// No space is left for it.
    case diskFull
    /// The file or its directory may not be written.
    case readOnly
    /// The file cannot be opened or created.
    case cannotOpen
    /// Reading or writing failed below SQLite.
    case inputOutput
    /// The file system has no shared memory for a write-ahead log.
    case noWriteAheadLog
    /// The file was moved, replaced or deleted while it was open.
    case removed
    /// A program, such as the daemon, has it open, so it cannot be replaced.
    case inUse
    /// Another copy is being written to the same place.
    case copying
    /// The copy needs more bytes than are `free` on its file system.
    case noRoom(needed: Int64, free: Int64)
    /// What stands where the copy should go is no history: it is not overwritten.
    case isOccupied
    /// All 2³² - 1 epochs have been given out.
    case epochsExhausted
    /// A record does not fit those before it: a plan twice, or a receipt without its plan.
    case misfit
    /// More records wait than are kept in memory.
    case overflow
    /// The writer was closed before.
    case closed
    /// Anything else.
    case other
  }

  /// What kind of trouble it is.
  public let problem: Problem

  /// The database file.
  public let path: String

  /// SQLite's extended result code; 0 if the trouble is not SQLite's.
  public let code: Int32

  /// What SQLite, or we, had to say on top of the code; may be empty.
  public let detail: String

  init(_ problem: Problem, path: String, code: Int32 = SQLITE_OK, detail: String = "") {
    self.problem = problem
    self.path = path
    self.code = code
    self.detail = detail
  }

  /// An error that SQLite told.
  init(code: Int32, path: String, detail: String) {
    self.init(Problem(code: code), path: path, code: code, detail: detail)
  }
}

extension HistoryError.Problem {
  /// What an SQLite result code, plain or extended, means to us.
  init(code: Int32) {
    // The low byte is the primary code; the rest says more about it.
    switch code & 0xFF {
    case SQLITE_NOTADB: self = .notADatabase
    case SQLITE_CORRUPT: self = .corrupt
    case SQLITE_BUSY, SQLITE_LOCKED: self = .locked
    case SQLITE_FULL: self = .diskFull
    case SQLITE_READONLY, SQLITE_PERM: self = .readOnly
    case SQLITE_CANTOPEN: self = .cannotOpen
    case SQLITE_IOERR: self = .inputOutput
    case SQLITE_CONSTRAINT, SQLITE_TOOBIG: self = .misfit
    default: self = .other
    }
  }

  /// Whether trouble of this kind leaves the connection good: it passes by itself or when somebody
  /// makes room.
  var keepsConnection: Bool { self == .locked || self == .diskFull }
}

extension HistoryError: CustomStringConvertible {
  /// For the person who must act: "history: FILE: what happened (SQLite: …); what to do".
  public var description: String {
    let told = code == SQLITE_OK ? detail : "SQLite: \(Self.words(code))\(extra)"
    return "history: \(path): \(what)\(told.isEmpty ? "" : " (\(told))"); \(advice)"
  }

  private var extra: String {
    detail.isEmpty || detail == Self.words(code) ? ", code \(code)" : ", code \(code), \(detail)"
  }

  private static func words(_ code: Int32) -> String {
    sqlite3_errstr(code).map { String(cString: $0) } ?? "unknown"
  }

  /// Rounded up, so that what is called needed is enough.
  private static func megabytes(_ bytes: Int64) -> String { "\((bytes + 999_999) / 1_000_000) MB" }

  private var what: String {
    switch problem {
    case .notADatabase: "not an SQLite database"
    case .otherApplication(let id): "the database of another program (application_id \(id))"
    case .newerVersion(let found, let known):
      "written by a newer greensplit (schema \(found), this one knows \(known))"
    case .olderVersion(let found, let known):
      "written by an older greensplit (schema \(found), this one reads \(known))"
    case .corrupt: "the database is damaged"
    case .locked: "another program holds the database locked"
    case .diskFull: "no space is left"
    case .readOnly: "may not be written"
    case .cannotOpen: "cannot be opened"
    case .inputOutput: "reading or writing failed"
    case .noWriteAheadLog: "a write-ahead log is not possible here"
    case .removed: "the file was moved, replaced or deleted while it was in use"
    case .inUse: "another program has it open"
    case .copying: "another copy is being written there"
    case .noRoom(let needed, let free):
      "no room for it: it needs \(Self.megabytes(needed)), \(Self.megabytes(free)) are free"
    case .isOccupied: "what stands there is not a history"
    case .epochsExhausted: "all epochs have been given out"
    case .misfit: "a record does not fit"
    case .overflow: "too many records wait to be written"
    case .closed: "the history is closed"
    case .other: "the database failed"
    }
  }

  private var advice: String {
    switch problem {
    case .notADatabase, .otherApplication: "name another file for the history"
    case .newerVersion:
      "run the newer greensplit, put the copy from before the upgrade back (greensplit history "
        + "restore), or name another file for the history"
    case .olderVersion: "let `greensplit run` open it once, which brings it up to date"
    case .corrupt: "move it away and restore a backup, or let a new one begin"
    case .locked: "end the other program; it is tried again"
    case .diskFull: "free space on this file system; it is tried again"
    case .readOnly, .cannotOpen:
      "check that the directory exists and that greensplit may write the file and the directory"
    case .inputOutput: "check the disk and the kernel's log; it is tried again"
    case .noWriteAheadLog: "put the file on a local file system"
    case .removed: "the records since then go into a new file of that name"
    case .inUse: "stop the daemon first (systemctl stop greensplit), then try again"
    case .copying: "wait for its end"
    case .noRoom: "free space on this file system, or name a file on another"
    case .isOccupied: "name another file"
    case .epochsExhausted: "begin a new history and set the cabinets' epochs back"
    case .misfit: "it was left out; please report this as a defect of greensplit"
    case .overflow: "it was left out; look for the trouble that was reported before"
    case .closed: "nothing more is recorded"
    case .other: "it is tried again; look at the disk and the kernel's log"
    }
  }
}
