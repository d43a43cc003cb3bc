import Cabinets
import Signals

extension Conformance {
  /// What somebody must do at the cabinet, so that it can be seen what the cabinet then does.
  public enum HandWork: Sendable, CaseIterable {
    /// Take control by hand.
    case hold
    /// Give control back.
    case giveBack
    /// Change the site configuration.
    case changeRevision
    /// Switch it off and on.
    case restart

    /// The request, for whoever stands there.
    public var words: String {
      switch self {
      case .hold: "Switch the cabinet to manual."
      case .giveBack: "Switch the cabinet back to automatic."
      case .changeRevision:
        "Load the site configuration again, so that its revision becomes another."
      case .restart: "Switch the cabinet off and on."
      }
    }
  }

  /// Time for a cabinet to come back after power-up, or to offer control again, s.
  private static let comingBack = 120.0

  /// What a cabinet does when somebody is at work at it.
  mutating func checkHandWork(_ known: Known, activating: Bool) {
    checkHeld(known, activating: activating)
    checkRevision(known)
    checkRestart(known, activating: activating)
  }

  /// Whether somebody did `work`; if not, the check `name` is told as not supported.
  private mutating func isDone(_ work: HandWork, for name: String) -> Bool {
    if let ask, ask(work) { return true }
    unsupported(name, because: "needs somebody at the cabinet: \(work.words)")
    return false
  }

  private mutating func checkHeld(_ known: Known, activating: Bool) {
    let name = "held by a person, an order is 0x89, and ours has ended (Result)"
    if activating && ask != nil { _ = try? order(known.plan, .activate, lease: usualLease(known)) }
    guard isDone(.hold, for: name) else { return }
    check(name) { run in
      let live = try run.live(known)
      try run.expect(
        !live.source.offersControl && live.leaseLeft == 0,
        "source \(live.source), lease left \(live.leaseLeft) s; manual and none are right")
      let after = try run.order(known.plan, .validate)
      try run.expect(after.code == .held, "\(after.code); 0x89 is right")
    }
    let back = "given back, it takes orders again (How a plan runs)"
    guard isDone(.giveBack, for: back) else { return }
    check(back) { run in
      try run.untilOffered(known)
      let after = try run.order(known.plan, .validate)
      try run.expect(after.code == .valid, "\(after.code); valid is right")
    }
  }

  private mutating func checkRevision(_ known: Known) {
    let name = "a changed site revision is 0x8B until stages are read (Result)"
    guard isDone(.changeRevision, for: name) else { return }
    check(name) { run in
      let revision = try CabinetIdentity(registers: run.read(RegisterMap.identity)).siteRevision
      try run.expect(
        revision != known.identity.siteRevision, "revision \(revision) as before; another is right")
      let plan = try ActivePlan(
        registers: run.read(RegisterMap.active), stages: known.identity.stages
      ).plan
      let refused = try run.order(plan, .validate)
      try run.expect(refused.code == .revisionChanged, "\(refused.code); 0x8B is right")
      let stages = try StagesBlock(registers: run.read(RegisterMap.stages))
      try run.expect(
        stages.revision == revision, "stages of revision \(stages.revision); \(revision) is right")
      let taken = try run.order(plan, .validate)
      try run.expect(taken.code == .valid, "\(taken.code); valid is right")
    }
  }

  private mutating func checkRestart(_ known: Known, activating: Bool) {
    let name = "a restart in the middle of a plan: its own plan, epoch and sequence kept (Lease)"
    guard activating else { return skip(name, because: "nothing may be activated") }
    guard ask != nil else {
      return unsupported(name, because: "needs somebody at the cabinet: \(HandWork.restart.words)")
    }
    var before: LiveState?
    check("an order runs before the restart (Plan)") { run in
      let lease = run.usualLease(known)
      let after = try run.order(known.plan, .activate, lease: lease)
      try run.expect(!after.code.isRefusal, "\(after.code); pending or active is right")
      let ordered = PlanOrder(
        epoch: run.epoch, sequence: run.sequence, plan: known.plan, leaseSeconds: lease)
      try run.untilRunning(
        known, ordered, lease: lease, within: 2 * known.limits.limits.maximumCycle.seconds)
      before = try run.live(known)
    }
    guard let before, isDone(.restart, for: name) else { return }
    check(name) { run in
      try run.untilOffered(known)
      let live = try run.live(known)
      try run.expect(
        live.source == .timeOfDay && live.leaseLeft == 0 && live.activeSequence == 0,
        "source \(live.source), lease left \(live.leaseLeft) s, order \(live.activeSequence); "
          + "time-of-day, none and 0 are right")
      try run.expect(
        live.cycleNumber < before.cycleNumber || live.cycleNumber <= 1,
        "cycle \(live.cycleNumber), \(before.cycleNumber) before; they are counted from the start")
      try run.checkMemory(known)
    }
  }

  /// What outlives a restart.
  private mutating func checkMemory(_ known: Known) throws {
    let kept = try result()
    guard known.identity.capabilities.contains(.fencing) else { return }
    try expect(
      kept.highestEpoch == epoch && kept.sequence == sequence,
      "epoch \(kept.highestEpoch), sequence \(kept.sequence); \(epoch) and \(sequence) are right")
    let old = PlanOrder(
      epoch: epoch - 1, sequence: sequence + 9, plan: known.plan, leaseSeconds: 60,
      operation: .stage)
    try write(old.registers)
    try expect(.staleEpoch, sequence: sequence)
    let after = try order(known.plan, .validate)
    try expect(after.code == .valid, "\(after.code); valid is right")
  }

  /// Waits until it answers, and nobody holds control.
  private func untilOffered(_ known: Known) throws {
    var waited = 0.0
    while true {
      let source = try? live(known).source
      if source?.offersControl ?? false { return }
      let found = source.map { "\($0) holds control" } ?? "no answer"
      try expect(waited < Self.comingBack, "\(found) after \(waited) s")
      wait(1)
      waited += 1
    }
  }
}
