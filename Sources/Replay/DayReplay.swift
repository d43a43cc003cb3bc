import Counts
import History
public import Measures
public import Signals

/// The measures of one day out of a history, by deciding it again: what was thought of each queue is recorded
/// with decisions alone, so it is worked out anew for every second.
public struct DayReplay: Sendable {
  private let replay: HistoryReplay
  private let midnight: UTC

  /// Reads what the history at `path` has of the day that begins at `midnight`.
  ///
  /// - Parameters:
  ///   - path: The history.
  ///   - midnight: Local midnight.
  ///   - junctions: Identifiers of those that are wanted; empty for all.
  ///   - options: Version, workers; its span is set here.
  /// - Throws: `HistoryError` or `ReplayError` if there is nothing of that day.
  public init(
    path: String, midnight: UTC, junctions: [String], options: ReplayOptions
  ) throws {
    var options = options
    options.from = midnight
    options.until = midnight.advanced(bySeconds: 86_400)
    options.junctions = junctions
    self.midnight = midnight
    replay = try HistoryReplay(path: path, options: options)
  }

  /// Local midnight, at the junction whose session the history at `path` began with, of a date.
  ///
  /// - Parameters:
  ///   - date: Midnight of the date in UTC.
  ///   - path: The history.
  /// - Returns: The moment; `nil` if the history has no session.
  /// - Throws: `HistoryError` if it cannot be read.
  public static func midnight(of date: UTC, in path: String) throws -> UTC? {
    guard let first = try HistoryReader(path: path).firstSession(),
      let site = SiteSnapshot(text: first.session.configuration)?.site
    else { return nil }
    return date.advanced(bySeconds: -Double(site.timeZoneMinutes) * 60)
  }

  /// Decides the day again.
  ///
  /// - Parameter progress: Called now and then, on any thread, with the share that is done, 0 ... 1.
  /// - Returns: The measures of each junction, and what could not be decided again.
  /// - Throws: `HistoryError` if the history cannot be read, `ReplayError` if it has nothing of the day.
  public func measures(
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> DayMeasures {
    let all = try parallel(
      Array(replay.plan.indices), workers: replay.options.workers, progress: progress
    ) { try measures(of: replay.plan[$0]) }
    guard all.contains(where: { $0.ticks > 0 || !$0.gaps.isEmpty }) else {
      throw ReplayError(description: "\(replay.path): nothing was recorded on that day")
    }
    return DayMeasures(
      begin: midnight.rfc3339, junctions: all.map(\.measures), gaps: all.flatMap(\.gaps))
  }

  private func measures(
    of plan: HistoryReplay.JunctionPlan
  ) throws -> (measures: JunctionMeasures, gaps: [DayGap], ticks: Int) {
    let reader = try HistoryReader(path: replay.path)
    var tally = DayTally(of: plan.recorded.site, midnight: midnight)
    var gaps: [DayGap] = []
    var ticks = 0
    func note(_ at: String, _ reason: String) {
      gaps.append(DayGap(junction: plan.recorded.site.id, at: at, reason: reason))
    }
    for setup in plan.sessions {
      let session = setup.stored.session
      guard setup.snapshot.decides(as: plan.recorded) else {
        note(session.at.utc.rfc3339, "another configuration was in force than at the day's end")
        continue
      }
      var replayed = SessionReplay(
        setup, changed: nil, span: replay.span, reader: reader)
      replayed.tally = tally
      let outcome = try replayed.run(try reader.readings(of: setup.stored))
      tally = replayed.tally ?? tally
      ticks += outcome.inside
      if let gap = outcome.gap { note(gap.at, gap.reason) }
    }
    return (tally.measures(), gaps, ticks)
  }
}
