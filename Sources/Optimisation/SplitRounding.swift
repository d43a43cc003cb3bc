import Signals

/// Brings greens to whole units under the same bounds and the same sum.
struct SplitRounding {
  /// Bounds and unit, tenths.
  private(set) var lower: [16 of Int] = .init(repeating: 0)
  private(set) var upper: [16 of Int] = .init(repeating: 0)
  private(set) var unit = 1
  private var stages = 0

  /// Rounding without a problem.
  init() {}

  /// Bounds of `problem`'s greens in its resolution.
  init(_ problem: SplitProblem) { take(problem) }

  /// Takes up another problem.
  mutating func take(_ problem: borrowing SplitProblem) {
    stages = problem.stages.count
    for stage in 0..<stages {
      lower[stage] = problem.stages[stage].shortestGreen.count
      upper[stage] = problem.stages[stage].longestGreen.count
    }
    unit = unit(of: problem)
  }

  /// The problem's resolution if every limit is a multiple of it, else one tenth, in which every
  /// limit can be met.
  private func unit(of problem: borrowing SplitProblem) -> Int {
    let wanted = max(1, problem.resolution.count)
    for stage in 0..<stages {
      guard lower[stage] % wanted == 0, upper[stage] % wanted == 0 else { return 1 }
    }
    let lost = problem.lost.count
    let shortest = problem.cycle.lowerBound.count - lost
    let longest = problem.cycle.upperBound.count - lost
    return ceiling(shortest, wanted) <= floor(longest, wanted) ? wanted : 1
  }

  /// Sums of greens, tenths, that bounds and `problem`'s cycle range allow.
  func totals(of problem: borrowing SplitProblem) -> ClosedRange<Int> {
    let lost = problem.lost.count
    var least = 0
    var most = 0
    for stage in 0..<stages {
      least += lower[stage]
      most += upper[stage]
    }
    return ceiling(
      max(least, problem.cycle.lowerBound.count - lost), unit)...floor(
        min(most, problem.cycle.upperBound.count - lost), unit)
  }

  /// Whole units below `ideal`, seconds; what is left over of `total`, tenths, goes to the largest
  /// remainders with room.
  func apportion(_ ideal: StageVector, total: Int) -> [16 of Int] {
    var greens: [16 of Int] = .init(repeating: 0)
    var left = total
    for stage in 0..<stages {
      let units = Int(ideal[stage] * 10 / Double(unit) + 1e-9)
      greens[stage] = min(upper[stage], max(lower[stage], units * unit))
      left -= greens[stage]
    }
    while left != 0 {
      let sign = left > 0 ? unit : -unit
      var chosen: Int?
      var largest = -Double.infinity
      for stage in 0..<stages {
        let next = greens[stage] + sign
        let remainder = (ideal[stage] * 10 - Double(greens[stage])) * Double(sign)
        if next >= lower[stage], next <= upper[stage], remainder > largest {
          chosen = stage
          largest = remainder
        }
      }
      guard let chosen else { preconditionFailure("the sum lies between the bounds") }
      greens[chosen] += sign
      left -= sign
    }
    return greens
  }
}

/// The greatest multiple of `unit` that is at most `value`.
func floor(_ value: Int, _ unit: Int) -> Int {
  let rest = value % unit
  return value - (rest < 0 ? rest + unit : rest)
}

/// The least multiple of `unit` that is at least `value`.
func ceiling(_ value: Int, _ unit: Int) -> Int { -floor(-value, unit) }
