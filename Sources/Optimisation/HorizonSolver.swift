/// Solves rolling horizons of one shape (lane groups, stages, steps) again and again, in scratch
/// that it owns: solving allocates nothing but the plan it returns.
///
/// Each junction may have its own solver, or junctions of the same shape may share one; a solver
/// remembers nothing from problem to problem.
public struct HorizonSolver: Sendable {
  /// Steps of work after which a search gives up and returns the best found so far, unless a caller
  /// says otherwise: several times what 8 stages and 120 steps take.
  public static let defaultBudget = 500_000

  /// Number of lane groups, stages and steps of the problems it takes.
  public let laneGroups: Int
  /// Number of stages of the problems it takes.
  public let stages: Int
  /// Length of the horizons it takes.
  public let steps: Int

  private var search: SearchOfWidth

  /// A solver for problems of one shape.
  public init(laneGroups: Int, stages: Int, steps: Int) {
    self.init(laneGroups: laneGroups, stages: stages, steps: steps, effort: .everySecond)
  }

  /// A solver that looks at as much as `effort` says.
  package init(laneGroups: Int, stages: Int, steps: Int, effort: HorizonEffort) {
    self.laneGroups = laneGroups
    self.stages = stages
    self.steps = steps
    search = SearchOfWidth(stages: stages, laneGroups: laneGroups, steps: steps, effort: effort)
  }

  /// Finds the sequence of stages that costs least over the horizon and after it.
  ///
  /// Method: forward dynamic programming over (step, stage), docs/optimisation.md. The result is
  /// the same for the same problem, whatever was solved before.
  ///
  /// - Parameters:
  ///   - problem: A problem of this solver's shape.
  ///   - budget: Steps of work after which to return the best plan found so far.
  /// - Returns: The plan, with its cost and whether the search was carried through.
  public mutating func solve(
    _ problem: HorizonProblem, budget: Int = HorizonSolver.defaultBudget
  ) -> HorizonPlan {
    problem.check()
    precondition(
      problem.laneGroups == laneGroups && problem.stages == stages && problem.steps == steps,
      "a problem of this solver's shape")
    return search.solve(problem, budget: budget)
  }

  /// The best plan that decides otherwise about the running green: holds it longer if `plan` ends it
  /// as soon as it may, and else ends it as soon as it may.
  ///
  /// - Parameters:
  ///   - plan: What `solve` returned for `problem`.
  ///   - problem: The problem.
  ///   - budget: Steps of work after which to return the best plan found so far.
  /// - Returns: The other plan, whose cost may be compared with `plan`'s; `nil` if there is no
  ///   choice.
  public mutating func alternative(
    to plan: HorizonPlan, of problem: HorizonProblem, budget: Int = HorizonSolver.defaultBudget
  ) -> HorizonPlan? {
    let least = problem.firstStops.lowerBound - problem.endGain
    let most = problem.firstStops.upperBound - problem.endGain
    var other = problem
    if plan.endsIn == least {
      guard most > least else { return nil }
      other.earliestEnd = least + 1
    } else {
      other.latestEnd = least
    }
    let found = solve(other, budget: budget)
    return found.endsIn == plan.endsIn ? nil : found
  }
}

/// The search for as many lane groups as fit the fewest registers; the others stay empty. Not an
/// enumeration: its search could not be used in place, only copied out and in. In an array of one: whoever
/// holds a solver would carry kilobytes of five searches along from call to call.
private struct SearchOfWidth: Sendable {
  private var of8: [HorizonSearch<Lanes8>] = []
  private var of12: [HorizonSearch<Lanes12>] = []
  private var of16: [HorizonSearch<Lanes16>] = []
  private var of24: [HorizonSearch<Lanes24>] = []
  private var of32: [HorizonSearch<Lanes32>] = []

  init(stages: Int, laneGroups: Int, steps: Int, effort: HorizonEffort) {
    func search<Lanes: LaneVector>() -> [HorizonSearch<Lanes>] {
      [HorizonSearch(stages: stages, laneGroups: laneGroups, steps: steps, effort: effort)]
    }
    switch laneGroups {
    case ...Lanes8.room: of8 = search()
    case ...Lanes12.room: of12 = search()
    case ...Lanes16.room: of16 = search()
    case ...Lanes24.room: of24 = search()
    default: of32 = search()
    }
  }

  mutating func solve(_ problem: HorizonProblem, budget: Int) -> HorizonPlan {
    if !of8.isEmpty { return of8[0].solve(problem, budget: budget) }
    if !of12.isEmpty { return of12[0].solve(problem, budget: budget) }
    if !of16.isEmpty { return of16[0].solve(problem, budget: budget) }
    if !of24.isEmpty { return of24[0].solve(problem, budget: budget) }
    return of32[0].solve(problem, budget: budget)
  }
}
