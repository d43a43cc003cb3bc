import Measures
import Phrases

/// What a comparison of days says in words.
extension ComparisonWriter {
  /// What one unit of the measure is in the unit that is shown.
  func scale(of measure: ComparedMeasure) -> Double {
    switch measure {
    case .splitFailures, .arrivalsOnGreen: 100
    case .byHand: 1.0 / 60
    case .vehicles, .delay, .wait, .interventions: 1
    }
  }

  func name(of measure: ComparedMeasure) -> Phrase {
    switch measure {
    case .vehicles: Phrase("vehicles, pcu/h a junction", "车辆，每路口标准车/小时")
    case .delay: Phrase("time in the queue, s/veh", "排队时间，秒/辆")
    case .splitFailures:
      Phrase("greens that did not clear the queue, %", "未放空排队的绿灯，%")
    case .arrivalsOnGreen: Phrase("arrivals on green, %", "绿灯到达，%")
    case .wait: Phrase("wait at crossings, s", "人行横道等待，秒")
    case .interventions:
      Phrase("manual interventions in a peak hour of a junction", "每路口每高峰小时人工干预次数")
    case .byHand: Phrase("by hand, min in an hour of a junction", "每路口每小时手控，分钟")
    }
  }

  func claim(of measure: DayComparison.Difference) -> Phrase {
    switch measure.claim {
    case .less: Phrase("less under greensplit", "自适应时较少")
    case .more: Phrase("more under greensplit", "自适应时较多")
    case .uncertain: Phrase("may be chance", "可能出于偶然")
    case .tooFewPairs: Phrase("too few days", "天数太少")
    case .notAlternated: Phrase("not alternated", "未交替")
    case .notMeasured: Phrase("not measured", "未测得")
    }
  }

  func sentence(about measure: DayComparison.Difference) -> Phrase {
    let name = name(of: measure.measure)
    let claim = reason(for: measure)
    return Phrase(
      "\(name.text(.english)): \(claim.text(.english))",
      "\(name.text(.chinese))：\(claim.text(.chinese))")
  }

  private func reason(for measure: DayComparison.Difference) -> Phrase {
    let pairs = measure.pairs
    let missing = DayComparison.leastPairs - pairs
    switch measure.claim {
    case .less, .more:
      let share = share(of: measure)
      let isLess = measure.claim == .less
      return Phrase(
        "\(isLess ? "less" : "more") under greensplit\(share.map { ", by \($0) %" } ?? "").",
        "自适应时\(isLess ? "较少" : "较多")\(share.map { "，相差 \($0) %" } ?? "")。")
    case .uncertain:
      return Phrase(
        "the interval holds zero, so the difference may be chance.", "区间包含零，差异可能出于偶然。")
    case .tooFewPairs:
      return Phrase(
        "nothing is claimed of \(pairs) pairs; \(missing) more are needed, each a weekday under both.",
        "只有 \(pairs) 对，不作结论；还需 \(missing) 对，每对为同一星期几、两种方式各一天。")
    case .notAlternated:
      return Phrase(
        "nearly always the same regime came first, so what changed with time cannot be told from it; "
          + "let the days alternate.",
        "几乎总是同一种方式在先，无法与时间变化区分；请让两种方式逐日交替。")
    case .notMeasured:
      return Phrase(
        "it was not measured on both days of any pair.", "没有任何一对的两天都测得。")
    }
  }

  /// By how much of the fixed plan's value it differs, %.
  private func share(of measure: DayComparison.Difference) -> String? {
    guard let difference = measure.difference, let fixed = measure.fixed, fixed > 0 else {
      return nil
    }
    return number(abs(difference) / fixed * 100)
  }

  func regimeName(_ day: DayComparison.Classed) -> Phrase {
    let name =
      switch day.regime {
      case .adaptive?: Phrase("greensplit", "自适应")
      case .fixed?: Phrase("fixed plan", "固定配时")
      case nil where day.adaptiveShare == nil: Phrase("not recorded", "未记录")
      case nil: Phrase("mixed, left out", "混合，不计")
      }
    guard day.isSaid, day.regime != nil else { return name }
    return Phrase("\(name.text(.english)) (as told)", "\(name.text(.chinese))（人工指定）")
  }

  func weekdayName(_ weekday: Int) -> Phrase {
    let english = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    let chinese = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
    let position = (weekday + 6) % 7
    return Phrase(english[position], chinese[position])
  }
}
