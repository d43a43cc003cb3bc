public import Counts
public import Demand
public import Signals

/// What is known of a junction at one tick.
public struct DayTick {
  /// The tick.
  public let at: Moment

  /// What the cabinet last said of itself; `nil` while nothing is known of it.
  public let report: CabinetReport?

  /// The junction under its own limits and its cabinet's.
  public let junction: Intersection

  /// What was thought of each lane group.
  public let demand: DemandEstimate

  /// Number of the tick; from one that is not the next, something is missing in between.
  public let number: Int64

  /// Who sets the greens; `nil` for a person, flash or priority.
  public let regime: Regime?

  /// What is known at tick `number`.
  public init(
    at: Moment, number: Int64, report: CabinetReport?, junction: Intersection,
    demand: DemandEstimate, regime: Regime? = nil
  ) {
    self.at = at
    self.number = number
    self.report = report
    self.junction = junction
    self.demand = demand
    self.regime = regime
  }
}

/// Gathers the measures of one junction and one day, tick by tick.
public struct DayTally: Sendable {
  /// A report that is older tells nothing of now, s: three polls.
  private static let lifetime = 3.5

  /// A longer time between ticks is a gap, s.
  private static let longestStep = 5.0

  let site: Intersection
  let midnight: UTC
  private(set) var recorded = Array(repeating: 0.0, count: Figure.hours)
  private(set) var laneGroups: [LaneGroupTally]
  private(set) var arrivals: [ArrivalTally]
  private(set) var endings: StageEndings
  private(set) var crossings: [CrossingTally]
  private(set) var manual = ManualTally()
  private(set) var regimes = RegimeTally()
  /// By detector and hour: vehicles over the time that was told of, pcu and s.
  private(set) var counted: [[Ratio]]
  /// By detector and hour: looks at which it was of use, over all.
  private(set) var uptime: [[Ratio]]
  private var last: (at: Instant, number: Int64)?

  /// - Parameters:
  ///   - site: The junction.
  ///   - midnight: Local midnight at which the day begins.
  public init(of site: Intersection, midnight: UTC) {
    self.site = site
    self.midnight = midnight
    laneGroups = site.laneGroups.map(LaneGroupTally.init)
    arrivals = site.laneGroups.indices.map { position in
      let cameras = site.detectors.filter { $0.laneGroup == position }
      return ArrivalTally(
        view: cameras.map(\.view).max() ?? 0,
        speed: site.approaches[site.laneGroups[position].approach].speed,
        detectors: cameras.count)
    }
    endings = StageEndings(stages: site.stages.count)
    crossings = site.crossings.map { _ in CrossingTally() }
    let nothing = Array(repeating: Ratio(), count: Figure.hours)
    counted = site.detectors.map { _ in nothing }
    uptime = counted
  }

  /// The local hour of `utc`; `nil` outside the day.
  private func hour(of utc: UTC) -> Int? {
    let hour = (utc.milliseconds - midnight.milliseconds) / 3_600_000
    return utc >= midnight && hour < Figure.hours ? Int(hour) : nil
  }

  /// Takes in an accepted record of the junction's own detectors.
  public mutating func note(_ record: CountRecord) {
    guard record.quality.status != .fault, let hour = hour(of: record.start),
      let detector = site.detectors.firstIndex(where: { $0.id == record.detector })
    else { return }
    let laneGroup = site.detectors[detector].laneGroup
    let camera = site.detectors[..<detector].count { $0.laneGroup == laneGroup }
    arrivals[laneGroup].note(record, of: camera)
    guard let count = record.count else { return }
    counted[detector][hour].above += PassengerCarUnits.standard.pcu(count)
    counted[detector][hour].below += record.length
  }

  /// Takes in which detectors are of use at `utc`, in the order of the site.
  public mutating func note(working: [Bool], at utc: UTC) {
    guard working.count == uptime.count, let hour = hour(of: utc) else { return }
    for detector in working.indices {
      uptime[detector][hour].below += 1
      if working[detector] { uptime[detector][hour].above += 1 }
    }
  }

  /// Takes in one tick.
  public mutating func pass(_ tick: DayTick) {
    let before = last
    last = (tick.at.monotonic, tick.number)
    guard let hour = hour(of: tick.at.utc) else { return breakOff() }
    let seconds = before.map { tick.at.monotonic.seconds(since: $0.at) } ?? 0
    if before?.number != tick.number - 1 || !(0...Self.longestStep).contains(seconds) {
      breakOff()
      return
    }
    guard let report = tick.report,
      tick.at.monotonic.seconds(since: report.at.monotonic) <= Self.lifetime
    else { return breakOff() }
    recorded[hour] += seconds
    manual.pass(seconds, in: hour, source: report.source)
    regimes.pass(seconds, in: hour, under: tick.regime)
    endings.pass(report, at: tick.junction, order: order(at: tick.at.utc), in: hour)
    for (position, crossing) in site.crossings.enumerated() {
      let lamp =
        report.lamps.indices.contains(crossing.signalGroup)
        ? report.lamps[crossing.signalGroup] : .dark
      crossings[position].pass(
        isWalk: lamp == .green, at: report.at.utc.milliseconds, in: hour)
    }
    for position in site.laneGroups.indices { pass(position, tick, report, seconds, in: hour) }
  }

  private mutating func pass(
    _ position: Int, _ tick: DayTick, _ report: CabinetReport, _ seconds: Double, in hour: Int
  ) {
    let estimate = tick.demand.laneGroups[position]
    let isOpen = isOpen(position, report)
    laneGroups[position].pass(
      seconds, in: hour, isOpen: isOpen,
      rate: tick.demand.discharge[report.stage][position],
      queue: estimate.trust > 0 ? estimate.queue : nil)
    arrivals[position].pass(isOpen: isOpen, at: report.at.utc.milliseconds)
  }

  /// Whether one of its streams has green.
  private func isOpen(_ laneGroup: Int, _ report: CabinetReport) -> Bool {
    site.laneGroups[laneGroup].movements.contains { movement in
      guard let group = movement.signalGroup, report.lamps.indices.contains(group) else {
        return false
      }
      return report.lamps[group].isGreen
    }
  }

  private func order(at utc: UTC) -> [Int] {
    site.timeOfDayPlan(at: utc).plan.entries.reduce(into: []) { order, entry in
      if !order.contains(entry.stage) { order.append(entry.stage) }
    }
  }

  private mutating func breakOff() {
    for position in laneGroups.indices {
      laneGroups[position].breakOff()
      arrivals[position].breakOff()
    }
    for position in crossings.indices { crossings[position].breakOff() }
    endings.breakOff()
  }
}
