import Dispatch
import Glibc

/// One TCP connection on dispatch sources, from the attempt to its end. It lives on one serial
/// queue, on which all calls and reports happen.
///
/// The descriptor is closed when the last of its sources has been cancelled to the end, never
/// before: a source on a number that has been given out again would stay deaf, or hear another's
/// traffic.
final class Connection: @unchecked Sendable {
  // Unchecked: touched on `queue` only; the client that owns it checks that.

  /// What happens to a connection. After `lost` nothing more is reported.
  enum Event {
    case opened
    case received([UInt8])
    case lost(LinkFailure)
  }

  private let queue: DispatchQueue
  private let report: (Event) -> Void
  private var socket: Socket?
  private var source: (any DispatchSourceProtocol)?

  private var isCancelled = false

  /// Whether `opened` has been reported and nothing since has ended it.
  private(set) var isOpen = false

  /// Begins to connect. `report` is never called from within this call.
  init(to address: SocketAddress, on queue: DispatchQueue, report: @escaping (Event) -> Void) {
    self.queue = queue
    self.report = report
    let made = Glibc.socket(
      address.family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue),
      0)
    guard made >= 0 else {
      loseLater(.system(reason(errno)))
      return
    }
    let socket = Socket(descriptor: made)
    self.socket = socket
    // A request is one small segment: it must not wait for the acknowledgement of the one before.
    set(IPPROTO_TCP, TCP_NODELAY, of: made)
    let status = address.withPointer { connect(made, $0, $1) }
    guard status == 0 || errno == EINPROGRESS else {
      loseLater(.connecting(errno))
      return
    }
    let writable = DispatchSource.makeWriteSource(fileDescriptor: made, queue: queue)
    writable.setEventHandler { [weak self] in self?.connected(socket) }
    // The read source waits until this one is gone: made while this one is still being taken down,
    // it misses a reset that comes at that moment, and nothing ever fires again.
    writable.setCancelHandler { [weak self] in self?.read(from: socket) }
    writable.activate()
    source = writable
  }

  deinit { source?.cancel() }

  /// Sends `bytes`, which are less than any socket buffer holds when the request before has been
  /// answered; so a part that is left over means that the connection is of no use any more.
  func send(_ bytes: [UInt8]) {
    guard isOpen, let socket else { return }
    let sent = Glibc.send(socket.descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    let error = errno
    guard sent != bytes.count else { return }
    loseLater(sent < 0 && error != EAGAIN ? .closed : .system("the socket's buffer is full"))
  }

  /// Ends the connection; nothing is reported from now on.
  func cancel() {
    isCancelled = true
    isOpen = false
    source?.cancel()
    source = nil
    socket = nil
  }

  /// The write source fires when the attempt has ended, well or not.
  private func connected(_ socket: Socket) {
    guard !isCancelled else { return }
    var error: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(socket.descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0, error == 0
    else { return lose(.connecting(error)) }
    guard !SocketAddress.isConnectedToItself(socket.descriptor) else {
      return lose(.connecting(ECONNREFUSED))
    }
    source?.cancel()
  }

  private func read(from socket: Socket) {
    guard !isCancelled else { return }
    let readable = DispatchSource.makeReadSource(
      fileDescriptor: socket.descriptor, queue: queue)
    // Weak: the connection holds the source, and a source holds its handlers.
    readable.setEventHandler { [weak self] in self?.readable(socket.descriptor) }
    readable.setCancelHandler { withExtendedLifetime(socket) {} }
    readable.activate()
    source = readable
    isOpen = true
    report(.opened)
  }

  /// One read an event: the source fires again while bytes are left, and other connections on the
  /// same queue get their turn between.
  private func readable(_ descriptor: Int32) {
    guard !isCancelled else { return }
    // More than the longest frame, 260 bytes, so that bytes after a reply show.
    var got = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: 512) { buffer, count in
      got = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      count = max(0, got)
    }
    if got > 0 {
      report(.received(bytes))
    } else if got == 0 || (errno != EAGAIN && errno != EINTR) {
      lose(.closed)
    }
  }

  private func loseLater(_ failure: LinkFailure) {
    queue.async { [weak self] in self?.lose(failure) }
  }

  private func lose(_ failure: LinkFailure) {
    guard !isCancelled else { return }
    cancel()
    report(.lost(failure))
  }
}

/// A descriptor that is closed when nobody holds it any more: the connection, or a source whose
/// cancel handler has not run.
private final class Socket: Sendable {
  let descriptor: Int32

  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}

/// Switches a socket option on. A kernel that refuses one of those used here only makes the
/// connection slower or shorter-lived, so the answer is not looked at.
func set(_ level: some BinaryInteger, _ option: Int32, of descriptor: Int32) {
  var on: Int32 = 1
  setsockopt(descriptor, Int32(level), option, &on, socklen_t(MemoryLayout<Int32>.size))
}

extension LinkFailure {
  /// What an error number means while connecting.
  fileprivate static func connecting(_ number: Int32) -> LinkFailure {
    switch number {
    case EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL: .system(reason(number))
    case ETIMEDOUT: .timedOut
    default: .refused(reason(number))
    }
  }
}
