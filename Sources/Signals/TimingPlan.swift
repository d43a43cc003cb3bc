/// When a plan takes over from the one that runs. The raw value is the register's.
public enum Takeover: UInt16, Sendable, CaseIterable, Codable {
  /// At the start of the next cycle (pace `cycle`).
  case cycleStart = 0
  /// At the next stage boundary (pace `stage`): the first entry is the stage to come.
  case stageBoundary = 1
  /// At once (pace `second`): the first entry is the running stage with its whole green.
  case now = 2
}

/// One stage of a plan and how long it is green.
public struct PlanEntry: Hashable, Sendable, Codable {
  /// Position of the stage in the intersection's `stages`.
  public let stage: Int

  /// Its green, without flashing green, yellow and all-red.
  public let green: Tenths

  /// The longest green that later plans may make of it.
  public let longestGreen: Tenths

  /// `stage` is green for `green`; it may be extended to `longestGreen` at most.
  public init(stage: Int, green: Tenths, longestGreen: Tenths? = nil) {
    self.stage = stage
    self.green = green
    self.longestGreen = longestGreen ?? green
  }
}

/// A timing plan (配时方案): stages that the cabinet runs from the first to the last and round again.
public struct TimingPlan: Hashable, Sendable, Codable {
  /// The most entries a plan may have (register map).
  public static let entryLimit = 16

  /// Stages in the order in which they run; a stage that is not in the list is not shown.
  public let entries: [PlanEntry]

  /// Cycle to keep in step with the neighbours; `nil`: as long as its entries.
  public let cycle: Tenths?

  /// Start of the first entry relative to multiples of the cycle in UTC (相位差).
  public let offset: Tenths

  /// When it takes over.
  public let takeover: Takeover

  /// A plan of `entries`.
  public init(
    entries: [PlanEntry], cycle: Tenths? = nil, offset: Tenths = .zero,
    takeover: Takeover = .cycleStart
  ) {
    self.entries = entries
    self.cycle = cycle
    self.offset = offset
    self.takeover = takeover
  }

  /// The same stages and greens with another moment of taking over.
  public func taking(over takeover: Takeover) -> TimingPlan {
    TimingPlan(entries: entries, cycle: cycle, offset: offset, takeover: takeover)
  }
}

/// A plan of the site file: what the cabinet runs when nobody sends it anything better.
public struct NamedPlan: Sendable, Equatable, Codable {
  /// Name in the site file, such as "morning".
  public let name: String

  /// The plan.
  public let plan: TimingPlan

  /// `plan` under a name.
  public init(name: String, plan: TimingPlan) {
    self.name = name
    self.plan = plan
  }
}

/// From when on each day which plan runs (日计划).
public struct ScheduleEntry: Sendable, Equatable, Codable {
  /// Minutes since local midnight, 0 ..< 1440.
  public let fromMinute: Int

  /// Position of the plan in the intersection's `plans`.
  public let plan: Int

  /// `plan` runs from `fromMinute` on.
  public init(fromMinute: Int, plan: Int) {
    self.fromMinute = fromMinute
    self.plan = plan
  }
}
