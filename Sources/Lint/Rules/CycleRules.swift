import Phrases
import Signals
import Sites

/// Times of a cycle that every stage enters once, in the order of the file. Where the sequence is free
/// there is no such cycle, and these rules have nothing to say.

private let inOrder = Phrase("sum over the stages in their order", "按阶段顺序求和")

/// The longest cycle holds the shortest greens, or no cycle can.
let maximumCycleBelowMinimums = Rule(
  "max-cycle-below-minimums",
  Phrase("no cycle can hold the shortest greens", "任何周期都容不下最小绿"),
  formula: Phrase(
    "max_cycle ≥ Σ (shortest green + change)", "最大周期 ≥ Σ（最短绿灯 + 绿间隔）"),
  source: inOrder
) { junction in
  let limit = junction.site.limits.maximumCycle
  guard let round = junction.round({ $0.shortestGreen }), limit < round.length else { return [] }
  return [
    Observation(
      "limits", nil, "max_cycle", found: "\(limit)", expected: "≥ \(round.length)",
      Phrase(
        "shortest greens and changes add up to \(round.length), so that no cycle up to \(limit) can hold all stages",
        "最短绿灯与绿间隔之和为 \(round.length)，不超过 \(limit) 的周期容不下全部阶段"))
  ]
}

/// The shortest cycle can be filled with green.
let minimumCycleAboveMaximums = Rule(
  "min-cycle-above-maximums",
  Phrase("no cycle is as long as the shortest allowed", "最大绿填不满最小周期"),
  formula: Phrase(
    "min_cycle ≤ Σ (max_green + change)", "最小周期 ≤ Σ（最大绿 + 绿间隔）"),
  source: inOrder
) { junction in
  let limit = junction.site.limits.minimumCycle
  guard let round = junction.round({ $0.maximumGreen }), limit > round.length else { return [] }
  return [
    Observation(
      "limits", nil, "min_cycle", found: "\(limit)", expected: "≤ \(round.length)",
      Phrase(
        "longest greens and changes add up to \(round.length), so that no cycle is as long as \(limit)",
        "最大绿与绿间隔之和为 \(round.length)，周期达不到 \(limit)"))
  ]
}

/// Even the shortest cycle keeps each group red for a while.
let longestRedUnreachable = Rule(
  "longest-red-unreachable",
  Phrase("no plan can keep longest_red", "任何方案都满足不了最长红灯"),
  formula: Phrase(
    "longest_red ≥ red of each group in the shortest round", "最长红灯 ≥ 最短一轮中各灯组的红灯"),
  source: inOrder
) { junction in
  let limit = junction.site.limits.longestRed
  guard let round = junction.round({ $0.shortestGreen }) else { return [] }
  let reds = junction.site.signalGroups.indices.compactMap { group in
    junction.site.longestRed(of: group, in: round.entries).map { (group: group, red: $0) }
  }
  guard let worst = reds.max(by: { $0.red < $1.red }), worst.red > limit else { return [] }
  let name = junction.site.signalGroups[worst.group].name
  return [
    Observation(
      "limits", nil, "longest_red", [Element(.signalGroup, name)], found: "\(limit)",
      expected: "≥ \(worst.red)",
      Phrase(
        "signal group \(name) is red for \(worst.red) even in the shortest round of all stages",
        "即使在全部阶段的最短一轮中，灯组 \(name) 的红灯也有 \(worst.red)"))
  ]
}

/// A red that is longer than a cycle never comes where every stage comes in each.
let longestRedNeverBinds = Rule(
  "longest-red-never-binds",
  Phrase("longest_red is longer than the longest cycle", "最长红灯超过最大周期"),
  formula: Phrase("longest_red ≤ max_cycle", "最长红灯 ≤ 最大周期"),
  source: Phrase("fixed sequence", "固定相序")
) { junction in
  let limits = junction.site.limits
  guard junction.site.control.sequence == .fixed,
    junction.site.longestWait > limits.maximumCycle
  else { return [] }
  return [
    Observation(
      "limits", nil, "longest_red", found: "\(limits.longestRed)",
      expected: "≤ \(limits.maximumCycle)",
      Phrase(
        "\(limits.longestRed) is longer than any cycle, so the limit protects nobody; "
          + "write \(limits.maximumCycle) or less",
        "\(limits.longestRed) 比任何周期都长，起不到保护作用；应不超过 \(limits.maximumCycle)"))
  ]
}

extension Surveyed {
  /// Every stage once in the order of the file, with greens as `green` has them; `nil` where the sequence
  /// is free, or a change between neighbours is forbidden.
  fileprivate func round(
    _ green: (Stage) -> Tenths
  ) -> (entries: [PlanEntry], length: Tenths)? {
    guard site.control.sequence != .free else { return nil }
    let entries = site.stages.enumerated().map { PlanEntry(stage: $0, green: green($1)) }
    return site.length(of: entries).map { (entries, $0) }
  }
}
