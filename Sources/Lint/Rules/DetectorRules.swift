import Phrases
import Signals
import Sites

/// With more than half of the lane groups unseen, the daemon never leaves the time-of-day plan.
let mostlyUnseen = Rule(
  "mostly-unseen",
  Phrase("most lane groups have no detector", "多数车道组没有检测器"),
  formula: Phrase(
    "lane groups with a detector ≥ half of those with a signal",
    "有检测器的车道组 ≥ 受信号控制车道组的一半"),
  source: Phrase("degrade ladder of greensplit", "greensplit 降级阶梯")
) { junction in
  let signalled = junction.site.laneGroups.indices.filter { position in
    junction.site.laneGroups[position].movements.contains { $0.signalGroup != nil }
  }
  let seen = signalled.filter { position in
    junction.site.detectors.contains { $0.laneGroup == position }
  }
  guard 2 * seen.count < signalled.count else { return [] }
  return [
    Observation(
      "detectors", nil, nil, found: "\(seen.count)", expected: "≥ \((signalled.count + 1) / 2)",
      Phrase(
        "\(seen.count) of \(signalled.count) lane groups are seen; with more than half unseen the junction stays on its time-of-day plan",
        "\(signalled.count) 个车道组中只有 \(seen.count) 个有检测器；过半不可见时路口只运行定时方案"))
  ]
}
