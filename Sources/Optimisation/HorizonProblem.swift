public import Signals

/// What a rolling horizon starts from: queues, arrivals and rules, one step a second.
///
/// Flat arrays that a caller fills again and again. Steps count from now; queues are in vehicles,
/// rates in vehicles a step, times in steps.
public struct HorizonProblem: Sendable, Equatable {
  /// The most steps a horizon may have.
  public static let stepLimit = 120

  /// The most lane groups a junction may have here.
  public static let laneGroupLimit = Intersection.laneGroupLimit

  /// An entry of `change` for a change that is not allowed.
  public static let forbidden = -1

  /// A deadline that never comes, and an end that need not.
  public static let never = 1_000_000

  /// Number of lane groups.
  public let laneGroups: Int

  /// Number of stages.
  public let stages: Int

  /// Length of the horizon H, 1 ... 120 steps.
  public let steps: Int

  /// Vehicles waiting now, by lane group.
  public var queue: [Double]

  /// Vehicles that reach the stop line's queue in each step: `laneGroup * steps + step`.
  public var arrivals: [Double]

  /// Vehicles a step that leave a queue while a stage serves it: `stage * laneGroups + laneGroup`;
  /// 0 for red and for an exit that is full.
  public var discharge: [Double]

  /// How fast a queue that is served on both sides of a change moves through it, as a multiple of the lesser of both
  /// rates: `(from * stages + to) * laneGroups + laneGroup`; at most `largestRatio`.
  public var changeRatio: [Double]

  /// Beyond it a multiple of a rate is one of nobody's.
  public static let largestRatio = 1e3

  /// What a vehicle second counts, by lane group, above 0.
  public var weight: [Double]

  /// Steps from the end of one stage's green to the start of another's:
  /// `from * stages + to`, or `forbidden`.
  public var change: [Int]

  /// Shortest green with pedestrians, by stage.
  public var minimumGreen: [Int]

  /// Longest green, by stage.
  public var maximumGreen: [Int]

  /// When a stage's green must have started at the latest, for longest red, pedestrian call or
  /// recall, by stage; `never` without a deadline. The running stage's own is not looked at.
  public var latestStart: [Int]

  /// Whether a stage must not be skipped although no vehicle waits for it.
  public var isCalled: [Bool]

  /// The stages that may run, in their cyclic order.
  public var order: [Int]

  /// What may be done to that order.
  public var sequence: Signals.Sequence

  /// The stage whose green runs, or begins next if a change is under way.
  public var stage: Int

  /// Steps for which it has been green; negative during the change before it.
  public var greenSoFar = 0

  /// The stage before, if it matters which lane groups kept their green; `nil` if unknown.
  public var previousStage: Int?

  /// Steps from now before which the running green must not end (notice, pedestrians).
  public var earliestEnd = 0

  /// Steps from now at which it must end; `never` if only the longest green says so.
  public var latestEnd = HorizonProblem.never

  /// Start-up lost time l1: steps of green before a queue that was red moves.
  public var startLoss = 2

  /// Steps of yellow in which a queue that loses green still moves (e), at most `startLoss`.
  public var endGain = 2

  /// An empty junction: no queues, no arrivals, nobody served, every change forbidden.
  public init(laneGroups: Int, stages: Int, steps: Int, sequence: Signals.Sequence = .fixed) {
    precondition((1...Self.laneGroupLimit).contains(laneGroups), "1 to 32 lane groups")
    precondition((1...TimingPlan.entryLimit).contains(stages), "1 to 16 stages")
    precondition((1...Self.stepLimit).contains(steps), "1 to 120 steps")
    self.laneGroups = laneGroups
    self.stages = stages
    self.steps = steps
    self.sequence = sequence
    queue = Array(repeating: 0, count: laneGroups)
    arrivals = Array(repeating: 0, count: laneGroups * steps)
    discharge = Array(repeating: 0, count: stages * laneGroups)
    changeRatio = Array(repeating: 1, count: stages * stages * laneGroups)
    weight = Array(repeating: 1, count: laneGroups)
    change = Array(repeating: Self.forbidden, count: stages * stages)
    minimumGreen = Array(repeating: 1, count: stages)
    maximumGreen = Array(repeating: Self.never, count: stages)
    latestStart = Array(repeating: Self.never, count: stages)
    isCalled = Array(repeating: false, count: stages)
    order = Array(0..<stages)
    stage = 0
  }

