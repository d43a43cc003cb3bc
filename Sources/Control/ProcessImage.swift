public import Counts
public import Demand
public import Signals

/// All that one decision may look at, frozen at one tick.
public struct ProcessImage: Sendable, Equatable {
  /// The tick.
  public let at: Moment

  /// Records accepted since the tick before, in the order of acceptance.
  public let records: [CountRecord]

  /// What stop lines upstream are about to let go, as far as it was told since the tick before.
  public let releases: [ComingRelease]

  /// What the cabinet last said of itself; `nil` while nothing is known of it.
  public let report: CabinetReport?

  /// The junction under the stricter of its own and its cabinet's limits; `nil` until the cabinet's
  /// were read, and when the cabinet is another junction's.
  public let junction: Intersection?

  /// What a person wants instead, valid at this tick; `nil` for nothing.
  public let override: Override?

  /// An image of one tick.
  public init(
    at: Moment, records: [CountRecord], releases: [ComingRelease] = [], report: CabinetReport?,
    junction: Intersection?, override: Override? = nil
  ) {
    self.at = at
    self.records = records
    self.releases = releases
    self.report = report
    self.junction = junction
    self.override = override
  }
}

extension CabinetReport {
  /// Position, in the plan that runs, of the entry that runs; `nil` if the plan does not contain the
  /// stage that runs.
  func runningEntry(at junction: Intersection) -> Int? {
    guard let entries = plan?.entries else { return nil }
    var found = entries.firstIndex { $0.stage == stage }
    guard let first = found, entries[(first + 1)...].contains(where: { $0.stage == stage })
    else { return found }
    // The same stage several times: the time in the cycle tells which of them runs.
    var begins = Tenths.zero
    for position in entries.indices {
      if entries[position].stage == stage, begins <= timeInCycle { found = position }
      let next = entries[(position + 1) % entries.count].stage
      begins +=
        entries[position].green
        + (junction.changeTime(from: entries[position].stage, to: next) ?? .zero)
    }
    return found
  }
}
