public import Signals

/// Limits that no plan can keep together.
public enum SplitClash: Sendable, Hashable {
  /// A stage whose shortest green exceeds its longest, and which limits these are.
  case stage(Int, shortest: GreenLimit, Tenths, longest: GreenLimit, Tenths)
  /// The shortest greens and the changes need more than the longest cycle.
  case minimumGreens(need: Tenths, longestCycle: Tenths)
  /// The longest greens and the changes do not fill the shortest cycle.
  case maximumGreens(reach: Tenths, shortestCycle: Tenths)
  /// A lane group with demand that no stage serves.
  case neverServed(laneGroup: Int)
}

extension SplitClash: CustomStringConvertible {
  /// What clashes, and what would be right.
  public var description: String {
    switch self {
    case .stage(let stage, let low, let shortest, let high, let longest):
      "stage number \(stage + 1): \(low) \(shortest) exceeds \(high) \(longest)"
    case .minimumGreens(let need, let longest):
      "shortest greens and changes need \(need), the longest cycle is \(longest)"
    case .maximumGreens(let reach, let shortest):
      "longest greens and changes reach \(reach), the shortest cycle is \(shortest)"
    case .neverServed(let laneGroup):
      "lane group number \(laneGroup + 1) has demand, but no stage serves it"
    }
  }
}

extension SplitProblem {
  /// Whether all limits can be kept.
  var isFeasible: Bool {
    var need = lost
    var reach = need
    for position in stages.indices {
      let stage = stages[position]
      if stage.shortestGreen > stage.longestGreen { return false }
      need += stage.shortestGreen
      reach += stage.longestGreen
    }
    if need > cycle.upperBound || reach < cycle.lowerBound { return false }
    for position in demands.indices where demands[position].isNeverServed { return false }
    return true
  }

  /// Every set of limits that cannot be kept; empty if the problem has a solution.
  func clashes() -> [SplitClash] {
    var found = stages.indices.filter { stages[$0].shortestGreen > stages[$0].longestGreen }.map {
      SplitClash.stage(
        $0, shortest: stages[$0].shortestLimit, stages[$0].shortestGreen,
        longest: stages[$0].longestLimit, stages[$0].longestGreen)
    }
    let need = stages.reduce(lost) { $0 + $1.shortestGreen }
    if need > cycle.upperBound {
      found.append(.minimumGreens(need: need, longestCycle: cycle.upperBound))
    }
    let reach = stages.reduce(lost) { $0 + $1.longestGreen }
    if reach < cycle.lowerBound {
      found.append(.maximumGreens(reach: reach, shortestCycle: cycle.lowerBound))
    }
    for (position, demand) in demands.enumerated() where demand.isNeverServed {
      found.append(.neverServed(laneGroup: position))
    }
    return found
  }
}

extension SplitDemand {
  /// Whether it has demand that no stage serves.
  fileprivate var isNeverServed: Bool {
    guard flow > 0 || initialQueue > 0 else { return false }
    for share in service where share > 0 { return false }
    return true
  }
}
