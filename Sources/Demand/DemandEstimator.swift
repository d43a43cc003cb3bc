public import Counts
public import Signals

/// Turns count records into queues, arrivals and flows of each lane group of one junction.
public struct DemandEstimator: Sendable, Equatable, Codable {
  private let junction: Intersection
  private let priorFlows: [Double]
  /// Positions of the detectors of each lane group.
  private let detectorsOf: [[Int]]
  private var tracks: [DetectorTrack]
  private var trackers: [LaneGroupTracker]
  /// Of lane groups whose cameras are believed in part: how it would go on without their figures.
  private var unaided: [LaneGroupTracker?]
  private let inboundDetectors: [InboundDetector]
  private var inbound: [InboundFlow]
  private var rates: [Double]
  private var measured: MeasuredDischarge
  private var turns: TurnShares
  private var at: Moment?

  /// How far each detector can be relied on, and what it usually counts.
  public private(set) var health: HealthMonitor

  /// An estimator that has seen nothing yet.
  ///
  /// Until a camera speaks, a lane group is taken to use 60 % of what the first fixed plan gives it.
  ///
  /// - Parameters:
  ///   - junction: The junction.
  ///   - inboundDetectors: Cameras of other junctions whose vehicles come here.
  public init(for junction: Intersection, inboundDetectors: [InboundDetector] = []) {
    self.junction = junction
    self.inboundDetectors = inboundDetectors
    inbound = junction.laneGroups.indices.map { laneGroup in
      InboundFlow(along: inboundDetectors.filter { $0.laneGroup == laneGroup })
    }
    priorFlows = junction.laneGroups.indices.map { priorFlow(of: $0, at: junction) }
    detectorsOf = junction.laneGroups.indices.map { laneGroup in
      junction.detectors.indices.filter { junction.detectors[$0].laneGroup == laneGroup }
    }
    tracks = junction.detectors.map { detector in
      let laneGroup = junction.laneGroups[detector.laneGroup]
      let speed = junction.approaches[laneGroup.approach].speed
      return DetectorTrack(
        viewTime: speed > 0 ? min(detector.view, laneGroup.length) / speed : 0)
    }
    trackers = junction.laneGroups.indices.map { position in
      let laneGroup = junction.laneGroups[position]
      let views = junction.detectors.filter { $0.laneGroup == position }.map(\.view)
      return LaneGroupTracker(
        laneGroup: laneGroup, view: views.max() ?? 0,
        speed: junction.approaches[laneGroup.approach].speed)
    }
    unaided = junction.laneGroups.map { _ in nil }
    rates = junction.laneGroups.map { _ in 0 }
    measured = MeasuredDischarge(at: junction)
    turns = TurnShares(at: junction)
    health = HealthMonitor(for: junction, inbound: inboundDetectors)
  }

  /// Takes over what another estimator has learned to be usual.
  public mutating func adoptUsual(of other: DemandEstimator) {
    health.adoptUsual(of: other.health)
    measured.adoptSaturation(of: other.measured)
  }

  /// Saturation flows that are so far off the site file's that somebody should look, pcu/h of all lanes, in the
  /// order of the lane groups.
  public var driftedSaturation: [SaturationDrift] {
    measured.saturation.enumerated().compactMap { laneGroup, learned in
      guard learned.hasDrifted else { return nil }
      return SaturationDrift(
        laneGroup: laneGroup, learned: learned.value, surveyed: learned.surveyed)
    }
  }

