/// A flow over the time of day: straight lines between points, level before the first and after the
/// last.
public struct FlowProfile: Sendable, Equatable {
  /// A flow at a time.
  public struct Point: Sendable, Equatable {
    /// Seconds since local midnight.
    public let at: Double

    /// Arrivals an hour.
    public let flow: Double

    /// `flow` arrivals an hour at `at` seconds since local midnight.
    public init(at: Double, flow: Double) {
      self.at = at
      self.flow = flow
    }
  }

  /// Points in the order of time, at least one.
  public let points: [Point]

  /// A profile through `points`, which rise in time and do not fall below zero.
  public init(_ points: [Point]) {
    precondition(!points.isEmpty, "a profile has a point")
    precondition(points.allSatisfy { $0.flow >= 0 && $0.flow.isFinite }, "flows are not negative")
    precondition(zip(points, points.dropFirst()).allSatisfy { $0.at < $1.at }, "points in order")
    self.points = points
  }

  /// The same flow at all times, arrivals an hour.
  public init(constant flow: Double) { self.init([Point(at: 0, flow: flow)]) }

  /// Arrivals an hour at `time` seconds since local midnight.
  public func flow(at time: Double) -> Double {
    guard let after = points.firstIndex(where: { $0.at > time }) else {
      return points[points.count - 1].flow
    }
    guard after > 0 else { return points[0].flow }
    let (a, b) = (points[after - 1], points[after])
    return a.flow + (b.flow - a.flow) * (time - a.at) / (b.at - a.at)
  }

  /// Expected arrivals from `begin` to `end`, seconds since local midnight: the exact integral.
  public func arrivals(from begin: Double, to end: Double) -> Double {
    guard end > begin else { return 0 }
    let inside = points.map(\.at).filter { $0 > begin && $0 < end }
    let cuts = [begin] + inside + [end]
    return zip(cuts, cuts.dropFirst()).reduce(0) { sum, piece in
      sum + (flow(at: piece.0) + flow(at: piece.1)) / 2 * (piece.1 - piece.0) / 3600
    }
  }
}

/// Vehicles that enter the network at one lane group.
public struct VehicleDemand: Sendable, Equatable {
  /// Position of the junction in the network.
  public let junction: Int

  /// Position of the lane group in the junction's `laneGroups`.
  public let laneGroup: Int

  /// Vehicles an hour.
  public let profile: FlowProfile

  /// Vehicles that come together, one saturation headway apart; 1: each by itself.
  public let platoon: Int

  /// Vehicles that enter at `laneGroup` of `junction`, in platoons of `platoon`.
  public init(junction: Int, laneGroup: Int, profile: FlowProfile, platoon: Int = 1) {
    precondition(platoon >= 1, "a platoon has a vehicle")
    self.junction = junction
    self.laneGroup = laneGroup
    self.profile = profile
    self.platoon = platoon
  }
}

/// People who come to one crossing.
public struct PedestrianDemand: Sendable, Equatable {
  /// Position of the junction in the network.
  public let junction: Int

  /// Position of the crossing in the junction's `crossings`.
  public let crossing: Int

  /// People an hour, both directions together.
  public let profile: FlowProfile

  /// People who come to `crossing` of `junction`.
  public init(junction: Int, crossing: Int, profile: FlowProfile) {
    self.junction = junction
    self.crossing = crossing
    self.profile = profile
  }
}

/// All who come to a network.
public struct TrafficDemand: Sendable, Equatable {
  /// Vehicles, at most one entry for each lane group.
  public let vehicles: [VehicleDemand]

  /// People on foot, at most one entry for each crossing.
  public let pedestrians: [PedestrianDemand]

  /// All who come to a network.
  public init(vehicles: [VehicleDemand], pedestrians: [PedestrianDemand] = []) {
    self.vehicles = vehicles
    self.pedestrians = pedestrians
  }
}
