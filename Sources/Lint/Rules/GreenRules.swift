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
    guard let need = junction.expectedGreen(of: position), stage.minimumGreen < need else {
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
  /// `nil` for a stage of people on foot alone, whose times are those of their crossings, and where all others
  /// have the rest of their green in the stages around it.
  fileprivate func expectedGreen(of position: Int) -> Tenths? {
    let stage = site.stages[position]
    let served = (stage.green + stage.permissive).filter {
      site.signalGroups[$0].kind != .pedestrian && !isLonger($0, than: position)
    }
    guard !served.isEmpty else { return nil }
    guard served.contains(where: { site.signalGroups[$0].kind == .vehicle }) else {
      return .seconds(4)
    }
    let runsThrough = site.laneGroups.flatMap(\.movements).contains { movement in
      movement.turn == .through && (movement.signalGroup.map(served.contains) ?? false)
    }
    return .seconds(runsThrough ? 7 : 5)
  }

  /// Whether the green of `group` is longer than the stage at `position`, whichever stage comes before or behind it:
  /// all that may come there serve it for longer.
  private func isLonger(_ group: Int, than position: Int) -> Bool {
    let others = site.stages.indices.filter { $0 != position }
    let shortest = site.stages[position].minimumGreen
    func serve(_ around: [Int]) -> Bool {
      !around.isEmpty
        && around.allSatisfy {
          site.serves(group, in: $0) && site.stages[$0].minimumGreen > shortest
        }
    }
    return serve(others.filter { site.changeTime(from: $0, to: position) != nil })
      || serve(others.filter { site.changeTime(from: position, to: $0) != nil })
  }
}
