import Cabinets
import Safety
import Signals

/// How many writes one cabinet is sent. Registers of many controllers lie in memory that wears, and a
/// program that writes without end has gone wrong.
public struct WriteLimit: Sendable, Equatable {
  /// Limits that make sense: one a minute still keeps a lease of some minutes up.
  public static let range = 1...600

  /// Writes a minute, in the long run.
  public let perMinute: Int

  /// `perMinute` must be in `range`.
  public init(perMinute: Int) {
    precondition(Self.range.contains(perMinute), "1 to 600 writes a minute")
    self.perMinute = perMinute
  }

  /// Writes that may follow each other at once: those of five seconds, and never less than a plan and
  /// the renewal of its lease.
  var burst: Double { max(2, Double(perMinute) / 12) }
}

/// Holds plans back that a cabinet must not be sent yet, or not at all. It says so of each.
///
/// Only plans wait: the renewal of a lease and the setting of a clock are rare by themselves, so they
/// go at once, count, and let the next plan wait the longer.
struct WriteGate: Sendable {
  /// Plans that waited longer are given up, s: what they were checked against no longer holds.
  static let patience = 10.0

  private struct Waiting {
    let plan: CheckedPlan
    let since: Moment
  }

  private let limit: WriteLimit?
  /// Whether anything may be written at all.
  private(set) var isOpen = true
  /// Writes that may go now; below 0 what was written beyond the limit.
  private var room: Double
  private var counted: Instant?
  private var waiting: Waiting?
  private var events: [ExchangeEvent] = []

  /// A gate that nothing has passed yet; without a limit nothing waits.
  init(limit: WriteLimit?) {
    self.limit = limit
    room = limit?.burst ?? 0
  }

  /// A plan that is to be sent, in place of one that waits.
  mutating func order(_ plan: CheckedPlan, at now: Moment) {
    if waiting != nil { events.append(.notSent(.superseded)) }
    waiting = nil
    guard isOpen else { return events.append(.notSent(.stopped)) }
    waiting = Waiting(plan: plan, since: now)
    let wait = secondsToWait(at: now.monotonic)
    if wait > 0 { events.append(.deferred(seconds: wait)) }
  }

  /// The plan that may go now, and when it was ordered.
  mutating func release(at now: Moment) -> (plan: CheckedPlan, since: Moment)? {
    guard let waiting else { return nil }
    if now.monotonic.seconds(since: waiting.since.monotonic) > Self.patience {
      self.waiting = nil
      events.append(.notSent(.writeLimit))
      return nil
    }
    guard secondsToWait(at: now.monotonic) == 0 else { return nil }
    self.waiting = nil
    return (waiting.plan, waiting.since)
  }

  /// Something was written.
  mutating func count(at now: Instant) {
    refill(at: now)
    if limit != nil { room -= 1 }
  }

  /// Lets plans through, or none any more.
  mutating func allow(_ isOpen: Bool) {
    self.isOpen = isOpen
    guard !isOpen, waiting != nil else { return }
    waiting = nil
    events.append(.notSent(.stopped))
  }

  /// What became of plans since the last call.
  mutating func takeEvents() -> [ExchangeEvent] {
    guard !events.isEmpty else { return [] }
    defer { events = [] }
    return events
  }

  private mutating func secondsToWait(at now: Instant) -> Double {
    guard let limit else { return 0 }
    refill(at: now)
    return room >= 1 ? 0 : (1 - room) * 60 / Double(limit.perMinute)
  }

  private mutating func refill(at now: Instant) {
    guard let limit else { return }
    let passed = counted.map { max(0, now.seconds(since: $0)) } ?? 0
    counted = now
    room = min(limit.burst, room + passed * Double(limit.perMinute) / 60)
  }
}
