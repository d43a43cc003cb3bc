import Signals

/// What one camera saw of its lanes in one interval.
public struct DetectorCount: Sendable, Equatable {
  /// Identifier of the detector.
  public let detector: String
  /// Start of the interval, seconds since local midnight.
  public let start: Double
  /// End of the interval, seconds since local midnight.
  public let end: Double
  /// Vehicles that crossed the stop line in [start, end).
  public let count: Int
  /// Vehicles between the stop line and the end of the view, at `end`; `nil` without a view.
  public let inView: Int?
  /// Of those, the standing ones; `nil` without a view.
  public let queue: Int?
}

/// What is wrong with cameras, so that control can be judged on counts as they are.
public struct CountFaults: Sendable, Equatable {
  /// A camera that fails for a time.
  public struct Outage: Sendable, Equatable {
    /// How it fails.
    public enum Kind: Sendable, Equatable {
      /// It sends nothing.
      case silent
      /// It sends its last figures again and again.
      case frozen
      /// It sees a full road that stands.
      case stuck
      /// It sees an empty road.
      case blind
      /// Its clock is so many seconds ahead; negative: behind.
      case shifted(Double)
    }

    /// Identifier of the detector.
    public let detector: String
    /// First second of its failure, seconds since local midnight.
    public let from: Double
    /// First second after it, seconds since local midnight.
    public let until: Double
    /// How it fails.
    public let kind: Kind

    /// `detector` fails for what ends in [from, until).
    public init(
      detector: String, from: Double = -.infinity, until: Double = .infinity, kind: Kind = .silent
    ) {
      self.detector = detector
      self.from = from
      self.until = until
      self.kind = kind
    }
  }

  /// Share of vehicles that are not seen, 0 ... 1.
  public let missRate: Double
  /// Share of vehicles that are counted twice when they cross, 0 ... 1.
  public let doubleRate: Double
  /// Cameras that fail for a time.
  public let outages: [Outage]

  /// Faults of all cameras of a run.
  public init(missRate: Double = 0, doubleRate: Double = 0, outages: [Outage] = []) {
    precondition((0...1).contains(missRate) && (0...1).contains(doubleRate), "rates of 0 to 1")
    self.missRate = missRate
    self.doubleRate = doubleRate
    self.outages = outages
  }
}

/// The detectors of a network and how far they have counted.
struct Cameras: Sendable {
  private struct Camera: Sendable {
    let id: String
    let lanes: [Int]
    let view: Double
    let speed: Double
    var counted = 0
    /// What it sent last before it froze.
    var last: DetectorCount?
  }

  private var cameras: [Camera] = []
  private let faults: CountFaults
  private var random: SeededGenerator
  private var since: Double

  init(_ network: RoadNetwork, settings: ModelSettings) {
    faults = settings.faults
    random = SeededGenerator(seed: seed(settings.seed, stream: .max))
    since = settings.begin
    for (position, junction) in network.junctions.enumerated() {
      // Detectors that share a lane group take its lanes in order, each its number of them.
      var taken = Array(repeating: 0, count: junction.laneGroups.count)
      for detector in junction.detectors {
        let group = network.groups[network.group(detector.laneGroup, of: position)]
        let first = taken[detector.laneGroup]
        taken[detector.laneGroup] += detector.lanes
        cameras.append(
          Camera(
            id: detector.id,
            lanes: (0..<detector.lanes).map {
              group.lanes.lowerBound + (first + $0) % group.lanes.count
            }, view: detector.view, speed: group.speed))
      }
    }
  }

  mutating func counts(
    of lanes: [Lane], in network: RoadNetwork, behaviour: Behaviour, at now: Double
  ) -> [DetectorCount] {
    var records: [DetectorCount] = []
    for position in cameras.indices {
      let camera = cameras[position]
      let crossed = camera.lanes.reduce(0) { $0 + lanes[$1].crossed }
      let passed = seen(crossed - camera.counted, doubling: true)
      let view = camera.lanes.reduce(into: (all: 0, standing: 0)) { sum, lane in
        let part = lanes[lane].inView(
          of: camera.view, speed: camera.speed, wave: behaviour.startingWave, at: now)
        sum.all += part.all
        sum.standing += part.standing
      }
      let standing = seen(view.standing, doubling: false)
      let all = standing + seen(view.all - view.standing, doubling: false)
      cameras[position].counted = crossed
      let hasView = camera.view > 0
      let sound = DetectorCount(
        detector: camera.id, start: since, end: now, count: passed, inView: hasView ? all : nil,
        queue: hasView ? standing : nil)
      let sent = sent(sound, by: position, at: now)
      cameras[position].last = sent
      if let sent { records.append(sent) }
    }
    since = now
    return records
  }

  /// What a camera makes of what it should send; `nil`: nothing.
  private func sent(
    _ sound: DetectorCount, by position: Int, at now: Double
  ) -> DetectorCount? {
    let camera = cameras[position]
    let outage = faults.outages.first {
      $0.detector == camera.id && $0.from <= now && now < $0.until
    }
    guard let outage else { return sound }
    func record(_ count: Int, _ inView: Int, _ queue: Int, shift: Double = 0) -> DetectorCount {
      DetectorCount(
        detector: sound.detector, start: sound.start + shift, end: sound.end + shift, count: count,
        inView: sound.inView.map { _ in inView }, queue: sound.queue.map { _ in queue })
    }
    switch outage.kind {
    case .silent: return nil
    case .frozen:
      let last = camera.last ?? sound
      return record(last.count, last.inView ?? 0, last.queue ?? 0)
    case .stuck:
      let room = Int(camera.view / LaneGroup.spacing) * camera.lanes.count
      return record(0, room, room)
    case .blind: return record(0, 0, 0)
    case .shifted(let seconds):
      return record(sound.count, sound.inView ?? 0, sound.queue ?? 0, shift: seconds)
    }
  }

  /// How many of `count` vehicles a camera makes of them.
  private mutating func seen(_ count: Int, doubling: Bool) -> Int {
    guard faults.missRate > 0 || faults.doubleRate > 0 else { return count }
    var sum = 0
    for _ in 0..<count {
      let isMissed = random.unit() < faults.missRate
      let isDoubled = random.unit() < faults.doubleRate
      sum += isMissed ? 0 : (doubling && isDoubled ? 2 : 1)
    }
    return sum
  }
}

extension Lane {
  /// Vehicles between the stop line and `view` metres before it, and those of them that stand.
  ///
  /// The queue stands on the road, 7 m a vehicle; a queue that moves off does so from its head,
  /// `wave` seconds a vehicle.
  func inView(
    of view: Double, speed: Double, wave: Double, at now: Double
  ) -> (all: Int, standing: Int) {
    var seen = (all: 0, standing: 0)
    for position in 0..<vehicles.count {
      let place = Double(position) * LaneGroup.spacing
      let distance = (vehicles[position].reach - now) * speed
      guard max(place, distance) <= view else { break }
      seen.all += 1
      let isQueued = distance <= place && (hold != nil || queue > 0)
      let hasStarted = hold == nil && now - movingSince >= Double(position + 1) * wave
      if isQueued && !hasStarted { seen.standing += 1 }
    }
    return seen
  }
}