  /// Vehicles a step that leave a queue between two stages, or in the green of one; none of an unknown stage
  /// before, of which nobody kept his green.
  func rate(of group: Int, from: Int?, to: Int) -> Double {
    guard let from else { return 0 }
    let after = discharge[to * laneGroups + group]
    guard from != to else { return after }
    let lesser = min(discharge[from * laneGroups + group], after)
    return lesser * changeRatio[(from * stages + to) * laneGroups + group]
  }

  /// Traps on arrays and numbers that cannot be a junction: the caller's own mistake.
  func check() {
    precondition(queue.count == laneGroups && weight.count == laneGroups, "one a lane group")
    precondition(arrivals.count == laneGroups * steps, "arrivals of each step")
    precondition(discharge.count == stages * laneGroups, "a rate for each stage and lane group")
    precondition(changeRatio.count == stages * stages * laneGroups, "a ratio for each change")
    precondition(change.count == stages * stages, "a change for each pair of stages")
    precondition(minimumGreen.count == stages && maximumGreen.count == stages, "one a stage")
    precondition(latestStart.count == stages && isCalled.count == stages, "one a stage")
    precondition((0..<stages).contains(stage) && !order.isEmpty, "a stage that runs")
    precondition(previousStage.map((0..<stages).contains) ?? true, "a stage before")
    precondition(0 <= endGain && endGain <= startLoss && startLoss <= 10, "gain at most loss")
    for value in queue { precondition(value >= 0 && value < 1e6, "a queue") }
    for value in arrivals { precondition(value >= 0 && value < 1e3, "arrivals") }
    for value in discharge { precondition(value >= 0 && value < 1e3, "a rate") }
    for value in changeRatio { precondition(value >= 0 && value <= Self.largestRatio, "a ratio") }
    for value in weight { precondition(value > 0 && value < 1e6, "a weight above 0") }
    for stage in order { precondition((0..<stages).contains(stage), "a stage") }
    for stage in 0..<stages {
      precondition(minimumGreen[stage] > startLoss - endGain, "a green that serves")
      precondition(maximumGreen[stage] >= minimumGreen[stage], "greens")
    }
  }
}

/// A stage and its green in a horizon plan.
public struct HorizonEntry: Sendable, Hashable {
  /// Position of the stage.
  public let stage: Int

  /// Its green, steps; of the first entry with what has passed already.
  public let green: Int

  /// `stage` is green for `green` steps.
  public init(stage: Int, green: Int) {
    self.stage = stage
    self.green = green
  }
}

/// What a sequence of stages costs over the horizon and after it.
public struct HorizonCost: Sendable, Hashable {
  /// Weighted vehicle seconds of waiting within the horizon.
  public let waiting: Double

  /// Weighted vehicle seconds that the queues left at its end will yet cost.
  public let toGo: Double

  /// Steps by which stages miss their deadlines, added up.
  public let lateness: Int

  /// `waiting` and `toGo` together.
  public var total: Double { waiting + toGo }
}

/// What a rolling horizon recommends.
public struct HorizonPlan: Sendable, Hashable {
  /// Stages and greens, the running stage first; the last green is what the horizon shows of it.
  public let entries: [HorizonEntry]

  /// Steps from now to the end of the running green; `nil` if it lasts to the horizon's end.
  public let endsIn: Int?

  /// What it costs.
  public let cost: HorizonCost

  /// Whether the search was carried through; if not, `entries` is the best found so far.
  public let isComplete: Bool

  /// Steps of queues that were looked at: what the budget counts.
  public let work: Int
}
