import Signals

/// What answers mean.
extension PlanExchange {
  mutating func digest(
    _ registers: [UInt16], of task: Task, at now: Moment
  ) throws(RegisterError) {
    switch task {
    case .identity: try digestIdentity(registers, at: now)
    case .result: try digestResult(registers, at: now)
    case .clock: try digestClock(registers, at: now)
    case .stages: try digestStages(registers)
    case .intergreensLow:
      reading.intergreens = try whole(registers, RegisterMap.intergreensLow)
    case .intergreensHigh:
      reading.intergreens += try whole(registers, RegisterMap.intergreensHigh)
    case .limits: try digestLimits(registers)
    case .live: try digestLive(registers, at: now)
    case .active: try digestActive(registers, at: now)
    case .detectors(let page): try digestDetectors(registers, page: page, at: now)
    case .order: order.flight?.stage = .arrived
    case .heartbeat: order.awaitsRenewal = true
    case .setClock: reading.hasSetClock = true
    }
    if agenda.first == task { agenda.removeFirst() }
    if task == .setClock { agenda.insert(.clock, at: 0) }
    if task == .clock, isClockToBeSet(at: now) { agenda.insert(.setClock, at: 0) }
  }

  private func whole(
    _ registers: [UInt16], _ block: RegisterBlock
  ) throws(RegisterError) -> [UInt16] {
    try RegisterReader(registers, of: block).registers
  }

  // MARK: - Identification

  private mutating func digestIdentity(
    _ registers: [UInt16], at now: Moment
  ) throws(RegisterError) {
    let found = try CabinetIdentity(registers: registers)
    schedule.identity = now.monotonic.advanced(bySeconds: Self.identityInterval)
    let isNew = found != identity
    if isNew { tell(.identified(found)) }
    identity = found
    guard isNew || constrained == nil else {
      // The same cabinet: its tables were read before.
      agenda.removeAll { [.stages, .intergreensLow, .intergreensHigh, .limits].contains($0) }
      return
    }
    constrained = nil
    cabinetLimits = nil
    report = nil
    let wrong = mismatches(of: found)
    if isNew || !wrong.isEmpty { judge(wrong) }
    agenda = wrong.isEmpty ? Task.identification : [.identity]
  }

  private func mismatches(of found: CabinetIdentity) -> [Mismatch] {
    guard found.major == RegisterMap.majorVersion else {
      return [.version(found: found.major, expected: RegisterMap.majorVersion)]
    }
    var wrong: [Mismatch] = []
    if found.stages != intersection.stages.count {
      wrong.append(.stages(found: found.stages, expected: intersection.stages.count))
    }
    if found.signalGroups != intersection.signalGroups.count {
      wrong.append(
        .signalGroups(found: found.signalGroups, expected: intersection.signalGroups.count))
    }
    return wrong
  }

  private mutating func judge(_ wrong: [Mismatch]) {
    if !wrong.isEmpty && wrong != mismatches { tell(.mismatch(wrong)) }
    mismatches = wrong
  }

  private mutating func digestStages(_ registers: [UInt16]) throws(RegisterError) {
    let block = try StagesBlock(registers: registers)
    guard let identity, block.revision == identity.siteRevision,
      block.stages.count == identity.stages
    else {
      // The site configuration changed between the two reads.
      throw .value(
        block: "stages", field: "revision", found: Int(block.revision),
        allowed: "\(identity?.siteRevision ?? 0), as the cabinet identified itself")
    }
    reading.stages = block
  }

  private mutating func digestLimits(_ registers: [UInt16]) throws(RegisterError) {
    let block = try LimitsBlock(registers: registers)
    guard let stages = reading.stages, let identity else { return }
    let checksum = IntergreensBlock.checksum(reading.intergreens)
    guard checksum == block.intergreensChecksum else {
      throw .checksum(
        block: "limits", found: UInt32(block.intergreensChecksum), expected: UInt32(checksum))
    }
    let table = try IntergreensBlock.table(
      registers: reading.intergreens, stages: stages.stages.count)
    let limits = CabinetLimits(
      revision: stages.revision, stages: stages.stages, changes: table, limits: block.limits,
      leaseSeconds: identity.leaseSeconds)
    if limits != cabinetLimits { tell(.limitsRead(limits)) }
    cabinetLimits = limits
    let both = intersection.constrained(by: limits)
    let wrong = both.map(contradictions) ?? mismatches(of: identity)
    judge(wrong)
    constrained = wrong.isEmpty ? both : nil
  }

  private func contradictions(in both: Intersection) -> [Mismatch] {
    var wrong = both.stages.filter { $0.maximumGreen < $0.shortestGreen }.map {
      Mismatch.greens(stage: $0.name, shortest: $0.shortestGreen, longest: $0.maximumGreen)
    }
    if both.limits.minimumCycle > both.limits.maximumCycle {
      wrong.append(
        .cycle(shortest: both.limits.minimumCycle, longest: both.limits.maximumCycle))
    }
    return wrong
  }

  // MARK: - Clock

  private mutating func digestClock(_ registers: [UInt16], at now: Moment) throws(RegisterError) {
    let clock = try CabinetClock(registers: registers)
    schedule.clock = now.monotonic.advanced(bySeconds: Self.clockInterval)
    reading.clockError = clock.utc.milliseconds - now.utc.milliseconds
  }

  /// Sets the clock once for each time it is found wrong, and says whether that helped.
  private mutating func isClockToBeSet(at now: Moment) -> Bool {
    defer { reading.hasSetClock = false }
    let error = reading.clockError
    let isWrong = abs(error) > Self.clockTolerance
    if reading.hasSetClock {
      let before = reading.clockErrorBefore
      tell(isWrong ? .clockWrong(milliseconds: error) : .clockSet(milliseconds: before))
      return false
    }
    guard isWrong, order.mayWrite, !isStale, mismatches.isEmpty else { return false }
    reading.clockErrorBefore = error
    return true
  }
}
