public import Signals

/// How one run of the traffic model is set up.
public struct ModelSettings: Sendable, Equatable {
  /// When it begins, seconds since local midnight.
  public let begin: Double

  /// How far one step moves the clock: 0.1 s to 1 s.
  public let step: Tenths

  /// What all random draws follow from.
  public let seed: UInt64

  /// Vehicles and people due before this are not scored, seconds since local midnight.
  public let measureFrom: Double

  /// How drivers behave.
  public let behaviour: Behaviour

  /// What is wrong with the cameras.
  public let faults: CountFaults

  /// A run from `begin`, scored from `measureFrom`, which is `begin` if it is not given.
  public init(
    begin: Double = 0, step: Tenths = .seconds(1), seed: UInt64, measureFrom: Double? = nil,
    behaviour: Behaviour = Behaviour(), faults: CountFaults = CountFaults()
  ) {
    precondition(step >= Tenths(1) && step <= .seconds(1), "a step of 0.1 s to 1 s")
    self.begin = begin
    self.step = step
    self.seed = seed
    self.measureFrom = measureFrom ?? begin
    self.behaviour = behaviour
    self.faults = faults
  }
}

/// Vehicles of a run, all told.
public struct VehicleTotals: Sendable, Equatable {
  /// Vehicles that wanted to enter so far.
  public internal(set) var due = 0
  /// Vehicles that found room.
  public internal(set) var entered = 0
  /// Vehicles that left the network.
  public internal(set) var left = 0
}

/// The built-in traffic model: every lane a queue of vehicles at the stop line, every lane group
/// with a free-flow time and a limited storage, the stop lines joined by roads.
///
/// It is deterministic: the same settings, demand and lamps give the same vehicles, counts and score.
/// Crossings of the stop line fall at any time within a step, so that saturation flow does not
/// depend on the step.
public struct TrafficModel: Sendable {
  let network: RoadNetwork
  let settings: ModelSettings
  /// Length of a step, s.
  let step: Double
  var signals: [SignalState]
  var lanes: [Lane]
  var sources: [Source]
  /// Vehicles that found no room yet, by lane group.
  var outside: [VehicleQueue]
  /// Lane groups that turned a vehicle away in this step.
  var isRefusing: [Bool]
  var walkways: [Walkway]
  var keeper: ScoreKeeper
  var cameras: Cameras
  private var loops: Loops
  private var steps = 0

  /// Vehicles so far.
  public internal(set) var totals = VehicleTotals()

  struct Source: Sendable {
    let group: Int
    var arrivals: ArrivalStream
  }

  /// An empty network at `settings.begin`, all lamps red.
  public init(_ network: RoadNetwork, demand: TrafficDemand, settings: ModelSettings) {
    self.network = network
    self.settings = settings
    step = settings.step.seconds
    signals = Array(repeating: SignalState(), count: network.signals.count)
    lanes = Array(repeating: Lane(), count: network.lanes.count)
    outside = Array(repeating: VehicleQueue(), count: network.groups.count)
    isRefusing = Array(repeating: false, count: network.groups.count)
    keeper = ScoreKeeper(groups: network.groups.count)
    cameras = Cameras(network, settings: settings)
    loops = Loops(network)
    sources = demand.vehicles.map { entry in
      let group = network.group(entry.laneGroup, of: entry.junction)
      return Source(
        group: group,
        arrivals: ArrivalStream(
          entry.profile, platoon: entry.platoon,
          spacing: network.groups[group].headway / Double(network.groups[group].lanes.count),
          begin: settings.begin, seed: seed(settings.seed, stream: UInt64(2 * group))))
    }
    walkways = network.crossings.enumerated().map { position, place in
      let entry = demand.pedestrians.first {
        $0.junction == place.junction && $0.crossing == place.crossing
      }
      return Walkway(
        signal: place.signal,
        arrivals: entry.map {
          ArrivalStream(
            $0.profile, platoon: 1, spacing: 0, begin: settings.begin,
            seed: seed(settings.seed, stream: UInt64(2 * position + 1)))
        })
    }
  }

  /// Where the clock stands, seconds since local midnight.
  public var time: Double { time(after: steps) }

  /// Vehicles in the network.
  public var inside: Int { lanes.reduce(0) { $0 + $1.vehicles.count } }

  /// Vehicles that wait for room to enter.
  public var waitingOutside: Int { outside.reduce(0) { $0 + $1.count } }

  /// Vehicles of a lane group in it and on the way to it; never more than it has room for.
  public func vehicles(in laneGroup: Int, of junction: Int) -> Int {
    network.groups[network.group(laneGroup, of: junction)].lanes.reduce(0) {
      $0 + lanes[$1].vehicles.count
    }
  }

  /// Vehicles of a lane group that would have passed the stop line by now if nothing held them up.
  public func queue(in laneGroup: Int, of junction: Int) -> Int {
    network.groups[network.group(laneGroup, of: junction)].lanes.reduce(0) {
      $0 + lanes[$1].queue
    }
  }

  /// Vehicles that have crossed the stop line of a lane group since the run began.
  public func crossed(in laneGroup: Int, of junction: Int) -> Int {
    network.groups[network.group(laneGroup, of: junction)].lanes.reduce(0) {
      $0 + lanes[$1].crossed
    }
  }

  /// Moves on by one step.
  ///
  /// - Parameter lamps: What holds from now to the end of the step: for each junction, in the order
  ///   of the network, a lamp for each of its signal groups.
  public mutating func advance(under lamps: [[Lamp]]) {
    let now = time
    let end = time(after: steps + 1)
    show(lamps, at: now)
    for group in isRefusing.indices { isRefusing[group] = false }
    walk(from: now, to: end)
    admit(from: now, to: end)
    for lane in lanes.indices { discharge(lane, from: now, to: end) }
    sample(at: end)
    steps += 1
  }

  /// What the cameras have seen since the last call.
  public mutating func takeCounts() -> [DetectorCount] {
    cameras.counts(of: lanes, in: network, behaviour: settings.behaviour, at: time)
  }

  /// Who crossed the cabinets' loops since the last call.
  public mutating func takeLoops() -> [LoopCount] { loops.take(of: lanes) }

  /// From whole tenths, so that the clock never drifts.
  private func time(after steps: Int) -> Double {
    settings.begin + Double(steps * settings.step.count) / 10
  }

  private mutating func show(_ lamps: [[Lamp]], at now: Double) {
    precondition(lamps.count == network.junctions.count, "lamps for each junction")
    var position = 0
    for (junction, shown) in lamps.enumerated() {
      let expected = network.junctions[junction].signalGroups.count
      precondition(shown.count == expected, "a lamp for each signal group")
      for lamp in shown {
        signals[position].show(lamp, at: now, extension: settings.behaviour.yellowExtension)
        position += 1
      }
    }
  }

  private mutating func sample(at end: Double) {
    for position in lanes.indices { lanes[position].settle(until: end) }
    guard end > settings.measureFrom else { return }
    for group in network.groups.indices {
      let standing = network.groups[group].lanes.reduce(outside[group].count) {
        $0 + lanes[$1].queue
      }
      keeper.sample(queue: standing, isRefusing: isRefusing[group], of: group, step: step)
    }
  }
}
