import Signals

/// Which rung a junction stands on, with the hysteresis of climbing back.
struct DegradeLadder: Sendable, Equatable, Codable {
  /// How long things must be better before control climbs: long enough that a link or a camera that
  /// comes and goes does not make the plans come and go.
  static let patience = 15.0

  /// The rung.
  private(set) var level = DegradeLevel.local

  /// Why.
  private(set) var cause = "starting"

  /// Since when it has stood there; `nil` before the first tick.
  private(set) var since: UTC?

  private var betterSince: Instant?

  /// Moves to what the situation allows: down at once, up after some patience.
  mutating func move(to target: DegradeLevel, because reason: String, at moment: Moment) {
    let now = moment.monotonic
    if since == nil { since = moment.utc }
    if target < level {
      let better = betterSince ?? now
      betterSince = better
      guard now.seconds(since: better) >= Self.patience else { return }
    }
    if target != level { since = moment.utc }
    level = target
    cause = reason
    betterSince = nil
  }
}

/// What the cabinet and the counts allow, and why.
struct Situation: Sendable, Equatable {
  /// The best rung that is allowed.
  let level: DegradeLevel

  /// Why no better one.
  let cause: String
}

extension ProcessImage {
  /// How old a report may be before the link counts as lost: three polls.
  static let reportLifetime = 3.5

  /// The best rung that this image allows.
  ///
  /// - Parameters:
  ///   - blindShare: Share of the lane groups without counts that can be used.
  ///   - failed: Detectors that have failed, in words; `nil` if none has.
  /// - Returns: The rung, and why no better one.
  func situation(blindShare: Double, failed: String? = nil) -> Situation {
    guard let report, at.monotonic.seconds(since: report.at.monotonic) <= Self.reportLifetime else {
      return Situation(level: .local, cause: "no fresh report of the cabinet")
    }
    guard junction != nil else {
      return Situation(level: .local, cause: "the cabinet's limits are not known or do not fit")
    }
    guard report.source.offersControl else {
      return Situation(level: .local, cause: "the cabinet is under \(report.source) control")
    }
    guard report.criticalFaults == 0 else {
      return Situation(level: .local, cause: "critical fault bits \(report.criticalFaults)")
    }
    let blind = Int((blindShare * 100).rounded())
    let which = failed.map { ": \($0)" } ?? ""
    if blindShare > 0.5 {
      return Situation(
        level: .timeOfDay, cause: "\(blind) % of the lane groups without counts\(which)")
    }
    if let failed { return Situation(level: .onHistory, cause: failed) }
    if blindShare > 0 {
      return Situation(level: .onHistory, cause: "\(blind) % of the lane groups on history")
    }
    return Situation(level: .isolated, cause: "all lane groups have fresh counts")
  }
}
