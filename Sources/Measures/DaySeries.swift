public import Counts
public import Signals

/// Gathers the measures of one junction over days that follow each other.
public struct DaySeries: Sendable {
  /// One for each day, the first first.
  public private(set) var days: [DayTally]

  /// - Parameters:
  ///   - site: The junction.
  ///   - midnight: Local midnight at which the first day begins.
  ///   - count: Number of days, at least 1.
  public init(of site: Intersection, midnight: UTC, days count: Int) {
    precondition(count >= 1, "a day")
    days = (0..<count).map { day in
      DayTally(of: site, midnight: midnight.advanced(bySeconds: Double(day) * 86_400))
    }
  }

  /// Position of the day of `utc`; `nil` outside all.
  private func day(of utc: UTC) -> Int? {
    let passed = utc.milliseconds - days[0].midnight.milliseconds
    let day = passed / 86_400_000
    return passed >= 0 && day < days.count ? Int(day) : nil
  }

  /// Takes in an accepted record of the junction's own detectors.
  public mutating func note(_ record: CountRecord) {
    if let day = day(of: record.start) { days[day].note(record) }
  }

  /// Takes in which detectors are of use at `utc`, in the order of the site.
  public mutating func note(working: [Bool], at utc: UTC) {
    if let day = day(of: utc) { days[day].note(working: working, at: utc) }
  }

  /// Takes in one tick.
  public mutating func pass(_ tick: DayTick) {
    if let day = day(of: tick.at.utc) { days[day].pass(tick) }
  }
}