  /// Moves on to `moment`, taking in the records that came since the last call.
  ///
  /// - Parameters:
  ///   - records: Accepted records of this junction's detectors and of the inbound ones, in the
  ///     order of acceptance.
  ///   - releases: What stop lines upstream have told since then that they are about to let go.
  ///   - moment: Now.
  ///   - stage: Position of the stage that has been green since the last call; `nil` if none was or
  ///     it is unknown.
  ///   - isStageKnown: Whether it is known which was, or that none was.
  public mutating func advance(
    with records: [CountRecord], releases: [ComingRelease] = [], to moment: Moment, stage: Int?,
    isStageKnown: Bool = true
  ) {
    health.advance(with: records, to: moment, stage: stage, isKnown: isStageKnown)
    let seconds = at.map { max(0, moment.monotonic.seconds(since: $0.monotonic)) } ?? 0
    measured.pass(from: at?.utc ?? moment.utc, to: moment.utc, stage: stage)
    turns.pass(from: at?.utc ?? moment.utc, to: moment.utc, stage: stage)
    at = moment
    let sight = sight(at: moment.monotonic)
    rates = currentRates(in: stage, flows: sight.flows, at: moment.utc)
    for laneGroup in trackers.indices {
      // An hour is far beyond what any estimate survives; it bounds the sums.
      trackers[laneGroup].advance(
        seconds: min(seconds, 3600), flow: sight.flows[laneGroup], rate: rates[laneGroup])
    }
    goOnUnaided(seconds: min(seconds, 3600), sight.reliabilities)
    noteInbound(records, at: moment)
    note(releases, at: moment)
    // A bit for each lane group: there are no more than 32.
    var isMeasured: UInt64 = 0
    for record in records {
      if let laneGroup = observe(record, at: moment) { isMeasured |= 1 << UInt64(laneGroup) }
    }
    for laneGroup in trackers.indices {
      if isMeasured & (1 << UInt64(laneGroup)) != 0 {
        correct(laneGroup, at: moment)
      } else if sight.trusts[laneGroup] <= 0 {
        trackers[laneGroup].loseSight()
      }
    }
  }

  /// Takes in one record; the lane group that it tells of, `nil` if none of this junction.
  private mutating func observe(_ record: CountRecord, at moment: Moment) -> Int? {
    // What a broken camera says is worse than nothing: it is as if it were silent.
    guard let detector = junction.detectors.firstIndex(where: { $0.id == record.detector }),
      health.verdicts[detector].grade != .fault
    else { return nil }
    let laneGroup = junction.detectors[detector].laneGroup
    noteDischarge(record, of: detector)
    turns.observe(record, at: detector, behind: health.clockCorrection(of: detector))
    tracks[detector].observe(
      record, at: moment.monotonic, hidesArrivals: trackers[laneGroup].hidesArrivals)
    return laneGroup
  }

  // An estimator is large: a closure that looks at it takes a copy, and so does each call from a function that
  // changes it. That cost more than all that is worked out here. So the functions below have loops, and what is
  // known of all lane groups comes from one call.

  /// What is thought of every lane group now.
  public func estimate(at moment: Moment) -> DemandEstimate {
    let sight = sight(at: moment.monotonic)
    var estimates: [LaneGroupEstimate] = []
    estimates.reserveCapacity(trackers.count)
    for laneGroup in trackers.indices { estimates.append(estimate(of: laneGroup, sight)) }
    var discharge: [[Double]] = []
    discharge.reserveCapacity(junction.stages.count)
    for stage in junction.stages.indices {
      discharge.append(currentRates(in: stage, flows: sight.flows, at: moment.utc))
    }
    return DemandEstimate(
      laneGroups: estimates, discharge: discharge,
      changes: junction.control.pace == .stage
        ? measured.changes(rates: discharge, at: moment.utc) : nil)
  }

  private func estimate(of laneGroup: Int, _ sight: Sight) -> LaneGroupEstimate {
    var queue = trackers[laneGroup].queue
    var approaching = trackers[laneGroup].approaching
    if let model = unaided[laneGroup] {
      let part = sight.reliabilities[laneGroup]
      queue = part * queue + (1 - part) * model.queue
      approaching = part * approaching + (1 - part) * model.approaching
    }
    let flow = sight.flows[laneGroup]
    return LaneGroupEstimate(
      queue: queue, approaching: approaching, viewTime: trackers[laneGroup].viewTime, flow: flow,
      inbound: inbound[laneGroup].ahead(flow: flow),
      coming: inbound[laneGroup].coming(flow: flow), trust: sight.trusts[laneGroup],
      heldUp: heldUp(laneGroup),
      capacity: trackers[laneGroup].capacity.seen > 0 ? trackers[laneGroup].capacity.value : nil)
  }

  /// How long its lane that has waited longest has been held up on green, s; `nil` if none is. A camera that fell
  /// silent tells nothing of it.
  private func heldUp(_ laneGroup: Int) -> Double? {
    guard rates[laneGroup] > 0, let now = at?.monotonic else { return nil }
    var longest = 0.0
    for detector in detectorsOf[laneGroup] where trust(ofDetector: detector, at: now) > 0 {
      longest = max(longest, tracks[detector].heldUp)
    }
    return longest > 0 ? longest : nil
  }

