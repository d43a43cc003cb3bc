import Control
import Counts
import Demand
import Junctions
import Phrases
import Settings
import Signals

/// How a junction stands, in a line for people:
/// "J017: isolated adaptive, 2 of 12 detectors on history since 08:14 (camera cam-017-N frozen)".
struct StatusWords {
  private let status: JunctionStatus
  private let mode: JunctionMode
  private let language: Language

  init(_ status: JunctionStatus, _ mode: JunctionMode = .control, in language: Language) {
    self.status = status
    self.mode = mode
    self.language = language
  }

  var line: String {
    said("\(status.site.id): ", "\(status.site.id)：") + state + advised + overridden + clocks
      + roads
  }

  /// "; advisory mode, nothing is written".
  private var advised: String {
    mode == .control ? "" : said("; advisory mode, nothing is written", "；建议模式，不写入")
  }

  private func said(_ english: String, _ chinese: String) -> String {
    Phrase(english, chinese).text(language)
  }

  /// "; override 7-3 by wang until 08:30: visit"; nothing if nobody overrides it.
  private var overridden: String {
    guard let override = status.override else { return "" }
    let until = clock(override.ends.utc)
    return said(
      "; override \(override.id) by \(override.who) until \(until): \(override.reason)",
      "；人工干预 \(override.id)，\(override.who)，至 \(until)：\(override.reason)")
  }

  private var state: String {
    let control = status.control
    let since = control.since.map { said(" since \(clock($0))", "（自 \(clock($0)) 起）") } ?? ""
    let cause = said(": ", "：") + Phrase(recorded: control.cause).text(language)
    switch control.level {
    case .coordinated: return said("coordinated adaptive", "协调自适应") + since + doubts
    case .isolated: return said("isolated adaptive", "单点自适应") + since + doubts
    case .onHistory: return said("isolated adaptive, ", "单点自适应，") + history
    case .timeOfDay: return said("time-of-day plan", "时段方案") + since + cause
    case .local: return said("the cabinet's own plan", "信号机自身方案") + since + cause
    }
  }

  /// "2 of 12 detectors on history since 08:14 (camera cam-017-N frozen)".
  private var history: String {
    let failed = status.control.detectors.filter(\.isFailed)
    guard let first = failed.compactMap(\.verdict.worst?.since).min() else {
      return Phrase(recorded: status.control.cause).text(language)
    }
    let all = status.control.detectors.count
    return said(
      "\(failed.count) of \(all) detectors on history since \(clock(first)) (\(reasons(failed)))",
      "\(all) 个检测器中 \(failed.count) 个自 \(clock(first)) 起采用历史数据（\(reasons(failed))）")
  }

  /// ", 1 of 12 detectors suspect (J017.N.2: …)"; nothing if none is.
  private var doubts: String {
    let suspect = status.control.detectors.filter { $0.verdict.grade != .ok }
    guard !suspect.isEmpty else { return "" }
    let all = status.control.detectors.count
    return said(
      ", \(suspect.count) of \(all) detectors suspect (\(reasons(suspect)))",
      "，\(all) 个检测器中 \(suspect.count) 个可疑（\(reasons(suspect))）")
  }

  /// Each camera and its trouble once, three at most.
  private func reasons(_ detectors: [ControlStatus.Detector]) -> String {
    var reasons: [String] = []
    for detector in detectors {
      let who = detector.camera.map { said("camera \($0)", "相机 \($0)") } ?? detector.id
      let words = Phrase(recorded: detector.verdict.worst?.words ?? "no record")
      let reason = "\(who) \(words.text(language))"
      if !reasons.contains(reason) { reasons.append(reason) }
    }
    let others = reasons.count - 3
    let more = others > 0 ? said(", and \(others) more", "，另有 \(others) 个") : ""
    return reasons.prefix(3).joined(separator: said(", ", "，")) + more
  }

  /// What clocks are wrong, which the detectors themselves cannot tell.
  private var clocks: String {
    let wrong = status.sources.filter { $0.quarantinedSince != nil || $0.behind > 5 }
    guard let worst = wrong.first else { return "" }
    let by = decimal(abs(worst.behind), places: 0)
    let others = wrong.count - 1
    let more = others > 0 ? said(" and \(others) more", "等 \(wrong.count) 个来源") : ""
    let isAhead = worst.behind < 0
    return said(
      "; clock of \(worst.name)\(more) \(by) s "
        + (isAhead ? "ahead, its counts are refused" : "behind"),
      "；\(worst.name)\(more)的时钟" + (isAhead ? "快 \(by) s，其计数被拒绝" : "慢 \(by) s"))
  }

  /// "; W.T discharges 2780 pcu/h, 16 % less than its site file says"; nothing if all do as surveyed.
  private var roads: String {
    let drifts = status.control.drifts
    guard let worst = drifts.max(by: { $0.change < $1.change }) else { return "" }
    let (group, flow) = (
      status.site.laneGroups[worst.laneGroup].name, decimal(worst.learned, places: 0)
    )
    let share = decimal(100 * worst.change, places: 0)
    let isLess = worst.learned < worst.surveyed
    let others = drifts.count - 1
    let more =
      others > 0
      ? said(", and \(others) more lane groups are off", "；另有 \(others) 个车道组不符") : ""
    return said(
      "; \(group) discharges \(flow) pcu/h, \(share) % \(isLess ? "less" : "more") than its site file says",
      "；\(group) 放行 \(flow) pcu/h，比路口文件所载\(isLess ? "少" : "多") \(share) %") + more
  }

  /// Local time, "08:14".
  private func clock(_ utc: UTC) -> String {
    let local = utc.advanced(bySeconds: Double(status.site.timeZoneMinutes) * 60)
    return String(Log.timestamp(local).dropFirst(11).prefix(5))
  }
}
