import Counts
import Dispatch
import Glibc
import Web

/// Reads count records, one a line, from a file or a pipe to its end.
///
/// It reads on only when the receiver has taken what was read, so memory stays at one piece of
/// 64 KiB whatever the size of the file.
public final class StreamFeed: @unchecked Sendable {
  // Unchecked: all that changes is touched on `queue` alone.

  /// How reading ended.
  public enum End: Sendable, Hashable {
    /// At the end of the input.
    case finished
    /// By `stop`.
    case stopped
    /// By an error.
    case failed(FeedError)
  }

  /// How far reading has come.
  public struct Progress: Sendable, Hashable {
    /// Bytes read and taken.
    public let bytes: Int
    /// Bytes that there are; `nil` for a pipe.
    public let total: Int?
  }

  static let pieceLimit = 65_536

  private let queue = DispatchQueue(label: "feed.stream")
  private let descriptor: Int32
  private let isOwned: Bool
  private let mayBlock: Bool
  private let origin: FeedOrigin
  private let total: Int?
  private let waker = Waker()
  private var reader = CountLineReader()
  private var bytes = 0
  private var isOver = false
  private var delivery: Delivery?
  private var progress: @Sendable (Progress) -> Void = { _ in }
  private var ended: @Sendable (End) -> Void = { _ in }

  /// Opens the file or named pipe at `path`. A named pipe has no end: writers come and go.
  public init(path: String) throws(FeedError) {
    // A pipe that is open for writing too neither waits for its first writer nor ends with one.
    let isPipe = FileStatus(path: path)?.isPipe ?? false
    let flags = isPipe ? O_RDWR | O_NONBLOCK : O_RDONLY
    descriptor = open(path, flags | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: systemReason(errno)) }
    let status = FileStatus(descriptor: descriptor)
    guard let status, status.isRegular || status.isPipe else {
      close(descriptor)
      throw .notAFile(path: path)
    }
    mayBlock = status.isPipe
    isOwned = true
    origin = .file(path: path)
    total = status.isRegular ? status.size : nil
  }

  /// Reads the open `descriptor`, standard input by default, which stays open at the end.
  public init(descriptor: Int32 = 0) throws(FeedError) {
    guard let status = FileStatus(descriptor: descriptor), !status.isDirectory else {
      throw .notAFile(path: "standard input")
    }
    self.descriptor = descriptor
    // A read of a file, or of a device such as /dev/null, never has to wait.
    mayBlock = status.isPipe || status.isSocket || isatty(descriptor) == 1
    isOwned = false
    origin = .pipe
    total = status.isRegular ? status.size : nil
  }

  /// Reads the socket `connection` until the other side has closed it, and closes it then.
  init(connection: Int32, origin: FeedOrigin) {
    descriptor = connection
    mayBlock = true
    isOwned = true
    self.origin = origin
    total = nil
  }

  deinit {
    if isOwned { close(descriptor) }
  }

  /// Begins to read; once only. All callbacks come on a queue of the feed's own.
  ///
  /// - Parameters:
  ///   - receive: Takes the records.
  ///   - progress: Hears how far reading has come, after each piece.
  ///   - ended: Hears, once, how it ended; the descriptor is no longer used then.
  public func start(
    receive: @escaping CountReceiver,
    progress: @escaping @Sendable (Progress) -> Void = { _ in },
    ended: @escaping @Sendable (End) -> Void = { _ in }
  ) {
    queue.async { [self] in
      precondition(delivery == nil, "a feed is started once")
      delivery = Delivery(queue: queue, receive: receive)
      self.progress = progress
      self.ended = ended
      guard !isOver else { return ended(.stopped) }
      if mayBlock { wait() } else { read() }
    }
  }

  /// Reads no further; what is being delivered still is.
  public func stop() {
    queue.async { [self] in end(.stopped) }
    waker.wake()
  }

  /// Waits until there is something to read.
  private func wait() {
    guard !isOver else { return }
    if waker.wait(for: descriptor, milliseconds: -1) { return read() }
    // A signal, or a stop that is next on the queue.
    queue.async { [self] in wait() }
  }

  private func read() {
    guard !isOver, let delivery else { return }
    var piece = [UInt8](repeating: 0, count: Self.pieceLimit)
    let count = Glibc.read(descriptor, &piece, piece.count)
    if count < 0 {
      if errno == EINTR { return queue.async { [self] in read() } }
      if errno == EAGAIN { return wait() }
      return end(.failed(.cannotRead(path: "\(origin)", reason: systemReason(errno))))
    }
    let input = count == 0 ? reader.finish() : reader.consume(piece[..<count])
    delivery.send(CountBatch(input, from: origin)) { [self] in
      bytes += count
      if count == 0 { return end(.finished) }
      guard !isOver else { return }
      progress(Progress(bytes: bytes, total: total))
      if mayBlock { wait() } else { read() }
    }
  }

  private func end(_ how: End) {
    guard !isOver else { return }
    isOver = true
    ended(how)
  }
}

extension StreamFeed.End: CustomStringConvertible {
  /// For the person who must act.
  public var description: String {
    switch self {
    case .finished: "all is read"
    case .stopped: "stopped"
    case .failed(let error): "\(error)"
    }
  }

  /// Whether there was more to read that could not be.
  public var isFailure: Bool {
    if case .failed = self { true } else { false }
  }
}
