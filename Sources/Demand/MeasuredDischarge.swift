import Signals

/// How fast each lane group has discharged in each stage while vehicles stood before its stop line.
///
/// What a site file tells is a guess where streams give way, or share a lane of which some must wait:
/// nobody knows today's turns, and who waits for a gap may hold up a whole lane. Cameras see what really
/// passes. Where all have right of way the saturation flow is the better figure, for it was measured; what
/// greens with a queue show corrects it slowly (`LearnedSaturation`).
struct MeasuredDischarge: Sendable, Equatable, Codable {
  /// Green with a queue that outweighs half of what the site file says, s: two or three usual greens.
  static let weightOfPrior = 20.0

  /// After which what was seen counts for 1/e, s: turns change within a quarter of an hour.
  static let memory = 900.0

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

  /// What passed in so much time.
  private struct Tally: Sendable, Equatable, Codable {
    var departures = 0.0
    var seconds = 0.0
    var at: UTC?
  }

  /// The last stretches, oldest first: as far back as records may come late.
  private var stretches: [Stretch] = []

  /// By `stage * laneGroups + laneGroup`.
  private var tallies: [Tally]

  /// By detector.
  private var queues: [Queue?]

  /// Saturation flow of each lane group.
  private(set) var saturation: [LearnedSaturation]

  private let junction: Intersection

  init(at junction: Intersection) {
    self.junction = junction
    tallies = Array(
      repeating: Tally(), count: junction.stages.count * junction.laneGroups.count)
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

  /// Takes in what passed a detector in an interval within one green.
  ///
  /// It counts from the start-up on until those have passed who stood when the green began, as many as
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
      let stretch = stretches.last(where: {
        start.seconds(since: $0.from) >= 0 && $0.until.seconds(since: end) >= 0
      }), let stage = stretch.stage
    else { return }
    let place = junction.detectors[detector]
    let isGuess = isGuess(place.laneGroup, in: stage)
    let isProtected = junction.service(of: place.laneGroup, in: stage) == .protected
    var queue = Queue(
      greenFrom: stretch.from, left: standing,
      sample: isProtected ? GreenSample(lanes: place.lanes) : nil)
    if let known = queues[detector] {
      if known.greenFrom == stretch.from { queue = known } else { learn(known, of: detector) }
    }
    let laneGroup = junction.laneGroups[place.laneGroup]
    // A camera that sees one lane of two tells of half a second of the lane group in a second.
    let part = Double(place.lanes) / Double(laneGroup.lanes)
    let seconds = end.seconds(since: start)
    let isMoving = start.seconds(since: stretch.from) >= Self.startLoss
    if isMoving, queue.left >= max(1, laneGroup.saturationFlow / 3600 * seconds * part) {
      queue.sample?.add(departures, seconds: seconds)
      if isGuess {
        note(departures, seconds: seconds * part, of: place.laneGroup, in: stage, at: end)
      }
    }
    queue.left -= departures
    queues[detector] = queue
  }

  private mutating func note(
    _ departures: Double, seconds: Double, of laneGroup: Int, in stage: Int, at end: UTC
  ) {
    let cell = stage * junction.laneGroups.count + laneGroup
    let kept = remembered(tallies[cell], at: end)
    tallies[cell] = Tally(
      departures: kept.departures + departures, seconds: kept.seconds + seconds, at: end)
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
    let tally = remembered(
      tallies[stage * junction.laneGroups.count + laneGroup], at: moment)
    return (prior * Self.weightOfPrior + tally.departures) / (Self.weightOfPrior + tally.seconds)
  }

  private func isGuess(_ laneGroup: Int, in stage: Int) -> Bool {
    switch junction.service(of: laneGroup, in: stage) {
    case .none, .protected: false
    case .permissive, .partial: true
    }
  }

  private func remembered(_ tally: Tally, at moment: UTC) -> Tally {
    guard let before = tally.at else { return tally }
    let share = exponential(-max(0, moment.seconds(since: before)) / Self.memory)
    return Tally(
      departures: tally.departures * share, seconds: tally.seconds * share, at: tally.at)
  }
}
