/// The stages that a junction showed, one after the other; equal positions of the three lists belong
/// together.
public struct StageRuns: Sendable, Equatable, Codable {
  /// Position of each stage in the junction's stages.
  public internal(set) var stage: [Int] = []
  /// When its green began, s since the run began.
  public internal(set) var start: [Double] = []
  /// How long it was green, s; the green that the end of the run cuts off up to there.
  public internal(set) var green: [Double] = []

  /// No stage yet.
  public init() {}
}

/// What happened at one lane group, the warm-up included.
public struct LaneGroupCourse: Sendable, Equatable, Codable {
  /// Time that those who crossed the stop line in each minute had lost there, vehicle-seconds.
  public internal(set) var delay: [Double] = []
  /// Vehicles that crossed the stop line in each minute.
  public internal(set) var departures: [Int] = []
  /// Mean number of vehicles held up in each minute, those outside for want of room included.
  public internal(set) var queue: [Double] = []
  /// Vehicles that reached the stop line, or the place in the queue that stands for it, in each 10 s.
  public internal(set) var arrivals: [Int] = []
  /// Time of green in the scored time, s; `nil` where no signal holds it.
  public internal(set) var green: Double?
  /// Vehicles that could have crossed in the scored time; `nil` where no signal holds it.
  public internal(set) var capacity: Double?
}

/// What happened at one junction.
public struct JunctionCourse: Sendable, Equatable, Codable {
  /// Its stages as they were shown.
  public let stages: StageRuns
  /// Its lane groups, in the order of the site.
  public let laneGroups: [LaneGroupCourse]

  /// Length of what `delay`, `departures` and `queue` count in, s.
  public static let interval = 60.0
  /// Length of what `arrivals` counts in, s.
  public static let arrivalInterval = 10.0
}

/// What the loop itself knew of one lane group: estimates from the cameras' counts, no measurement.
public struct LaneGroupEstimates: Sendable, Equatable, Codable {
  /// Mean estimated queue in each minute, pcu; `nil` in a minute without a tick.
  public internal(set) var queue: [Double?] = []
  /// Mean estimated flow in each minute, pcu/h; `nil` in a minute without a tick.
  public internal(set) var flow: [Double?] = []
  /// Vehicles that cameras counted at the stop line in each minute; `nil` if none reported.
  public internal(set) var counted: [Double?] = []
}

/// What the loop itself knew of one junction of an attached simulator.
public struct JunctionEstimates: Sendable, Equatable, Codable {
  /// Its stages as the cabinet showed them.
  public let stages: StageRuns
  /// Its lane groups, in the order of the site.
  public let laneGroups: [LaneGroupEstimates]
}
