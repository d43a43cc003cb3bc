import Phrases
import Signals
import Sites

private let kinematic = Phrase(
  "ITE kinematic formula with t = 1.0 s, a = 3.05 m/s² (NCHRP 731); at least 3 s (MUTCD 4D.26)",
  "ITE 运动学公式，t = 1.0 s，a = 3.05 m/s²（NCHRP 731）；不少于 3 s（MUTCD 4D.26）")

/// Nowhere is yellow shorter than this, s.
private let leastYellow = 3.0
/// Beyond this drivers no longer stop for it, s.
private let mostYellow = Tenths.seconds(6)

/// A driver who is too near to stop when yellow begins must pass the stop line before red. A flashing green
/// of a second or more is his time to react: then yellow need only hold the braking.
let yellowTooShort = Rule(
  "yellow-too-short", Phrase("yellow is too short for the speed", "黄灯时间相对车速过短"),
  formula: Phrase(
    "Y = t + v / (2a + 2Gg); Y = v / (2a + 2Gg) behind a flashing green of t or more",
    "Y = t + v / (2a + 2Gg)；前有不短于 t 的绿闪时 Y = v / (2a + 2Gg)"),
  source: kinematic
) { junction in
  junction.site.stages.indices.compactMap { stage in
    let yellow = junction.site.stages[stage].yellow
    let needs = junction.endingApproaches(of: stage).map { approach in
      (approach: approach, time: junction.yellow(on: approach, after: stage))
    }
    guard let worst = needs.max(by: { $0.time < $1.time }), yellow < worst.time else { return nil }
    let arm = junction.site.approaches[worst.approach]
    let speed = kilometresPerHour(arm.speed)
    return Observation(
      "stages", stage, "yellow", [junction.element(stage: stage), Element(.approach, arm.name)],
      found: "\(yellow)", expected: "≥ \(worst.time)",
      Phrase(
        "\(yellow) of yellow is too short for \(speed) on approach \(arm.name); "
          + "\(worst.time) would be right",
        "黄灯 \(yellow) 对进口道 \(arm.name) 的车速 \(speed) 过短；应为 \(worst.time)"))
  }
}

let yellowTooLong = Rule(
  "yellow-too-long", Phrase("yellow is longer than drivers heed", "黄灯时间过长"),
  formula: Phrase("Y ≤ 6 s", "Y ≤ 6 s"), source: Phrase("MUTCD 4D.26", "MUTCD 4D.26")
) { junction in
  junction.site.stages.enumerated().filter { $1.yellow > mostYellow }.map { position, stage in
    Observation(
      "stages", position, "yellow", [junction.element(stage: position)],
      found: "\(stage.yellow)", expected: "≤ \(mostYellow)",
      Phrase(
        "\(stage.yellow) of yellow invites drivers to run it; write \(mostYellow) or less, and let all-red clear the junction",
        "黄灯 \(stage.yellow) 会诱使驾驶人抢行；应不超过 \(mostYellow)，其余由全红清空"))
  }
}

extension Surveyed {
  /// Yellow that the traffic of `approach` needs when `stage` ends, in whole tenths.
  fileprivate func yellow(on approach: Int, after stage: Int) -> Tenths {
    let speed = site.approaches[approach].speed
    let grade = survey.approaches[approach].grade
    let isWarned = site.stages[stage].greenFlash.seconds >= ChangeInterval.reaction
    let time =
      isWarned
      ? ChangeInterval.braking(from: speed, grade: grade)
      : ChangeInterval.yellow(for: speed, grade: grade)
    return roundedUp(max(time, leastYellow))
  }
}
