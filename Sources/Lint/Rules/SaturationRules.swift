import Phrases
import Signals
import Sites

/// What is measured of lanes, pcu/h for each.
private let usual = 1000.0...2000.0

/// A saturation flow that no lane of its kind has is a slip, or a lane that somebody should look at.
let saturationFlowUnusual = Rule(
  "saturation-flow-unusual", Phrase("unusual saturation flow of a lane", "车道饱和流量异常"),
  formula: Phrase(
    "1000 to 2000 pcu/h a lane; usual 1650 through, 1550 left and right",
    "每车道 1000 至 2000 pcu/h；通常直行 1650，左转、右转 1550"),
  source: Phrase(
    "Shanghai practice 1650 and 1550 pcu/h; HCM base 1900 pc/h",
    "上海惯例 1650 与 1550 pcu/h；HCM 基本值 1900 pc/h")
) { junction in
  junction.site.laneGroups.enumerated().compactMap { position, group in
    let lane = group.saturationFlow / Double(group.lanes)
    guard !usual.contains(lane) else { return nil }
    let standard = (group.movements.reduce(0) { $0 + $1.share * base($1.turn) }).rounded()
    let found = plain(lane.rounded())
    return Observation(
      "lane_groups", position, "saturation_flow", [Element(.laneGroup, group.name)],
      found: "\(found) pcu/h", expected: "1000 … 2000 pcu/h",
      Phrase(
        "\(found) pcu/h a lane is unusual; \(plain(standard)) pcu/h is the default for its turns "
          + "until it is measured",
        "每车道 \(found) pcu/h 不常见；实测之前按其转向取 \(plain(standard)) pcu/h"))
  }
}

/// Saturation flow of a lane by turn before it is measured, pcu/h.
private func base(_ turn: Turn) -> Double { turn == .through ? 1650 : 1550 }
