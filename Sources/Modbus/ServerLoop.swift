import CModbus
import Dispatch
import Glibc
import Locking

/// The thread of a `ModbusServer`: waits for orders, masters and their bytes.
final class ServerLoop: @unchecked Sendable {
  // Unchecked: what is not behind `mailbox` or constant is touched by the one thread in `run()`.

  /// What other threads may tell it.
  enum Order {
    case listen
    /// Until a time in monotonic s, or for good.
    case silence(until: Double?)
    case stop
  }

  private struct Mailbox {
    var orders: [(order: Order, done: DispatchSemaphore)] = []
    var thread: pthread_t?
    var hasEnded = false
    var isListening = true
    var turnedAway = 0
  }

  private struct Master {
    let descriptor: Int32
    var decoder = ModbusFrameDecoder()
    /// Monotonic s by which the frame now begun must be whole.
    var due: Double?
  }

  /// Time in s until a failed `accept` or `listen` is tried again.
  private static let pause = 0.1

  private let mailbox = Guarded(Mailbox())
  private let wake: Int32
  private let listener: Listener
  private let replies: LibmodbusReplies
  private let patience: Int
  private var masters: [Master] = []
  private var silentUntil: Double?
  private var acceptsFrom = 0.0

  /// A loop that has not begun. `patience` is the longest time in s from a frame's first byte to its
  /// last, and the longest wait for a master that does not take its reply.
  init(listener: Listener, replies: LibmodbusReplies, patience: Int) {
    wake = greensplit_eventfd()
    precondition(wake >= 0, "no descriptor for a Modbus server: \(reason(errno))")
    self.listener = listener
    self.replies = replies
    self.patience = patience
  }

  deinit { close(wake) }

  var isListening: Bool { mailbox.withLock { $0.isListening } }

  var turnedAway: Int { mailbox.withLock { $0.turnedAway } }

  /// Has the thread obey, and waits for that unless it is the thread itself that asks.
  func obey(_ order: Order) {
    let done = DispatchSemaphore(value: 0)
    let mustWait = mailbox.withLock { box in
      guard !box.hasEnded else { return false }
      box.orders.append((order, done))
      return box.thread.map { pthread_equal($0, pthread_self()) == 0 } ?? true
    }
    var one: UInt64 = 1
    _ = write(wake, &one, MemoryLayout<UInt64>.size)
    if mustWait { done.wait() }
  }

  /// The thread's whole life, until it is told to stop.
  func run() {
    mailbox.withLock { $0.thread = pthread_self() }
    while obeyOrders() {
      reopenWhenDue()
      let ready = wait()
      let now = monotonicSeconds()
      masters = masters.compactMap { master in
        let isReady = ready.contains(master.descriptor)
        let kept = isReady ? serve(master) : (master.due ?? now) < now ? nil : master
        if kept == nil { close(master.descriptor) }
        return kept
      }
      // Last, so that the place of one that has just gone is free.
      if let descriptor = listener.descriptor, ready.contains(descriptor) {
        admit(from: descriptor)
      }
    }
    hangUp()
    let left = mailbox.withLock { box in
      box.hasEnded = true
      defer { box.orders = [] }
      return box.orders
    }
    for order in left { order.done.signal() }
  }

  /// Whether to go on.
  private func obeyOrders() -> Bool {
    var counter: UInt64 = 0
    _ = read(wake, &counter, MemoryLayout<UInt64>.size)
    let orders = mailbox.withLock { box in
      defer { box.orders = [] }
      return box.orders
    }
    defer { for order in orders { order.done.signal() } }
    for (order, _) in orders {
      switch order {
      case .stop: return false
      case .listen: open()
      case .silence(let until):
        hangUp()
        silentUntil = until
      }
    }
    return true
  }

  private func reopenWhenDue() {
    if let silentUntil, monotonicSeconds() >= silentUntil { open() }
  }

  private func open() {
    do {
      try listener.open()
      silentUntil = nil
    } catch {
      silentUntil = monotonicSeconds() + Self.pause
    }
    publish()
  }

  private func hangUp() {
    listener.shut()
    for master in masters { close(master.descriptor) }
    masters = []
    publish()
  }

  private func publish() {
    let isOpen = listener.descriptor != nil
    mailbox.withLock { $0.isListening = isOpen }
  }

  /// The descriptors on which something happened, after sleeping until it does or until something
  /// is due.
  private func wait() -> [Int32] {
    let now = monotonicSeconds()
    var watched = [wake] + masters.map(\.descriptor)
    if let descriptor = listener.descriptor, acceptsFrom <= now { watched.append(descriptor) }
    var polled = watched.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let due =
      masters.compactMap(\.due)
      + [silentUntil, acceptsFrom > now ? acceptsFrom : nil]
      .compactMap(\.self)
    // One ms more than the rounded rest, so that it is over and not almost over.
    let rest = due.min().map { Int32(min(max($0 - now, 0), 1e6) * 1000) + 1 }
    guard poll(&polled, nfds_t(polled.count), rest ?? -1) > 0 else { return [] }
    return polled.filter { $0.revents != 0 }.map(\.fd)
  }

  private func admit(from descriptor: Int32) {
    let made = greensplit_accept(descriptor)
    guard made >= 0 else {
      // Out of descriptors, most likely: the master stays in the queue, so polling on would spin.
      acceptsFrom = monotonicSeconds() + Self.pause
      return
    }
    guard made < descriptorLimit, masters.count < ModbusServer.clientLimit else {
      mailbox.withLock { $0.turnedAway += 1 }
      close(made)
      return
    }
    set(IPPROTO_TCP, TCP_NODELAY, of: made)
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    masters.append(Master(descriptor: made))
  }

  /// Takes what has come and answers the frames that are whole; `nil` if the master is lost.
  private func serve(_ master: Master) -> Master? {
    var master = master
    var got = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: 512) { buffer, count in
      got = recv(master.descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
      count = max(0, got)
    }
    guard got > 0 else { return got < 0 && errno == EAGAIN ? master : nil }
    master.decoder.append(bytes)
    do throws(ModbusFrameError) {
      while let request = try master.decoder.next() {
        guard replies.answer(request, on: master.descriptor) else { return nil }
        master.due = nil
      }
    } catch {
      return nil
    }
    let limit = monotonicSeconds() + Double(patience)
    master.due = master.decoder.holdsPart ? master.due ?? limit : nil
    return master
  }
}
