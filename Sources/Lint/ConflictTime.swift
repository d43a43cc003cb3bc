import Signals
import Sites

/// The intergreen between two streams from their ways to the point where they meet, as RiLSA has it:
/// crossing time + clearing time − entering time.
struct ConflictTime {
  /// How the vehicles of a stream clear and enter.
  private struct Pace {
    /// How long after its green the last of a stream passes the stop line, s.
    let crossing: Double
    /// Speed while clearing, m/s.
    let clearing: Double
    /// Length that must be clear, m.
    let length: Double
    /// Speed while entering with a flying start, m/s.
    let entering: Double
  }

  /// RiLSA's values for through vehicles, turning vehicles and cyclists. People on foot clear within
  /// their own clearance, which is part of the green here.
  private static let through = Pace(crossing: 3, clearing: 10, length: 6, entering: 40 / 3.6)
  private static let turning = Pace(crossing: 2, clearing: 7, length: 6, entering: 40 / 3.6)
  private static let cycling = Pace(crossing: 1, clearing: 4, length: 0, entering: 5)
  private static let walking = Pace(crossing: 0, clearing: 1.2, length: 0, entering: 1.5)

  /// Seconds from the end of the clearing stream's green to the start of the entering stream's.
  static func intergreen(at point: ConflictPoint, of site: Intersection) -> Double {
    let last = pace(of: point.clearing, of: site)
    let first = pace(of: point.entering, of: site)
    let clearing = (point.clearingDistance + last.length) / last.clearing
    return max(0, last.crossing + clearing - point.enteringDistance / first.entering)
  }

  private static func pace(of group: Int, of site: Intersection) -> Pace {
    switch site.signalGroups[group].kind {
    case .pedestrian: return walking
    case .bicycle: return cycling
    case .vehicle:
      let turns = site.laneGroups.flatMap(\.movements).filter { $0.signalGroup == group }
      return turns.contains { $0.turn == .through } ? through : turning
    }
  }
}
