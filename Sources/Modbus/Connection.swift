import Dispatch
import Glibc

/// One TCP connection, from the attempt to its end, on the queue of its poller, on which all calls
/// and reports happen.
final class Connection: @unchecked Sendable {
  // Unchecked: touched on the poller's queue only; the client that owns it checks that.

  /// What happens to a connection. After `lost` nothing more is reported.
  enum Event {
    case opened
    /// Bytes that are gone when the report returns.
    case received(UnsafeRawBufferPointer)
    case lost(LinkFailure)
  }

  private enum State {
    case connecting(Int32, key: UInt64)
    case open(Int32, key: UInt64)
    case over
  }

  private let poller: LinkPoller
  private let report: (Event) -> Void
  private var state = State.over
  private var isCancelled = false

  /// Whether `opened` has been reported and nothing since has ended it.
  var isOpen: Bool { if case .open = state { true } else { false } }

  /// Begins to connect. `report` is never called from within this call.
  init(to address: SocketAddress, on poller: LinkPoller, report: @escaping (Event) -> Void) {
    self.poller = poller
    self.report = report
    let made = socket(
      address.family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue),
      0)
    guard made >= 0 else {
      loseLater(.system(reason(errno)))
      return
    }
    // A request is one small segment: it must not wait for the acknowledgement of the one before.
    set(IPPROTO_TCP, TCP_NODELAY, of: made)
    let status = address.withPointer { connect(made, $0, $1) }
    guard status == 0 || errno == EINPROGRESS else {
      loseLater(.connecting(errno))
      close(made)
      return
    }
    guard let key = poller.watch(made, for: .writing, as: self) else {
      loseLater(.system(reason(errno)))
      close(made)
      return
    }
    state = .connecting(made, key: key)
  }

  /// Sends `bytes`, which are less than any socket buffer holds when the request before has been
  /// answered; so a part that is left over means that the connection is of no use any more.
  func send(_ bytes: [UInt8]) {
    guard case .open(let descriptor, _) = state else { return }
    let sent = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    let error = errno
    guard sent != bytes.count else { return }
    loseLater(sent < 0 && error != EAGAIN ? .closed : .system("the socket's buffer is full"))
  }

  /// Ends the connection; nothing is reported from now on.
  func cancel() {
    isCancelled = true
    switch state {
    case .connecting(let descriptor, let key), .open(let descriptor, let key):
      poller.forget(key)
      close(descriptor)
    case .over: break
    }
    state = .over
  }

  /// The descriptor is ready for what it was watched for, or broken.
  func isReady() {
    switch state {
    case .connecting(let descriptor, let key): connected(descriptor, key)
    case .open(let descriptor, _): receive(from: descriptor)
    case .over: break
    }
  }

  /// The attempt has ended, well or not.
  private func connected(_ descriptor: Int32, _ key: UInt64) {
    var error: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0, error == 0
    else { return lose(.connecting(error)) }
    guard !SocketAddress.isConnectedToItself(descriptor) else {
      return lose(.connecting(ECONNREFUSED))
    }
    guard poller.watch(descriptor, for: .reading, key: key) else {
      return lose(.system(reason(errno)))
    }
    state = .open(descriptor, key: key)
    report(.opened)
  }

  /// One read an event: it comes again while bytes are left, and other connections on the same queue
  /// get their turn between.
  private func receive(from descriptor: Int32) {
    let room = poller.incoming
    let got = recv(descriptor, room.baseAddress, room.count, 0)
    if got > 0 {
      report(.received(UnsafeRawBufferPointer(rebasing: room[..<got])))
    } else if got == 0 || (errno != EAGAIN && errno != EINTR) {
      lose(.closed)
    }
  }

  private func loseLater(_ failure: LinkFailure) {
    poller.queue.async { [weak self] in self?.lose(failure) }
  }

  private func lose(_ failure: LinkFailure) {
    guard !isCancelled else { return }
    cancel()
    report(.lost(failure))
  }
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
