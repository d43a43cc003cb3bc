import Dispatch
import Glibc
import Locking
import Web

/// Takes count records, one a line, from programs of this machine that connect to a Unix socket.
/// Who may is decided by the rights of the folder that the socket lies in.
public final class SocketFeed: Sendable {
  /// Most programs at once; more wait to be accepted.
  static let connectionLimit = 32

  private struct State {
    var streams: [Int: StreamFeed] = [:]
    var last = 0
    var isOver = false
  }

  private let queue = DispatchQueue(label: "feed.socket")
  private let path: String
  private let descriptor: Int32
  private let waker = Waker()
  private let state = Guarded(State())

  /// Listens at `path`. A socket that a program which has ended left there is put aside.
  public init(path: String) throws(FeedError) {
    self.path = path
    descriptor = try Self.listen(path)
  }

  deinit { close(descriptor) }

  private static func listen(_ path: String) throws(FeedError) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard !bytes.isEmpty, bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw .cannotOpen(path: path, reason: "the path of a socket has at most 107 bytes")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, type, 0)
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    func call(_ body: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32) -> Bool {
      withUnsafeBytes(of: &address) {
        body(descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), size) == 0
      }
    }
    var isBound = call(Glibc.bind)
    if !isBound, errno == EADDRINUSE, FileStatus(path: path)?.isSocket == true {
      // Nobody listens there any more, or it is another daemon's.
      if call(Glibc.connect) {
        close(descriptor)
        throw .cannotOpen(path: path, reason: "another program listens there")
      }
      unlink(path)
      isBound = call(Glibc.bind)
    }
    // Whatever the process withholds by its umask: the folder decides.
    guard isBound, chmod(path, 0o666) == 0, Glibc.listen(descriptor, 16) == 0 else {
      let reason = systemReason(errno)
      close(descriptor)
      throw .cannotOpen(path: path, reason: reason)
    }
    return descriptor
  }

  /// Begins to accept; once only. Callbacks come on queues of the feed's own.
  public func start(receive: @escaping CountReceiver) {
    queue.async { [self] in serve(receive) }
  }

  /// Accepts and reads no further, and takes the socket away.
  public func stop() {
    let streams = state.withLock { state -> [StreamFeed] in
      defer { state.streams = [:] }
      state.isOver = true
      return Array(state.streams.values)
    }
    for stream in streams { stream.stop() }
    unlink(path)
    waker.wake()
  }

  private func serve(_ receive: @escaping CountReceiver) {
    let (isOver, isFull) = state.withLock {
      ($0.isOver, $0.streams.count >= Self.connectionLimit)
    }
    guard !isOver else { return }
    // At the limit it is enough to look again when a program has gone, which wakes us.
    let isReady =
      isFull
      ? waker.wait(for: -1, milliseconds: 1000) : waker.wait(for: descriptor, milliseconds: -1)
    if isReady { accept(receive) }
    queue.async { [self] in serve(receive) }
  }

  private func accept(_ receive: @escaping CountReceiver) {
    let connection = Glibc.accept(descriptor, nil, nil)
    guard connection >= 0 else { return }
    _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
    let stream = StreamFeed(connection: connection, origin: .socket(path: path))
    let number = state.withLock { state -> Int? in
      guard !state.isOver else { return nil }
      state.last += 1
      state.streams[state.last] = stream
      return state.last
    }
    guard let number else { return }
    stream.start(
      receive: receive,
      ended: { [self] _ in
        state.withLock { $0.streams[number] = nil }
        waker.wake()
      })
  }
}
