import CModbus
import Glibc

/// An epoll descriptor: tells which of many descriptors have something to be done. A descriptor that
/// is closed leaves it by itself.
///
/// It is no more than the three system calls. One of these behind one dispatch source carries ten
/// thousand connections for little more than half of what a source for each costs.
package final class Epoll {
  /// What happened to one descriptor.
  package struct Event {
    /// The key it was added under.
    package let key: UInt64
    /// Whether it can be read: bytes, a connection to accept, or the end of the stream.
    package let isReadable: Bool
    /// Whether it can be written, or an attempt to connect has ended.
    package let isWritable: Bool
  }

  /// What is waited for.
  package enum Interest {
    case reading
    case writing
    /// Reading, told once and then not before `change`.
    case readingOnce

    fileprivate var bits: UInt32 {
      switch self {
      case .reading: EPOLLIN.rawValue
      case .writing: EPOLLOUT.rawValue
      case .readingOnce: EPOLLIN.rawValue | EPOLLONESHOT.rawValue
      }
    }
  }

  /// Most events of one `wait`: few enough that others on the same queue get their turn.
  package static let batch = 64

  package let descriptor: Int32
  private var events = [epoll_event](repeating: epoll_event(), count: batch)

  /// `nil` if the system has no descriptor or memory left; `errno` says which.
  package init?() {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { return nil }
  }

  deinit { close(descriptor) }

  /// Watches `other` from now on; false if the system cannot, `errno` says why.
  package func add(_ other: Int32, for interest: Interest, key: UInt64) -> Bool {
    control(EPOLL_CTL_ADD, other, interest, key)
  }

  /// Watches `other`, which was added before, for something else.
  package func change(_ other: Int32, to interest: Interest, key: UInt64) -> Bool {
    control(EPOLL_CTL_MOD, other, interest, key)
  }

  private func control(
    _ operation: Int32, _ other: Int32, _ interest: Interest, _ key: UInt64
  ) -> Bool {
    var event = epoll_event()
    event.events = interest.bits
    event.data.u64 = key
    return epoll_ctl(descriptor, operation, other, &event) == 0
  }

  /// Waits for something to happen, at most so many milliseconds; 0 does not wait, -1 is for ever.
  ///
  /// - Returns: The number of events, which `subscript` has until the next call.
  package func wait(milliseconds: Int32) -> Int {
    max(0, Int(epoll_wait(descriptor, &events, Int32(Self.batch), milliseconds)))
  }

  /// Event number `place` of the last `wait`. A broken connection can be both read and written: the
  /// attempt tells what is wrong.
  package subscript(place: Int) -> Event {
    let event = events[place]
    let broken = event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
    return Event(
      key: event.data.u64, isReadable: broken || event.events & EPOLLIN.rawValue != 0,
      isWritable: broken || event.events & EPOLLOUT.rawValue != 0)
  }
}
