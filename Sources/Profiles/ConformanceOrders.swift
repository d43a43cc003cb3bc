import Cabinets
import Signals

/// What a cabinet says of orders of which nothing runs.
extension Conformance {
  mutating func checkOrders(_ known: Known) {
    guard begin(known) else { return }
    checkWholeWrites()
    checkFencing(known)
    checkRules(known)
  }

  /// Takes the next epoch.
  private mutating func begin(_ known: Known) -> Bool {
    guard known.identity.capabilities.contains(.fencing) else {
      unsupported("fencing (How a plan runs)", because: "the identity says so")
      epoch = 1
      sequence = (try? result().sequence) ?? 0
      return true
    }
    var isTaken = false
    check("a higher epoch begins its sequence anew (How a plan runs)") { run in
      let before = try run.result().highestEpoch
      try run.expect(before < .max, "the highest epoch is the last there is")
      // Above 1, so that there is an older one to be refused.
      run.epoch = max(before + 1, 2)
      run.sequence = 0
      let after = try run.order(known.plan, .stage)
      try run.expect(
        after.highestEpoch == run.epoch && after.sequence == 1 && after.code == .staged,
        "epoch \(after.highestEpoch), sequence \(after.sequence), \(after.code); epoch "
          + "\(run.epoch), sequence 1 and staged are right")
      isTaken = true
    }
    return isTaken
  }

  private mutating func checkWholeWrites() {
    check("parts of a block are exception 3, what is only read is exception 2") { run in
      for block in [RegisterMap.plan, RegisterMap.heartbeat, RegisterMap.setClock] {
        let part = [UInt16](repeating: 0, count: Int(block.length) - 1)
        try run.expect(
          3, for: .write(address: block.address, values: part), "a part of \(block.name)")
      }
      let zeros = [UInt16](repeating: 0, count: 100)
      try run.expect(2, for: .write(address: 100, values: zeros), "a write of stages")
    }
  }

  private mutating func checkFencing(_ known: Known) {
    check("a wrong checksum is 0x81 and does not count (Plan, Result)") { run in
      let before = try run.result()
      var registers = run.next(known.plan, .stage).registers
      registers[17] ^= 1
      try run.write(registers)
      try run.expect(.checksum, sequence: before.sequence)
      run.sequence -= 1
    }
    check("a wrong key is exception 3 (Plan)") { run in
      var registers = run.next(known.plan, .stage).registers
      registers[83] ^= 0x0F0F
      run.sequence -= 1
      try run.expect(3, for: .write(address: RegisterMap.plan.address, values: registers), "key")
    }
    check("the same order again has no effect (Plan)") { run in
      let order = run.next(known.plan, .stage)
      try run.write(order.registers)
      let first = try run.result()
      run.wait(2)
      try run.write(order.registers)
      let second = try run.result()
      try run.expect(
        first == second && first.code == .staged, "\(second.code) at another time; the first stays")
    }
    check("a sequence used before is 0x83 (Result)") { run in
      let other = known.plan.taking(over: .stageBoundary)
      let used = PlanOrder(
        epoch: run.epoch, sequence: run.sequence, planID: 7, plan: other, leaseSeconds: 60,
        operation: .stage)
      try run.write(used.registers)
      try run.expect(.staleSequence, sequence: run.sequence)
    }
    guard known.identity.capabilities.contains(.fencing) else { return }
    check("an older epoch is 0x82 (Result)") { run in
      let old = PlanOrder(
        epoch: run.epoch - 1, sequence: 9, plan: known.plan, leaseSeconds: 60, operation: .stage)
      try run.write(old.registers)
      try run.expect(.staleEpoch, sequence: run.sequence)
    }
  }

  private mutating func checkRules(_ known: Known) {
    let shortest = UInt16(known.identity.leaseSeconds.lowerBound)
    check("the cabinet's own plan is valid (Plan)") { run in
      let after = try run.order(known.plan, .validate)
      try run.expect(after.code == .valid, "\(after.code); valid is right")
    }
    refuses("an unknown stage is 0x88, with its entry", .unknownStage, entry: 1) { _ in
      [PlanEntry(stage: known.identity.stages, green: .seconds(30))]
    }
    refuses("a plan without entries is 0x88", .unknownStage) { _ in [] }
    refuses("a green above its maximum is 0x84, with its entry", .belowMinimumGreen, entry: 1) {
      entries in
      let most = known.stages.stages[entries[0].stage].maximumGreen
      return [PlanEntry(stage: entries[0].stage, green: most + Tenths(1))] + entries.dropFirst()
    }
    check("a cycle that is not the sum is 0x85 (Result)") { run in
      let low = known.limits.limits.minimumCycle
      let high = known.limits.limits.maximumCycle
      let cycle = known.plan.cycle == low ? high : low
      let after = try run.order(TimingPlan(entries: known.plan.entries, cycle: cycle), .validate)
      try run.expect(after.code == .cycleSum, "\(after.code); 0x85 is right")
    }
    check("a cycle out of range is 0x86 (Result)") { run in
      let cycle = known.limits.limits.maximumCycle + Tenths(1)
      let after = try run.order(TimingPlan(entries: known.plan.entries, cycle: cycle), .validate)
      try run.expect(after.code == .cycleRange, "\(after.code); 0x86 is right")
    }
    check("a lease out of range is 0x8A (Result)") { run in
      let longest = UInt16(clamping: known.identity.leaseSeconds.upperBound)
      for lease in [shortest - 1, longest == .max ? 0 : longest + 1] {
        let after = try run.order(known.plan, .validate, lease: lease)
        try run.expect(
          after.code == .leaseRange, "a lease of \(lease) s: \(after.code); 0x8A is right")
      }
    }
    checkForbidden(known)
    checkNow(known)
    checkLongestRed(known)
  }

