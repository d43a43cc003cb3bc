import Phrases
import Signals

/// No stage's longest green is below its shortest.
func greenRanges(_ draft: Draft) {
  for stage in draft.stages {
    guard let least = stage.minimumGreen, let most = stage.maximumGreen, most < least else {
      continue
    }
    stage.row.at("max_green").report(
      "\(most) is below the min_green of \(least); write \(least) or more",
      "\(most) 小于 min_green \(least)；请写 \(least) 或以上")
  }
}

/// No stage may be shorter than people on its crossings need.
func pedestrianGreens(_ draft: Draft) {
  for stage in draft.stages {
    guard let crossing = draft.slowestCrossing(in: stage), let need = crossing.pedestrian else {
      continue
    }
    let times = [("min_green", stage.minimumGreen), ("max_green", stage.maximumGreen)]
    for case (let key, let green?) in times where green < need {
      stage.row.at(key).report(draft.tooShort(green, for: crossing, need: need))
    }
  }
}

/// The longest cycle is not below the shortest.
func cycleLimits(_ draft: Draft) {
  guard let limits = draft.limits, let least = limits.minimumCycle,
    let most = limits.maximumCycle, most < least
  else { return }
  limits.table["max_cycle"]?.report(
    "\(most) is below the min_cycle of \(least); write \(least) or more",
    "\(most) 小于 min_cycle \(least)；请写 \(least) 或以上")
}

/// Nobody may wait for longer than he may be red.
func longestWaits(_ draft: Draft) {
  guard let wait = draft.control?.longestWait, let red = draft.limits?.longestRed, wait > red else {
    return
  }
  draft.control?.table["longest_wait"]?.report(
    "\(wait) is above the longest_red of \(red); write \(red) or less",
    "\(wait) 大于 longest_red \(red)；请写 \(red) 或以下")
}

/// A plan's greens keep to the times of their stages.
func planGreens(_ draft: Draft) {
  for green in draft.plans.flatMap({ $0.greens ?? [] }) {
    guard let value = green.green, let stage = green.stage.map({ draft.stages[$0.position] })
    else { continue }
    if let least = stage.minimumGreen, value < least {
      green.greenField?.report(
        "\(value) is below the min_green of stage \(stage.row.title); write \(least) or more",
        "\(value) 小于相位阶段 \(stage.row.title) 的 min_green；请写 \(least) 或以上")
    }
    if let most = stage.maximumGreen, value > most {
      green.greenField?.report(
        "\(value) is above the max_green of stage \(stage.row.title); write \(most) or less",
        "\(value) 大于相位阶段 \(stage.row.title) 的 max_green；请写 \(most) 或以下")
    }
    if let crossing = draft.slowestCrossing(in: stage), let need = crossing.pedestrian,
      value < need
    {
      green.greenField?.report(draft.tooShort(value, for: crossing, need: need))
    }
  }
}

/// A plan that waits for the start of a cycle must not lose its lease before it has run once.
///
/// At the other paces a plan takes over within a stage, and half a minute is enough to renew it.
func leaseLength(_ draft: Draft) {
  guard let control = draft.control, let lease = control.lease else { return }
  guard lease.count % 10 == 0 else {
    control.table["lease"]?.report(
      "\(lease) is not a whole number of seconds, as cabinets count leases; "
        + "write \(Tenths.seconds(lease.count / 10 + 1))",
      "\(lease) 不是整秒，而信号机按整秒计租约；请写 \(Tenths.seconds(lease.count / 10 + 1))")
    return
  }
  let cycles = draft.plans.compactMap(\.cycle)
  guard control.pace == .cycle, let longest = cycles.max(), lease < longest else { return }
  control.table["lease"]?.report(
    "\(lease) is shorter than the longest cycle of the plans, \(longest), so at pace cycle a plan "
      + "could lapse before it runs; write \(Tenths.seconds((longest.count + 9) / 10)) or more",
    "\(lease) 短于方案的最长周期 \(longest)，pace cycle 下方案可能尚未运行租约就已到期；"
      + "请写 \(Tenths.seconds((longest.count + 9) / 10)) 或以上")
}

/// No two entries of the schedule begin at the same time.
func scheduleTimes(_ draft: Draft) {
  var seen: [Int] = []
  for entry in draft.schedule ?? [] {
    guard let minute = entry.fromMinute else { continue }
    if seen.contains(minute) {
      entry.field.report(
        "another plan begins at the same time; keep one of them",
        "另有方案在同一时刻开始；请保留一个")
    }
    seen.append(minute)
  }
}

extension Draft {
  fileprivate func slowestCrossing(in stage: StageDraft) -> CrossingDraft? {
    crossings(in: stage).max { ($0.pedestrian ?? .zero) < ($1.pedestrian ?? .zero) }
  }

  fileprivate func tooShort(_ green: Tenths, for crossing: CrossingDraft, need: Tenths) -> Phrase {
    Phrase(
      "\(green) is below the \(need) of walk and clearance of crossing \(crossing.row.title); "
        + "write \(need) or more",
      "\(green) 小于人行横道 \(crossing.row.title) 的行人绿灯与清空之和 \(need)；请写 \(need) 或以上")
  }
}
