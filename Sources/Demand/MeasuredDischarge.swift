import Signals

/// How fast each lane group has discharged in each stage while vehicles stood before its stop line.
///
/// What a site file tells is a guess where streams give way, or share a lane of which some must wait:
/// nobody knows today's turns, and who waits for a gap may hold up a whole lane. Cameras see what really
/// passes. Where all have right of way the saturation flow is the better figure, for it was measured; what
/// greens with a queue show corrects it slowly (`LearnedSaturation`).
struct MeasuredDischarge: Sendable, Equatable, Codable {
  /// Green before a queue that was red moves, s (start-up lost time, HCM 6 ch. 19).
  static let startLoss = 2.0

  /// A stretch of one stage's green, or of none.
  private struct Stretch: Sendable, Equatable, Codable {
    let from: UTC
    var until: UTC
    let stage: Int?
  }

  /// Vehicles that stood before a detector when a green began and have not passed yet.
  private struct Queue: Sendable, Equatable, Codable {
    let greenFrom: UTC
    var left: Double
    /// What they teach of the saturation flow; `nil` where streams give way.
    var sample: GreenSample?
  }

  /// The last stretches, oldest first: as far back as records may come late.
  private var stretches: [Stretch] = []

  /// By `stage * laneGroups + laneGroup`.
  private var tallies: [DischargeTally]

  /// What passed while stages changed.
  private var changes: MeasuredChanges

  /// By detector.
  private var queues: [Queue?]

  /// Saturation flow of each lane group.
  private(set) var saturation: [LearnedSaturation]

  private let junction: Intersection

  init(at junction: Intersection) {
    self.junction = junction
    tallies = Array(
      repeating: DischargeTally(), count: junction.stages.count * junction.laneGroups.count)
    changes = MeasuredChanges(detectors: junction.detectors.count)
    queues = junction.detectors.map { _ in nil }
    saturation = junction.laneGroups.map(LearnedSaturation.init)
  }

  /// Takes over what another has learned of the saturation flows of lane groups that both have.
  mutating func adoptSaturation(of other: MeasuredDischarge) {
    for (position, laneGroup) in junction.laneGroups.enumerated() {
      let known = other.junction.laneGroups.firstIndex { $0.name == laneGroup.name }
      if let known { saturation[position].adopt(other.saturation[known]) }
    }
  }

  /// Notes that `stage` has been green, or none, from `start` to `end`.
  mutating func pass(from start: UTC, to end: UTC, stage: Int?) {
    if let last = stretches.last, last.stage == stage, last.until == start {
      stretches[stretches.count - 1].until = end
    } else {
      stretches.append(Stretch(from: start, until: end, stage: stage))
    }
    if stretches.count > 32 { stretches.removeFirst() }
  }

  /// Takes in what passed a detector in an interval within one green or one change.
  ///
  /// In a green it counts from the start-up on until those have passed who stood when it began, as many as
  /// could pass in the interval at the least: later ones drive through without having waited.
  ///
  /// - Parameters:
  ///   - departures: Vehicles that crossed the stop line, pcu.
  ///   - detector: The detector.
  ///   - standing: Vehicles that stood before it at `start`, pcu.
  ///   - start: Begin of the interval.
  ///   - end: End of the interval.
  mutating func observe(
    _ departures: Double, at detector: Int, standing: Double, from start: UTC, to end: UTC
  ) {
    guard
      let number = stretches.lastIndex(where: {
        start.seconds(since: $0.from) >= 0 && $0.until.seconds(since: end) >= 0
      })
    else { return }
    let place = junction.detectors[detector]
    // A camera that sees one lane of two tells of half a second of the lane group in a second.
    let part = Double(place.lanes) / Double(junction.laneGroups[place.laneGroup].lanes)
    let seconds = end.seconds(since: start)
    let stretch = stretches[number]
    guard let stage = stretch.stage else {
      changes.observe(
        departures, at: detector, standing: standing, seconds: seconds * part, began: stretch.from)
      return
    }
    closeChange(before: number, at: detector, to: stage, at: end)
    let isMoving = start.seconds(since: stretch.from) >= Self.startLoss
    let isProtected = junction.service(of: place.laneGroup, in: stage) == .protected
    var queue = Queue(
      greenFrom: stretch.from, left: standing,
      sample: isProtected ? GreenSample(lanes: place.lanes) : nil)
    if let known = queues[detector] {
      if known.greenFrom == stretch.from { queue = known } else { learn(known, of: detector) }
    }
    let rate = junction.laneGroups[place.laneGroup].saturationFlow / 3600 * part
    if isMoving, queue.left >= max(1, rate * seconds) {
      queue.sample?.add(departures, seconds: seconds)
      if isGuess(place.laneGroup, in: stage) {
        tallies[stage * junction.laneGroups.count + place.laneGroup].add(
          departures, seconds: seconds * part, at: end)
      }
    }
    queue.left -= departures
    queues[detector] = queue
  }

  /// Learns from the change that came before a stretch of `stage`, if both stages serve the detector's lane group
  /// and in one of them it gives way or waits.
  private mutating func closeChange(
    before number: Int, at detector: Int, to stage: Int, at moment: UTC
  ) {
    let laneGroup = junction.detectors[detector].laneGroup
    guard number > 1, stretches[number - 1].stage == nil, let from = stretches[number - 2].stage,
      from != stage, isServed(laneGroup, in: from), isServed(laneGroup, in: stage),
      isGuess(laneGroup, in: from) || isGuess(laneGroup, in: stage)
    else { return }
    changes.close(
      at: detector, of: laneGroup, began: stretches[number - 1].from, from: from, to: stage,
      at: moment)
  }

  /// Learns from a green that is over.
  private mutating func learn(_ queue: Queue, of detector: Int) {
    guard let rate = queue.sample?.rate else { return }
    let place = junction.detectors[detector]
    let part = Double(place.lanes) / Double(junction.laneGroups[place.laneGroup].lanes)
    saturation[place.laneGroup].learn(rate / part * 3600)
  }

  /// Rate of a lane group in a stage, pcu/s, where the site file says `prior`.
  func rate(of laneGroup: Int, in stage: Int, prior: Double, at moment: UTC) -> Double {
    guard prior > 0 else { return prior }
    guard isGuess(laneGroup, in: stage) else { return prior * saturation[laneGroup].ratio }
    return tallies[stage * junction.laneGroups.count + laneGroup].rate(prior: prior, at: moment)
  }

  /// Rates of lane groups during changes between two stages that both serve them, as far as they have been seen by
  /// `moment`. `rates` are those in the greens, pcu/s: element [stage][lane group].
  func changes(rates: [[Double]], at moment: UTC) -> [ChangeDischarge]? {
    changes.discharge(rates: rates, at: moment)
  }

  private func isServed(_ laneGroup: Int, in stage: Int) -> Bool {
    junction.service(of: laneGroup, in: stage) != .none
  }

  private func isGuess(_ laneGroup: Int, in stage: Int) -> Bool {
    switch junction.service(of: laneGroup, in: stage) {
    case .none, .protected: false
    case .permissive, .partial: true
    }
  }
}
