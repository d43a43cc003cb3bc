public import Signals

/// A time in which a signal group is red: the greens of the stages between two that serve it, whose sum has a
/// limit.
public struct RedLimit: Sendable, Hashable {
  /// Positions of those stages in the cycle.
  public let stages: [Int]

  /// The most that their greens may add up to.
  public let longest: Tenths

  /// A limit; negative if the changes alone take longer.
  public init(stages: [Int], longest: Tenths) {
    self.stages = stages
    self.longest = longest
  }

  /// By how much `greens`, one for each stage of the cycle, are too long.
  public func excess(of greens: [Tenths]) -> Tenths {
    max(.zero, stages.reduce(.zero) { $0 + greens[$1] } - longest)
  }
}

/// Divides the cycle so that no red is longer than its limit: while one is, anew in a cycle that is shorter by what
/// is too much. Where no cycle keeps to the limits, the shortest.
///
/// The greens between two of a signal group are a part of the cycle, and a shorter cycle has less of all its parts.
/// How it is divided is not bent for the limit: that would put the others off for it.
public func solveSplit(_ problem: SplitProblem, keeping reds: [RedLimit]) -> SplitOutcome {
  var problem = problem
  var outcome = solveSplit(problem)
  while case .solved(let split) = outcome,
    let excess = reds.map({ $0.excess(of: split.greens) }).max(), excess > .zero,
    split.cycle > problem.cycle.lowerBound
  {
    problem.cycle = problem.cycle.lowerBound...max(problem.cycle.lowerBound, split.cycle - excess)
    guard case .solved(let shorter) = solveSplit(problem) else { break }
    outcome = .solved(shorter)
  }
  return outcome
}
