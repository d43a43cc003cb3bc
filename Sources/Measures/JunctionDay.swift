import Signals

/// What is compared between days.
public enum ComparedMeasure: String, Sendable, Codable, CaseIterable {
  /// Vehicles that crossed the stop lines of a junction in an hour, pcu/h: whether the days were alike.
  case vehicles
  /// Time in the queue, s a vehicle.
  case delay
  /// Share of greens that did not clear the queue, 0 ... 1.
  case splitFailures
  /// Share of arrivals that found green, 0 ... 1.
  case arrivalsOnGreen
  /// Mean wait at crossings, s.
  case wait
  /// Manual interventions in a peak hour of a junction.
  case interventions
  /// Time by hand, s in an hour of a junction.
  case byHand
}

/// One junction on one day, as it is compared with other days: the sums of which each measure is the quotient,
/// for each part (lane group, crossing, or the junction itself) and hour.
///
/// Two days are compared over the parts and hours that were measured on both, so that a camera that failed or
/// an hour that was not recorded on one of them makes no difference between them.
public struct JunctionDay: Sendable {
  /// Identifier.
  public let junction: String

  /// Time under greensplit's plans, s.
  public let adaptive: Double

  /// Time under the time-of-day plan, s.
  public let fixed: Double

  /// Busiest hours before and after noon.
  let peakHours: [Int]

  /// By measure, part and hour; `nil` where it was not measured.
  private let cells: [ComparedMeasure: [[Ratio?]]]

  init(
    junction: String, adaptive: Double, fixed: Double, peakHours: [Int],
    cells: [ComparedMeasure: [[Ratio?]]]
  ) {
    self.junction = junction
    self.adaptive = adaptive
    self.fixed = fixed
    self.peakHours = peakHours
    self.cells = cells
  }

  /// `measure` of two days of the same junctions, over what was measured on both.
  ///
  /// - Returns: The two values; `nil` if nothing was measured on both.
  public static func values(
    of measure: ComparedMeasure, on one: [JunctionDay], and other: [JunctionDay]
  ) -> (one: Double, other: Double)? {
    var sums = (one: Ratio(), other: Ratio())
    for (a, b) in zip(one, other) where a.junction == b.junction {
      let peaks = a.peakHours + b.peakHours
      for (partA, partB) in zip(a.cells[measure] ?? [], b.cells[measure] ?? []) {
        for (hour, pair) in zip(partA, partB).enumerated() {
          // Interventions are the bureau's figure of the peak hours.
          guard measure != .interventions || peaks.contains(hour) else { continue }
          guard let one = pair.0, let other = pair.1 else { continue }
          sums.one = sums.one + one
          sums.other = sums.other + other
        }
      }
    }
    guard let one = sums.one.value(least: 1), let other = sums.other.value(least: 1) else {
      return nil
    }
    return (one, other)
  }
}

extension DayTally {
  /// The day as it is compared with others.
  public func compared() -> JunctionDay {
    let groups = site.laneGroups.indices.filter(isSignalled)
    func cells(_ parts: [Int], _ value: (Int, Int) -> Result<Ratio, Missing>) -> [[Ratio?]] {
      parts.map { part in whereRecorded { value(part, $0) }.map { try? $0.get() } }
    }
    /// A sum of an hour.
    func hourly(_ sum: Double) -> Result<Ratio, Missing> { .success(Ratio(above: sum, below: 1)) }
    return JunctionDay(
      junction: site.id, adaptive: regimes.adaptive.reduce(0, +),
      fixed: regimes.fixed.reduce(0, +), peakHours: peakHours,
      cells: [
        .vehicles: cells([0]) { _, hour in
          vehicles(in: hour).map(hourly) ?? .failure(.notCounted)
        },
        .delay: cells(groups) { delay(of: $0, in: $1) },
        .splitFailures: cells(groups) { .success(laneGroups[$0].failures[$1]) },
        .arrivalsOnGreen: cells(groups.filter { arrivals[$0].viewTime != nil }) {
          .success(arrivalsOnGreen(of: $0, in: $1))
        },
        .wait: cells(Array(site.crossings.indices)) { .success(crossings[$0].waits[$1]) },
        .interventions: cells([0]) { hourly(manual.interventions[$1]) },
        .byHand: cells([0]) { hourly(manual.seconds[$1]) },
      ])
  }
}
