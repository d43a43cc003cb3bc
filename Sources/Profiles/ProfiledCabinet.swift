public import Cabinets
public import Signals

/// A cabinet of another make, as a value: the registers of its profile before a virtual cabinet, which
/// runs the plans and refuses what must not run.
///
/// It takes what is written literally: a plan is taken as it stands when its commit is written, whole or
/// not, and one that is written over in parts runs as such if the rules let it pass.
public struct ProfiledCabinet: Sendable {
  /// The profile.
  public let profile: CabinetProfile
  /// What stands behind the registers.
  public private(set) var cabinet: VirtualCabinet

  private var bank: [UInt16]
  /// Entries that were stored one at a time, by their number less one.
  private var slots: [PlanEntry?] = Array(repeating: nil, count: TimingPlan.entryLimit)
  private var isStored = false
  private var sequence: UInt32 = 0
  private var outcome: UInt32 = 0

  /// A cabinet of `profile` at `intersection`.
  public init(_ profile: CabinetProfile, at intersection: Intersection, at moment: Moment) {
    self.profile = profile
    cabinet = VirtualCabinet(
      intersection: intersection,
      settings: CabinetSettings(leaseSeconds: 1...65_535, model: String(profile.make.prefix(32))),
      at: moment)
    bank = Array(repeating: 0, count: 65_536)
    for point in profile.points {
      guard let constant = point.constant, let words = try? point.words(Int(constant)) else {
        continue
      }
      for (offset, word) in words.enumerated() { bank[point.address + offset] = word }
    }
  }

  /// Lets time pass.
  public mutating func advance(to moment: Moment) { cabinet.advance(to: moment) }

  /// Gives control to `source`, or back to the cabinet.
  public mutating func setSource(_ source: ControlSource, at moment: Moment) {
    cabinet.setSource(source, at: moment)
  }

  /// What a Modbus server in front of it answers.
  public mutating func answer(
    _ request: CabinetRequest
  ) -> Result<[UInt16], RegisterException> {
    do throws(RegisterException) {
      switch request {
      case .read(let address, let count): return .success(try read(address: address, count: count))
      case .write(let address, let values):
        try write(address: address, values: values)
        return .success([])
      }
    } catch {
      return .failure(error)
    }
  }

  /// Reads `count` registers from `address` on, all within one block that may be read.
  public mutating func read(
    address: UInt16, count: UInt16
  ) throws(RegisterException) -> [UInt16] {
    guard (1...profile.longestRead).contains(Int(count)) else { throw .illegalValue }
    let range = Int(address)..<Int(address) + Int(count)
    guard let block = profile.block(of: range), profile.blocks[block].access.isReadable else {
      throw .illegalAddress
    }
    for point in profile.points(of: block) where point.value?.isTold == true {
      guard let words = try? point.words(Int(told(point))) else { continue }
      for (offset, word) in words.enumerated() { bank[point.address + offset] = word }
    }
    return Array(bank[range])
  }

  /// Writes registers from `address` on, all within one block that may be written.
  public mutating func write(address: UInt16, values: [UInt16]) throws(RegisterException) {
    guard (1...profile.longestWrite).contains(values.count) else { throw .illegalValue }
    let range = Int(address)..<Int(address) + values.count
    guard let block = profile.block(of: range), profile.blocks[block].access.isWritable else {
      throw .illegalAddress
    }
    bank.replaceSubrange(range, with: values)
    for step in profile.order.flatMap(\.withAllWithin) {
      switch step {
      case .store(let point, let number) where range.overlaps(profile.points[point].registers()):
        if holds(point, number) { store() } else { isStored = false }
      case .commit(let point, let number) where range.overlaps(profile.points[point].registers()):
        if holds(point, number) { commit() }
      default: continue
      }
    }
    let beats = profile.points(of: block).contains {
      $0.value == .beat && range.overlaps($0.registers())
    }
    if beats { renew() }
  }

