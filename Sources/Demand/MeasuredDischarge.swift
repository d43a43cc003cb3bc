import Signals

/// How fast each lane group has discharged in each stage while vehicles stood before its stop line.
///
/// What a site file tells is a guess where streams give way, or share a lane of which some must wait:
/// nobody knows today's turns, and who waits for a gap may hold up a whole lane. Cameras see what really
/// passes. Where all have right of way the saturation flow is the better figure: it was measured.
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

  private let junction: Intersection

  init(at junction: Intersection) {
    self.junction = junction
    tallies = Array(
      repeating: Tally(), count: junction.stages.count * junction.laneGroups.count)
    queues = junction.detectors.map { _ in nil }
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
    var queue = Queue(greenFrom: stretch.from, left: standing)
    if let known = queues[detector], known.greenFrom == stretch.from { queue = known }
    let place = junction.detectors[detector]
    guard isGuess(place.laneGroup, in: stage) else { return }
    let laneGroup = junction.laneGroups[place.laneGroup]
    // A camera that sees one lane of two tells of half a second of the lane group in a second.
    let seconds = end.seconds(since: start) * Double(place.lanes) / Double(laneGroup.lanes)
    let isMoving = start.seconds(since: stretch.from) >= Self.startLoss
    if isMoving, queue.left >= max(1, laneGroup.saturationFlow / 3600 * seconds) {
      let cell = stage * junction.laneGroups.count + place.laneGroup
      let kept = remembered(tallies[cell], at: end)
      tallies[cell] = Tally(
        departures: kept.departures + departures, seconds: kept.seconds + seconds, at: end)
    }
    queue.left -= departures
    queues[detector] = queue
  }

  /// Rate of a lane group in a stage, pcu/s, where the site file says `prior`.
  func rate(of laneGroup: Int, in stage: Int, prior: Double, at moment: UTC) -> Double {
    guard prior > 0, isGuess(laneGroup, in: stage) else { return prior }
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