  /// How fast each lane group discharges while `stage` is green, pcu/s: what the site file says, and what was
  /// seen; zeros for no stage.
  private func currentRates(in stage: Int?, flows: [Double], at moment: UTC) -> [Double] {
    var rates = Array(repeating: 0.0, count: trackers.count)
    guard let stage else { return rates }
    let shares = turns.shares(at: moment, configured: junction.configuredShares)
    for laneGroup in rates.indices {
      let prior = dischargeRate(
        of: laneGroup, in: stage, at: junction, flows: flows, shares: shares)
      rates[laneGroup] = measured.rate(of: laneGroup, in: stage, prior: prior, at: moment)
    }
    return rates
  }

  /// What cameras tell now, by lane group.
  private struct Sight {
    /// Mean arrivals, pcu/h.
    var flows: [Double] = []
    /// How far all its lanes are seen, 0 ... 1.
    var trusts: [Double] = []
    /// How far its fresh cameras can be believed, 0 ... 1.
    var reliabilities: [Double] = []
  }

  private func sight(at now: Instant) -> Sight {
    var sight = Sight()
    sight.flows.reserveCapacity(trackers.count)
    sight.trusts.reserveCapacity(trackers.count)
    sight.reliabilities.reserveCapacity(trackers.count)
    for laneGroup in trackers.indices {
      let (trust, reliability) = trust(of: laneGroup, at: now)
      sight.flows.append(flow(of: laneGroup, reliability: reliability, at: now))
      sight.trusts.append(trust)
      sight.reliabilities.append(reliability)
    }
    return sight
  }

  /// Lets lane groups whose cameras are believed in part go on as is expected, beside what they say.
  private mutating func goOnUnaided(seconds: Double, _ reliabilities: [Double]) {
    for laneGroup in trackers.indices {
      let part = reliabilities[laneGroup]
      guard part > 0 && part < 1 else {
        if case .some = unaided[laneGroup] { unaided[laneGroup] = nil }
        continue
      }
      var model = unaided[laneGroup] ?? trackers[laneGroup]
      model.loseSight()
      model.advance(
        seconds: seconds, flow: expectedFlow(of: laneGroup), rate: rates[laneGroup])
      unaided[laneGroup] = model
    }
  }

  /// Takes in what passed in a record's interval, if the record before tells who stood there.
  private mutating func noteDischarge(_ record: CountRecord, of detector: Int) {
    // Whom somebody doubts teaches nothing.
    guard let count = record.count, let standing = tracks[detector].standing,
      tracks[detector].end == record.start, health.verdicts[detector].grade == .ok
    else { return }
    let behind = health.clockCorrection(of: detector)
    measured.observe(
      PassengerCarUnits.standard.pcu(count), at: detector, standing: standing,
      from: record.start.advanced(bySeconds: behind), to: record.end.advanced(bySeconds: behind))
  }

  /// Sends vehicles that have crossed stop lines upstream on their way.
  private mutating func noteInbound(_ records: [CountRecord], at moment: Moment) {
    guard !inboundDetectors.isEmpty else { return }
    let now = Double(moment.monotonic.milliseconds) / 1000
    for laneGroup in inbound.indices { inbound[laneGroup].advance(to: Int(now)) }
    for record in records {
      guard let count = record.count else { continue }
      // Who is doubted tells less of who comes; the flow seen here stands for the rest.
      let part = health.reliability(ofSender: record.detector)
      let pcu = part * PassengerCarUnits.standard.pcu(count)
      // Late records tell of vehicles that are nearer already.
      let age = max(0, moment.utc.seconds(since: record.end))
      // By position: most links lead elsewhere, and a copy of each takes its time.
      for link in inboundDetectors.indices
      where inboundDetectors[link].detector == record.detector {
        inbound[inboundDetectors[link].laneGroup].add(
          pcu * inboundDetectors[link].share,
          until: now + inboundDetectors[link].travelTime - age, interval: record.length)
      }
    }
  }

  /// Takes in what stop lines upstream are about to let go.
  private mutating func note(_ releases: [ComingRelease], at moment: Moment) {
    for release in releases {
      let age = moment.utc.seconds(since: release.start)
      // A clock that was set in between would send the platoon at another time.
      guard age >= 0, age < Double(InboundFlow.reach) else { continue }
      let start = Double(moment.monotonic.milliseconds) / 1000 - age
      for laneGroup in inbound.indices { inbound[laneGroup].expect(release, from: start) }
    }
  }

