import Signals

/// Brings greens to whole units under the same bounds and the same sum.
struct SplitRounding {
  /// Bounds and unit, tenths.
  let lower: [Int]
  let upper: [Int]
  let unit: Int

  /// Bounds of `problem`'s greens in its resolution.
  init(_ problem: SplitProblem) {
    lower = problem.stages.map(\.minimumGreen.count)
    upper = problem.stages.map(\.maximumGreen.count)
    unit = Self.unit(of: problem)
  }

  /// The problem's resolution if every limit is a multiple of it, else one tenth, in which every
  /// limit can be met.
  static func unit(of problem: SplitProblem) -> Int {
    let wanted = max(1, problem.resolution.count)
    let isCoarse = problem.stages.allSatisfy {
      $0.minimumGreen.count % wanted == 0 && $0.maximumGreen.count % wanted == 0
    }
    let lost = problem.lost.count
    let shortest = problem.cycle.lowerBound.count - lost
    let longest = problem.cycle.upperBound.count - lost
    let hasCycle = ceiling(shortest, wanted) <= floor(longest, wanted)
    return isCoarse && hasCycle ? wanted : 1
  }

  /// Greens in tenths near `ideal` seconds that add up to `total` tenths; `cost` is the objective
  /// of greens in seconds.
  ///
  /// Largest remainders first, then exchanges of one unit between two stages for as long as one
  /// lowers the cost; equal costs keep what is there, so that the result is unique.
  func round(_ ideal: [Double], total: Int, cost: ([Double]) -> Double) -> [Int] {
    var greens = apportion(ideal, total: total)
    var best = cost(greens.map(seconds))
    var didImprove = true
    while didImprove {
      didImprove = false
      for gainer in greens.indices {
        for loser in greens.indices where mayExchange(greens, gainer, loser) {
          greens[gainer] += unit
          greens[loser] -= unit
          let reached = cost(greens.map(seconds))
          if reached < best - 1e-12 * abs(best) {
            best = reached
            didImprove = true
          } else {
            greens[gainer] -= unit
            greens[loser] += unit
          }
        }
      }
    }
    return greens
  }

  private func mayExchange(_ greens: [Int], _ gainer: Int, _ loser: Int) -> Bool {
    gainer != loser && greens[gainer] + unit <= upper[gainer]
      && greens[loser] - unit >= lower[loser]
  }

  /// Whole units below `ideal`; what is left over goes to the largest remainders with room.
  private func apportion(_ ideal: [Double], total: Int) -> [Int] {
    var greens = ideal.indices.map { position in
      let units = Int((ideal[position] * 10 / Double(unit) + 1e-9).rounded(.down))
      return min(upper[position], max(lower[position], units * unit))
    }
    var left = total - greens.reduce(0, +)
    while left != 0 {
      let sign = left > 0 ? unit : -unit
      var chosen: Int?
      var largest = -Double.infinity
      for position in greens.indices {
        let next = greens[position] + sign
        let remainder = (ideal[position] * 10 - Double(greens[position])) * Double(sign)
        if next >= lower[position], next <= upper[position], remainder > largest {
          chosen = position
          largest = remainder
        }
      }
      guard let chosen else { preconditionFailure("the sum lies between the bounds") }
      greens[chosen] += sign
      left -= sign
    }
    return greens
  }

  private func seconds(_ tenths: Int) -> Double { Double(tenths) / 10 }
}

/// The greatest multiple of `unit` that is at most `value`.
func floor(_ value: Int, _ unit: Int) -> Int {
  let rest = value % unit
  return value - (rest < 0 ? rest + unit : rest)
}

/// The least multiple of `unit` that is at least `value`.
func ceiling(_ value: Int, _ unit: Int) -> Int { -floor(-value, unit) }
