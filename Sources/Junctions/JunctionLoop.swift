public import Cabinets
public import Control
public import Counts
public import Demand
public import Safety
public import Signals

/// One junction, tick by tick: its counts, its controller and the exchange with its cabinet.
///
/// The daemon's timer and the simulation's loop drive the very same value; only the clock and what
/// carries the requests differ. One tick is: requests until none is due, then `decide`, then requests
/// until none is due.
public struct JunctionLoop: Sendable {
  /// The junction as its site file describes it.
  public let site: Intersection

  /// Detectors whose records it wants: its own, and those of the roads that lead here.
  public let detectors: [String]

  /// Cameras of other junctions whose vehicles come here.
  public let inbound: [InboundDetector]

  /// What the last decision was made on; `nil` before the first.
  public private(set) var input: DecisionInput?

  private(set) var ledger: CountLedger
  /// What stop lines upstream have told since the last decision that they are about to let go.
  private var releases: [ComingRelease] = []
  private(set) var controller: IntersectionController
  private var exchange: any CabinetExchange
  private var gate: WriteGate
  /// What persons want, now or later; what is over is taken away at the next decision.
  private var overrides: [Override] = []
  /// When the lease ends that runs, while nothing renews it; `nil` while something does.
  private var lapses: Instant?

  /// A loop that has seen nothing yet.
  ///
  /// - Parameters:
  ///   - site: The junction.
  ///   - neighbours: Junctions whose counts tell what comes here; they may include the junction itself
  ///     and others that lead nowhere near.
  ///   - epoch: Epoch of this daemon, higher than any it had before.
  ///   - exchange: The exchange with its cabinet; that of the reference map if it is left out.
  ///   - writeLimit: How many writes its cabinet is sent; without it no plan waits.
  ///   - moment: Now.
  ///   - former: What an earlier loop of the junction had gathered: of it what is usual is taken.
  public init(
    site: Intersection, neighbours: [Intersection] = [], epoch: UInt32,
    exchange: (any CabinetExchange)? = nil, writeLimit: WriteLimit? = nil, at moment: Moment,
    knowing former: ControllerState? = nil
  ) {
    self.site = site
    inbound = site.inboundDetectors(among: neighbours)
    detectors = (site.detectors.map(\.id) + inbound.map(\.detector)).uniqued()
    ledger = CountLedger(detectors: (detectors + site.loops.map(Detector.loopName)).uniqued())
    controller = IntersectionController(for: site, inboundDetectors: inbound, knowing: former)
    self.exchange = exchange ?? PlanExchange(intersection: site, epoch: epoch)
    gate = WriteGate(limit: writeLimit)
  }

  /// Takes in records of `detectors`.
  ///
  /// - Returns: What became of each, in the same order.
  public mutating func receive(_ records: [CountRecord], at moment: Moment) -> [Verdict] {
    records.map { ledger.accept($0, at: moment.utc) }
  }

  /// Takes in what stop lines upstream are about to let go, in place of what they told before.
  public mutating func expect(_ coming: [ComingRelease]) {
    for release in coming where inbound.contains(where: { $0.detector == release.detector }) {
      releases.removeAll { $0.detector == release.detector }
      releases.append(release)
    }
  }

  /// What the cabinet's own loops counted since the last call, taken in as records of the junction.
  ///
  /// - Returns: The records and what became of each, in the same order.
  public mutating func takeLoops(at moment: Moment) -> (records: [CountRecord], verdicts: [Verdict])
  {
    let records = exchange.takeDetectors().flatMap {
      loopRecords($0.page, from: $0.first, wanted: site.loops)
    }
    return (records, records.isEmpty ? [] : receive(records, at: moment))
  }

  /// What the cabinet is to be asked next; `nil` if nothing is due.
  public mutating func nextRequest(at moment: Moment) -> CabinetRequest? {
    handOver(at: moment)
    let request = exchange.nextRequest(at: moment)
    if case .write = request { gate.count(at: moment.monotonic) }
    return request
  }

  /// Whether the cabinet may be written to from now on. If not, it is only read: plans and renewals stay
  /// away, and its lease lapses.
  public mutating func allowWrites(_ allowed: Bool) {
    guard allowed != gate.isOpen else { return }
    gate.allow(allowed)
    exchange.allowWrites(allowed)
  }

