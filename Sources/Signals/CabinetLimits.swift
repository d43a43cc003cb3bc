/// What a cabinet says of its own stages and limits, read from its registers.
public struct CabinetLimits: Sendable, Equatable, Codable {
  /// The times of one stage, as the cabinet holds them.
  public struct StageTimes: Sendable, Equatable, Codable {
    /// Shortest green.
    public let minimumGreen: Tenths
    /// Longest green.
    public let maximumGreen: Tenths
    /// Longest walk + clearance.
    public let pedestrian: Tenths
    /// Flashing green.
    public let greenFlash: Tenths
    /// Yellow.
    public let yellow: Tenths
    /// All-red.
    public let allRed: Tenths

    /// The times of one stage.
    public init(
      minimumGreen: Tenths, maximumGreen: Tenths, pedestrian: Tenths, greenFlash: Tenths,
      yellow: Tenths, allRed: Tenths
    ) {
      self.minimumGreen = minimumGreen
      self.maximumGreen = maximumGreen
      self.pedestrian = pedestrian
      self.greenFlash = greenFlash
      self.yellow = yellow
      self.allRed = allRed
    }
  }

  /// Revision of the cabinet's configuration.
  public let revision: UInt16

  /// The times of its stages.
  public let stages: [StageTimes]

  /// Its intergreens and forbidden changes.
  public let changes: ChangeTable

  /// Its limits of plans.
  public let limits: Limits

  /// Shortest and longest lease it grants, seconds.
  public let leaseSeconds: ClosedRange<Int>

  /// What a cabinet says of itself.
  public init(
    revision: UInt16, stages: [StageTimes], changes: ChangeTable, limits: Limits,
    leaseSeconds: ClosedRange<Int>
  ) {
    self.revision = revision
    self.stages = stages
    self.changes = changes
    self.limits = limits
    self.leaseSeconds = leaseSeconds
  }
}

extension Intersection {
  /// The junction under its own limits and the cabinet's, whichever is stricter; `nil` if the
  /// cabinet has another number of stages, and so is another junction's.
  ///
  /// Flash, yellow and all-red are the cabinet's: it is what shows them.
  public func constrained(by cabinet: CabinetLimits) -> Intersection? {
    guard cabinet.stages.count == stages.count else { return nil }
    let stricter = zip(stages, cabinet.stages).map { own, told in
      Stage(
        name: own.name, green: own.green, permissive: own.permissive,
        minimumGreen: max(own.minimumGreen, told.minimumGreen),
        maximumGreen: min(own.maximumGreen, told.maximumGreen),
        pedestrian: max(own.pedestrian, told.pedestrian), greenFlash: told.greenFlash,
        yellow: told.yellow, allRed: told.allRed, recall: own.recall)
    }
    let table = ChangeTable(
      stages.indices.map { from in
        stages.indices.map { to in
          guard let own = changes.intergreen(from: from, to: to),
            let told = cabinet.changes.intergreen(from: from, to: to)
          else { return nil }
          return max(own, told)
        }
      })
    return Intersection(
      id: id, name: name, timeZoneMinutes: timeZoneMinutes, approaches: approaches,
      signalGroups: signalGroups, laneGroups: laneGroups, crossings: crossings, stages: stricter,
      changes: table, detectors: detectors, limits: limits.stricter(than: cabinet.limits),
      plans: plans, schedule: schedule, control: control, cabinet: self.cabinet,
      health: health)
  }
}
