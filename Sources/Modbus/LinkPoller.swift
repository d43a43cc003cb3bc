import Dispatch
import Glibc
import Locking

/// Carries all connections of one serial queue: one epoll descriptor behind one dispatch source tells
/// what they bring and when time is up.
///
/// A source and a timer for each connection would be simpler and cost nearly twice as much: every event
/// of one is a hop from Dispatch's manager thread to the queue, and here one hop serves all that has
/// come by then (`make bench-cabinets`).
final class LinkPoller: @unchecked Sendable {
  // Unchecked: touched on `queue` only, but for `shared`, which is behind a lock.

  /// Who is told that a time has come.
  protocol Watched: AnyObject {
    func isDue(at now: UInt64)
  }

  private struct Seat {
    var connection: Connection?
    /// Tells events of the seat's connection from those of one before.
    var generation: UInt32 = 0
  }

  private struct Alarm {
    weak var watched: (any Watched)?
  }

  private final class Holder: Sendable {
    // Unsafe: it is set once, and from then on read behind `lock` alone.
    nonisolated(unsafe) weak var poller: LinkPoller?
    init(_ poller: LinkPoller) { self.poller = poller }
  }

  private static let key = DispatchSpecificKey<Holder>()
  private static let lock = Guarded(())
  /// Keys in `door`.
  private static let timerKey: UInt64 = 0
  private static let linksKey: UInt64 = 1
  /// Events that are served before others on the queue get their turn.
  private static let turn = 256
  /// How much later than it may a deadline is looked at if nothing else wakes the queue, ns.
  private static let leeway: UInt64 = 16_000_000
  /// How long replies may gather before the next look, ns: so much for each connection, up to more than
  /// a turn of the ticker of a fiftieth of a second, whose hop then serves them too. With thousands of
  /// links a hop for each handful of replies would cost a third more processor time. A few links are
  /// served at once: a rest costs a hop itself.
  private static let restForEach: UInt64 = 50_000
  private static let shortestRest: UInt64 = 1_000_000
  private static let longestRest: UInt64 = 25_000_000

  let queue: DispatchQueue
  /// Where connections put what they receive: more than the longest frame, 260 bytes, so that bytes
  /// after a reply show.
  let incoming = UnsafeMutableRawBufferPointer.allocate(byteCount: 512, alignment: 1)
  /// Where clients put together what they send.
  var outgoing: [UInt8] = []
  /// All connections.
  private let links: Epoll
  /// What the source waits for: the timer, and `links` except in a rest.
  private let door: Epoll
  private let timer: TimerDescriptor
  private let source: any DispatchSourceRead
  private var seats: [Seat] = []
  private var free: [Int] = []
  private var wheel = DeadlineWheel<Alarm>(at: monotonicNanoseconds())
  private var punctual: [(due: UInt64, alarm: Alarm)] = []
  private var timerIsSetFor = UInt64.max
  private var restsUntil: UInt64?
  /// Connections that are watched.
  private var open = 0

  /// The poller of `queue`, which all its clients share; it goes with the last of them.
  static func shared(on queue: DispatchQueue) throws(LinkFailure) -> LinkPoller {
    try lock.withLock { _ throws(LinkFailure) in
      if let known = queue.getSpecific(key: key)?.poller { return known }
      guard let links = Epoll(), let door = Epoll(), let timer = TimerDescriptor(),
        door.add(timer.descriptor, for: .reading, key: timerKey),
        door.add(links.descriptor, for: .readingOnce, key: linksKey)
      else { throw .system(reason(errno)) }
      let poller = LinkPoller(on: queue, links, door, timer)
      queue.setSpecific(key: key, value: Holder(poller))
      return poller
    }
  }

  private init(
    on queue: DispatchQueue, _ links: Epoll, _ door: Epoll, _ timer: TimerDescriptor
  ) {
    self.queue = queue
    self.links = links
    self.door = door
    self.timer = timer
    source = DispatchSource.makeReadSource(fileDescriptor: door.descriptor, queue: queue)
    source.setEventHandler { [weak self] in self?.serve() }
    // The descriptor outlives its source: closed before, its number could be another's already.
    source.setCancelHandler { withExtendedLifetime(door) {} }
    source.activate()
  }

