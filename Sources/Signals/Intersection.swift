/// A signalised junction (路口), as its site file describes it and `Sites` has checked it.
///
/// Elements are named in the file and referred to by position in these arrays everywhere else.
public struct Intersection: Sendable, Equatable, Codable {
  /// The most lane groups a junction may have: more than twice those of four arms with three each,
  /// and as many as the rolling horizon has registers for.
  public static let laneGroupLimit = 32

  /// Identifier, such as "J017"; unique in a network.
  public let id: String

  /// Name for people.
  public let name: String

  /// Offset of local time from UTC, minutes.
  public let timeZoneMinutes: Int

  /// Its arms.
  public let approaches: [Approach]

  /// Its signal groups, in the order of the plant protocol's lamp string.
  public let signalGroups: [SignalGroup]

  /// Its queues.
  public let laneGroups: [LaneGroup]

  /// Its pedestrian crossings.
  public let crossings: [Crossing]

  /// Its stages; cabinet stage n is position n - 1. At most 16.
  public let stages: [Stage]

  /// Allowed changes between stages.
  public let changes: ChangeTable

  /// What cameras see of it.
  public let detectors: [Detector]

  /// Limits of plans.
  public let limits: Limits

  /// Time-of-day plans, at least one.
  public let plans: [NamedPlan]

  /// When which of them runs, sorted by time, at least one entry.
  public let schedule: [ScheduleEntry]

  /// How it is to be controlled.
  public let control: ControlSettings

  /// Where its cabinet is reached, if the site file says so.
  public let cabinet: CabinetAddress?

  /// When its detectors are no longer believed, if the site file says so.
  public let health: HealthLimits?

  let tables: IntersectionTables

  /// A junction; the caller has checked that positions exist and times fit.
  public init(
    id: String, name: String, timeZoneMinutes: Int, approaches: [Approach],
    signalGroups: [SignalGroup], laneGroups: [LaneGroup], crossings: [Crossing], stages: [Stage],
    changes: ChangeTable, detectors: [Detector], limits: Limits, plans: [NamedPlan],
    schedule: [ScheduleEntry], control: ControlSettings, cabinet: CabinetAddress? = nil,
    health: HealthLimits? = nil
  ) {
    precondition(!stages.isEmpty && stages.count <= TimingPlan.entryLimit, "1 to 16 stages")
    precondition(changes.stages == stages.count, "a change for each pair of stages")
    precondition(!plans.isEmpty && !schedule.isEmpty, "a time-of-day plan")
    self.id = id
    self.name = name
    self.timeZoneMinutes = timeZoneMinutes
    self.approaches = approaches
    self.signalGroups = signalGroups
    self.laneGroups = laneGroups
    self.crossings = crossings
    self.stages = stages
    self.changes = changes
    self.detectors = detectors
    self.limits = limits
    self.plans = plans
    self.schedule = schedule
    self.control = control
    self.cabinet = cabinet
    self.health = health
    tables = IntersectionTables(
      signalGroups: signalGroups.count, laneGroups: laneGroups, stages: stages, changes: changes)
  }

  /// Numbers of the cabinet's loops that its detectors name, each once, from the first on.
  public var loops: [Int] {
    detectors.flatMap(\.loops).sorted().reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }

  /// When its detectors are no longer believed.
  public var healthLimits: HealthLimits { health ?? HealthLimits() }

  /// Longest red of a signal group at which somebody waits, or may unseen.
  public var longestWait: Tenths {
    min(control.longestWait ?? limits.longestRed, limits.longestRed)
  }

  /// The time-of-day plan that is due at `utc`.
  public func timeOfDayPlan(at utc: UTC) -> NamedPlan {
    let minutes = utc.milliseconds / 60_000 + Int64(timeZoneMinutes)
    let minute = Int(((minutes % 1440) + 1440) % 1440)
    // Before the day's first entry, the last one of the day before still runs.
    let entry = schedule.last { $0.fromMinute <= minute } ?? schedule[schedule.count - 1]
    return plans[entry.plan]
  }

  /// The same junction under other control settings.
  public func controlled(by control: ControlSettings) -> Intersection {
    Intersection(
      id: id, name: name, timeZoneMinutes: timeZoneMinutes, approaches: approaches,
      signalGroups: signalGroups, laneGroups: laneGroups, crossings: crossings, stages: stages,
      changes: changes, detectors: detectors, limits: limits, plans: plans, schedule: schedule,
      control: control, cabinet: cabinet, health: health)
  }

  /// The same junction seen by other detectors.
  public func seen(by detectors: [Detector]) -> Intersection {
    Intersection(
      id: id, name: name, timeZoneMinutes: timeZoneMinutes, approaches: approaches,
      signalGroups: signalGroups, laneGroups: laneGroups, crossings: crossings, stages: stages,
      changes: changes, detectors: detectors, limits: limits, plans: plans, schedule: schedule,
      control: control, cabinet: cabinet, health: health)
  }

  /// The same junction with one plan for the whole day.
  public func planned(by plan: NamedPlan) -> Intersection {
    Intersection(
      id: id, name: name, timeZoneMinutes: timeZoneMinutes, approaches: approaches,
      signalGroups: signalGroups, laneGroups: laneGroups, crossings: crossings, stages: stages,
      changes: changes, detectors: detectors, limits: limits, plans: [plan],
      schedule: [ScheduleEntry(fromMinute: 0, plan: 0)], control: control, cabinet: cabinet,
      health: health)
  }
}

extension Intersection {
  /// All but the tables, which follow from the rest.
  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, name, timeZoneMinutes, approaches, signalGroups, laneGroups, crossings, stages, changes
    case detectors, limits, plans, schedule, control, cabinet, health
  }

  /// Reads what was written of a junction; `DecodingError` if it can be none.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let stages = try fields.decode([Stage].self, forKey: .stages)
    let changes = try fields.decode(ChangeTable.self, forKey: .changes)
    let plans = try fields.decode([NamedPlan].self, forKey: .plans)
    let schedule = try fields.decode([ScheduleEntry].self, forKey: .schedule)
    guard (1...TimingPlan.entryLimit).contains(stages.count), changes.isSquare,
      changes.stages == stages.count, !plans.isEmpty, !schedule.isEmpty
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .stages, in: fields,
        debugDescription: "1 to 16 stages, a change for each pair of them, a plan and its schedule")
    }
    self.init(
      id: try fields.decode(String.self, forKey: .id),
      name: try fields.decode(String.self, forKey: .name),
      timeZoneMinutes: try fields.decode(Int.self, forKey: .timeZoneMinutes),
      approaches: try fields.decode([Approach].self, forKey: .approaches),
      signalGroups: try fields.decode([SignalGroup].self, forKey: .signalGroups),
      laneGroups: try fields.decode([LaneGroup].self, forKey: .laneGroups),
      crossings: try fields.decode([Crossing].self, forKey: .crossings), stages: stages,
      changes: changes, detectors: try fields.decode([Detector].self, forKey: .detectors),
      limits: try fields.decode(Limits.self, forKey: .limits), plans: plans, schedule: schedule,
      control: try fields.decode(ControlSettings.self, forKey: .control),
      cabinet: try fields.decodeIfPresent(CabinetAddress.self, forKey: .cabinet),
      health: try fields.decodeIfPresent(HealthLimits.self, forKey: .health))
  }
}
