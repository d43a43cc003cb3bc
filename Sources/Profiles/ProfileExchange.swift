public import Cabinets
public import Safety
public import Signals

/// The daemon's side of the exchange with a cabinet of another make (`docs/cabinet-profiles.md`), as a
/// value.
///
/// The make tells which stage runs and who decides. It cannot be asked what became of an order that was
/// lost on the way, so after any doubt the whole order is written anew, or its lease lapses. Limits are
/// those of the site file alone.
public struct ProfileExchange: CabinetExchange {
  /// What an outstanding request was for.
  private enum Asked { case status, writing }

  /// What is being written.
  private struct Writing: Sendable {
    var writer: OrderWriter
    /// The order; `nil` while a lease is renewed.
    let order: Wish?
    let sequence: UInt32
  }

  /// A plan that is wanted.
  private struct Wish: Sendable {
    let plan: TimingPlan
    let at: Instant
  }

  /// The make.
  public let profile: CabinetProfile
  /// The junction, as the site file has it.
  public let intersection: Intersection
  /// Epoch of this daemon.
  public let epoch: UInt32
  /// What is known of the cabinet.
  public private(set) var report: CabinetReport?

  private let reads: StatusReads
  private var tracker: CourseTracker
  private var moments = MomentWatch()
  private var status = StatusReads.Status()
  /// The read of this round that comes next; `nil` between rounds.
  private var nextRead: Int?
  private var asked: Asked?
  private var pollDue: Instant?
  private var restsUntil: Instant?
  private var backOff: BackOff
  private var wish: Wish?
  /// When the make may be given another plan; `nil` if at once.
  private var orderDue: Instant?
  private var writing: Writing?
  private var sequence: UInt32 = 0
  private var beat: UInt16 = 0
  /// Number of the newest order that was taken and whose lease has not lapsed.
  private var held: UInt32?
  private var heldPlan: TimingPlan?
  private var renewed: Instant?
  private var mayRenew = true
  private var mayWrite = true
  private var events: [ExchangeEvent] = []
  private var lastWithheld: Withheld?

  /// An exchange that has not asked anything yet.
  public init(_ profile: CabinetProfile, at intersection: Intersection, epoch: UInt32) {
    self.profile = profile
    self.intersection = intersection
    self.epoch = epoch
    reads = StatusReads(profile)
    tracker = CourseTracker(site: intersection)
    backOff = BackOff(name: intersection.id)
  }

  /// The site file's own limits: the make tells none.
  public var cabinetLimits: CabinetLimits? {
    CabinetLimits(
      revision: 0,
      stages: intersection.stages.map { stage in
        CabinetLimits.StageTimes(
          minimumGreen: stage.minimumGreen, maximumGreen: stage.maximumGreen,
          pedestrian: stage.pedestrian, greenFlash: stage.greenFlash, yellow: stage.yellow,
          allRed: stage.allRed)
      }, changes: intersection.changes, limits: intersection.limits,
      leaseSeconds: leaseSeconds...leaseSeconds)
  }

  /// The junction under them.
  public var constrained: Intersection? { intersection }

  /// How long a plan runs unrenewed: what the site wants as far as the make grants it, or the make's one
  /// time for all plans.
  public var leaseSeconds: Int {
    let wanted = intersection.control.lease.count / 10
    return profile.capabilities.lease == .heartbeat
      ? min(wanted, profile.capabilities.leaseSeconds) : profile.capabilities.leaseSeconds
  }

  /// See `CabinetExchange`.
  public mutating func renewLease(_ allowed: Bool) { mayRenew = allowed }

  /// See `CabinetExchange`.
  public mutating func allowWrites(_ allowed: Bool) {
    mayWrite = allowed
    guard !allowed else { return }
    if wish != nil { withhold(.stopped) }
    giveUp()
  }

  /// See `CabinetExchange`.
  public mutating func takeEvents() -> [ExchangeEvent] {
    defer { events.removeAll(keepingCapacity: true) }
    return events
  }

  /// Writes `plan` as soon as may be; it replaces one that waits, and is dropped after 10 s.
  public mutating func order(_ plan: CheckedPlan, at now: Moment) {
    if let reason = reasonToWithhold(plan.plan) { return withhold(reason) }
    // The same is decided each second until it runs.
    let known = [tracker.pending?.plan, writing?.order?.plan]
    guard !known.contains(plan.plan) else { return }
    wish = Wish(plan: plan.plan, at: now.monotonic)
  }

  private func reasonToWithhold(_ plan: TimingPlan) -> Withheld? {
    guard mayWrite else { return .stopped }
    if let source = tracker.source, !source.offersControl { return .held(source) }
    let can = profile.capabilities.apply
    return can.contains(plan.takeover.capability) ? nil : .takeover(plan.takeover)
  }

  /// Says why nothing was sent, once for each reason: the same is decided again and again.
  private mutating func withhold(_ reason: Withheld) {
    wish = nil
    guard reason != lastWithheld else { return }
    lastWithheld = reason
    events.append(.notSent(reason))
  }

  // MARK: - Asking

