import Counts
import Dispatch
import Glibc
import Web

/// Follows a file that others write, as `tail -F` does: through rotation, truncation and absence.
///
/// A file that was truncated and has grown beyond its old length between two looks cannot be told
/// from one that was only written; rotation by renaming has no such gap.
public final class FollowFeed: @unchecked Sendable {
  // Unchecked: all that changes is touched on `queue` alone.

  /// Where to begin in a file that is there at the start. One that comes later is read whole.
  public enum Beginning: Sendable {
    /// What is written from now on.
    case end
    /// All of it.
    case beginning
  }

  /// What happens to the file, for logs.
  public enum Event: Sendable, Hashable {
    /// It cannot be read for now, and is tried again; said once until it changes.
    case waiting(FeedError)
    /// It is open and read from the byte `position` on.
    case opened(position: Int)
    /// Another file has taken its name; the old one was read to its end.
    case rotated
    /// It has become shorter and is read from its beginning; `bytes` of a half-written line are lost.
    case truncated(bytes: Int)
  }

  /// The file that is open.
  private struct OpenFile {
    let descriptor: Int32
    let status: FileStatus
    var position: Int
    /// Whether the rest of a line is to be passed over whose beginning was not read.
    var isInsideLine: Bool
    /// Whether another file had its name when its end was last seen.
    var isReplaced = false
  }

  private let queue = DispatchQueue(label: "feed.follow")
  private let path: String
  private let interval: DispatchTimeInterval
  private var beginning: Beginning
  private var file: OpenFile?
  private var reader = CountLineReader()
  private var timer: (any DispatchSourceTimer)?
  private var delivery: Delivery?
  private var report: @Sendable (Event) -> Void = { _ in }
  private var lastTrouble: FeedError?
  private var isBusy = false
  private var isOver = false

  /// Will follow the file at `path`, which need not exist yet, looking every `milliseconds`.
  public init(path: String, from beginning: Beginning, everyMilliseconds milliseconds: Int = 100) {
    precondition(milliseconds > 0, "an interval")
    self.path = path
    self.beginning = beginning
    interval = .milliseconds(milliseconds)
  }

  deinit {
    if let file { close(file.descriptor) }
  }

  /// Begins to follow; once only. Callbacks come on a queue of the feed's own; the feed lives until
  /// `stop`.
  public func start(
    receive: @escaping CountReceiver, report: @escaping @Sendable (Event) -> Void = { _ in }
  ) {
    queue.async { [self] in
      precondition(delivery == nil, "a feed is started once")
      delivery = Delivery(queue: queue, receive: receive)
      self.report = report
      guard !isOver else { return }
      let timer = DispatchSource.makeTimerSource(queue: queue)
      timer.schedule(deadline: .now(), repeating: interval)
      timer.setEventHandler { [self] in
        guard !isBusy else { return }
        look()
      }
      self.timer = timer
      timer.resume()
    }
  }

  /// Reads no further; `then` is called when the file is closed.
  public func stop(then: @escaping @Sendable () -> Void = {}) {
    queue.async { [self] in
      isOver = true
      timer?.cancel()
      timer = nil
      if let file { close(file.descriptor) }
      file = nil
      then()
    }
  }

  // MARK: Looking

  private func look() {
    guard !isOver else { return }
    if file == nil { openFile() }
    guard let open = file else { return }
    var piece = [UInt8](repeating: 0, count: StreamFeed.pieceLimit)
    let count = pread(open.descriptor, &piece, piece.count, off_t(open.position))
    if count < 0 {
      if errno == EINTR { return }
      trouble(.cannotRead(path: path, reason: systemReason(errno)))
      return closeFile()
    }
    if count == 0 { return atEnd(of: open) }
    file?.position += count
    file?.isReplaced = false
    deliver(take(piece[..<count]))
  }

  /// What the lines hold that end in `piece`, the rest of a line that was begun earlier left out.
  private func take(_ piece: ArraySlice<UInt8>) -> CountInput {
    guard file?.isInsideLine == true else { return reader.consume(piece) }
    guard let end = piece.firstIndex(of: UInt8(ascii: "\n")) else { return CountInput() }
    file?.isInsideLine = false
    return reader.consume(piece[(end + 1)...])
  }

  /// Hands `input` over and goes on reading when it was taken.
  private func deliver(_ input: CountInput) {
    isBusy = true
    delivery?.send(CountBatch(input, from: .file(path: path))) { [self] in
      isBusy = false
      look()
    }
  }

  /// Everything is read: has the file become shorter, or has another its name?
  private func atEnd(of open: OpenFile) {
    if let now = FileStatus(descriptor: open.descriptor), now.size < open.position {
      report(.truncated(bytes: reader.pendingBytes))
      reader.restart()
      file?.position = 0
      file?.isInsideLine = false
      return
    }
    // Between renaming and making anew there is no file of the name; the old one may still grow.
    guard let named = FileStatus(path: path), !named.isSameFile(as: open.status) else {
      file?.isReplaced = false
      return
    }
    // A writer may hold the old file a little longer: it must have been quiet for one interval.
    guard open.isReplaced else {
      file?.isReplaced = true
      return
    }
    let last = reader.finish()
    closeFile()
    report(.rotated)
    deliver(last)
  }

  private func openFile() {
    let opened = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard opened >= 0 else {
      let code = errno
      beginning = code == ENOENT ? .beginning : beginning
      return trouble(.cannotOpen(path: path, reason: systemReason(code)))
    }
    guard let status = FileStatus(descriptor: opened), status.isRegular else {
      close(opened)
      return trouble(.notAFile(path: path))
    }
    let position = beginning == .end ? status.size : 0
    file = OpenFile(
      descriptor: opened, status: status, position: position,
      isInsideLine: position > 0 && !endsLine(opened, at: position))
    beginning = .beginning
    lastTrouble = nil
    report(.opened(position: position))
  }

  private func endsLine(_ descriptor: Int32, at position: Int) -> Bool {
    var byte: UInt8 = 0
    return pread(descriptor, &byte, 1, off_t(position - 1)) == 1 && byte == UInt8(ascii: "\n")
  }

  private func closeFile() {
    if let file { close(file.descriptor) }
    file = nil
    reader.restart()
  }

  private func trouble(_ error: FeedError) {
    guard error != lastTrouble else { return }
    lastTrouble = error
    report(.waiting(error))
  }
}

extension FollowFeed.Event: CustomStringConvertible {
  /// For the person who must act.
  public var description: String {
    switch self {
    case .waiting(let error): "\(error); it is tried again"
    case .opened(let position): "open, read from byte \(position) on"
    case .rotated: "another file has taken the name; the old one was read to its end"
    case .truncated(let bytes):
      "it was cut short and is read from its beginning"
        + (bytes > 0 ? "; \(bytes) bytes of a half-written line are lost" : "")
    }
  }

  /// Whether counts are missing because of it.
  public var isTrouble: Bool {
    switch self {
    case .waiting: true
    case .truncated(let bytes): bytes > 0
    case .opened, .rotated: false
    }
  }
}
