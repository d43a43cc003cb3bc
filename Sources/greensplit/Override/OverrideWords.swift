import Control
import Counts
import Phrases
import Safety
import Signals

/// Says what an override does at a junction, in the words of a duty officer (GA/T 1049.2).
struct OverrideWords {
  let site: Intersection

  /// "A 30 s, B 12 s".
  func greens(_ entries: [PlanEntry]) -> String {
    entries.map { "\(name($0.stage)) \($0.green)" }.joined(separator: ", ")
  }

  private func name(_ stage: Int) -> String {
    site.stages.indices.contains(stage) ? site.stages[stage].name : "\(stage + 1)"
  }

  /// What `action` will do.
  func what(_ action: Override.Action, _ outlook: OverrideOutlook, due: NamedPlan) -> Phrase {
    switch action {
    case .stage(let stage): return locked(stage, outlook)
    case .plan:
      return Phrase(
        "The plan \(greens(outlook.entries)) runs, round by round of \(outlook.length).",
        "运行指定方案：\(greens(outlook.entries))，周期 \(outlook.length)。")
    case .dayPlan(let plan):
      let name = site.plans[plan].name
      return Phrase(
        "Day plan \(name) runs: \(greens(outlook.entries)), round by round of \(outlook.length).",
        "运行日计划方案 \(name)：\(greens(outlook.entries))，周期 \(outlook.length)。")
    case .handOver:
      return Phrase(
        "The time-of-day plan that is due (now \(due.name): \(greens(due.plan.entries))) takes "
          + "over; then the lease lapses and the cabinet runs its own plan by itself.",
        "转入当前时段的定时方案（现为 \(due.name)：\(greens(due.plan.entries))）；随后租约到期，信号机自主运行本机方案。")
    }
  }

  private func locked(_ stage: Int, _ outlook: OverrideOutlook) -> Phrase {
    let green = outlook.entries[0].green
    let others = Array(outlook.entries.dropFirst())
    let start = Phrase(
      "It is green \(outlook.latestStart) after the beginning at the latest, unless somebody has "
        + "waited too long already.",
      "最迟在开始后 \(outlook.latestStart) 内放行，除非有人已等待过久。")
    guard !others.isEmpty else {
      return Phrase(
        "Stage \(name(stage)) is held without interruption. \(start.text(.english))",
        "锁定阶段 \(name(stage))，不中断。\(start.text(.chinese))")
    }
    let bound =
      outlook.bound.map { violation in
        Phrase(
          "with more, \(violation.place ?? "somebody") would be \(violation.value) (\(violation.limit))",
          "否则超出限值：\(Phrase(recorded: violation.description).text(.chinese))")
      }
      ?? Phrase(
        "that is its maximum green", "为其最大绿灯")
    return Phrase(
      "Stage \(name(stage)) is held: green for \(green) of each \(outlook.length); \(bound.text(.english)). "
        + "In between, \(greens(others)), each as short as it may be. \(start.text(.english))",
      "锁定阶段 \(name(stage))：每 \(outlook.length) 中绿灯 \(green)，\(bound.text(.chinese))；"
        + "其间 \(greens(others)) 按最短绿灯放行。\(start.text(.chinese))")
  }

  /// What runs, as far as it is known.
  func running(_ report: CabinetReport?) -> Phrase {
    guard let report else { return Phrase("nothing is known of the cabinet", "信号机状态未知") }
    let plan = report.plan.map { greens($0.entries) } ?? "?"
    let stage = name(report.stage)
    switch report.source {
    case .central:
      return Phrase(
        "plan \(report.activeSequence) of ours ran (\(plan)), in stage \(stage)",
        "原运行中心方案 \(report.activeSequence)（\(plan)），阶段 \(stage)")
    case .timeOfDay:
      return Phrase(
        "the cabinet's own plan ran (\(plan)), in stage \(stage)",
        "原运行信号机本机方案（\(plan)），阶段 \(stage)")
    case .manual: return Phrase("a person at the cabinet held control", "原为现场手动控制")
    case .flash: return Phrase("the cabinet flashed", "原为黄闪")
    case .preempt: return Phrase("a priority held control", "原为优先控制")
    }
  }

  /// Local time, "08:14:30".
  func clock(_ utc: UTC) -> String {
    let local = utc.advanced(bySeconds: Double(site.timeZoneMinutes) * 60)
    return String(Log.timestamp(local).dropFirst(11).prefix(8))
  }
}

extension PlanRejected {
  /// Why a plan may not run.
  var phrase: Phrase {
    Phrase.joined(violations.map { Phrase(recorded: $0.description) }, separator: Phrase("; ", "；"))
  }
}
