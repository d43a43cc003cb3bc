import Control
import Counts
import Junctions
import Signals

/// How a junction stands, in a line for people:
/// "J017: isolated adaptive, 2 of 12 detectors on history since 08:14 (camera cam-017-N frozen)".
struct StatusWords {
  private let status: JunctionStatus

  init(_ status: JunctionStatus) { self.status = status }

  var line: String { "\(status.site.id): \(state)\(overridden)\(clocks)" }

  /// "; override 7-3 by wang until 08:30: visit"; nothing if nobody overrides it.
  private var overridden: String {
    guard let override = status.override else { return "" }
    return "; override \(override.id) by \(override.who) until \(clock(override.ends.utc)): "
      + override.reason
  }

  private var state: String {
    let control = status.control
    let since = control.since.map { " since \(clock($0))" } ?? ""
    switch control.level {
    case .coordinated: return "coordinated adaptive\(since)\(doubts)"
    case .isolated: return "isolated adaptive\(since)\(doubts)"
    case .onHistory: return "isolated adaptive, \(history)"
    case .timeOfDay: return "time-of-day plan\(since): \(control.cause)"
    case .local: return "the cabinet's own plan\(since): \(control.cause)"
    }
  }

  /// "2 of 12 detectors on history since 08:14 (camera cam-017-N frozen)".
  private var history: String {
    let failed = status.control.detectors.filter(\.isFailed)
    guard let first = failed.compactMap(\.verdict.worst?.since).min() else {
      return status.control.cause
    }
    return "\(failed.count) of \(status.control.detectors.count) detectors on history since "
      + "\(clock(first)) (\(reasons(failed)))"
  }

  /// ", 1 of 12 detectors suspect (J017.N.2: …)"; nothing if none is.
  private var doubts: String {
    let suspect = status.control.detectors.filter { $0.verdict.grade != .ok }
    guard !suspect.isEmpty else { return "" }
    return ", \(suspect.count) of \(status.control.detectors.count) detectors suspect "
      + "(\(reasons(suspect)))"
  }

  /// Each camera and its trouble once, three at most.
  private func reasons(_ detectors: [ControlStatus.Detector]) -> String {
    var reasons: [String] = []
    for detector in detectors {
      let who = detector.camera.map { "camera \($0)" } ?? detector.id
      let reason = "\(who) \(detector.verdict.worst?.words ?? "no record")"
      if !reasons.contains(reason) { reasons.append(reason) }
    }
    let more = reasons.count > 3 ? ", and \(reasons.count - 3) more" : ""
    return reasons.prefix(3).joined(separator: ", ") + more
  }

  /// What clocks are wrong, which the detectors themselves cannot tell.
  private var clocks: String {
    let wrong = status.sources.filter { $0.quarantinedSince != nil || $0.behind > 5 }
    guard let worst = wrong.first else { return "" }
    let by = decimal(abs(worst.behind), places: 0)
    let more = wrong.count > 1 ? " and \(wrong.count - 1) more" : ""
    let side = worst.behind < 0 ? "ahead, its counts are refused" : "behind"
    return "; clock of \(worst.name)\(more) \(by) s \(side)"
  }

  /// Local time, "08:14".
  private func clock(_ utc: UTC) -> String {
    let local = utc.advanced(bySeconds: Double(status.site.timeZoneMinutes) * 60)
    return String(Log.timestamp(local).dropFirst(11).prefix(5))
  }
}