  /// See `CabinetExchange`.
  public mutating func nextRequest(at now: Moment) -> CabinetRequest? {
    let time = now.monotonic
    guard asked == nil else { return nil }
    if let retry = backOff.retry, time < retry { return nil }
    if let restsUntil, time < restsUntil { return nil }
    if let wish, time.seconds(since: wish.at) > Self.orderLifetime { withhold(.tooOld) }
    if nextRead == nil, isPollDue(at: time) { (nextRead, status) = (0, StatusReads.Status()) }
    if let nextRead {
      asked = .status
      let registers = reads.reads[nextRead].registers
      return .read(address: UInt16(registers.lowerBound), count: UInt16(registers.count))
    }
    // Nothing is written before it is known who decides.
    guard mayWrite, tracker.source?.offersControl == true else { return nil }
    if writing == nil { begin(at: time) }
    let count = seconds(time)
    guard let request = writing?.writer.nextRequest(at: count) else {
      // An order may end with a pause.
      conclude(at: now)
      return nil
    }
    asked = .writing
    return request
  }

  /// Status is due once a second on a grid, so that jitter of the caller does not add up.
  private mutating func isPollDue(at time: Instant) -> Bool {
    if let pollDue, time.advanced(bySeconds: Self.pollSlack) < pollDue { return false }
    let slot = pollDue.map { max($0, time.advanced(bySeconds: -0.5)) } ?? time
    pollDue = slot.advanced(bySeconds: 1)
    return true
  }

  /// Begins to write the plan that is wanted, or to renew the lease if it is time.
  private mutating func begin(at time: Instant) {
    if let wish, moments.isOver(for: wish.plan, since: wish.at, next: nil) {
      withhold(.momentOver)
    }
    do throws(PointError) {
      if let wish, orderDue.map({ $0 <= time }) ?? true {
        self.wish = nil
        sequence &+= 1
        let order = values(wish.plan)
        writing = Writing(
          writer: try OrderWriter(profile, order: order), order: wish, sequence: sequence)
        lastWithheld = nil
        events.append(.sent(sequence: sequence, plan: wish.plan))
      } else if isRenewalDue(at: time), let plan = heldPlan {
        beat &+= 1
        renewed = time
        writing = Writing(
          writer: try OrderWriter(profile, renewing: values(plan)), order: nil,
          sequence: held ?? 0)
      }
    } catch {
      withhold(.unsayable(reason: error.description))
    }
  }

  private func values(_ plan: TimingPlan) -> OrderValues {
    OrderValues(
      plan: plan, epoch: epoch, sequence: sequence, leaseSeconds: leaseSeconds, beat: beat)
  }

  /// Every third of the lease, while a plan of ours runs or waits to.
  private func isRenewalDue(at time: Instant) -> Bool {
    guard mayRenew, held != nil, !profile.renewal.isEmpty else { return false }
    guard let renewed else { return true }
    return time.seconds(since: renewed) + Self.pollSlack >= Double(leaseSeconds) / 3
  }

  /// See `CabinetExchange`.
  public func wait(at now: Moment) -> Double? {
    let mayWrite = mayWrite && tracker.source?.offersControl == true
    let time = now.monotonic
    let hasToWrite = writing != nil || wish != nil || isRenewalDue(at: time)
    // A tick may come while the make still rests from the one before.
    let isReading =
      nextRead != nil
      || pollDue.map { $0 <= time.advanced(bySeconds: Self.pollSlack) } ?? true
    guard asked == nil, backOff.retry == nil, isReading || (mayWrite && hasToWrite) else {
      return nil
    }
    let rest = restsUntil.map { $0.seconds(since: time) } ?? 0
    guard !isReading else { return max(0, rest) }
    if let writing { return max(0, rest, (writing.writer.notBefore ?? 0) - seconds(time)) }
    let order = orderDue.map { $0.seconds(since: time) } ?? 0
    return max(0, rest, isRenewalDue(at: time) ? 0 : order)
  }

  /// The monotonic scale as the writer counts it.
  private func seconds(_ time: Instant) -> Double {
    time.seconds(since: Instant(milliseconds: 0))
  }

  // MARK: - Answers

  /// See `CabinetExchange`.
  public mutating func received(_ registers: [UInt16], at now: Moment) {
    guard let purpose = asked else { return }
    asked = nil
    restsUntil =
      profile.pause > 0 ? now.monotonic.advanced(bySeconds: profile.pause) : nil
    switch purpose {
    case .status:
      do throws(RegisterError) {
        try digest(registers, at: now)
      } catch {
        lose(.malformed(error), at: now)
      }
    case .writing:
      let time = seconds(now.monotonic)
      writing?.writer.received(registers, at: time)
      conclude(at: now)
    }
  }

  /// See `CabinetExchange`.
  public mutating func failed(_ failure: CabinetFailure, at now: Moment) {
    guard let purpose = asked else { return }
    asked = nil
    guard case .writing = purpose else { return lose(failure, at: now) }
    writing?.writer.failed(failure)
    conclude(at: now)
  }

