import Signals

/// What the exchange asks, and when.
extension PlanExchange {
  mutating func nextTask(at now: Moment) -> Task? {
    let time = now.monotonic
    if let task = agenda.first {
      if task == .live { _ = isLiveDue(at: time) }
      return task
    }
    if let flight = order.flight, flight.stage == .arrived { return .result }
    if needsLook(at: time), case .some = constrained, isLiveDue(at: time) { return .live }
    if launch(at: time) { return .order }
    if isHeartbeatDue(at: time) { return .heartbeat }
    if needsActive { return .active }
    if let due = due(at: time) {
      if due == .identity { agenda = [.identity, .result] }
      if due == .clock { agenda = [.clock] }
      return due
    }
    return nil
  }

  private mutating func due(at time: Instant) -> Task? {
    // Not `!= nil`, which copies the whole junction.
    if case .some = constrained, isLiveDue(at: time) { return .live }
    if schedule.identity.map({ time >= $0 }) ?? false { return .identity }
    if schedule.clock.map({ time >= $0 }) ?? false { return .clock }
    return dueDetectors(at: time)
  }

  /// Live is due once a second on a grid, so that jitter of the caller does not add up; whoever asks
  /// when it is due takes the turn.
  private mutating func isLiveDue(at time: Instant) -> Bool {
    if let slot = schedule.live, time.advanced(bySeconds: Self.pollSlack) < slot { return false }
    let slot = schedule.live.map { max($0, time.advanced(bySeconds: -0.5)) } ?? time
    schedule.live = slot.advanced(bySeconds: 1)
    return true
  }

  private var needsActive: Bool { reading.pendingLive != nil }

  func request(for task: Task, at now: Moment) -> CabinetRequest {
    if let block = task.block { return .read(address: block.address, count: block.length) }
    switch task {
    case .setClock:
      return write(ClockOrder(epoch: epoch, utc: now.utc).registers, to: RegisterMap.setClock)
    case .heartbeat:
      let heartbeat = Heartbeat(
        epoch: epoch, sequence: order.held ?? 0, beat: order.beat,
        leaseSeconds: UInt16(clamping: order.lease))
      return write(heartbeat.registers, to: RegisterMap.heartbeat)
    default:
      return write(order.flight?.order.registers ?? [], to: RegisterMap.plan)
    }
  }

  private func write(_ values: [UInt16], to block: RegisterBlock) -> CabinetRequest {
    .write(address: block.address, values: values)
  }

  /// The site's lease as far as the cabinet grants it and it may last, seconds.
  func leaseSeconds(at time: Instant) -> Int {
    let ours = intersection.control.lease.count / 10
    // Rounded up: what ends at an instant is not to end before it.
    let left = order.leaseEnd.map { ($0.milliseconds - time.milliseconds + 999) / 1000 }
    let wanted = left.map { min(ours, Int(max(0, $0))) } ?? ours
    guard let range = identity?.leaseSeconds else { return wanted }
    return min(max(wanted, range.lowerBound), range.upperBound)
  }

  /// Every third of the lease, while a plan of ours runs or waits to.
  private mutating func isHeartbeatDue(at time: Instant) -> Bool {
    guard mayRenew, order.mayWrite, !isStale, mismatches.isEmpty, order.held != nil,
      reading.live?.source.offersControl ?? false
    else { return false }
    let age = order.renewed.map { time.seconds(since: $0) + Self.pollSlack }
    let lease = leaseSeconds(at: time)
    // The last one may have been shorter than this.
    if let age, age < Double(min(lease, order.lease)) / 3 { return false }
    order.lease = lease
    order.beat &+= 1
    order.renewed = time
    return true
  }
}
