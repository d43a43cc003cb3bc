import Cabinets
import Signals

/// What can be seen by reading alone.
extension Conformance {
  /// Checks all that is read; `nil` if that is not enough to go on.
  mutating func checkReading(_ reach: Reach) -> Known? {
    var identity: CabinetIdentity?
    check("identity: signature and version (Identity)") { run in
      let found = try CabinetIdentity(registers: run.read(RegisterMap.identity))
      try run.expect(
        found.major == RegisterMap.majorVersion,
        "version \(found.major) of the map; \(RegisterMap.majorVersion) is right")
      try run.expect(
        (1...16).contains(found.stages) && found.leaseSeconds.lowerBound > 0,
        "\(found.stages) stages, shortest lease \(found.leaseSeconds.lowerBound) s; 1 to 16 stages "
          + "and a lease above 0 are right")
      identity = found
    }
    guard let identity else { return nil }
    check("clock (Clock)") { _ = try CabinetClock(registers: $0.read(RegisterMap.clock)) }
    check("result (Result)") { _ = try $0.result() }
    let tables = checkTables(identity)
    let plan = checkActive(identity)
    guard let tables, let plan else { return nil }
    let known = Known(
      identity: identity, stages: tables.stages, limits: tables.limits, table: tables.changes,
      plan: plan)
    checkLive(known, patiently: reach == .activating)
    checkAddresses()
    return known
  }

  private mutating func checkTables(
    _ identity: CabinetIdentity
  ) -> (stages: StagesBlock, limits: LimitsBlock, changes: ChangeTable)? {
    var stages: StagesBlock?
    check("stages: checksum, number and revision (Stages)") { run in
      let found = try StagesBlock(registers: run.read(RegisterMap.stages))
      try run.expect(
        found.revision == identity.siteRevision && found.stages.count == identity.stages,
        "revision \(found.revision), \(found.stages.count) stages; revision "
          + "\(identity.siteRevision) and \(identity.stages) stages are right by the identity")
      stages = found
    }
    var limits: (LimitsBlock, ChangeTable)?
    check("intergreens vouched for by the limits (Intergreens, Limits)") { run in
      let registers =
        try run.read(RegisterMap.intergreensLow) + run.read(RegisterMap.intergreensHigh)
      let block = try LimitsBlock(registers: run.read(RegisterMap.limits))
      let right = IntergreensBlock.checksum(registers)
      try run.expect(
        block.intergreensChecksum == right,
        "checksum \(block.intergreensChecksum); \(right) is right")
      limits = (
        block, try IntergreensBlock.table(registers: registers, stages: identity.stages)
      )
    }
    guard let stages, let limits else { return nil }
    return (stages, limits.0, limits.1)
  }

  private mutating func checkActive(_ identity: CabinetIdentity) -> TimingPlan? {
    var plan: TimingPlan?
    check("active: checksum and stages (Active)") { run in
      plan = try ActivePlan(registers: run.read(RegisterMap.active), stages: identity.stages).plan
    }
    return plan
  }

  private mutating func checkAddresses() {
    check("reads outside the map are exception 2, too many registers exception 3") { run in
      for address: UInt16 in [32, 90, 350, 520, 799, 65_535] {
        try run.expect(2, for: .read(address: address, count: 1), "register \(address)")
      }
      try run.expect(2, for: .read(address: 30, count: 3), "a read across the end of identity")
      try run.expect(3, for: .read(address: 200, count: 101), "a read of 101 registers")
    }
  }
}
