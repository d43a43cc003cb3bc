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

  /// The result of a run under `contender`.
  public init(contender: String, score: Score, plans: Int, refused: Int, digest: String) {
    self.contender = contender
    self.score = score
    self.plans = plans
    self.refused = refused
    self.digest = digest
  }
}

/// What came of a scenario under several contenders, all with the same traffic.
public struct Comparison: Sendable, Equatable, Codable {
  /// Name of the scenario.
  public let scenario: String

  /// What all random draws followed from.
  public let seed: UInt64

  /// The runs, in the order of the contenders.
  public let runs: [RunResult]

  /// Runs of one scenario with one seed.
  public init(scenario: String, seed: UInt64, runs: [RunResult]) {
    self.scenario = scenario
    self.seed = seed
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
      step: step, interval: cameraInterval, hear: hear)
    var tally = DecisionTally()
    for second in 0..<Int(length.rounded(.up)) {
      loop.runSecond { tally.add($1, at: $0.site) }
      if second % 60 == 59 { progress(Double(second + 1) / length) }
    }
    loop.end()
    return RunResult(
      contender: contender.name, score: loop.score, plans: tally.plans, refused: tally.refused,
      digest: tally.digest)
  }

  /// The scenario with its junctions as a contender wants them.
  private func prepared(for contender: Contender, seed: UInt64?) -> Scenario? {
    switch contender {
    case .fixedPlan, .greensplit: return self
    case .paced(let pace):
      return replacing { junction, _ in
        let control = junction.control
        return junction.controlled(
          by: ControlSettings(pace: pace, sequence: control.sequence, lease: control.lease))
      }
    case .webster:
      guard let best = bestWebsterPlans(seed: seed) else { return nil }
      return replacing { junction, position in
        junction.planned(by: NamedPlan(name: "webster", plan: best.plans[position]))
      }
    }
  }

  private func replacing(_ change: (Intersection, Int) -> Intersection?) -> Scenario? {
    let junctions = network.junctions.enumerated().compactMap { change($1, $0) }
    guard junctions.count == network.junctions.count,
      let network = try? RoadNetwork(junctions)
    else { return nil }
    return Scenario(
      name: name, begin: begin, length: length, warmUp: warmUp, step: step, seed: seed,
      cameraInterval: cameraInterval, network: network, demand: demand, faults: faults)
  }
}
