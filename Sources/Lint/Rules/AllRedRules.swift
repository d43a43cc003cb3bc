import Phrases
import Signals
import Sites

/// A change in which vehicles must clear before a conflicting green.
private struct Clearing {
  /// The stage that follows.
  let next: Int
  /// From the end of yellow to its green.
  let red: Tenths
  /// The arms whose through traffic must clear.
  let through: [Int]
}

private let kinematic = Phrase(
  "ITE kinematic formula with L = 6 m", "ITE 运动学公式，L = 6 m")

/// A vehicle that passes the stop line as yellow ends must be across before a conflicting green begins.
let allRedTooShort = Rule(
  "all-red-too-short", Phrase("all-red is too short for the junction's width", "全红时间相对路口宽度过短"),
  formula: Phrase("R = (W + L) / v", "R = (W + L) / v"), source: kinematic
) { junction in
  junction.site.stages.indices.compactMap { stage in
    let short = junction.clearings(of: stage).flatMap { change in
      change.through.compactMap { approach -> (change: Clearing, approach: Int, need: Tenths)? in
        guard let need = junction.allRed(for: approach), change.red < need else { return nil }
        return (change, approach, need)
      }
    }
    guard let worst = short.max(by: { $0.need - $0.change.red < $1.need - $1.change.red }) else {
      return nil
    }
    let change = worst.change
    let arm = junction.site.approaches[worst.approach]
    let next = junction.site.stages[change.next].name
    return Observation(
      "stages", stage, "all_red", [junction.element(stage: stage), Element(.approach, arm.name)],
      found: "\(change.red)", expected: "≥ \(worst.need)",
      Phrase(
        "\(change.red) of all-red before stage \(next) does not clear the way across from approach "
          + "\(arm.name) at \(kilometresPerHour(arm.speed)); \(worst.need) would be right",
        "阶段 \(next) 之前的全红 \(change.red) 不足以让进口道 \(arm.name) 车速 "
          + "\(kilometresPerHour(arm.speed)) 的车辆清空；应为 \(worst.need)"))
  }
}

/// Without any red between conflicting greens, whoever uses the last of the yellow meets the first of the
/// green.
let allRedMissing = Rule(
  "all-red-missing",
  Phrase("no all-red between conflicting greens", "冲突绿灯之间没有全红"),
  formula: Phrase("R > 0, usually 1 to 2 s", "R > 0，通常 1 至 2 s"),
  source: Phrase("practice; ITE", "工程惯例；ITE")
) { junction in
  junction.site.stages.indices.compactMap { stage in
    let bare = junction.clearings(of: stage).first { change in
      change.red == .zero && !change.through.contains { junction.allRed(for: $0) != nil }
    }
    guard let change = bare else { return nil }
    let next = junction.site.stages[change.next].name
    return Observation(
      "stages", stage, "all_red", [junction.element(stage: stage)], found: "0 s",
      expected: "1 s … 2 s",
      Phrase(
        "nothing clears the junction between the yellow and the conflicting green of stage \(next); "
          + "1 s to 2 s is usual, and with the width of the approaches it can be worked out",
        "黄灯与阶段 \(next) 的冲突绿灯之间没有清空时间；通常为 1 s 至 2 s，给出进口道 width 即可计算"))
  }
}

private let mostAllRed = Tenths.seconds(6)

let allRedTooLong = Rule(
  "all-red-too-long", Phrase("all-red is longer than drivers bear", "全红时间过长"),
  formula: Phrase("R ≤ 6 s", "R ≤ 6 s"), source: Phrase("MUTCD 4D.26", "MUTCD 4D.26")
) { junction in
  junction.site.stages.enumerated().filter { $1.allRed > mostAllRed }.map { position, stage in
    Observation(
      "stages", position, "all_red", [junction.element(stage: position)],
      found: "\(stage.allRed)", expected: "≤ \(mostAllRed)",
      Phrase(
        "\(stage.allRed) of all-red is lost to everybody; write \(mostAllRed) or less",
        "全红 \(stage.allRed) 对所有车流都是损失；应不超过 \(mostAllRed)"))
  }
}

extension Surveyed {
  /// All-red that through traffic of `approach` needs, in whole tenths; `nil` if nobody has measured the
  /// way across.
  fileprivate func allRed(for approach: Int) -> Tenths? {
    survey.approaches[approach].width.map {
      roundedUp(ChangeInterval.allRed(across: $0, at: site.approaches[approach].speed))
    }
  }

  /// The changes from `stage` in which vehicles must clear.
  fileprivate func clearings(of stage: Int) -> [Clearing] {
    let ending = site.stages[stage]
    return successors(of: stage).compactMap { next in
      let groups = clearing(from: stage, to: next)
      guard !groups.isEmpty, let change = site.changeTime(from: stage, to: next) else {
        return nil
      }
      return Clearing(
        next: next, red: change - ending.greenFlash - ending.yellow,
        through: approaches(with: groups) { $0.turn == .through })
    }
  }
}
