import Phrases
import Signals
import Sites

/// Through traffic of two arms that stand across each other must meet: the conflict matrix knows it.
let conflictMissing = Rule(
  "conflict-missing",
  Phrase("crossing through streams are not in conflicts", "交叉的直行车流未列入冲突矩阵"),
  formula: Phrase(
    "headings 45 to 135 deg apart cross", "行驶方向夹角 45 至 135 度的直行车流相交"),
  source: Phrase("geometry", "几何关系")
) { junction in
  let streams = junction.throughStreams
  return streams.enumerated().flatMap { position, one in
    streams[..<position].compactMap { other -> Observation? in
      let angle = crossingAngle(
        junction.site.approaches[one.approach].heading,
        junction.site.approaches[other.approach].heading)
      guard one.group != other.group, (45...135).contains(angle),
        !junction.site.signalGroups[one.group].conflicts.contains(other.group)
      else { return nil }
      let (a, b) = (
        junction.site.signalGroups[other.group].name, junction.site.signalGroups[one.group].name
      )
      return Observation(
        "conflicts", nil, nil, [Element(.signalGroup, a), Element(.signalGroup, b)],
        found: "none", expected: "\(a): [\(b)]",
        Phrase(
          "through traffic of \(a) and \(b) crosses at \(plain(angle)) deg, but they do not conflict; "
            + "add \(b) to the conflicts of \(a)",
          "\(a) 与 \(b) 的直行车流以 \(plain(angle)) 度相交，却未列为冲突；请把 \(b) 加入 \(a) 的冲突"))
    }
  }
}

/// Between 0 and 180 degrees.
private func crossingAngle(_ a: Double, _ b: Double) -> Double {
  let difference = abs(a - b)
  return min(difference, 360 - difference)
}

extension Surveyed {
  /// Signal groups of through traffic with their arms, each pair once.
  fileprivate var throughStreams: [(group: Int, approach: Int)] {
    var found: [(group: Int, approach: Int)] = []
    for group in site.laneGroups {
      for movement in group.movements where movement.turn == .through {
        guard let signal = movement.signalGroup,
          !found.contains(where: { $0 == (signal, group.approach) })
        else { continue }
        found.append((signal, group.approach))
      }
    }
    return found
  }
}
