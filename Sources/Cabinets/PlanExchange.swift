public import Safety
public import Signals

/// The daemon's side of the exchange with one cabinet (`docs/cabinet-map.md`), as a value.
///
/// The caller asks for the next request, sends it, and tells what came: registers or a failure. One
/// request is outstanding at a time; after each answer the caller asks again, until nothing is due.
/// After a failure that leaves a connection in doubt the caller must open a new one.
public struct PlanExchange: Sendable {
  /// Whether plans can be sent, and why not.
  public enum Readiness: Sendable, Equatable {
    /// The cabinet has not told enough yet, or no longer answers.
    case connecting
    /// Plans can be sent.
    case ready
    /// A person, a flash or a preemption holds control.
    case held(ControlSource)
    /// The cabinet does not belong to the site.
    case mismatch([Mismatch])
    /// A higher epoch gives orders.
    case staleEpoch(highest: UInt32)
  }

  /// The junction as the site file has it.
  public let intersection: Intersection

  /// Epoch of this daemon; the cabinet refuses orders of a lower one than it has seen.
  public let epoch: UInt32

  /// What the cabinet last said of itself, with the plan that runs; told only when live state and
  /// plan agree.
  public internal(set) var report: CabinetReport?

  /// The junction under the stricter of its own limits and the cabinet's; `nil` before they were
  /// read, and for a cabinet that does not belong to it.
  public internal(set) var constrained: Intersection?

  /// What the cabinet says of its stages and limits.
  public internal(set) var cabinetLimits: CabinetLimits?

  /// Who the cabinet is.
  public internal(set) var identity: CabinetIdentity?

  /// Events that were lost because nobody took them, since the start.
  public internal(set) var lostEvents = 0

  var outstanding: Task?
  /// What is to be asked before all else.
  var agenda = Task.identification
  var backOff: BackOff
  var reading = Reading()
  var order = OrderState()
  var schedule = Schedule()
  var mismatches: [Mismatch] = []
  var highestEpoch: UInt32 = 0
  var mayRenew = true
  private var events: [ExchangeEvent] = []
  /// Pages that hold loops of the site's detectors, rising.
  let detectorPages: [Int]
  /// Number of the interval of each that was told last.
  var detectorIntervals: [UInt32?]
  var detectors: [(first: Int, page: DetectorPage)] = []

  /// An exchange that has not asked anything yet. `epoch` must be higher than that of any daemon
  /// whose orders shall not count any more, at least 1.
  public init(intersection: Intersection, epoch: UInt32) {
    precondition(epoch >= 1, "epoch 0 is the cabinet's own")
    self.intersection = intersection
    self.epoch = epoch
    backOff = BackOff(name: intersection.id)
    detectorPages = intersection.loops.map { ($0 - 1) / RegisterMap.detectorsPerPage }.reduce(
      into: []
    ) { if $0.last != $1 { $0.append($1) } }
    detectorIntervals = detectorPages.map { _ in nil }
  }

  /// Whether plans can be sent, and why not.
  public var readiness: Readiness {
    if isStale { return .staleEpoch(highest: highestEpoch) }
    guard backOff.since == nil else { return .connecting }
    guard mismatches.isEmpty else { return .mismatch(mismatches) }
    guard agenda.isEmpty, constrained != nil, let report else { return .connecting }
    return report.source.offersControl ? .ready : .held(report.source)
  }

  /// Sends `plan` as soon as may be. It replaces one that was not sent yet, and is dropped unsent
  /// after 10 s, or when the stage or cycle that it was decided for is over (`MomentWatch`). It brings
  /// a lease of its own, whatever `renewLease` says.
  public mutating func order(_ plan: CheckedPlan, at now: Moment) {
    enqueue(Wish(plan: plan.plan, operation: .activate, at: now.monotonic))
  }