  /// Gives the exchange the plan that has waited long enough.
  private mutating func handOver(at moment: Moment) {
    guard let (plan, since) = gate.release(at: moment) else { return }
    exchange.order(plan, at: since)
  }

  /// Seconds until the cabinet is to be asked something that must not wait for the next tick; `nil` if
  /// there is none.
  public func wait(at moment: Moment) -> Double? { exchange.wait(at: moment) }

  /// Hands over the cabinet's answer: the registers read, none for a write.
  public mutating func received(_ registers: [UInt16], at moment: Moment) {
    exchange.received(registers, at: moment)
  }

  /// Hands over why the cabinet did not answer.
  public mutating func failed(_ failure: CabinetFailure, at moment: Moment) {
    exchange.failed(failure, at: moment)
  }

  /// Freezes what is known, decides on it and hands the decision to the exchange.
  public mutating func decide(at moment: Moment) -> Decision {
    overrides.removeAll { $0.ends.monotonic <= moment.monotonic }
    let override = override(at: moment.monotonic)
    let input = DecisionInput(
      at: moment, records: ledger.take(), releases: releases, report: exchange.report,
      limits: exchange.constrained == nil ? nil : exchange.cabinetLimits, override: override)
    releases = []
    self.input = input
    let decision = controller.step(input.image(of: exchange.constrained))
    exchange.renewLease(decision.renewsLease)
    exchange.limitLease(to: leaseEnd(decision, override))
    if let plan = decision.order { gate.order(plan, at: moment) }
    handOver(at: moment)
    return decision
  }

  /// Until when a lease may last that is given now: whoever is killed leaves one behind that ends when the
  /// override does; and where the lease is not renewed, an order does not begin another either.
  private mutating func leaseEnd(_ decision: Decision, _ override: Override?) -> Instant? {
    let end = override.map { $0.ends.monotonic }
    guard !decision.renewsLease, let report = input?.report, report.source == .central else {
      lapses = nil
      return end
    }
    let running =
      lapses ?? report.at.monotonic.advanced(bySeconds: Double(report.leaseLeft))
    lapses = running
    return min(end ?? running, running)
  }

  /// Takes over what persons want, in place of what they wanted before. Each is valid between its own
  /// instants, whatever becomes of who gave it.
  public mutating func override(by wanted: [Override]) { overrides = wanted }

  /// What is wanted at `instant`; `nil` for nothing.
  public func override(at instant: Instant) -> Override? {
    overrides.first { $0.isValid(at: instant) }
  }

  /// What an override would do here, under the limits that are known.
  public func outlook(
    of action: Override.Action, at moment: Moment
  ) -> Result<OverrideOutlook, PlanRejected> {
    let junction = exchange.constrained ?? site
    return action.outlook(at: junction, reference: site.timeOfDayPlan(at: moment.utc).plan)
  }

  /// Seconds after `moment` at which `stage` can be green if it is wanted `wait` s after it; `nil` while
  /// that cannot be told.
  public func soonestGreen(of stage: Int, in wait: Double, at moment: Moment) -> Double? {
    guard let last = input else { return nil }
    // What the cabinet has said since, of what the last decision made of it too.
    let input = DecisionInput(
      at: last.at, records: [], report: exchange.report, limits: last.limits)
    let passed = moment.monotonic.seconds(since: input.at.monotonic)
    return controller.soonestGreen(
      of: stage, in: wait + passed, input.image(of: exchange.constrained)
    ).map { $0 - passed }
  }

  /// Whether the cabinet's own limits are known.
  public var knowsLimits: Bool { exchange.constrained != nil }

  /// What happened between daemon and cabinet since the last call.
  public mutating func takeEvents() -> [ExchangeEvent] { gate.takeEvents() + exchange.takeEvents() }

  /// What the cabinet last said of itself.
  public var report: CabinetReport? { exchange.report }
}

extension [String] {
  /// Each word once, in the order of its first place.
  fileprivate func uniqued() -> [String] {
    reduce(into: []) { words, word in
      if !words.contains(word) { words.append(word) }
    }
  }
}
