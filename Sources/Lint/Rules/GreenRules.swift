import Phrases
import Signals
import Sites

/// The first driver must notice the green, and the second follow, before it may end again.
let minimumGreenTooShort = Rule(
  "min-green-too-short",
  Phrase("shorter than drivers expect", "最小绿短于驾驶人的预期"),
  formula: Phrase(
    "7 s where through traffic runs, 5 s for turns alone, 4 s for cycles",
    "有直行车流时 7 s，只有转弯车流时 5 s，非机动车 4 s"),
  source: Phrase(
    "FHWA Signal Timing Manual, chapter 5, driver expectancy",
    "FHWA《信号配时手册》第 5 章，驾驶人预期")
) { junction in
  junction.site.stages.enumerated().compactMap { position, stage in
    guard let need = junction.expectedGreen(of: stage), stage.minimumGreen < need else {
      return nil
    }
    return Observation(
      "stages", position, "min_green", [junction.element(stage: position)],
      found: "\(stage.minimumGreen)", expected: "≥ \(need)",
      Phrase(
        "\(stage.minimumGreen) of green may end before drivers have started; \(need) would be right",
        "绿灯 \(stage.minimumGreen) 可能在驾驶人起步前结束；应为 \(need)"))
  }
}

extension Surveyed {
  /// `nil` for a stage of people on foot alone, whose times are those of their crossings.
  fileprivate func expectedGreen(of stage: Stage) -> Tenths? {
    let served = (stage.green + stage.permissive).filter {
      site.signalGroups[$0].kind != .pedestrian
    }
    guard !served.isEmpty else { return nil }
    guard served.contains(where: { site.signalGroups[$0].kind == .vehicle }) else {
      return .seconds(4)
    }
    let movements = site.laneGroups.flatMap(\.movements)
    let runsThrough = movements.contains { movement in
      movement.turn == .through && (movement.signalGroup.map(stage.serves) ?? false)
    }
    return .seconds(runsThrough ? 7 : 5)
  }
}
