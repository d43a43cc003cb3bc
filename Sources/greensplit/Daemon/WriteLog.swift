import Dispatch
import Glibc
import Locking

/// A file of lines that is only appended to, one for each write to a cabinet and what came of it.
///
/// A line is with the system before the write goes out, so that killing the daemon loses none; on the
/// disk within a second, so that a loss of power loses the last second's. A disk that is full or does
/// not answer stops nobody: lines wait in memory, within bounds, and those that find no room are
/// counted; both are said.
final class WriteLog: Sendable {
  /// What is to be told of the file.
  enum Report: Sendable, Equatable {
    /// Lines cannot be written; they wait, and writes go out without them.
    case failed(reason: String)
    /// All that waited is written; so many lines found no room and are lost.
    case recovered(lost: Int)
  }

  /// Name of the file in the state folder.
  static let name = "writes.log"
  /// Bytes that may wait for a disk that is full.
  static let room = 4 << 20
  /// Lines that may be under way to a disk that does not answer.
  static let underWay = 10_000
  /// How long a write to a cabinet waits for its line, s.
  static let patience = 0.25

  private struct State {
    var file: Int32
    var waiting: [UInt8] = []
    var lost = 0
    var hasFailed = false
    var isDirty = false
    var isSyncing = false
    /// Lines that the system has neither taken nor refused yet.
    var underWay = 0
  }

  private let path: String
  private let queue = DispatchQueue(label: "log of writes")
  /// Beside `queue`: a sync takes as long as the disk likes, and no line waits for it.
  private let syncing = DispatchQueue(label: "log of writes to disk")
  private let state: Guarded<State>
  private let report: @Sendable (Report) -> Void

  /// Opens or makes the file. `report` is called on a queue of the log.
  init(path: String, report: @escaping @Sendable (Report) -> Void) throws(Failure) {
    self.path = path
    self.report = report
    let file = Self.open(path)
    guard file >= 0 else {
      let reason = String(cString: strerror(errno))
      throw Failure(
        "the log of writes \(path) cannot be opened: \(reason)", "写入日志 \(path) 无法打开：\(reason)")
    }
    state = Guarded(State(file: file, waiting: Self.endsWithin(path) ? [10] : []))
  }

  deinit { state.withLock { _ = Glibc.close($0.file) } }

  /// Appends a line, which is made on the log's queue; `done` is called on `caller` when the system has
  /// it, or when it has not within `patience`.
  func append(
    on caller: DispatchQueue, _ line: @escaping @Sendable () -> String,
    done: @escaping @Sendable () -> Void
  ) {
    guard begin() else { return caller.async(execute: done) }
    let once = Once(done)
    queue.async { [self] in
      write(line())
      caller.async { _ = once.call() }
    }
    caller.asyncAfter(deadline: .now() + Self.patience) { [self] in
      if once.call() { fail("no answer from the disk within \(Self.patience) s") }
    }
  }

  /// Appends a line for which nobody waits.
  func append(_ line: @escaping @Sendable () -> String) {
    guard begin() else { return }
    queue.async { [self] in write(line()) }
  }

  /// Whether one more line may be under way; if not, it is lost.
  private func begin() -> Bool {
    state.withLock { state in
      guard state.underWay < Self.underWay else {
        state.lost += 1
        return false
      }
      state.underWay += 1
      return true
    }
  }

  /// Goes on in a new file of the same name, if the old one was moved away.
  func reopen() {
    queue.async { [self] in
      let file = Self.open(path)
      guard file >= 0 else { return fail(String(cString: strerror(errno))) }
      state.withLock { state in
        Glibc.close(state.file)
        state.file = file
      }
    }
  }

  /// Brings to disk what the system has; to be called once a second.
  func sync() {
    let file: Int32? = state.withLock { state in
      guard state.isDirty, !state.isSyncing else { return nil }
      (state.isDirty, state.isSyncing) = (false, true)
      return dup(state.file)
    }
    if let file {
      syncing.async { [self] in
        fdatasync(file)
        Glibc.close(file)
        state.withLock { $0.isSyncing = false }
      }
    }
    queue.async { [self] in if state.withLock({ !$0.waiting.isEmpty }) { flush() } }
  }

  /// Calls `done` when all is written that can be, within 2 s if the disk does not answer.
  func close(done: @escaping @Sendable () -> Void) {
    let once = Once(done)
    queue.async { [self] in
      fdatasync(state.withLock(\.file))
      once.call()
    }
    DispatchQueue.global().asyncAfter(deadline: .now() + 2) { _ = once.call() }
  }

  private func write(_ line: String) {
    state.withLock { state in
      state.underWay -= 1
      if state.waiting.count + line.utf8.count < Self.room {
        state.waiting += line.utf8
        state.waiting.append(10)
      } else {
        state.lost += 1
      }
    }
    flush()
  }

  private func flush() {
    let (file, bytes) = state.withLock { ($0.file, $0.waiting) }
    var written = 0
    var error: Int32 = 0
    while written < bytes.count, error == 0 {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count > 0 {
        written += count
      } else if errno != EINTR {
        error = count == 0 ? ENOSPC : errno
      }
    }
    state.withLock { state in
      state.waiting.removeFirst(written)
      if written > 0 { state.isDirty = true }
    }
    if error != 0 { fail(String(cString: strerror(error))) } else { succeed() }
  }

  private func fail(_ reason: String) {
    let isNew = state.withLock { state in
      defer { state.hasFailed = true }
      return !state.hasFailed
    }
    if isNew { report(.failed(reason: reason)) }
  }

  private func succeed() {
    let lost: Int? = state.withLock { state in
      defer { (state.hasFailed, state.lost) = (false, 0) }
      return state.hasFailed || state.lost > 0 ? state.lost : nil
    }
    if let lost { report(.recovered(lost: lost)) }
  }

  private static func open(_ path: String) -> Int32 {
    Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
  }

  /// Whether the file's last line has no end, as after a loss of power or on a full disk.
  private static func endsWithin(_ path: String) -> Bool {
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { Glibc.close(file) }
    var last: UInt8 = 10
    let size = lseek(file, 0, SEEK_END)
    return size > 0 && pread(file, &last, 1, size - 1) == 1 && last != 10
  }
}

/// Work that is done by whoever comes first.
private final class Once: Sendable {
  private let work: @Sendable () -> Void
  private let isOver = Guarded(false)

  init(_ work: @escaping @Sendable () -> Void) { self.work = work }

  /// Whether this call was the first.
  @discardableResult
  func call() -> Bool {
    let isFirst = isOver.withLock { isOver in
      defer { isOver = true }
      return !isOver
    }
    if isFirst { work() }
    return isFirst
  }
}