  /// The register map does not tell which signal groups a stage serves, so the one plan that is wrong
  /// at any junction is that of a single stage: whoever it does not serve would be red for ever.
  private mutating func checkLongestRed(_ known: Known) {
    let name = "a plan that leaves signal groups red for ever is 0x8D (Result)"
    let entries = known.plan.entries
    guard entries.contains(where: { $0.stage != entries[0].stage }) else {
      return unsupported(name, because: "its own plan has one stage")
    }
    refuses(name, .longestRed) { [$0[0]] }
  }

  private mutating func checkForbidden(_ known: Known) {
    let name = "a forbidden change is 0x87, with its entry (Result)"
    let stages = 0..<known.identity.stages
    let pair = stages.lazy.flatMap { from in stages.lazy.map { (from, $0) } }
      .first { $0 != $1 && known.table.intergreen(from: $0, to: $1) == nil }
    guard let pair else { return unsupported(name, because: "every change is allowed here") }
    refuses(name, .forbiddenChange) { _ in
      [pair.0, pair.1].map {
        PlanEntry(stage: $0, green: known.stages.stages[$0].maximumGreen)
      }
    }
  }

  private mutating func checkNow(_ known: Known) {
    let name = "a plan for now that begins with another stage is 0x8C (Result)"
    guard known.identity.capabilities.contains(.applyNow), known.plan.entries.count > 1 else {
      return unsupported(name, because: "it cannot take plans over now")
    }
    check(name) { run in
      let running = try run.live(known).stage
      let entries = known.plan.entries
      let first = entries.firstIndex { $0.stage != running } ?? 0
      let turned = Array(entries[first...] + entries[..<first])
      let after = try run.order(TimingPlan(entries: turned, takeover: .now), .validate)
      try run.expect(after.code == .notRunningStage, "\(after.code); 0x8C is right")
    }
  }

  private mutating func refuses(
    _ name: String, _ code: ResultCode, entry: Int? = nil, entries: ([PlanEntry]) -> [PlanEntry]
  ) {
    check(name) { run in
      let own = try ActivePlan(registers: run.read(RegisterMap.active), stages: 16).plan.entries
      let after = try run.order(TimingPlan(entries: entries(own)), .validate)
      try run.expect(
        after.code == code && (entry == nil || after.entry == entry),
        "\(after.code), entry \(after.entry ?? 0); \(code), entry \(entry ?? 0) is right")
    }
  }

  // MARK: - Writing

  /// The next order.
  mutating func next(
    _ plan: TimingPlan, _ operation: PlanOperation, lease: UInt16 = 60
  ) -> PlanOrder {
    sequence += 1
    return PlanOrder(
      epoch: epoch, sequence: sequence, plan: plan, leaseSeconds: lease, operation: operation)
  }

  /// Writes the block "plan", and once more while the cabinet is busy, as a daemon does.
  func write(_ registers: [UInt16]) throws {
    let request = CabinetRequest.write(address: RegisterMap.plan.address, values: registers)
    for _ in 0..<300 {
      let answer = send(request)
      guard case .failure(.exception(RegisterException.busy.rawValue)) = answer else {
        _ = try answer.get()
        return
      }
      wait(1)
    }
    throw Fault(words: "busy for 300 s")
  }

  /// Writes the next order and reads what became of it.
  mutating func order(
    _ plan: TimingPlan, _ operation: PlanOperation, lease: UInt16 = 60
  ) throws -> OrderResult {
    try write(next(plan, operation, lease: lease).registers)
    return try result()
  }

  func expect(_ code: ResultCode, sequence: UInt32) throws {
    let after = try result()
    try expect(
      after.code == code && after.sequence == sequence,
      "\(after.code), sequence \(after.sequence); \(code), sequence \(sequence) is right")
  }
}
