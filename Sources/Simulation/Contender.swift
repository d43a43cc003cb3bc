import Control
import Junctions
public import Signals

/// Who sets the signals in one run of a scenario.
public enum Contender: Sendable, Hashable {
  /// Each cabinet's own time-of-day plans.
  case fixedPlan
  /// The best fixed plan that Webster's method finds, knowing the true demand of the whole scenario.
  case webster
  /// Greensplit at the pace of each site file.
  case greensplit
  /// Greensplit at one pace everywhere.
  case paced(Pace)

  /// Name in tables and results.
  public var name: String {
    switch self {
    case .fixedPlan: "fixed plan"
    case .webster: "webster"
    case .greensplit: "greensplit"
    case .paced(let pace): pace.rawValue
    }
  }

  /// Whether greensplit sets the signals.
  var isControlled: Bool {
    switch self {
    case .fixedPlan, .webster: false
    case .greensplit, .paced: true
    }
  }
}

/// What came of one run.
public struct RunResult: Sendable, Equatable, Codable {
  /// Who set the signals.
  public let contender: String

  /// How the traffic fared.
  public let score: Score

  /// Plans that were sent.
  public let plans: Int

  /// Plans that the safety check kept back.
  public let refused: Int

  /// Fingerprint of every decision of the run: equal for equal decisions.
  public let digest: String

  /// What happened at each junction, in the order of the network; `nil` if nobody recorded it.
  public let courses: [JunctionCourse]?

  /// The result of a run under `contender`.
  public init(
    contender: String, score: Score, plans: Int, refused: Int, digest: String,
    courses: [JunctionCourse]? = nil
  ) {
    self.contender = contender
    self.score = score
    self.plans = plans
    self.refused = refused
    self.digest = digest
    self.courses = courses
  }
}

/// What came of a scenario under several contenders, all with the same traffic
/// (`docs/results.md`).
public struct Comparison: Sendable, Equatable, Codable {
  /// What `format` holds in this version.
  public static let format = "greensplit-simulate-1"

  /// How the result is written: another value, another meaning of the fields.
  public let format: String

  /// Name of the scenario.
  public let scenario: String

  /// What all random draws followed from.
  public let seed: UInt64

  /// When it began, seconds since local midnight.
  public let begin: Double

  /// How long it ran, the warm-up included, s.
  public let length: Double

  /// Time at its beginning that is not scored, s.
  public let warmUp: Double

  /// The junctions, in the order of the network.
  public let junctions: [JunctionOutline]

  /// The runs, in the order of the contenders.
  public let runs: [RunResult]

  /// Runs of one scenario with one seed.
  public init(of scenario: Scenario, seed: UInt64, runs: [RunResult]) {
    format = Self.format
    self.scenario = scenario.name
    self.seed = seed
    begin = scenario.begin
    length = scenario.length
    warmUp = scenario.warmUp
    junctions = scenario.network.junctions.map(JunctionOutline.init)
    self.runs = runs
  }
}

extension Scenario {
  /// Runs the scenario under one contender, in virtual time.
  ///
  /// - Parameters:
  ///   - contender: Who sets the signals.
  ///   - seed: Another seed than the scenario's own.
  ///   - hear: Gets what the loops tell, as the daemon's history would.
  ///   - progress: Called after each simulated minute with the share that is done, 0 ... 1.
  /// - Returns: The result; `nil` if Webster's method finds no plan within the limits.
  public func run(
    _ contender: Contender, seed: UInt64? = nil, hear: ControlledJunctions.Hear? = nil,
    progress: (Double) -> Void = { _ in }
  ) -> RunResult? {
    guard let scenario = prepared(for: contender, seed: seed) else { return nil }
    var loop = ClosedLoop(
      scenario.network, model: scenario.model(seed: seed), isControlled: contender.isControlled,
      step: step, interval: cameraInterval, isRecorded: true, hear: hear)
    var tally = DecisionTally()
    for second in 0..<Int(length.rounded(.up)) {
      loop.runSecond { tally.add($1, at: $0.site) }
      if second % 60 == 59 { progress(Double(second + 1) / length) }
    }
    loop.end()
    return RunResult(
      contender: contender.name, score: loop.score, plans: tally.plans, refused: tally.refused,
      digest: tally.digest, courses: loop.courses)
  }

  /// The scenario with its junctions as a contender wants them.
  private func prepared(for contender: Contender, seed: UInt64?) -> Scenario? {
    switch contender {
    case .fixedPlan, .greensplit: return self
    case .paced(let pace): return paced(pace)
    case .webster:
      guard let best = bestWebsterPlans(seed: seed) else { return nil }
      return replacing { junction, position in
        junction.planned(by: NamedPlan(name: "webster", plan: best.plans[position]))
      }
    }
  }

  /// The scenario with every junction controlled at `pace`; `nil` if they do not fit together.
  public func paced(_ pace: Pace) -> Scenario? {
    replacing { junction, _ in junction.controlled(by: junction.control.with(pace: pace)) }
  }

  func replacing(_ change: (Intersection, Int) -> Intersection?) -> Scenario? {
    let junctions = network.junctions.enumerated().compactMap { change($1, $0) }
    guard junctions.count == network.junctions.count,
      let network = try? RoadNetwork(junctions)
    else { return nil }
    return Scenario(
      name: name, begin: begin, length: length, warmUp: warmUp, step: step, seed: seed,
      cameraInterval: cameraInterval, network: network, demand: demand, faults: faults)
  }
}
