import Signals

/// Orders on their way.
extension PlanExchange {
  mutating func enqueue(_ wish: Wish) {
    if let reason = reasonToWithhold(wish) {
      order.wish = nil
      tell(.notSent(reason))
    } else {
      order.wish = wish
    }
  }

  /// Why nothing may be sent, whatever the link does.
  private func reasonToWithhold(_ wish: Wish) -> Withheld? {
    if isStale { return .staleEpoch }
    if !order.mayWrite { return .stopped }
    if !mismatches.isEmpty { return .mismatch }
    if backOff.since == nil, isHeld, let source = reading.live?.source { return .held(source) }
    if isMomentOver(for: wish.plan, wish.operation, since: wish.at) { return .momentOver }
    guard let capabilities = identity?.capabilities, wish.operation == .activate else { return nil }
    switch wish.plan.takeover {
    case .now where !capabilities.contains(.applyNow): return .takeover(.now)
    case .stageBoundary where !capabilities.contains(.applyAtStage):
      return .takeover(.stageBoundary)
    default: return nil
    }
  }

  private func isMomentOver(
    for plan: TimingPlan, _ operation: PlanOperation, since then: Instant
  ) -> Bool {
    operation == .activate
      && reading.moments.isOver(for: plan, since: then, next: reading.live?.nextStage)
  }

  /// Whether what shows now is to be looked at before an order goes out: it has waited, or the lease of
  /// the one before may be over, which the lease of the new one would hide.
  func needsLook(at time: Instant) -> Bool {
    let flight = order.flight.flatMap { $0.stage == .writing ? $0.at : nil }
    guard let since = order.wish?.at ?? flight else { return false }
    let age = order.held == nil ? nil : order.renewed.map { time.seconds(since: $0) }
    return time.seconds(since: since) >= 1 || age.map { $0 >= Double(order.lease) } ?? false
  }

  private var isHeld: Bool { !(reading.live?.source.offersControl ?? true) }

  mutating func dropOldWish(at now: Moment) {
    guard let wish = order.wish,
      now.monotonic.seconds(since: wish.at) > Self.orderLifetime
    else { return }
    order.wish = nil
    tell(.notSent(.tooOld))
  }

  /// Makes the order that is to be written now, if there is one.
  mutating func launch(at time: Instant) -> Bool {
    if let notBefore = order.notBefore, time < notBefore { return false }
    if let flight = order.flight, flight.stage == .writing {
      let isOver = isMomentOver(
        for: flight.order.plan, flight.order.operation, since: flight.at)
      guard order.wish != nil || isHeld || !order.mayWrite || isOver else { return true }
      // It never arrived, and is not wanted any more.
      order.flight = nil
      tell(.abandoned(sequence: flight.order.sequence))
    }
    guard let wish = order.wish else { return false }
    order.wish = nil
    order.notBefore = nil
    if let reason = reasonToWithhold(wish) {
      tell(.notSent(reason))
      return false
    }
    order.sequence &+= 1
    order.lease = leaseSeconds(at: time)
    let next = PlanOrder(
      epoch: epoch, sequence: order.sequence, plan: wish.plan,
      leaseSeconds: UInt16(clamping: order.lease), operation: wish.operation)
    order.flight = Flight(order: next, at: wish.at, stage: .writing)
    if wish.operation == .activate { tell(.sent(sequence: next.sequence, plan: wish.plan)) }
    return true
  }

  /// A Modbus exception: the order did nothing. A busy cabinet is asked again.
  mutating func orderRejected(code: UInt8, at now: Moment) {
    guard let flight = order.flight else { return }
    let isBusy = code == RegisterException.busy.rawValue || code == 5
    if isBusy, order.wish == nil,
      now.monotonic.seconds(since: flight.at) < Self.orderLifetime
    {
      order.notBefore = now.monotonic.advanced(bySeconds: 1)
      return
    }
    if order.wish != nil { order.notBefore = now.monotonic.advanced(bySeconds: isBusy ? 1 : 0) }
    order.flight = nil
    // Of exceptions 1 to 3 the same bytes bring the same again; any other may have spared a copy.
    let isDecided = !flight.isDoubtful || (1...3).contains(code)
    let sequence = flight.order.sequence
    tell(isDecided ? .rejected(sequence: sequence, code: code) : .abandoned(sequence: sequence))
  }

  /// The answer to an order was lost.
  mutating func orderUncertain() {
    guard let flight = order.flight else { return }
    if flight.stage != .uncertain { tell(.unknownOutcome(sequence: flight.order.sequence)) }
    order.flight?.stage = .uncertain
    order.flight?.isDoubtful = true
  }

