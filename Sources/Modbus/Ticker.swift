public import Dispatch

/// Calls many members of one queue once in a period each, with one timer for all of them, the same
/// that the queue's links have: ten thousand timers of their own would wake the process ten thousand
/// times a second.
///
/// Members less than a fiftieth of a period apart share a turn. A turn without members costs nothing.
public final class Ticker: @unchecked Sendable {
  // Unchecked: touched on `queue` only, which every entrance checks.

  /// What a member is removed by.
  public struct Ticket: Sendable, Equatable {
    fileprivate let turn: Int
    fileprivate let number: Int
  }

  private struct Member {
    let number: Int
    let tick: @Sendable () -> Void
  }

  /// Turns of a period.
  private static let turns = 50

  private let queue: DispatchQueue
  private let poller: LinkPoller
  /// Length of a turn, ns.
  private let turnLength: UInt64
  /// When turns are counted from: a multiple of a turn, so that the tickers of all queues wake
  /// Dispatch's manager thread together, once.
  private let origin: UInt64
  private var members = [[Member]](repeating: [], count: turns)
  private var count = 0
  /// The turn that was called last, of all periods since `origin`.
  private var turn = 0
  /// The turn that the poller is going to wake for.
  private var awaited: Int?

  /// A ticker of periods of so many nanoseconds.
  ///
  /// - Throws: `system` if this machine has no descriptor left.
  public init(on queue: DispatchQueue, period: Int) throws(LinkFailure) {
    precondition(period >= Self.turns, "a turn lasts a nanosecond at least")
    self.queue = queue
    poller = try .shared(on: queue)
    turnLength = UInt64(period / Self.turns)
    origin = monotonicNanoseconds() / turnLength * turnLength
  }

  /// Calls `tick` once a period from now on, for the first time when `phase` of a period (0 ..< 1) has
  /// passed, or up to a turn later.
  public func add(phase: Double, _ tick: @escaping @Sendable () -> Void) -> Ticket {
    dispatchPrecondition(condition: .onQueue(queue))
    let now = turnNow
    if members.allSatisfy(\.isEmpty) { turn = now }
    let place = (now + 1 + Int(min(max(0, phase), 1) * Double(Self.turns - 1))) % Self.turns
    count += 1
    members[place].append(Member(number: count, tick: tick))
    awaitNext()
    return Ticket(turn: place, number: count)
  }

  /// Calls it no more.
  public func remove(_ ticket: Ticket) {
    dispatchPrecondition(condition: .onQueue(queue))
    members[ticket.turn].removeAll { $0.number == ticket.number }
  }

  /// The turn that has begun last.
  private var turnNow: Int { Int((monotonicNanoseconds() - origin) / turnLength) }

  /// Has itself woken for the next turn that has members.
  private func awaitNext() {
    let next = (turn + 1...turn + Self.turns).first { !members[$0 % Self.turns].isEmpty }
    guard let next, next < awaited ?? .max else { return }
    awaited = next
    poller.wake(self, at: origin + UInt64(next) * turnLength)
  }
}

extension Ticker: LinkPoller.Watched {
  /// Calls the members of every turn that has come, of one period at most: what a queue that was held
  /// up has missed is not made up for.
  func isDue(at now: UInt64) {
    awaited = nil
    let last = Int((now - origin) / turnLength)
    let first = max(turn + 1, last - Self.turns + 1)
    turn = max(turn, last)
    if first <= last {
      for place in first...last {
        for member in members[place % Self.turns] { member.tick() }
      }
    }
    awaitNext()
  }
}
