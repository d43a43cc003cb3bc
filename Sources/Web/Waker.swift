import Glibc

/// Waits for a descriptor on a queue of its own, and can be woken from anywhere.
///
/// Not a dispatch source: libdispatch's epoll backend uses freed memory now and then when sources of
/// several queues come and go (swift-corelibs-libdispatch #949). A feed has one descriptor, so a
/// thread that sleeps in poll costs little.
package struct Waker: ~Copyable, Sendable {
  private let inlet: Int32
  private let outlet: Int32

  package init() {
    var ends: [Int32] = [-1, -1]
    let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    precondition(socketpair(AF_UNIX, Int32(type), 0, &ends) == 0, "descriptors to be woken by")
    (inlet, outlet) = (ends[0], ends[1])
  }

  deinit {
    close(inlet)
    close(outlet)
  }

  /// Ends the wait that is going on, or else the next one, at once.
  package func wake() {
    // Should there be no room, enough wakes are there already.
    _ = send(inlet, [1], 1, Int32(MSG_NOSIGNAL))
  }

  /// Waits until `descriptor` has something to read, or room for what is to be written, at most
  /// `milliseconds` (-1: for ever).
  ///
  /// - Returns: Whether it has; `false` after `wake` and after the time.
  package func wait(for descriptor: Int32, toWrite: Bool = false, milliseconds: Int32) -> Bool {
    let events = toWrite ? POLLIN | POLLOUT : POLLIN
    var wishes = [
      pollfd(fd: outlet, events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: Int16(events), revents: 0),
    ]
    guard poll(&wishes, 2, milliseconds) > 0 else { return false }
    if wishes[0].revents != 0 {
      var wakes = [UInt8](repeating: 0, count: 256)
      read(outlet, &wakes, wakes.count)
      return false
    }
    return wishes[1].revents != 0
  }
}
