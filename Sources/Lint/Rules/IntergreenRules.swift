import Phrases
import Signals
import Sites

/// Between two streams that meet, the last vehicle of the one must have left the point before the first of
/// the other is there.
let intergreenTooShort = Rule(
  "intergreen-too-short",
  Phrase("the intergreen is too short for a conflict point", "绿间隔不足以清空冲突点"),
  formula: Phrase(
    "I = crossing time + (clearing distance + L) / clearing speed − entering distance / entering speed",
    "I = 越线时间 +（清空距离 + L）/ 清空速度 − 进入距离 / 进入速度"),
  source: Phrase(
    "RiLSA: through 3 s, 10 m/s; turning 2 s, 7 m/s; L = 6 m; cycles 1 s, 4 m/s; entering 40 km/h",
    "RiLSA：直行 3 s、10 m/s；转弯 2 s、7 m/s；L = 6 m；自行车 1 s、4 m/s；进入 40 km/h")
) { junction in
  junction.survey.conflictPoints.enumerated().compactMap { position, point in
    guard let change = junction.shortestChange(at: point) else { return nil }
    let need = roundedUp(ConflictTime.intergreen(at: point, of: junction.site))
    guard change.time < need else { return nil }
    let site = junction.site
    let (from, to) = (site.stages[change.from].name, site.stages[change.to].name)
    let last = site.signalGroups[point.clearing].name
    let first = site.signalGroups[point.entering].name
    return Observation(
      "conflict_points", position, nil,
      [
        Element(.signalGroup, last), Element(.signalGroup, first),
        Element(.stage, from), Element(.stage, to),
      ], found: "\(change.time)", expected: "≥ \(need)",
      Phrase(
        "\(change.time) from stage \(from) to \(to) does not let \(last) clear before \(first) enters; "
          + "\(need) would be right, under changes.intergreens",
        "阶段 \(from) 到 \(to) 的绿间隔 \(change.time) 不足以让 \(last) 在 \(first) 进入前清空；"
          + "应为 \(need)，写在 changes.intergreens"))
  }
}

extension Surveyed {
  /// The shortest intergreen between stages of which the one ends the clearing group's green and the other
  /// begins the entering group's. People on foot have cleared within their green.
  fileprivate func shortestChange(
    at point: ConflictPoint
  ) -> (time: Tenths, from: Int, to: Int)? {
    guard site.signalGroups[point.clearing].kind != .pedestrian else { return nil }
    let changes = site.stages.indices.flatMap { from in
      successors(of: from).compactMap { to -> (time: Tenths, from: Int, to: Int)? in
        guard site.serves(point.clearing, in: from), !site.serves(point.clearing, in: to),
          site.serves(point.entering, in: to), !site.serves(point.entering, in: from),
          let change = site.changeTime(from: from, to: to)
        else { return nil }
        return (change - site.stages[from].greenFlash, from, to)
      }
    }
    return changes.min { $0.time < $1.time }
  }
}
