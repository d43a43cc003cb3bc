import Signals

/// The search over the cycle: every second of the range is either solved or ruled out, for what its
/// tangent plane promises at best is no better than what has been found.
///
/// The best objective of a cycle is not convex in the cycle (where a bound of a green begins to
/// bind it may bend down), so no bisection; neighbours start from each other's greens.
struct SplitSearch {
  /// Step between cycles, tenths.
  private static let step = 10
  /// The first pass takes every fifth of them.
  private static let coarse = 5

  /// The best cycle so far.
  struct Best {
    /// Sum of its greens, tenths.
    var total = 0
    var greens = StageVector(repeating: 0)
    var certificate = SplitCertificate(objective: .infinity)
  }

  private(set) var best = Best()
  /// Newton steps over all cycles tried.
  private(set) var iterations = 0
  /// Whether the best cycle is the one tried last.
  private var isLastBest = false

  /// Finds the best of the sums `totals`, tenths, which go with cycles that are longer by `lost`.
  mutating func run(_ program: inout SplitProgram, _ totals: ClosedRange<Int>, unit: Int, lost: Int)
  {
    best = Best()
    iterations = 0
    let step = ceiling(Self.step, unit)
    let last = (totals.upperBound - totals.lowerBound) / step
    func total(_ place: Int) -> Int { totals.lowerBound + place * step }
    // Degrees of saturation fall with the cycle, so the longest rules out most others.
    if !program.isDelay { solve(&program, totals.upperBound, lost) }
    for place in stride(from: 0, through: last, by: Self.coarse) {
      solve(&program, total(place), lost)
    }
    let middle = (best.total - totals.lowerBound) / step
    let greens = best.greens
    for place in stride(from: middle + 1, through: last, by: 1) where place % Self.coarse != 0 {
      solve(&program, total(place), lost)
    }
    program.green = greens
    for place in stride(from: middle, through: 0, by: -1) where place % Self.coarse != 0 {
      solve(&program, total(place), lost)
    }
    if total(last) != totals.upperBound { solve(&program, totals.upperBound, lost) }
    restore(&program, lost)
  }

  private mutating func solve(_ program: inout SplitProgram, _ total: Int, _ lost: Int) {
    let bound = best.certificate.objective
    program.start(total: Double(total) / 10)
    let certificate = program.minimise(cycle: Double(total + lost) / 10, bound: bound)
    iterations += certificate.iterations
    isLastBest = certificate.objective < bound
    guard isLastBest else { return }
    best = Best(total: total, greens: program.green, certificate: certificate)
  }

  /// Takes up the best cycle and its greens again, so that slopes are those of the cycle chosen.
  private func restore(_ program: inout SplitProgram, _ lost: Int) {
    program.green = best.greens
    guard !isLastBest else { return }
    program.take(cycle: Double(best.total + lost) / 10)
    _ = program.differentiate()
  }
}

extension SplitProgram {
  /// Takes up a cycle of `cycle` seconds and finds its best greens.
  mutating func minimise(cycle: Double, bound: Double) -> SplitCertificate {
    take(cycle: cycle)
    if isDelay { return minimise(bound: bound) }
    // From a neighbour's greens the high power of equal saturation is solved, or ruled out, at once.
    // It has no curvature far from its optimum: otherwise it is approached through low powers.
    let direct = bound < .infinity ? minimise(bound: bound, limit: 10) : SplitCertificate()
    if bound < .infinity, direct.settles(bound) { return direct }
    var steps = direct.iterations
    for exponent in [4, 16] {
      take(cycle: cycle, exponent: exponent)
      steps += minimise().iterations
    }
    take(cycle: cycle)
    var certificate = minimise(bound: bound)
    certificate.iterations += steps
    return certificate
  }
}

extension SplitCertificate {
  /// Whether it is either as good as wanted or shows that nothing comes below `bound`.
  fileprivate func settles(_ bound: Double) -> Bool {
    gap <= SplitProgram.tolerance * abs(objective) || objective - gap >= bound
  }
}
