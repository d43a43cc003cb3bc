import Signals

/// What the cabinet shows, and the plan it runs.
extension PlanExchange {
  mutating func digestLive(_ registers: [UInt16], at now: Moment) throws(RegisterError) {
    let live = try LiveState(
      registers: registers, stages: intersection.stages.count,
      signalGroups: intersection.signalGroups.count)
    schedule.tornReads = 0
    notice(live, after: reading.live)
    reading.live = live
    reading.moments.see(
      stage: live.stage, isGreen: live.subState == .green, for: live.timeInState,
      cycle: live.cycleNumber, at: now.monotonic)
    watchLease(live, at: now)
    let isKnown =
      reading.active.map { $0.sequence == live.activeSequence && $0.source == live.source }
      ?? false
    // The cabinet's own plans have no number, so a change of them shows by the cycle only.
    let isSameCycle = live.activeSequence != 0 || live.cycleNumber == reading.activeCycle
    if isKnown && isSameCycle && !isVerifying(live) {
      publish(live, at: now)
    } else {
      reading.pendingLive = (live, now)
    }
  }

  private func isVerifying(_ live: LiveState) -> Bool {
    guard let flight = order.flight, case .accepted = flight.stage else { return false }
    return live.activeSequence == flight.order.sequence
  }

  /// Says what changed since the last read.
  private mutating func notice(_ live: LiveState, after last: LiveState?) {
    if let last, live.cycleNumber < last.cycleNumber { cabinetRestarted() }
    let before = last?.source ?? .timeOfDay
    if live.source != before {
      if let last { noticeEnd(of: last, now: live) }
      if live.source == .central { order.isEndKnown = false }
      tell(.sourceChanged(from: before, to: live.source))
      if !live.source.offersControl { lostToPerson() }
    }
    if live.criticalFaults != last?.criticalFaults ?? 0
      || live.otherFaults != last?.otherFaults ?? 0
    {
      tell(.faults(critical: live.criticalFaults, other: live.otherFaults))
    }
  }

  /// A plan of ours that ran has gone, and nobody ordered that: its lease is over. A later plan, whose
  /// lease runs, may be waiting by then, so that the lease itself no longer shows it.
  private mutating func noticeEnd(of last: LiveState, now live: LiveState) {
    guard last.source == .central, live.source == .timeOfDay, !order.isEndKnown, !isStale,
      let ran = reading.active, ran.epoch == epoch, ran.sequence == last.activeSequence
    else { return }
    tell(.leaseLapsed(sequence: ran.sequence))
    if order.held == ran.sequence { order.held = nil }
    order.isEndKnown = true
  }

  private mutating func cabinetRestarted() {
    tell(.cabinetRestarted)
    order.held = nil
    order.flight = nil
    reading.active = nil
    agenda += Task.identification
  }

  mutating func digestActive(_ registers: [UInt16], at now: Moment) throws(RegisterError) {
    guard let waiting = reading.pendingLive else { return }
    let active = try ActivePlan(registers: registers, stages: intersection.stages.count)
    reading.pendingLive = nil
    // The plan changed after the live state was read: the next poll tells both.
    guard active.sequence == waiting.state.activeSequence, active.source == waiting.state.source
    else { return }
    reading.active = active
    reading.activeCycle = waiting.state.cycleNumber
    publish(waiting.state, at: waiting.at)
    verify(active, at: now)
  }

  private mutating func publish(_ live: LiveState, at moment: Moment) {
    report = CabinetReport(
      at: moment, source: live.source, stage: live.stage, subState: live.subState,
      timeInState: live.timeInState, leastLeft: live.leastLeft, mostLeft: live.mostLeft,
      nextStage: live.nextStage, cycleNumber: live.cycleNumber, timeInCycle: live.timeInCycle,
      activeSequence: live.activeSequence, leaseLeft: live.leaseLeft,
      criticalFaults: live.criticalFaults, otherFaults: live.otherFaults,
      // An unknown lamp is at least not green, and more is not claimed.
      lamps: live.lamps.map { $0 ?? .dark }, plan: reading.active?.plan)
  }

  /// The plan that runs is what was ordered only if number and checksum agree.
  private mutating func verify(_ active: ActivePlan, at now: Moment) {
    guard let flight = order.flight, case .accepted = flight.stage,
      active.epoch == flight.order.epoch, active.sequence == flight.order.sequence,
      active.checksum == flight.order.checksum
    else { return }
    order.flight = nil
    tell(.running(sequence: flight.order.sequence))
  }

  // MARK: - Lease

  private mutating func watchLease(_ live: LiveState, at now: Moment) {
    if order.awaitsRenewal {
      order.awaitsRenewal = false
      // Two seconds for rounding and for the time since.
      if live.leaseLeft >= order.lease - 2 { tell(.leaseRenewed(seconds: live.leaseLeft)) }
    }
    if let flight = order.flight, case .accepted(let deadline) = flight.stage,
      now.monotonic > deadline
    {
      tell(.overdue(sequence: flight.order.sequence))
      order.flight = nil
    }
    guard let held = order.held, live.source.offersControl, live.leaseLeft == 0 else { return }
    tell(.leaseLapsed(sequence: held))
    order.held = nil
    order.isEndKnown = true
    if case .accepted = order.flight?.stage { order.flight = nil }
  }

  /// Whoever stands at the cabinet is not fought: what was ordered is forgotten.
  private mutating func lostToPerson() {
    order.held = nil
    if case .accepted = order.flight?.stage { order.flight = nil }
  }
}
