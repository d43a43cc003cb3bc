import Signals

/// How an order is recognised when it comes again.
struct OrderMark: Sendable, Equatable {
  let epoch: UInt32
  let sequence: UInt32
  let checksum: UInt32
  let operation: PlanOperation
}

/// Why a cabinet does not do what it was ordered.
struct Refusal: Error, Equatable {
  let code: ResultCode
  /// Number of the entry at fault, from 1.
  var entry: Int?
}

/// What a cabinet does on orders.
extension VirtualCabinet {
  /// Takes the block "plan".
  mutating func take(plan registers: [UInt16]) throws(RegisterException) {
    let order: PlanOrder
    do {
      order = try PlanOrder(registers: registers)
    } catch {
      planRegisters = registers
      return try takeUnreadable(registers, error)
    }
    let mark = OrderMark(
      epoch: order.epoch, sequence: order.sequence, checksum: order.checksum,
      operation: order.operation)
    // Whoever saw no answer may ask again; it must not matter how often.
    if mark == lastOrder { return }
    if order.operation == .activate && isTooSoon { throw .busy }
    planRegisters = registers
    do throws(Refusal) {
      try admit(order, mark)
      try carryOut(order, registers)
    } catch {
      report(error.code, entry: error.entry)
    }
  }

  /// A plan that is not what its checksum says never counts; one that says what no plan can is a
  /// mistake of whoever wrote it.
  private mutating func takeUnreadable(
    _ registers: [UInt16], _ error: RegisterError
  ) throws(RegisterException) {
    switch error {
    case .checksum: report(.checksum)
    case .value(_, "number of entries", _, _): report(.unknownStage)
    default: throw .illegalValue
    }
  }

  private var isTooSoon: Bool {
    guard let lastPlanAt else { return false }
    return course.tick - lastPlanAt < Int64(intersection.limits.planInterval.count)
  }

  /// Fencing, and the order of orders.
  private mutating func admit(_ order: PlanOrder, _ mark: OrderMark) throws(Refusal) {
    guard order.epoch >= result.highestEpoch else { throw Refusal(code: .staleEpoch) }
    raise(order.epoch)
    let isSamePlan =
      lastOrder.map {
        $0.epoch == mark.epoch && $0.sequence == mark.sequence && $0.checksum == mark.checksum
      } ?? false
    guard isSamePlan || order.sequence > result.sequence else {
      throw Refusal(code: .staleSequence)
    }
    lastOrder = mark
    result = OrderResult(
      highestEpoch: result.highestEpoch, sequence: order.sequence, code: .none, entry: nil,
      utc: utcNow)
  }

  /// Keeps a higher epoch, whose numbers begin anew. Only a plan brings one: its checksum vouches
  /// for it, and an epoch that nobody has would shut everybody out.
  private mutating func raise(_ epoch: UInt32) {
    guard epoch > result.highestEpoch else { return }
    result = OrderResult(
      highestEpoch: epoch, sequence: 0, code: .none, entry: nil, utc: utcNow)
    lastOrder = nil
    lastBeat = nil
  }

  private mutating func carryOut(_ order: PlanOrder, _ registers: [UInt16]) throws(Refusal) {
    switch order.operation {
    case .stage: report(.staged)
    case .validate:
      try judge(order)
      report(.valid)
    case .activate:
      try judge(order)
      lastPlanAt = course.tick
      leaseEnds = course.tick + Int64(order.leaseSeconds) * 10
      lastBeat = nil
      accept(Programme(order: order, registers: registers))
    case .cancel:
      pending = nil
      report(.finished)
    case .release:
      lapse()
      report(.finished)
    }
  }

  private mutating func accept(_ programme: Programme) {
    if course.programme.order != nil { isReturning = false }
    switch programme.plan.takeover {
    case .now:
      let end = endOfGreen(wanted: programme.plan.entries[0].green)
      takeOver(programme)
      course.position = 0
      course.cycleSince = course.greenSince
      course.ends = end
    case .stageBoundary where course.isChanging && course.stageToCome == programme.stage(0):
      takeOver(programme)
      course.position = 0
    case .stageBoundary, .cycleStart:
      pending = programme
      report(.pending)
    }
  }

  /// When the running green ends if a plan taken over now gives it `wanted` altogether, elapsed
  /// time included: never before minimum green, pedestrian clearance and notice, unless its end was
  /// announced before.
  func endOfGreen(wanted: Tenths) -> Int64 {
    let stage = intersection.stages[course.stage]
    let notice = Int64(intersection.limits.notice.count)
    let earliest = max(
      course.greenSince + Int64(stage.shortestGreen.count),
      min(course.ends, course.tick + notice))
    return max(course.tick, course.greenSince + Int64(wanted.count), earliest)
  }

  // MARK: - Lease and clock

  /// Takes the block "heartbeat". One that renews nothing is no fault: block "live" tells the lease,
  /// and block "result" speaks of plans only.
  mutating func take(_ heartbeat: Heartbeat) {
    guard heartbeat.epoch == result.highestEpoch, leaseEnds != nil,
      let order = pending?.order ?? course.programme.order,
      order.epoch == heartbeat.epoch, order.sequence == heartbeat.sequence,
      settings.leaseSeconds.contains(Int(heartbeat.leaseSeconds)), heartbeat.beat != lastBeat
    else { return }
    lastBeat = heartbeat.beat
    leaseEnds = course.tick + Int64(heartbeat.leaseSeconds) * 10
  }

  /// Takes the block "set clock".
  mutating func take(_ clock: ClockOrder) {
    guard clock.epoch >= result.highestEpoch else { return }
    clockOffset = clock.utc.milliseconds - milliseconds
    clockSource = .central
    clockSetAt = milliseconds
  }

  /// The lease is over: the cabinet's own plan takes over at the next stage boundary.
  mutating func lapse() {
    leaseEnds = nil
    if let order = pending?.order { finish(order) }
    pending = nil
    isReturning = isReturning || course.programme.order != nil
  }

  // MARK: - Results

  /// An order has come to `code` by itself, unless a later one stands in the result.
  mutating func conclude(_ order: PlanOrder, _ code: ResultCode) {
    guard order.epoch == result.highestEpoch, order.sequence == result.sequence else { return }
    report(code)
  }

  /// An order no longer runs or waits.
  mutating func finish(_ order: PlanOrder) {
    guard !result.code.isRefusal else { return }
    conclude(order, .finished)
  }

  mutating func report(_ code: ResultCode, entry: Int? = nil) {
    result = OrderResult(
      highestEpoch: result.highestEpoch, sequence: result.sequence, code: code, entry: entry,
      utc: utcNow)
  }
}
