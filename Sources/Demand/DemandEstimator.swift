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
  private let inboundDetectors: [InboundDetector]
  private var inbound: [InboundFlow]
  private var rates: [Double]
  private var measured: MeasuredDischarge
  private var at: Moment?

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
      InboundFlow(
        travelTimes: inboundDetectors.filter { $0.laneGroup == laneGroup }.map(\.travelTime))
    }
    priorFlows = junction.laneGroups.indices.map { priorFlow(of: $0, at: junction) }
    detectorsOf = junction.laneGroups.indices.map { laneGroup in
      junction.detectors.indices.filter { junction.detectors[$0].laneGroup == laneGroup }
    }
    tracks = junction.detectors.map { _ in DetectorTrack() }
    trackers = junction.laneGroups.indices.map { position in
      let laneGroup = junction.laneGroups[position]
      let views = junction.detectors.filter { $0.laneGroup == position }.map(\.view)
      return LaneGroupTracker(
        laneGroup: laneGroup, view: views.max() ?? 0,
        speed: junction.approaches[laneGroup.approach].speed)
    }
    rates = junction.laneGroups.map { _ in 0 }
    measured = MeasuredDischarge(at: junction)
  }

  /// Moves on to `moment`, taking in the records that came since the last call.
  ///
  /// - Parameters:
  ///   - records: Accepted records of this junction's detectors and of the inbound ones, in the
  ///     order of acceptance.
  ///   - moment: Now.
  ///   - stage: Position of the stage that has been green since the last call; `nil` if none was or
  ///     it is unknown.
  public mutating func advance(with records: [CountRecord], to moment: Moment, stage: Int?) {
    let seconds = at.map { max(0, moment.monotonic.seconds(since: $0.monotonic)) } ?? 0
    measured.pass(from: at?.utc ?? moment.utc, to: moment.utc, stage: stage)
    at = moment
    let flows = currentFlows(at: moment.monotonic)
    rates = junction.laneGroups.indices.map { laneGroup in
      stage.map { rate(of: laneGroup, in: $0, flows: flows, at: moment) } ?? 0
    }
    for laneGroup in trackers.indices {
      // An hour is far beyond what any estimate survives; it bounds the sums.
      trackers[laneGroup].advance(
        seconds: min(seconds, 3600), flow: flows[laneGroup], rate: rates[laneGroup])
    }
    noteInbound(records, at: moment)
    var isMeasured = junction.laneGroups.map { _ in false }
    // What a camera itself calls a fault is worse than nothing.
    for position in records.indices where records[position].quality.status != .fault {
      if let laneGroup = observe(records[position], at: moment) { isMeasured[laneGroup] = true }
    }
    for laneGroup in trackers.indices where isMeasured[laneGroup] {
      correct(laneGroup, at: moment)
    }
  }

  /// Takes in one record; the lane group that it tells of, `nil` if none of this junction.
  private mutating func observe(_ record: CountRecord, at moment: Moment) -> Int? {
    guard let detector = junction.detectors.firstIndex(where: { $0.id == record.detector })
    else { return nil }
    let laneGroup = junction.detectors[detector].laneGroup
    noteDischarge(record, of: detector)
    tracks[detector].observe(
      record, at: moment.monotonic, hidesArrivals: trackers[laneGroup].isViewFull)
    return laneGroup
  }

  /// What is thought of every lane group now.
  public func estimate(at moment: Moment) -> DemandEstimate {
    let flows = currentFlows(at: moment.monotonic)
    return DemandEstimate(
      laneGroups: trackers.indices.map { laneGroup in
        let tracker = trackers[laneGroup]
        return LaneGroupEstimate(
          queue: tracker.queue, approaching: tracker.approaching, viewTime: tracker.viewTime,
          flow: flows[laneGroup],
          inbound: inbound[laneGroup].ahead(flow: flows[laneGroup]),
          trust: trust(of: laneGroup, at: moment.monotonic))
      },
      discharge: junction.stages.indices.map { stage in
        junction.laneGroups.indices.map { rate(of: $0, in: stage, flows: flows, at: moment) }
      })
  }

  /// How fast a lane group discharges in a stage, pcu/s: what the site file says, and what was seen.
  private func rate(
    of laneGroup: Int, in stage: Int, flows: [Double], at moment: Moment
  ) -> Double {
    let prior = dischargeRate(of: laneGroup, in: stage, at: junction, flows: flows)
    return measured.rate(of: laneGroup, in: stage, prior: prior, at: moment.utc)
  }

  /// Takes in what passed in a record's interval, if the record before tells who stood there.
  private mutating func noteDischarge(_ record: CountRecord, of detector: Int) {
    guard let count = record.count, let standing = tracks[detector].standing,
      tracks[detector].end == record.start
    else { return }
    measured.observe(
      PassengerCarUnits.standard.pcu(count), at: detector, standing: standing,
      from: record.start, to: record.end)
  }

  /// Sends vehicles that have crossed stop lines upstream on their way.
  private mutating func noteInbound(_ records: [CountRecord], at moment: Moment) {
    guard !inboundDetectors.isEmpty else { return }
    let now = Double(moment.monotonic.milliseconds) / 1000
    for laneGroup in inbound.indices { inbound[laneGroup].advance(to: Int(now)) }
    for record in records where record.quality.status != .fault {
      guard let count = record.count else { continue }
      let pcu = PassengerCarUnits.standard.pcu(count)
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

  private mutating func correct(_ laneGroup: Int, at moment: Moment) {
    var seen = SeenTogether()
    for detector in detectorsOf[laneGroup] where tracks[detector].trust(at: moment.monotonic) > 0 {
      seen.add(tracks[detector], lanes: junction.detectors[detector].lanes)
    }
    guard let newest = seen.newest else { return }
    // Lanes without a fresh camera are taken to be like those with one.
    let scale = Double(junction.laneGroups[laneGroup].lanes) / Double(max(1, seen.lanes))
    if let inView = seen.inView {
      trackers[laneGroup].measure(
        LaneGroupTracker.Sighting(
          inView: inView * scale, standing: seen.standing.map { $0 * scale },
          came: seen.came.map { $0 * scale }, interval: seen.interval),
        lag: max(0, min(30, moment.utc.seconds(since: newest))),
        flow: flow(of: laneGroup, at: moment.monotonic), rate: rates[laneGroup])
    } else {
      trackers[laneGroup].count(
        departures: seen.departures * scale, saturated: rates[laneGroup] * seen.interval)
    }
  }

  private func detectors(of laneGroup: Int) -> [Int] { detectorsOf[laneGroup] }

  private func currentFlows(at now: Instant) -> [Double] {
    junction.laneGroups.indices.map { flow(of: $0, at: now) }
  }

  private func flow(of laneGroup: Int, at now: Instant) -> Double {
    let detectors = detectors(of: laneGroup)
    // A camera that fell silent still tells what was usual before.
    let hasFresh = detectors.contains {
      tracks[$0].arrivals.seen > 0 && tracks[$0].trust(at: now) > 0
    }
    var lanes = 0
    var sum = 0.0
    var seen = Double.infinity
    for detector in detectors where tracks[detector].arrivals.seen > 0 {
      guard !hasFresh || tracks[detector].trust(at: now) > 0 else { continue }
      lanes += junction.detectors[detector].lanes
      sum += tracks[detector].flow
      seen = min(seen, tracks[detector].arrivals.seen)
    }
    guard lanes > 0 else { return priorFlows[laneGroup] }
    let measured = sum * Double(junction.laneGroups[laneGroup].lanes) / Double(lanes)
    // Two minutes of counting outweigh the prior; before that a single vehicle would be a flood.
    let weight = min(1, seen / 120)
    return weight * measured + (1 - weight) * priorFlows[laneGroup]
  }

  private func trust(of laneGroup: Int, at now: Instant) -> Double {
    let all = detectors(of: laneGroup)
    let lanes = Double(junction.laneGroups[laneGroup].lanes)
    let seen = all.reduce(0) {
      $0 + tracks[$1].trust(at: now) * Double(junction.detectors[$1].lanes)
    }
    return min(1, seen / lanes)
  }
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
  var came: Double? = 0
  var departures = 0.0

  mutating func add(_ track: DetectorTrack, lanes: Int) {
    newest = track.end.map { max($0, newest ?? $0) } ?? newest
    self.lanes += lanes
    interval = max(interval, track.interval)
    inView = sum(inView, track.inView)
    standing = sum(standing, track.standing)
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
