public import Optimisation

/// The measures of one day (`docs/day-report.md`).
public struct DayMeasures: Sendable, Equatable, Codable {
  /// What `format` holds in this version.
  public static let format = "greensplit-day-1"

  /// How the measures are written: another value, another meaning of the fields.
  public let format: String

  /// Local midnight at which the day began, UTC.
  public let begin: String

  /// The junctions, by identifier.
  public let junctions: [JunctionMeasures]

  /// Time-space diagrams of the roads through the junctions.
  public let timeSpace: [TimeSpaceRoute]

  /// Where the record has holes.
  public let gaps: [DayGap]

  /// Measures of a day that began at `begin`.
  public init(
    begin: String, junctions: [JunctionMeasures], timeSpace: [TimeSpaceRoute] = [], gaps: [DayGap]
  ) {
    format = Self.format
    self.begin = begin
    self.junctions = junctions
    self.timeSpace = timeSpace
    self.gaps = gaps
  }
}

/// From where on a stretch of a junction's record could not be used, and why.
public struct DayGap: Sendable, Equatable, Codable {
  /// Identifier of the junction.
  public let junction: String

  /// UTC.
  public let at: String

  /// In words.
  public let reason: String

  /// A hole in the record of `junction`.
  public init(junction: String, at: String, reason: String) {
    self.junction = junction
    self.at = at
    self.reason = reason
  }
}

/// How one junction fared on one day, as its cabinet and its cameras tell (`docs/day-report.md`).
public struct JunctionMeasures: Sendable, Equatable, Codable {
  /// Identifier.
  public let junction: String

  /// Name for people.
  public let name: String

  /// Time in each hour in which the cabinet was read, s.
  public let recorded: Figure

  /// Who set the greens, and how long.
  public let control: ControlMeasures

  /// Local hours before and after noon in which most vehicles were counted; empty if nothing was.
  public let peakHours: [Int]

  /// By hand at the cabinet.
  public let manual: ManualMeasures

  /// Its arms.
  public let approaches: [ApproachMeasures]

  /// Its lane groups.
  public let laneGroups: [LaneGroupMeasures]

  /// Its stages.
  public let stages: [StageMeasures]

  /// Its crossings.
  public let crossings: [CrossingMeasures]

  /// Its detectors.
  public let detectors: [DetectorMeasures]

  /// Purdue coordination diagrams of the busiest hour, one for each arm that can be drawn.
  public let coordination: [CoordinationMeasures]
}

/// How often and how long somebody set the signals at the cabinet (本地手控).
public struct ManualMeasures: Sendable, Equatable, Codable {
  /// Times at which he began.
  public let interventions: Figure

  /// How long it lasted, s.
  public let seconds: Figure
}

/// One arm.
public struct ApproachMeasures: Sendable, Equatable, Codable {
  /// Its name.
  public let name: String

  /// Vehicles that crossed its stop lines, pcu.
  public let vehicles: Figure

  /// Degree of saturation: the mean of its lane groups', weighted by their vehicles.
  public let saturation: Figure

  /// Time in the queue, s a vehicle: that of its lane groups together.
  public let delay: Figure

  /// Level of service by `delay` alone, as HCM 6 ch. 19 has it for an approach.
  public let level: Levels
}

/// One lane group.
public struct LaneGroupMeasures: Sendable, Equatable, Codable {
  /// Its name.
  public let name: String

  /// The arm that it belongs to.
  public let approach: String

  /// Vehicles that crossed the stop line, pcu.
  public let vehicles: Figure

  /// Degree of saturation: demand ÷ capacity.
  public let saturation: Figure

  /// Time in the queue, s a vehicle.
  public let delay: Figure

  /// Level of service by `delay` and `saturation` (HCM).
  public let level: Levels

  /// Share of its greens that did not clear the queue, 0 ... 1.
  public let splitFailures: Figure

  /// Share of arrivals at the stop line that found green, 0 ... 1.
  public let arrivalsOnGreen: Figure

  /// That share ÷ the share of green in the cycle: above 1 platoons arrive on green (HCM platoon ratio).
  public let platoonRatio: Figure
}

/// Levels of service of a day and its hours; `nil` where delay or saturation could not be measured.
public struct Levels: Sendable, Equatable, Codable {
  /// Of the whole day.
  public let day: LevelOfService?

  /// Of each hour.
  public let hours: [LevelOfService?]

  private enum CodingKeys: String, CodingKey { case day, hours }

  init(delay: Figure, saturation: Figure) {
    func level(_ delay: Double?, _ saturation: Double?) -> LevelOfService? {
      guard let delay, let saturation else { return nil }
      return LevelOfService(delay: delay, saturation: saturation)
    }
    day = level(delay.day, saturation.day)
    hours = zip(delay.hours, saturation.hours).map(level)
  }

  /// By delay alone, for more than one lane group.
  init(delay: Figure) {
    // An excess of demand at one lane group makes no F of the whole.
    func level(_ delay: Double?) -> LevelOfService? {
      delay.map { LevelOfService(delay: $0, saturation: 0) }
    }
    day = level(delay.day)
    hours = delay.hours.map(level)
  }

  /// What is missing is written as `null`.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(day, forKey: .day)
    try fields.encode(hours, forKey: .hours)
  }
}

/// How the greens of one stage ended.
public struct StageMeasures: Sendable, Equatable, Codable {
  /// Its name.
  public let name: String

  /// Whole greens.
  public let greens: Figure

  /// Mean green, s.
  public let meanGreen: Figure

  /// Greens that reached the longest green (max-out).
  public let maxOut: Figure

  /// Greens that ended at the shortest green.
  public let minimum: Figure

  /// Greens that ended between the two by a plan of greensplit (what actuated control calls gap-out).
  public let early: Figure

  /// Greens of the cabinet's own plan that ended between the two, when that plan said so (force-off).
  public let fixedPlan: Figure

  /// Times at which it was passed over: the stage that began comes after it in the time-of-day plan, the one
  /// that ended before it.
  public let skipped: Figure
}

/// One crossing.
public struct CrossingMeasures: Sendable, Equatable, Codable {
  /// Its name.
  public let name: String

  /// Mean wait of people who come at random, s.
  public let delay: Figure
}

/// One detector.
public struct DetectorMeasures: Sendable, Equatable, Codable {
  /// Its identifier.
  public let id: String

  /// Share of the time in which its counts could be used, 0 ... 1.
  public let uptime: Figure
}

/// When vehicles arrived at one stop line in each cycle of one hour.
public struct CoordinationMeasures: Sendable, Equatable, Codable {
  /// From one begin of red to the next.
  public struct Cycle: Sendable, Equatable, Codable {
    /// When its red began, s since local midnight.
    public let begin: Double
    /// When green began, s after that.
    public let green: Double
    /// When the next red began, s after that.
    public let length: Double
    /// When vehicles arrived at the stop line, s after that.
    public let arrivals: [Double]
  }

  /// The lane group.
  public let laneGroup: String

  /// The local hour.
  public let hour: Int

  /// Its cycles, by time.
  public let cycles: [Cycle]
}