  deinit {
    source.cancel()
    incoming.deallocate()
  }

  // MARK: - Connections

  /// Tells `connection` from now on when `descriptor` is ready.
  ///
  /// - Returns: What it is known by from now on; `nil` if the system cannot, `errno` says why.
  func watch(
    _ descriptor: Int32, for interest: Epoll.Interest, as connection: Connection
  ) -> UInt64? {
    if free.isEmpty {
      free.append(seats.count)
      seats.append(Seat())
    }
    let seat = free[free.count - 1]
    let key = UInt64(seats[seat].generation) << 32 | UInt64(seat)
    guard links.add(descriptor, for: interest, key: key) else { return nil }
    free.removeLast()
    open += 1
    seats[seat].connection = connection
    return key
  }

  /// Waits for something else on a descriptor that is watched.
  func watch(_ descriptor: Int32, for interest: Epoll.Interest, key: UInt64) -> Bool {
    links.change(descriptor, to: interest, key: key)
  }

  /// Tells nothing more; the descriptor is closed by its owner, which takes it out of the epoll.
  func forget(_ key: UInt64) {
    let seat = Int(key & 0xFFFF_FFFF)
    guard seats[seat].generation == UInt32(key >> 32) else { return }
    seats[seat].connection = nil
    seats[seat].generation &+= 1
    free.append(seat)
    open -= 1
  }

  /// Serves what has come, and what comes meanwhile, within bounds.
  private func serve() {
    var hasTold = false
    for place in 0..<door.wait(milliseconds: 0) where door[place].key == Self.timerKey {
      hasTold = ring()
    }
    var served = 0
    while served < Self.turn {
      let count = links.wait(milliseconds: 0)
      guard count > 0 else { break }
      served += count
      for place in 0..<count { serve(links[place].key) }
    }
    rest(afterWork: served > 0 || hasTold)
    setTimer()
  }

  private func serve(_ key: UInt64) {
    let seat = seats[Int(key & 0xFFFF_FFFF)]
    // One before it in the batch may have ended it, and its seat may be another's.
    guard seat.generation == UInt32(key >> 32) else { return }
    seat.connection?.isReady()
  }

  /// Lets replies gather for a while when there are many links.
  private func rest(afterWork hasWorked: Bool) {
    let length = min(UInt64(open) * Self.restForEach, Self.longestRest)
    if hasWorked, length >= Self.shortestRest {
      restsUntil = monotonicNanoseconds() + length
    } else {
      restsUntil = nil
      _ = door.change(links.descriptor, to: .readingOnce, key: Self.linksKey)
    }
  }

  // MARK: - Time

  /// Tells `watched` once when `due` has passed, at most a few hundredths of a second after, unless it
  /// is gone by then.
  func alert(_ watched: some Watched, at due: UInt64) {
    wheel.add(Alarm(watched: watched), due: due)
    setTimer()
  }

  /// Likewise, as punctually as the system can. For few.
  func wake(_ watched: some Watched, at due: UInt64) {
    punctual.append((due, Alarm(watched: watched)))
    setTimer()
  }

  private func setTimer() {
    let next = min(
      wheel.next.map { $0 + Self.leeway } ?? .max, punctual.lazy.map(\.due).min() ?? .max,
      restsUntil ?? .max)
    guard next < timerIsSetFor else { return }
    timerIsSetFor = next
    timer.set(for: next)
  }

  /// Time is up: for some, or for the rest alone; whether anybody was told.
  private func ring() -> Bool {
    timer.set(for: .max)
    timerIsSetFor = .max
    let now = monotonicNanoseconds()
    let due = punctual.filter { $0.due <= now }
    punctual.removeAll { $0.due <= now }
    let late = wheel.take(at: now)
    for alarm in due.map(\.alarm) + late { alarm.watched?.isDue(at: now) }
    return !due.isEmpty || !late.isEmpty
  }
}
