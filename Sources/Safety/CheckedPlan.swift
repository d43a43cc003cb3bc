public import Signals

/// A plan that every rule has let pass for a junction under stated circumstances.
///
/// It has no public initialiser: only `check` makes one, and `Cabinets` sends nothing else.
public struct CheckedPlan: Hashable, Sendable {
  /// The plan as it was checked.
  public let plan: TimingPlan

  init(_ plan: TimingPlan) { self.plan = plan }
}

/// What a plan meets when it reaches the cabinet.
public struct Circumstances: Sendable, Equatable {
  /// Position of the stage that runs.
  public let stage: Int

  /// Where that stage is.
  public let subState: SubState

  /// Time in `subState`.
  public let timeInState: Tenths

  /// How long each signal group has not been green, in the order of `signalGroups`; zero if green.
  public let red: [Tenths]

  /// The plan that runs, from whomever it is.
  public let running: TimingPlan

  /// Position in `running` of the entry that runs.
  public let entry: Int

  /// Time since the plan before was sent; `nil` if none was.
  public let sinceLastPlan: Tenths?

  /// What a plan meets; `red` has an element for each signal group.
  public init(
    stage: Int, subState: SubState, timeInState: Tenths, red: [Tenths], running: TimingPlan,
    entry: Int, sinceLastPlan: Tenths?
  ) {
    self.stage = stage
    self.subState = subState
    self.timeInState = timeInState
    self.red = red
    self.running = running
    self.entry = entry
    self.sinceLastPlan = sinceLastPlan
  }
}

/// Checks a plan, and the change to it, against every rule.
///
/// - Parameters:
///   - plan: The plan to be sent.
///   - intersection: The junction under the stricter of its own and its cabinet's limits.
///   - circumstances: What the plan meets.
/// - Returns: The plan, marked as checked.
/// - Throws: Every violation that was found.
public func check(
  _ plan: TimingPlan, at intersection: Intersection, under circumstances: Circumstances
) throws(PlanRejected) -> CheckedPlan {
  precondition(circumstances.red.count == intersection.signalGroups.count, "a red age each")
  let candidate = Candidate(
    plan: plan, intersection: intersection, circumstances: circumstances)
  // The other rules look stages up by number, so a plan of unknown stages goes no further.
  let shape = entryCount(candidate) + knownStages(candidate)
  guard shape.isEmpty else { throw PlanRejected(violations: shape) }
  let violations = rules.flatMap { $0(candidate) }
  guard violations.isEmpty else { throw PlanRejected(violations: violations) }
  return CheckedPlan(plan)
}

/// A plan under check and all that the rules may look at.
struct Candidate {
  let plan: TimingPlan
  let intersection: Intersection
  let circumstances: Circumstances

  var entries: [PlanEntry] { plan.entries }
  var limits: Limits { intersection.limits }
}

/// The rules for plans whose stages are known.
private let rules: [@Sendable (Candidate) -> [Violation]] = [
  minimumGreens, pedestrianTimes, maximumGreens, allowedChanges, cycleRange, cycleSum,
  runningStage, notice, largestChange, planInterval, longestRed,
]
