import Cabinets
import Signals

/// What the block "live" must hold while stages change.
extension Conformance {
  /// Time between two reads, s: a cabinet's scan is longer.
  private static let rest = 0.02
  /// How long stages are watched where nothing may be activated, s.
  private static let glance = 2.0

  mutating func checkLive(_ known: Known, patiently: Bool) {
    check("live: whole, and going on (Live)") { run in
      let first = try run.live(known)
      run.wait(1)
      let second = try run.live(known)
      try run.expect(
        first.timeInCycle != second.timeInCycle || first.cycleNumber != second.cycleNumber
          || !first.source.offersControl,
        "the time in the cycle stands still; it goes on")
      try run.expect(
        second.source == .central || second.leaseLeft == 0,
        "source \(second.source) with a lease of \(second.leaseLeft) s; 0 is right")
    }
    checkTorn(known, within: patiently ? 2 * known.limits.limits.maximumCycle.seconds : Self.glance)
  }

  /// Reads the block again and again until a stage has changed.
  private mutating func checkTorn(_ known: Known, within patience: Double) {
    let name = "live: never torn unseen, its counters move with the stages (Live)"
    var changes = 0
    check(name) { run in
      var last = try run.live(known)
      var waited = 0.0
      // From one green to the next: green flash, yellow, all-red and green.
      while changes < 4 && waited < patience {
        run.wait(Self.rest)
        waited += Self.rest
        let next = try run.live(known)
        try run.checkStep(from: last, to: next)
        if next.subState != last.subState || next.stage != last.stage { changes += 1 }
        last = next
      }
    }
    guard changes == 0, case .passed = checks.last?.outcome else { return }
    dropLast()
    skip(name, because: "no stage changed within \(patience) s")
  }

  /// Two reads that follow each other: one state, or two that the counters tell apart.
  private func checkStep(from last: LiveState, to next: LiveState) throws {
    let isSame =
      last.stage == next.stage && last.subState == next.subState && last.lamps == next.lamps
    try expect(
      isSame || last.counter != next.counter,
      "\(last.subState) of stage \(last.stage + 1) and \(next.subState) of stage \(next.stage + 1) "
        + "under the same counter \(next.counter); each state has its own")
    try expect(
      !isSame || last.counter == next.counter || next.timeInState >= last.timeInState
        || next.cycleNumber != last.cycleNumber,
      "\(next.timeInState) in a state that had lasted \(last.timeInState); time goes on")
  }
}
