import Cabinets
import Signals

/// What happens when a plan runs and nothing renews it. The plan is the cabinet's own.
extension Conformance {
  mutating func checkLease(_ known: Known) {
    let lease = usualLease(known)
    // Two of its longest cycles are enough for any boundary to come.
    let patience = 2 * known.limits.limits.maximumCycle.seconds
    var isAccepted = false
    check("an order is taken, and its lease begins (Plan, Lease)") { run in
      let after = try run.order(known.plan, .activate, lease: lease)
      try run.expect(
        after.code == .pending || after.code == .active, "\(after.code); pending or active is right"
      )
      let left = try run.live(known).leaseLeft
      try run.expect(
        left <= Int(lease) && left >= Int(lease) - 3, "lease left \(left) s; \(lease) s is right")
      isAccepted = true
    }
    guard isAccepted else { return }
    let order = PlanOrder(
      epoch: epoch, sequence: sequence, plan: known.plan, leaseSeconds: lease)
    check("a heartbeat renews the lease once for each beat (Heartbeat)") { run in
      try run.checkBeats(known, lease: lease)
    }
    check("it takes over and shows in active as it was ordered (Active)") { run in
      try run.untilRunning(known, order, lease: lease, within: patience)
    }
    check("its lease lapses, and the cabinet returns to its own plan (Lease)") { run in
      var waited = 0.0
      while try run.live(known).source == .central {
        try run.expect(waited < Double(lease) + patience, "it still runs after \(waited) s")
        run.wait(1)
        waited += 1
      }
      let after = try run.result()
      try run.expect(after.code == .finished, "\(after.code); finished is right")
      try run.expect(try run.live(known).leaseLeft == 0, "a lease is left; none is right")
    }
    check("a lapsed lease is not renewed (Heartbeat)") { run in
      try run.beat(99, run.sequence, lease)
      let left = try run.live(known).leaseLeft
      try run.expect(left == 0, "lease left \(left) s; 0 is right")
    }
    check("release gives control back (Plan)") { run in
      _ = try run.order(known.plan, .activate, lease: lease)
      let after = try run.order(TimingPlan(entries: []), .release, lease: lease)
      let left = try run.live(known).leaseLeft
      try run.expect(
        after.code == .finished && left == 0,
        "\(after.code), lease left \(left) s; finished and no lease are right")
    }
  }

  /// 30 s, or the nearest that it grants.
  func usualLease(_ known: Known) -> UInt16 {
    let range = known.identity.leaseSeconds
    return UInt16(max(range.lowerBound, min(range.upperBound, 30)))
  }

  private mutating func checkBeats(_ known: Known, lease: UInt16) throws {
    wait(4)
    let before = try live(known).leaseLeft
    try beat(1, sequence + 1, lease)
    try expect(
      try live(known).leaseLeft <= before, "a beat of another sequence renews; it must not")
    try beat(1, sequence, lease)
    let renewed = try live(known).leaseLeft
    try expect(renewed > before, "lease left \(renewed) s after a beat, \(before) s before")
    wait(3)
    try beat(1, sequence, lease)
    let again = try live(known).leaseLeft
    try expect(again < renewed, "the same beat renews again; it must not")
  }

  func untilRunning(
    _ known: Known, _ order: PlanOrder, lease: UInt16, within patience: Double
  ) throws {
    var waited = 0.0
    var number: UInt16 = 2
    while try live(known).activeSequence != order.sequence {
      try expect(waited < patience, "it does not run after \(waited) s")
      try beat(number, order.sequence, lease)
      number += 1
      wait(2)
      waited += 2
    }
    let active = try ActivePlan(
      registers: read(RegisterMap.active), stages: known.identity.stages)
    try expect(
      active.epoch == order.epoch && active.sequence == order.sequence
        && active.checksum == order.checksum && active.plan == order.plan,
      "active holds another plan than was ordered")
  }

  private func beat(_ number: UInt16, _ sequence: UInt32, _ lease: UInt16) throws {
    let heartbeat = Heartbeat(
      epoch: epoch, sequence: sequence, beat: number, leaseSeconds: lease)
    _ = try send(
      .write(address: RegisterMap.heartbeat.address, values: heartbeat.registers)
    ).get()
  }
}