  private mutating func correct(_ laneGroup: Int, at moment: Moment) {
    var seen = SeenTogether()
    for detector in detectorsOf[laneGroup]
    where trust(ofDetector: detector, at: moment.monotonic) > 0 {
      seen.add(
        tracks[detector], lanes: junction.detectors[detector].lanes,
        behind: health.clockCorrection(of: detector))
    }
    guard let newest = seen.newest else { return }
    // Lanes without a fresh camera are taken to be like those with one.
    let scale = Double(junction.laneGroups[laneGroup].lanes) / Double(max(1, seen.lanes))
    if let inView = seen.inView {
      trackers[laneGroup].measure(
        LaneGroupTracker.Sighting(
          end: newest, inView: inView * scale, standing: seen.standing.map { $0 * scale },
          overdue: seen.overdue.map { $0 * scale }, came: seen.came.map { $0 * scale },
          interval: seen.interval),
        lag: max(0, min(30, moment.utc.seconds(since: newest))),
        flow: flow(
          of: laneGroup, reliability: trust(of: laneGroup, at: moment.monotonic).reliability,
          at: moment.monotonic), rate: rates[laneGroup])
    } else {
      trackers[laneGroup].count(
        departures: seen.departures * scale, interval: seen.interval)
    }
  }

  /// Mean arrivals of a lane group: what its cameras see, as far as they can be believed, and else what is
  /// usual at this time.
  private func flow(of laneGroup: Int, reliability: Double, at now: Instant) -> Double {
    if let fresh = measuredFlow(of: laneGroup, freshAt: now) {
      guard reliability < 1 else { return fresh }
      return reliability * fresh + (1 - reliability) * expectedFlow(of: laneGroup)
    }
    // Cameras that fell silent still tell what came a while ago.
    let expected = expectedFlow(of: laneGroup)
    guard let silent = measuredFlow(of: laneGroup, freshAt: nil),
      let age = silence(of: laneGroup, at: now)
    else { return expected }
    let weight = exponential(-max(0, age - Self.patience) / Self.memory)
    return weight * silent + (1 - weight) * expected
  }

  /// Time since a camera of the lane group that has told of arrivals was last heard, s; `nil` if none has.
  private func silence(of laneGroup: Int, at now: Instant) -> Double? {
    var least: Double?
    for detector in detectorsOf[laneGroup] where tracks[detector].arrivals.seen > 0 {
      guard let received = tracks[detector].received else { continue }
      let age = now.seconds(since: received)
      least = min(age, least ?? age)
    }
    return least
  }

  /// How long the flow of a camera that fell silent is taken to go on, s: an outage of a minute is none.
  private static let patience = 60.0

  /// Time after which 1/e of it still counts beside what is usual, s: flows change within a quarter of an
  /// hour.
  private static let memory = 900.0

  /// What the cameras see that have told of arrivals, those alone that are to be trusted at `now` if it is
  /// given; `nil` if there are none.
  private func measuredFlow(of laneGroup: Int, freshAt now: Instant?) -> Double? {
    var lanes = 0
    var sum = 0.0
    var seen = Double.infinity
    for detector in detectorsOf[laneGroup]
    where tracks[detector].arrivals.seen > 0 {
      if let now, trust(ofDetector: detector, at: now) <= 0 { continue }
      lanes += junction.detectors[detector].lanes
      sum += tracks[detector].flow
      seen = min(seen, tracks[detector].arrivals.seen)
    }
    guard seen < .infinity else { return nil }
    let measured = sum * Double(junction.laneGroups[laneGroup].lanes) / Double(lanes)
    // Two minutes of counting outweigh the prior; before that a single vehicle would be a flood.
    let weight = min(1, seen / 120)
    return weight * measured + (1 - weight) * priorFlows[laneGroup]
  }

  /// What its cameras usually count now, pcu/h; while none has learned that, a share of what the first
  /// fixed plan gives.
  private func expectedFlow(of laneGroup: Int) -> Double {
    guard let utc = at?.utc else { return priorFlows[laneGroup] }
    var lanes = 0
    var sum = 0.0
    for detector in detectorsOf[laneGroup] {
      guard let flow = health.usualFlow(of: detector, at: utc) else { continue }
      lanes += junction.detectors[detector].lanes
      sum += flow
    }
    guard lanes > 0 else { return priorFlows[laneGroup] }
    return sum * Double(junction.laneGroups[laneGroup].lanes) / Double(lanes)
  }