  private mutating func digest(_ registers: [UInt16], at now: Moment) throws(RegisterError) {
    guard let position = nextRead else { return }
    try reads.digest(registers, of: position, into: &status)
    guard position + 1 == reads.reads.count else {
      nextRead = position + 1
      return
    }
    nextRead = nil
    guard let stage = status.stage, let source = status.source else { return }
    guard intersection.stages.indices.contains(stage) else {
      throw .value(
        block: "status", field: "running stage", found: stage + 1,
        allowed: "1 to \(intersection.stages.count)")
    }
    if let lost = backOff.succeed(at: now.monotonic) {
      events.append(.linkRegained(afterSeconds: lost))
    }
    see(stage, source, at: now)
  }

  private mutating func see(_ stage: Int, _ source: ControlSource, at now: Moment) {
    let before = tracker.source ?? .timeOfDay
    if source != before { events.append(.sourceChanged(from: before, to: source)) }
    let isOver = before == .central && source == .timeOfDay
    let seen = tracker.observe(stage: stage, source: source, at: now)
    events += seen
    // The make tells neither how long its stage has run nor when it is no longer green.
    moments.see(stage: stage, isGreen: true, for: .zero, cycle: tracker.cycles, at: now.monotonic)
    let isOverdue = seen.contains { if case .overdue = $0 { true } else { false } }
    if !source.offersControl { giveUp() }
    if !source.offersControl || isOverdue { letGo() }
    if let held, source.offersControl, isOver || isLeaseOver(at: now.monotonic) {
      events.append(.leaseLapsed(sequence: held))
      letGo()
    }
    report = tracker.report(at: now, leaseLeft: leaseLeft(at: now.monotonic)) ?? report
  }

  /// What is being written is left as it is, without its commit, and is not gone on with later: whoever
  /// stands at the cabinet is not fought.
  private mutating func giveUp() {
    if let order = writing, order.order != nil {
      events.append(.abandoned(sequence: order.sequence))
    }
    (writing, wish) = (nil, nil)
  }

  /// What was ordered does not hold any more.
  private mutating func letGo() {
    (held, heldPlan) = (nil, nil)
    tracker.forgetOrders()
  }

  /// Two seconds after it was given, the lease of a plan that runs must show. Without a lease only the
  /// cabinet's return to its own plan tells.
  private func isLeaseOver(at time: Instant) -> Bool {
    guard profile.capabilities.lease != .schedule, tracker.pending == nil,
      let renewed, time.seconds(since: renewed) > 2
    else { return false }
    return leaseLeft(at: time) == 0
  }

  private func leaseLeft(at time: Instant) -> Int {
    if let told = status.leaseLeft { return told }
    guard held != nil, let renewed else { return 0 }
    return max(0, leaseSeconds - Int(time.seconds(since: renewed)))
  }

  private mutating func conclude(at now: Moment) {
    guard let ended = writing, ended.writer.outcome != .writing else { return }
    writing = nil
    let number = ended.sequence
    switch ended.writer.outcome {
    case .writing: break
    case .done:
      renewed = now.monotonic
      guard let order = ended.order else {
        events.append(.leaseRenewed(seconds: leaseSeconds))
        return
      }
      (held, heldPlan) = (number, order.plan)
      orderDue = now.monotonic.advanced(bySeconds: intersection.limits.planInterval.seconds)
      tracker.await(order.plan, number, at: now.monotonic)
      events.append(.accepted(sequence: number))
    case .refused(let point, let value):
      refuse(ended, "\(point) says \(value)")
    case .differs(let block):
      refuse(ended, "block \(block) read back is not what was written")
    case .late(let point):
      // It may have been taken all the same.
      tracker.lose()
      refuse(ended, "\(point) did not come to what was waited for")
    case .failed(.exception(let code)) where ended.order != nil:
      events.append(.rejected(sequence: number, code: code))
    case .failed(let failure):
      if let order = ended.order {
        events.append(.unknownOutcome(sequence: number))
        tracker.lose()
        // The whole sequence anew, if the link is back before the plan is too old.
        if wish == nil { wish = order }
      } else {
        renewed = nil
      }
      lose(failure, at: now)
    }
  }

  private mutating func refuse(_ ended: Writing, _ reason: String) {
    if ended.order != nil { events.append(.notTaken(sequence: ended.sequence, reason: reason)) }
  }

  private mutating func lose(_ failure: CabinetFailure, at now: Moment) {
    let isNew = backOff.since == nil
    let delay = backOff.fail(at: now.monotonic)
    if isNew { events.append(.linkLost(failure, retryInSeconds: delay)) }
    (nextRead, writing, pollDue, restsUntil) = (nil, nil, nil, nil)
    tracker.forgetTime()
  }

  /// Orders that were not sent, or not heard of, after this time are given up, seconds.
  static let orderLifetime = 10.0
  /// A tick of the daemon may come so much early and still be the one for the poll, seconds.
  static let pollSlack = 0.1
}

extension Takeover {
  /// What a make must be able to do for it.
  fileprivate var capability: CabinetProfile.Capabilities.Apply {
    switch self {
    case .cycleStart: .cycle
    case .stageBoundary: .stage
    case .now: .now
    }
  }
}
