import Control
import Junctions
import Phrases
import Safety
import Signals

/// What one junction says of an override that is asked for.
struct OverrideView: Sendable {
  let site: Intersection
  let action: Override.Action
  /// What it would do, in words.
  let words: Phrase
  /// What runs now, in words.
  let before: Phrase
}

extension OverrideRequest {
  /// The action at one junction, by the names of its site file.
  func action(at site: Intersection) throws(DeskProblem) -> Override.Action {
    func position(_ name: String) throws(DeskProblem) -> Int {
      if let stage = site.stages.firstIndex(where: { $0.name == name }) { return stage }
      let known = site.stages.map(\.name).joined(separator: ", ")
      throw DeskProblem(
        404,
        Phrase(
          "\(site.id) has no stage \(visible(name)); it has \(known)",
          "\(site.id) 没有阶段 \(visible(name))；现有 \(known)"))
    }
    switch self.action {
    case .stage: return .stage(try position(stage ?? ""))
    case .route:
      return .stage(try position(route.first { $0.junction == site.id }?.stage ?? ""))
    case .plan:
      var entries: [PlanEntry] = []
      for green in plan {
        entries.append(
          PlanEntry(stage: try position(green.stage), green: Tenths(seconds: green.green)))
      }
      return .plan(entries)
    case .dayPlan:
      guard let name = dayPlan else { return .handOver }
      if let plan = site.plans.firstIndex(where: { $0.name == name }) { return .dayPlan(plan) }
      let known = site.plans.map(\.name).joined(separator: ", ")
      throw DeskProblem(
        404,
        Phrase(
          "\(site.id) has no day plan \(visible(name)); it has \(known)",
          "\(site.id) 没有日计划方案 \(visible(name))；现有 \(known)"))
    case .flash, .allRed: throw Self.notOffered(self.action)
    case .writes: preconditionFailure("writes concern no single junction")
    }
  }

  /// Flash and all-red, which no cabinet offers over its registers.
  static func notOffered(_ action: Action) -> DeskProblem {
    let (english, chinese) = action == .flash ? ("flash", "黄闪") : ("all-red", "全红")
    return DeskProblem(
      422,
      Phrase(
        "not offered: the registers of a cabinet have no order for \(english) (docs/cabinet-map.md); "
          + "set it at the cabinet, which greensplit does not fight",
        "信号机不提供：寄存器中没有\(chinese)命令（docs/cabinet-map.md）；请在信号机现场设置，greensplit 不会与之争夺"))
  }
}

extension JunctionLoop {
  /// What `request` would do here.
  func view(of request: OverrideRequest, at moment: Moment) throws(DeskProblem) -> OverrideView {
    let action = try request.action(at: site)
    switch outlook(of: action, at: moment) {
    case .failure(let rejection):
      throw DeskProblem(
        422,
        Phrase(
          "\(site.id): the safety check refuses it: \(rejection)",
          "\(site.id)：安全检查不通过：\(rejection.phrase.text(.chinese))"))
    case .success(let outlook):
      let words = OverrideWords(site: site)
      let what = words.what(action, outlook, due: site.timeOfDayPlan(at: moment.utc))
      let doubts = lateness(of: request, action, at: moment) + doubts(at: moment)
      return OverrideView(
        site: site, action: action,
        words: Phrase(
          ([what] + doubts).map { $0.text(.english) }.joined(separator: " "),
          ([what] + doubts).map { $0.text(.chinese) }.joined()),
        before: words.running(report))
    }
  }

  /// That a route's green cannot be there when it is asked for, and from when on it can.
  private func lateness(
    of request: OverrideRequest, _ action: Override.Action, at moment: Moment
  ) -> [Phrase] {
    guard case .stage(let stage) = action,
      let leg = request.route.first(where: { $0.junction == site.id })
    else { return [] }
    let wait = leg.from.seconds(since: moment.utc)
    guard let soonest = soonestGreen(of: stage, in: max(0, wait), at: moment),
      soonest > max(0, wait) + 1
    else { return [] }
    let clock = OverrideWords(site: site).clock(moment.utc.advanced(bySeconds: soonest))
    return [
      Phrase(
        "It cannot be green when it is asked for: shortest greens and changes leave \(clock) as the "
          + "soonest.",
        "无法按要求的时间放行：受最短绿灯和过渡时间限制，最早 \(clock) 放行。")
    ]
  }

  /// What may keep it from being done.
  private func doubts(at moment: Moment) -> [Phrase] {
    var doubts: [Phrase] = []
    let control = status(at: moment).control
    if control.level == .local {
      doubts.append(
        Phrase(
          "Nothing is sent as long as this lasts: \(control.cause).",
          "目前不下发方案：\(Phrase(recorded: control.cause).text(.chinese))。"))
    }
    if !knowsLimits {
      doubts.append(
        Phrase(
          "The cabinet's own limits are not known yet and may bound it further.",
          "信号机自身限值尚未读取，可能进一步限制。"))
    }
    return doubts
  }
}
