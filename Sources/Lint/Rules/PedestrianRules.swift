import Phrases
import Signals
import Sites

private let leastWalk = Tenths.seconds(7)
/// Walking speed of design where the file says nothing, m/s: the faster end of the Chinese range.
private let designSpeed = 1.2

/// People must see the green and step off.
let walkTooShort = Rule(
  "walk-too-short", Phrase("too short to step off", "行人绿灯过短"),
  formula: Phrase("walk ≥ 7 s", "行人绿灯 ≥ 7 s"),
  source: Phrase(
    "MUTCD 4E.06; 4 s where few people cross", "MUTCD 4E.06；行人稀少处可为 4 s")
) { junction in
  junction.site.crossings.enumerated().filter { $1.walk < leastWalk }.map { position, crossing in
    Observation(
      "crossings", position, "walk", [Element(.crossing, crossing.name)],
      found: "\(crossing.walk)", expected: "≥ \(leastWalk)",
      Phrase(
        "\(crossing.walk) is too short for people to see the green and step off; "
          + "\(leastWalk) would be right, 4 s at least where few cross",
        "\(crossing.walk) 不够行人看清绿灯并起步；应为 \(leastWalk)，行人稀少处至少 4 s"))
  }
}

/// Whoever stepped off last must reach the other side.
let clearanceTooShort = Rule(
  "clearance-too-short", Phrase("too short to reach the other side", "行人清空时间过短"),
  formula: Phrase("clearance ≥ length / walking speed", "行人清空 ≥ 人行横道长度 / 步行速度"),
  source: Phrase(
    "design speed 1.0 to 1.2 m/s in China; 1.07 m/s in MUTCD 4E.06; slower for children and the old",
    "中国设计步速 1.0 至 1.2 m/s；MUTCD 4E.06 为 1.07 m/s；儿童和老人更慢")
) { junction in
  junction.site.crossings.enumerated().compactMap { position, crossing in
    let speed = junction.survey.walkingSpeeds[position] ?? designSpeed
    let need = roundedUp(crossing.length / speed)
    guard crossing.clearance < need else { return nil }
    let length = plain(crossing.length)
    return Observation(
      "crossings", position, "clearance", [Element(.crossing, crossing.name)],
      found: "\(crossing.clearance)", expected: "≥ \(need)",
      Phrase(
        "\(crossing.clearance) is too short for \(length) m at \(plain(speed)) m/s; "
          + "\(need) would be right",
        "\(crossing.clearance) 不够以 \(plain(speed)) m/s 走完 \(length) m；应为 \(need)"))
  }
}