  /// Gives control back: the cabinet returns to its own plan at the next stage boundary. Should
  /// this be lost, the lease lapses all the same.
  public mutating func release(at now: Moment) {
    guard order.held != nil || order.flight != nil || order.wish != nil else { return }
    enqueue(Wish(plan: TimingPlan(entries: []), operation: .release, at: now.monotonic))
  }

  /// Whether the lease of the plan that runs is kept up from now on; `false` lets it lapse.
  public mutating func renewLease(_ allowed: Bool) { mayRenew = allowed }

  /// Until when leases that are given from now on may last, as far as the cabinet's shortest lease lets
  /// them end so soon; `nil` for as long as the site wants.
  public mutating func limitLease(to end: Instant?) { order.leaseEnd = end }

  /// Whether anything is written from now on. If not, nothing is ordered or repeated, no lease is
  /// renewed and no clock set; the cabinet is read as before.
  public mutating func allowWrites(_ allowed: Bool) {
    order.mayWrite = allowed
    guard !allowed else { return }
    agenda.removeAll { $0 == .setClock }
    if order.wish != nil { tell(.notSent(.stopped)) }
    order.wish = nil
  }

  /// What happened since the last call, oldest first.
  public mutating func takeEvents() -> [ExchangeEvent] {
    guard !events.isEmpty else { return [] }
    defer { events = [] }
    return events
  }

  /// The most events that wait to be taken.
  static let eventLimit = 256

  mutating func tell(_ event: ExchangeEvent) {
    if events.count >= Self.eventLimit {
      events.removeFirst()
      lostEvents += 1
    }
    events.append(event)
  }

  /// The next request to send at `now`; `nil` if none is due, or one is outstanding.
  public mutating func nextRequest(at now: Moment) -> CabinetRequest? {
    guard outstanding == nil else { return nil }
    if let retry = backOff.retry, now.monotonic < retry { return nil }
    dropOldWish(at: now)
    guard let task = nextTask(at: now) else { return nil }
    outstanding = task
    return request(for: task, at: now)
  }

  /// The registers that answer the outstanding request; none for a write.
  public mutating func received(_ registers: [UInt16], at now: Moment) {
    guard let task = outstanding else { return }
    outstanding = nil
    do throws(RegisterError) {
      try digest(registers, of: task, at: now)
    } catch {
      if case .detectors(let page) = task { return putOffDetectors(page, at: now) }
      if case .torn = error, schedule.tornReads < Schedule.tornLimit {
        schedule.tornReads += 1
        agenda.insert(.live, at: 0)
      } else {
        lose(task, .malformed(error), at: now)
      }
      return
    }
    // Only a cabinet that has answered everything is back: one that fails at the second question
    // would else be asked once a second for ever.
    if agenda.isEmpty, let seconds = backOff.succeed(at: now.monotonic) {
      tell(.linkRegained(afterSeconds: seconds))
    }
  }

  /// The outstanding request brought nothing.
  public mutating func failed(_ failure: CabinetFailure, at now: Moment) {
    guard let task = outstanding else { return }
    outstanding = nil
    if task == .order, case .exception(let code) = failure {
      return orderRejected(code: code, at: now)
    }
    if case .detectors(let page) = task, case .exception = failure {
      return putOffDetectors(page, at: now)
    }
    lose(task, failure, at: now)
  }

  var isStale: Bool { highestEpoch > epoch }

  /// Starts over after the next pause: whoever answers then may be another cabinet.
  private mutating func lose(_ task: Task, _ failure: CabinetFailure, at now: Moment) {
    let isNew = backOff.since == nil
    let delay = backOff.fail(at: now.monotonic)
    if isNew { tell(.linkLost(failure, retryInSeconds: delay)) }
    agenda = Task.identification
    schedule = Schedule()
    reading.pendingLive = nil
    if task == .order { orderUncertain() }
    // A renewal that may be lost is due again.
    if task == .heartbeat { order.renewed = nil }
  }
}
