import Counts
import History
public import Measures
import Phrases
public import Signals

/// The measures of a day or several out of a history, by deciding them again: what was thought of each queue is recorded
/// with decisions alone, so it is worked out anew for every second.
public struct DayReplay: Sendable {
  private let replay: HistoryReplay
  private let midnight: UTC
  private let days: Int

  /// Reads what the history at `path` has of the days of which the first begins at `midnight`.
  ///
  /// - Parameters:
  ///   - path: The history.
  ///   - midnight: Local midnight.
  ///   - days: Their number, at least 1.
  ///   - junctions: Identifiers of those that are wanted; empty for all.
  ///   - options: Version, workers; its span is set here.
  /// - Throws: `HistoryError` or `ReplayError` if there is nothing of that day.
  public init(
    path: String, midnight: UTC, days: Int = 1, junctions: [String], options: ReplayOptions
  ) throws {
    var options = options
    options.from = midnight
    options.until = midnight.advanced(bySeconds: Double(days) * 86_400)
    options.junctions = junctions
    self.midnight = midnight
    self.days = days
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

  /// Decides the first day again.
  ///
  /// - Parameters:
  ///   - timeSpace: When time-space diagrams begin, s since midnight; `nil` for a quarter of the busiest hour.
  ///   - progress: Called now and then, on any thread, with the share that is done, 0 ... 1.
  /// - Returns: The measures of each junction, and what could not be decided again.
  /// - Throws: `HistoryError` if the history cannot be read, `ReplayError` if it has nothing of the day.
  public func measures(
    timeSpace: Double? = nil,
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> DayMeasures {
    let all = try tallies(progress: progress) { $0.days[0] }
    return DayMeasures(
      begin: midnight.rfc3339, junctions: all.map { $0.wanted.measures() },
      timeSpace: TimeSpaceRoute.all(all.map(\.wanted), from: timeSpace),
      gaps: all.flatMap(\.gaps))
  }

  /// Decides all days again, to compare them.
  ///
  /// - Parameter progress: Called now and then, on any thread, with the share that is done, 0 ... 1.
  /// - Returns: By day, then by junction, what is compared; and what could not be decided again.
  /// - Throws: `HistoryError` if the history cannot be read, `ReplayError` if it has nothing of the days.
  public func compared(
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> (days: [[JunctionDay]], gaps: [DayGap]) {
    let all = try tallies(progress: progress) { series in series.days.map { $0.compared() } }
    return ((0..<days).map { day in all.map { $0.wanted[day] } }, all.flatMap(\.gaps))
  }

  /// What is `wanted` of the days of each junction.
  private func tallies<Wanted: Sendable>(
    progress: @escaping @Sendable (Double) -> Void,
    _ wanted: @escaping @Sendable (DaySeries) -> Wanted
  ) throws -> [(wanted: Wanted, gaps: [DayGap], ticks: Int)] {
    let all = try parallel(
      Array(replay.plan.indices), workers: replay.options.workers, progress: progress
    ) { position in
      let found = try gather(replay.plan[position])
      return (wanted: wanted(found.series), gaps: found.gaps, ticks: found.ticks)
    }
    guard all.contains(where: { $0.ticks > 0 || !$0.gaps.isEmpty }) else {
      throw ReplayError(
        "\(replay.path): nothing was recorded on \(days == 1 ? "that day" : "those days")",
        "\(replay.path)：\(days == 1 ? "当日" : "这些日子")没有任何记录")
    }
    return all
  }

  private func gather(
    _ plan: HistoryReplay.JunctionPlan
  ) throws -> (series: DaySeries, gaps: [DayGap], ticks: Int) {
    let reader = try HistoryReader(path: replay.path)
    var series = DaySeries(of: plan.recorded.site, midnight: midnight, days: days)
    var gaps: [DayGap] = []
    var ticks = 0
    func note(_ at: String, _ reason: String) {
      gaps.append(DayGap(junction: plan.recorded.site.id, at: at, reason: reason))
    }
    for setup in plan.sessions {
      let session = setup.stored.session
      guard setup.snapshot.decides(as: plan.recorded) else {
        let end = days == 1 ? "the day's end" : "the end of the days"
        note(session.at.utc.rfc3339, "another configuration was in force than at \(end)")
        continue
      }
      var replayed = SessionReplay(
        setup, changed: nil, span: replay.span, reader: reader)
      replayed.tally = series
      let outcome = try replayed.run(try reader.readings(of: setup.stored))
      series = replayed.tally ?? series
      ticks += outcome.inside
      if let gap = outcome.gap { note(gap.at, gap.reason) }
    }
    return (series, gaps, ticks)
  }
}
