import Signals

/// How long each signal group has not been green, as far as the cabinet's reports tell.
struct RedClock: Sendable, Equatable, Codable {
  /// When each signal group was last seen green; `nil` before the first report.
  private var lastGreen: [Instant]?

  /// Takes in a report. The first one also tells the past: the plan is taken to have run for a while.
  mutating func observe(_ report: CabinetReport, at junction: Intersection) {
    let now = report.at.monotonic
    guard let count = lastGreen?.count else {
      lastGreen = waitsBefore(report, at: junction).map { now.advanced(bySeconds: -$0.seconds) }
      return
    }
    for group in 0..<min(count, report.lamps.count) where report.lamps[group].isGreen {
      lastGreen?[group] = now
    }
  }

  /// How long each signal group has waited at `now`; zero before the first report.
  func waits(at now: Instant, signalGroups: Int) -> [Tenths] {
    guard let lastGreen else { return Array(repeating: .zero, count: signalGroups) }
    return lastGreen.map { Tenths(seconds: max(0, now.seconds(since: $0))) }
  }

  /// Waits that follow from the plan that runs, walked backwards from the running entry.
  private func waitsBefore(_ report: CabinetReport, at junction: Intersection) -> [Tenths] {
    let entries = report.plan?.entries ?? []
    let running = report.runningEntry(at: junction)
    return junction.signalGroups.indices.map { group in
      if group < report.lamps.count && report.lamps[group].isGreen { return .zero }
      guard let running else { return .zero }
      var wait = report.timeInState
      var following = report.stage
      for back in 1...max(1, entries.count) {
        let entry = entries[(running - back + 2 * entries.count) % entries.count]
        wait += junction.changeTime(from: entry.stage, to: following) ?? .zero
        if junction.stages[entry.stage].serves(group) { return wait }
        wait += entry.green
        following = entry.stage
      }
      return wait
    }
  }
}
