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
  /// A camera that sees nothing for a time.
  public struct Outage: Sendable, Equatable {
    /// Identifier of the detector.
    public let detector: String
    /// First second without records, seconds since local midnight.
    public let from: Double
    /// First second with records again, seconds since local midnight.
    public let until: Double

    /// `detector` sends nothing that ends in [from, until).
    public init(detector: String, from: Double = -.infinity, until: Double = .infinity) {
      self.detector = detector
      self.from = from
      self.until = until
    }
  }

  /// Share of vehicles that are not seen, 0 ... 1.
  public let missRate: Double
  /// Share of vehicles that are counted twice when they cross, 0 ... 1.
  public let doubleRate: Double
  /// Cameras that send nothing for a time.
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
      let isDead = faults.outages.contains {
        $0.detector == camera.id && $0.from <= now && now < $0.until
      }
      if isDead { continue }
      records.append(
        DetectorCount(
          detector: camera.id, start: since, end: now, count: passed,
          inView: camera.view > 0 ? all : nil, queue: camera.view > 0 ? standing : nil))
    }
    since = now
    return records
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