  /// How far a detector is to be trusted: fresh, and reliable.
  private func trust(ofDetector detector: Int, at now: Instant) -> Double {
    let fresh = tracks[detector].trust(at: now)
    return fresh > 0 ? fresh * health.reliability(of: detector) : 0
  }

  /// How far all lanes of a lane group are seen, 0 ... 1, and how far its fresh cameras can be believed: as far as
  /// the least of them; 1 without any.
  private func trust(
    of laneGroup: Int, at now: Instant
  ) -> (trust: Double, reliability: Double) {
    var seen = 0.0
    var least = 1.0
    for detector in detectorsOf[laneGroup] {
      let fresh = tracks[detector].trust(at: now)
      guard fresh > 0 else { continue }
      let reliability = health.reliability(of: detector)
      seen += fresh * reliability * Double(junction.detectors[detector].lanes)
      if reliability > 0 { least = min(least, reliability) }
    }
    return (min(1, seen / Double(junction.laneGroups[laneGroup].lanes)), least)
  }

  /// Shares of the movements of a lane group, and whether they are seen or as its site file has them.
  public func turnShares(of laneGroup: Int, at moment: Moment) -> TurnShares.Shares {
    turns.shares(of: laneGroup, at: moment.utc)
      ?? TurnShares.Shares(
        shares: junction.laneGroups[laneGroup].movements.map(\.share), seen: 0)
  }

  /// Of what nothing can be taken now.
  public func outage(at moment: Moment) -> Outage {
    var outage = Outage()
    // A bit for each lane group: there are no more than 32.
    var seen: UInt64 = 0
    for detector in junction.detectors.indices {
      let laneGroup = junction.detectors[detector].laneGroup
      let isSeen = trust(ofDetector: detector, at: moment.monotonic) > 0
      if isSeen { seen |= 1 << UInt64(laneGroup) }
      guard junction.isSignalled(laneGroup: laneGroup) else { continue }
      outage.detectors += 1
      if !isSeen { outage.failed.append(detector) }
    }
    outage.blindShare = junction.blindShare { seen & (1 << UInt64($0)) == 0 }
    return outage
  }
}

/// Of what of a junction nothing can be taken.
public struct Outage: Sendable, Equatable {
  /// Detectors of lane groups that a signal holds.
  public internal(set) var detectors = 0

  /// Positions of those of them that tell nothing.
  public internal(set) var failed: [Int] = []

  /// Share of the lane groups that is blind, as `DemandEstimate.blindShare` tells of an estimate.
  public internal(set) var blindShare = 0.0
}

/// What the cameras of one lane group saw together; `nil` where one of them does not say.
private struct SeenTogether {
  /// The end of the last interval of any of them.
  var newest: UTC?
  var lanes = 0
  /// The longest of their intervals, s.
  var interval = 0.0
  var inView: Double? = 0
  var standing: Double? = 0
  var overdue: Double? = 0
  var came: Double? = 0
  var departures = 0.0

  /// Adds what a camera saw whose clock is `behind` seconds behind.
  mutating func add(_ track: DetectorTrack, lanes: Int, behind: Double) {
    let end = track.end?.advanced(bySeconds: behind)
    newest = end.map { max($0, newest ?? $0) } ?? newest
    self.lanes += lanes
    interval = max(interval, track.interval)
    inView = sum(inView, track.inView)
    standing = sum(standing, track.standing)
    overdue = sum(overdue, track.overdue)
    came = sum(came, track.came)
    departures += track.departures ?? 0
  }

  private func sum(_ a: Double?, _ b: Double?) -> Double? {
    guard let a, let b else { return nil }
    return a + b
  }
}

/// Share of its green in the first fixed plan that a lane group is taken to use until a camera
/// speaks.
private let priorSaturation = 0.6

private func priorFlow(of laneGroup: Int, at junction: Intersection) -> Double {
  let plan = junction.plans[0].plan
  let cycle = plan.cycle ?? junction.length(of: plan.entries) ?? .seconds(100)
  let green = plan.entries.reduce(0.0) { sum, entry in
    junction.service(of: laneGroup, in: entry.stage) == .none ? sum : sum + entry.green.seconds
  }
  let share = cycle > .zero ? min(1, green / cycle.seconds) : 0
  return priorSaturation * junction.laneGroups[laneGroup].saturationFlow * share
}
