import Signals

/// Divides cycles: owns what solving needs, so that after its first problem it allocates nothing
/// but the arrays of its results. The results depend on the problem alone.
public struct SplitSolver: Sendable {
  private var program = SplitProgram()
  private var rounding = SplitRounding()
  private var search = SplitSearch()

  /// A solver.
  public init() {
    precondition(TimingPlan.entryLimit == 16, "a number for each stage that a plan may have")
  }

  /// Divides the cycle: the best greens at the best cycle of the range, rounded, with certificate.
  ///
  /// - Parameter problem: Stages, demands and the range of cycles.
  /// - Returns: The split, or the limits that clash.
  public mutating func solve(_ problem: borrowing SplitProblem) -> SplitOutcome {
    guard problem.isFeasible else { return .infeasible(problem.clashes()) }
    program.take(problem)
    rounding.take(problem)
    let lost = problem.lost.count
    search.run(&program, rounding.totals(of: problem), unit: rounding.unit, lost: lost)
    let best = search.best
    let prices = program.shadowPrices(of: problem)
    var exchange = SplitExchange(rounding.apportion(best.greens, total: best.total), rounding)
    exchange.run(&program)
    let cycle = Tenths(best.total + lost)
    return .solved(
      Split(
        cycle: cycle, greens: problem.stages.indices.map { Tenths(exchange.greens[$0]) },
        resolution: Tenths(rounding.unit),
        idealGreens: problem.stages.indices.map { best.greens[$0] },
        objective: best.certificate.objective, dualityGap: best.certificate.gap,
        roundingLoss: exchange.cost - best.certificate.objective,
        iterations: search.iterations, shadowPrices: prices,
        performance: problem.performance(program, cycle: cycle.seconds)))
  }
}

/// Divides one cycle with a solver of its own; see `SplitSolver`.
public func solveSplit(_ problem: SplitProblem) -> SplitOutcome {
  var solver = SplitSolver()
  return solver.solve(problem)
}
