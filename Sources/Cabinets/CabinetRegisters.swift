import Signals

/// The registers of a virtual cabinet.
extension VirtualCabinet {
  /// Reads `count` registers from `address` on.
  ///
  /// - Throws: `illegalAddress` if not all of them lie in one block that can be read,
  ///   `illegalValue` if they are none or more than 100.
  public mutating func read(
    address: UInt16, count: UInt16
  ) throws(RegisterException) -> [UInt16] {
    guard (1...RegisterMap.longestRequest).contains(count) else { throw .illegalValue }
    let end = Int(address) + Int(count)
    for block in readableBlocks where address >= block.address && end <= Int(block.end) {
      let first = Int(address - block.address)
      if block == RegisterMap.stages && count == block.length { hasUnreadTables = false }
      return Array(registers(of: block)[first..<first + Int(count)])
    }
    throw .illegalAddress
  }

  /// Writes one whole block. What an order comes to stands in the block "result" afterwards.
  ///
  /// - Throws: `illegalAddress` outside the blocks that can be written, `illegalValue` for a part
  ///   of such a block or values that mean nothing, `busy` for a plan too soon after the one before.
  public mutating func write(address: UInt16, values: [UInt16]) throws(RegisterException) {
    let end = Int(address) + values.count
    let touched = RegisterMap.writable.first { address < $0.end && end > Int($0.address) }
    guard !values.isEmpty, let block = touched else { throw .illegalAddress }
    guard address == block.address, values.count == Int(block.length) else { throw .illegalValue }
    do {
      switch block {
      case RegisterMap.plan: try take(plan: values)
      case RegisterMap.heartbeat: take(try Heartbeat(registers: values))
      default: take(try ClockOrder(registers: values))
      }
    } catch {
      throw error as? RegisterException ?? .illegalValue
    }
    run(until: course.tick)
  }

  private var readableBlocks: [RegisterBlock] {
    let perPage = RegisterMap.detectorsPerPage
    let pages = min(600, (detectors.total + perPage - 1) / perPage)
    return RegisterMap.readable + (0..<pages).map(RegisterMap.detectors(page:))
  }

  private func registers(of block: RegisterBlock) -> [UInt16] {
    switch block {
    case RegisterMap.identity: return identity.registers
    case RegisterMap.clock: return clock.registers
    case RegisterMap.stages: return stagesBlock.registers
    case RegisterMap.intergreensLow: return Array(intergreens[..<64])
    case RegisterMap.intergreensHigh: return Array(intergreens[64...])
    case RegisterMap.limits:
      return LimitsBlock(
        limits: intersection.limits, intergreensChecksum: IntergreensBlock.checksum(intergreens)
      ).registers
    case RegisterMap.plan: return planRegisters
    case RegisterMap.result: return result.registers
    case RegisterMap.active:
      return ActivePlan.registers(of: course.programme.registers, source: source)
    case RegisterMap.live: return live.registers
    default: return detectors.page((Int(block.address) - 800) / 100).registers
    }
  }

  private var identity: CabinetIdentity {
    CabinetIdentity(
      id: settings.id, vendor: 0, firmware: 1, siteRevision: settings.siteRevision,
      stages: intersection.stages.count, signalGroups: intersection.signalGroups.count,
      detectors: detectors.total, capabilities: settings.capabilities,
      countdown: settings.countdown, leaseSeconds: settings.leaseSeconds, model: settings.model)
  }

  private var clock: CabinetClock {
    CabinetClock(
      utc: utc, source: clockSource, secondsSinceSet: Int((milliseconds - clockSetAt) / 1000))
  }

  private var stagesBlock: StagesBlock {
    StagesBlock(
      revision: settings.siteRevision,
      stages: intersection.stages.map {
        CabinetLimits.StageTimes(
          minimumGreen: $0.minimumGreen, maximumGreen: $0.maximumGreen, pedestrian: $0.pedestrian,
          greenFlash: $0.greenFlash, yellow: $0.yellow, allRed: $0.allRed)
      })
  }

  private var intergreens: [UInt16] { IntergreensBlock.registers(of: intersection.changes) }

  /// What the lamps show now: block "live".
  var live: LiveState {
    let left = course.isGreen && held == nil ? Int(max(0, course.ends - course.tick)) : nil
    let isCentral = source == .central
    return LiveState(
      counter: UInt16(truncatingIfNeeded: course.tick), mode: mode, source: source,
      stage: course.stage, subState: course.subState,
      timeInState: Tenths(Int(course.tick - course.since)),
      leastLeft: left.map { min(Tenths($0), leastRest) },
      mostLeft: left.map { max(Tenths($0), mostRest) }, nextStage: nextStage,
      cycleNumber: course.cycleNumber, timeInCycle: Tenths(Int(course.tick - course.cycleSince)),
      activeSequence: isCentral ? course.programme.order?.sequence ?? 0 : 0,
      leaseLeft: leaseEnds.map { Int(max(0, $0 - course.tick) + 9) / 10 } ?? 0,
      criticalFaults: criticalFaults, lamps: lamps.map(Optional.some))
  }

  private var mode: OperatingMode {
    if course.show == .flash { return .flash }
    if course.show == .allRed { return .allRed }
    switch source {
    case .central: return .adaptive
    case .timeOfDay: return .fixedTime
    case .manual: return .localManual
    case .flash: return .flash
    case .preempt: return .lockedStage
    }
  }

  /// A plan taken over now could end the green so soon.
  private var leastRest: Tenths {
    Tenths(Int(endOfGreen(wanted: .zero) - course.tick))
  }

  /// The running entry allows later plans a green so long.
  private var mostRest: Tenths {
    guard course.programme.order != nil else { return .zero }
    let longest = course.programme.plan.entries[course.position].longestGreen
    return Tenths(Int(course.greenSince + Int64(longest.count) - course.tick))
  }

  private var nextStage: Int? {
    guard course.show == .stages else { return course.programme.stage(0) }
    guard course.isGreen else { return course.stageToCome }
    guard held == nil else { return nil }
    let next = successor()
    return next.programme.stage(next.position)
  }
}
