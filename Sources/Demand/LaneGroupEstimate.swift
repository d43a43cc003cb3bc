public import Signals

/// What is thought to be in one lane group now and to come, in passenger-car units (pcu).
public struct LaneGroupEstimate: Sendable, Equatable, Codable {
  /// Standing before the stop line, in view or beyond, pcu.
  public let queue: Double

  /// In view and still moving, pcu.
  public let approaching: Double

  /// Time in which those arrive at the stop line, spread evenly, s; zero without a view.
  public let viewTime: Double

  /// Arrivals at the far end of the view, or at the stop line without one, pcu/h.
  public let flow: Double

  /// Arrivals at the stop line in each second from now on, as far as stop lines upstream have told
  /// them, pcu; empty without a road from there.
  public let inbound: [Double]

  /// Mean arrivals there in each interval of `ComingRelease.interval` seconds behind `inbound`, as far as stop lines
  /// upstream have told what they are about to let go, pcu/s; `nil` if they tell nothing.
  public let coming: [Double]?

  /// How far the estimate is to be trusted, 0 (blind) to 1 (fresh measurements of every lane).
  public let trust: Double

  /// How long nobody has crossed one of its stop lines on green although somebody stands before it, s; `nil` if
  /// nobody is held up so.
  public let heldUp: Double?

  /// What a queue that moves would have sent in its greens of the last cycles, pcu/h; `nil` if no time has passed.
  public let capacity: Double?

  /// An estimate; units as the properties say.
  public init(
    queue: Double, approaching: Double, viewTime: Double, flow: Double, inbound: [Double] = [],
    coming: [Double]? = nil, trust: Double, heldUp: Double? = nil, capacity: Double? = nil
  ) {
    self.queue = queue
    self.approaching = approaching
    self.viewTime = viewTime
    self.flow = flow
    self.inbound = inbound
    self.coming = coming
    self.trust = trust
    self.heldUp = heldUp
    self.capacity = capacity
  }

  /// Arrivals at the stop line between `second` and one second later, pcu.
  ///
  /// Those in view come first; behind them those who have left the stop lines upstream, then those who are about to,
  /// and beyond what is told of them the estimated flow.
  ///
  /// - Parameter second: Seconds from now.
  /// - Returns: Passenger-car units.
  public func arrivals(in second: Int) -> Double {
    arrivals(in: second, mean: flow / 3600, inView: viewTime > 0 ? approaching / viewTime : 0)
  }

  private func arrivals(in second: Int, mean: Double, inView perSecond: Double) -> Double {
    let behind = second < inbound.count ? inbound[second] : coming(in: second) ?? mean
    guard viewTime > 0 else { return behind }
    let share = max(0, min(1, viewTime - Double(second)))
    return perSecond * share + behind * (1 - share)
  }

  private func coming(in second: Int) -> Double? {
    guard let coming else { return nil }
    let interval = (second - inbound.count) / ComingRelease.interval
    return interval < coming.count ? coming[interval] : nil
  }

  /// Puts the arrivals of so many seconds from now on into `all`, the first of them at `first`, pcu.
  public func put(arrivalsIn seconds: Int, into all: inout [Double], at first: Int) {
    let mean = flow / 3600
    let inView = viewTime > 0 ? approaching / viewTime : 0
    for second in 0..<seconds {
      all[first + second] = arrivals(in: second, mean: mean, inView: inView)
    }
  }
}

/// How fast a lane group discharges while one stage changes to another, both of which serve it.
public struct ChangeDischarge: Sendable, Equatable, Codable {
  /// Position of the stage that ends.
  public let from: Int

  /// Position of the stage that begins.
  public let to: Int

  /// Position of the lane group.
  public let laneGroup: Int

  /// pcu/s.
  public let rate: Double

  /// A rate; units as the properties say.
  public init(from: Int, to: Int, laneGroup: Int, rate: Double) {
    self.from = from
    self.to = to
    self.laneGroup = laneGroup
    self.rate = rate
  }
}

/// What is thought of every lane group of a junction at one moment.
public struct DemandEstimate: Sendable, Equatable, Codable {
  /// One estimate for each lane group, in the order of the intersection's `laneGroups`.
  public let laneGroups: [LaneGroupEstimate]

  /// How fast each lane group discharges in each stage, pcu/s: element [stage][lane group].
  public let discharge: [[Double]]

  /// The same during changes between stages, where it has been seen; elsewhere it is the lesser of both stages'
  /// rates. `nil` if it has been seen nowhere.
  public let changes: [ChangeDischarge]?

  /// Estimates in the order of the intersection's `laneGroups`, and rates of discharge by stage and by change.
  public init(
    laneGroups: [LaneGroupEstimate], discharge: [[Double]], changes: [ChangeDischarge]? = nil
  ) {
    self.laneGroups = laneGroups
    self.discharge = discharge
    self.changes = changes
  }

  /// Flows of all lane groups, pcu/h.
  public var flows: [Double] { laneGroups.map(\.flow) }

  /// Share of the lane groups that is blind, 0 ... 1. Lane groups that no signal holds do not count:
  /// nothing is decided for them.
  public func blindShare(at junction: Intersection) -> Double {
    junction.blindShare { laneGroups[$0].trust <= 0 }
  }
}

extension Intersection {
  /// Share of the lane groups that a signal holds, of which nothing can be trusted; 1 without any.
  func blindShare(_ isBlind: (Int) -> Bool) -> Double {
    var count = 0
    var blind = 0
    for laneGroup in laneGroups.indices where isSignalled(laneGroup: laneGroup) {
      count += 1
      if isBlind(laneGroup) { blind += 1 }
    }
    return count == 0 ? 1 : Double(blind) / Double(count)
  }
}