  // MARK: - Results

  mutating func digestResult(_ registers: [UInt16], at now: Moment) throws(RegisterError) {
    let result = try OrderResult(registers: registers)
    if result.highestEpoch > highestEpoch {
      highestEpoch = result.highestEpoch
      if isStale { becomeStale() }
    }
    if result.highestEpoch == epoch { order.sequence = max(order.sequence, result.sequence) }
    guard let flight = order.flight, !isStale else { return }
    let isOurs = result.highestEpoch == epoch && result.sequence == flight.order.sequence
    switch flight.stage {
    case .arrived: conclude(flight, isOurs: isOurs, result, at: now)
    case .uncertain where isOurs: conclude(flight, isOurs: true, result, at: now)
    case .uncertain: repeatOrGiveUp(flight, at: now)
    case .writing, .accepted: break
    }
  }

  /// The cabinet knows nothing of an order that may have been lost on the way.
  private mutating func repeatOrGiveUp(_ flight: Flight, at now: Moment) {
    let isFresh = now.monotonic.seconds(since: flight.at) < Self.orderLifetime
    guard isFresh, order.wish == nil, flight.order.sequence >= order.sequence else {
      order.flight = nil
      return tell(.abandoned(sequence: flight.order.sequence))
    }
    order.flight?.stage = .writing
  }

  private mutating func conclude(
    _ flight: Flight, isOurs: Bool, _ result: OrderResult, at now: Moment
  ) {
    let sequence = flight.order.sequence
    if isOurs && result.code.isOfUnnumberedOrder { return followHidden(flight, at: now) }
    guard isOurs && result.code != .none || isRefused(flight, by: result.code) else {
      // Someone with our epoch has written in between, or the cabinet was switched off and on.
      order.flight = nil
      return tell(.abandoned(sequence: sequence))
    }
    if result.code.isRefusal {
      order.flight = nil
      tell(.refused(sequence: sequence, code: result.code, entry: result.entry))
      if result.code == .revisionChanged { readTablesAgain() }
      return
    }
    guard flight.order.operation == .activate else {
      order.flight = nil
      order.held = nil
      order.isEndKnown = true
      return
    }
    tell(.accepted(sequence: sequence))
    guard result.code == .pending || result.code == .active else {
      order.flight = nil
      // Whatever was held before was replaced.
      order.held = nil
      order.isEndKnown = true
      return tell(.leaseLapsed(sequence: sequence))
    }
    order.held = sequence
    order.isEndKnown = false
    // The lease runs since the order arrived, at the earliest since it was given.
    order.renewed = flight.at
    let deadline = deadline(of: flight.order.plan, at: now)
    order.flight?.stage = .accepted(deadline: deadline)
    // A plan that runs already is read back at once.
    if result.code == .active { agenda.append(.live) }
  }

  /// An order whose number the cabinet does not tell was refused, unless a copy of it may yet arrive.
  private func isRefused(_ flight: Flight, by code: ResultCode) -> Bool {
    code.isOfUnnumberedOrder && !flight.isDoubtful
  }

  /// The cabinet has taken or refused the order, and what it said is hidden by its refusal of another
  /// since, such as that of a daemon that does not know yet that it was replaced. The lease will tell:
  /// only that of the newest plan taken can be renewed.
  private mutating func followHidden(_ flight: Flight, at now: Moment) {
    guard flight.order.operation == .activate else {
      order.flight = nil
      order.held = nil
      order.isEndKnown = true
      return
    }
    tell(.unknownOutcome(sequence: flight.order.sequence))
    order.held = flight.order.sequence
    order.isEndKnown = false
    order.renewed = nil
    let deadline = deadline(of: flight.order.plan, at: now)
    order.flight?.stage = .accepted(deadline: deadline)
    agenda.append(.live)
  }

  /// Two cycles of the longer of the new plan and the one that runs.
  private func deadline(of plan: TimingPlan, at now: Moment) -> Instant {
    let lengths = [plan, reading.active?.plan].compactMap { $0 }.map { plan in
      plan.cycle ?? intersection.length(of: plan.entries) ?? intersection.limits.maximumCycle
    }
    let cycle = lengths.max() ?? intersection.limits.maximumCycle
    return now.monotonic.advanced(bySeconds: 2 * cycle.seconds)
  }

  private mutating func readTablesAgain() {
    constrained = nil
    agenda = Task.identification
  }

  private mutating func becomeStale() {
    tell(.staleEpoch(highest: highestEpoch))
    order.wish = nil
    order.flight = nil
    order.held = nil
  }
}