  private func holds(_ point: Int, _ number: UInt32) -> Bool {
    raw(profile.points[point]) == Int(number)
  }

  private func raw(_ point: CabinetProfile.Point, _ position: Int = 0) -> Int {
    point.raw(bank[point.registers(position)])
  }

  private func point(_ value: CabinetValue) -> CabinetProfile.Point? {
    profile.points.first { $0.value == value }
  }

  // MARK: - Plans

  private mutating func store() {
    guard let number = point(.entry).map({ raw($0) }), slots.indices.contains(number - 1) else {
      return
    }
    slots[number - 1] = entry(0)
    isStored = true
  }

  private func entry(_ position: Int) -> PlanEntry? {
    guard let stage = point(.stage), let green = point(.green) else { return nil }
    let longest = point(.longestGreen).map { $0.time(raw($0, position)) }
    return PlanEntry(
      stage: raw(stage, position) - 1, green: green.time(raw(green, position)),
      longestGreen: longest)
  }

  private mutating func commit() {
    let isSlotted = point(.entry) != nil
    let most = isSlotted ? slots.count : point(.stage)?.count ?? 0
    let told = point(.entries).map { raw($0) }
    let count = min(told ?? most, most)
    let entries = (0..<count).compactMap { isSlotted ? slots[$0] : entry($0) }
      .prefix { $0.stage >= 0 }
    let cycle = point(.cycle).map { $0.time(raw($0)) } ?? .zero
    let takeover = point(.apply).flatMap { Takeover(rawValue: UInt16(raw($0))) } ?? .cycleStart
    let plan = TimingPlan(
      entries: Array(entries), cycle: cycle == .zero ? nil : cycle,
      offset: point(.offset).map { $0.time(raw($0)) } ?? .zero, takeover: takeover)
    sequence += 1
    let order = PlanOrder(
      epoch: 1, sequence: sequence, plan: plan, leaseSeconds: UInt16(clamping: lease))
    slots = slots.map { _ in nil }
    isStored = false
    do throws(RegisterException) {
      try cabinet.write(address: RegisterMap.plan.address, values: order.registers)
      outcome = isTaken ? 1 : 2
    } catch {
      outcome = 2
    }
  }

  private var lease: Int {
    point(.lease).map { $0.time(raw($0)).count / 10 } ?? profile.capabilities.leaseSeconds
  }

  private var isTaken: Bool {
    var copy = cabinet
    let block = RegisterMap.result
    guard let registers = try? copy.read(address: block.address, count: block.length),
      let result = try? OrderResult(registers: registers)
    else { return false }
    return [.pending, .active].contains(result.code)
  }

  private mutating func renew() {
    let beat = UInt16(truncatingIfNeeded: point(.beat).map { raw($0) } ?? 0)
    let heartbeat = Heartbeat(
      epoch: 1, sequence: sequence, beat: beat, leaseSeconds: UInt16(clamping: lease))
    // A renewal that renews nothing is no fault of the register.
    try? cabinet.write(address: RegisterMap.heartbeat.address, values: heartbeat.registers)
  }

  // MARK: - What it tells

  private func told(_ point: CabinetProfile.Point) -> UInt32 {
    switch point.value {
    case .stored: return isStored ? 1 : 0
    case .outcome: return outcome
    case .source: return UInt32(cabinet.source.rawValue)
    case .runningStage: return UInt32((live?.stage ?? 0) + 1)
    case .leaseLeft:
      return UInt32(clamping: (try? point.raw(.seconds(live?.leaseLeft ?? 0))) ?? 0)
    default: return 0
    }
  }

  private var live: LiveState? {
    var copy = cabinet
    let block = RegisterMap.live
    guard let registers = try? copy.read(address: block.address, count: block.length) else {
      return nil
    }
    let junction = cabinet.intersection
    return try? LiveState(
      registers: registers, stages: junction.stages.count,
      signalGroups: junction.signalGroups.count)
  }
}
