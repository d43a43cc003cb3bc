public import Signals

/// A time of day in a network, with all that comes to it: what a control strategy is judged on.
public struct Scenario: Sendable {
  /// Name for people.
  public let name: String

  /// When it begins, seconds since local midnight.
  public let begin: Double

  /// How long it runs, the warm-up included, s.
  public let length: Double

  /// Time at its beginning that is not scored, because the network fills only then, s.
  public let warmUp: Double

  /// How far one step of the model moves the clock.
  public let step: Tenths

  /// What all random draws follow from.
  public let seed: UInt64

  /// How often cameras report.
  public let cameraInterval: Tenths

  /// The junctions and the roads between them.
  public let network: RoadNetwork

  /// All who come.
  public let demand: TrafficDemand

  /// What is wrong with the cameras.
  public let faults: CountFaults

  /// A scenario; units as the properties say.
  public init(
    name: String, begin: Double, length: Double, warmUp: Double = 0, step: Tenths = .seconds(1),
    seed: UInt64 = 1, cameraInterval: Tenths = .seconds(1), network: RoadNetwork,
    demand: TrafficDemand, faults: CountFaults = CountFaults()
  ) {
    precondition(length > warmUp && warmUp >= 0, "something to be scored")
    precondition(cameraInterval >= step, "cameras report at most once a step")
    self.name = name
    self.begin = begin
    self.length = length
    self.warmUp = warmUp
    self.step = step
    self.seed = seed
    self.cameraInterval = cameraInterval
    self.network = network
    self.demand = demand
    self.faults = faults
  }

  /// The same with other faults of the cameras.
  public func failing(_ faults: CountFaults) -> Scenario {
    Scenario(
      name: name, begin: begin, length: length, warmUp: warmUp, step: step, seed: seed,
      cameraInterval: cameraInterval, network: network, demand: demand, faults: faults)
  }

  /// When it ends, seconds since local midnight.
  public var end: Double { begin + length }

  /// The traffic at its beginning; with another seed, the same demand on another day.
  public func model(seed: UInt64? = nil) -> TrafficModel {
    TrafficModel(
      network, demand: demand,
      settings: ModelSettings(
        begin: begin, step: step, seed: seed ?? self.seed, measureFrom: begin + warmUp,
        faults: faults))
  }

  /// Mean flow of each lane group of each junction while the scenario is scored, veh/h.
  public var trueFlows: [[Double]] { network.flows(of: demand, from: begin + warmUp, to: end) }

  /// Webster's plan of each junction for its true flows; `nil` where none keeps to the limits.
  ///
  /// - Parameter factor: What flows are multiplied with, for a plan that leaves room for their peaks.
  /// - Returns: A plan for each junction.
  public func websterPlans(factor: Double = 1) -> [TimingPlan?] {
    zip(network.junctions, trueFlows).map { junction, flows in
      websterPlan(for: junction, flows: flows.map { $0 * factor })
    }
  }

  /// The best of Webster's plans for mean flows and for flows above them: a comparison that knows the
  /// whole scenario beforehand, as no fixed plan of the street does.
  ///
  /// - Parameter seed: The seed of the run that decides, if it is not the scenario's own.
  /// - Returns: A plan for each junction and how the scenario goes under them; `nil` if some junction
  ///   has no plan that keeps to the limits.
  public func bestWebsterPlans(seed: UInt64? = nil) -> (plans: [TimingPlan], score: Score)? {
    var best: (plans: [TimingPlan], score: Score)?
    // A peak quarter of an hour is at most half as heavy again as its hour.
    for factor in [1, 1.1, 1.2, 1.35, 1.5] {
      let plans = websterPlans(factor: factor).compactMap(\.self)
      guard plans.count == network.junctions.count else { continue }
      let score = score(under: plans, seed: seed)
      if best.map({ score.performance.delay < $0.score.performance.delay }) ?? true {
        best = (plans, score)
      }
    }
    return best
  }

  /// How it goes under plans that run undisturbed from its beginning to its end.
  ///
  /// - Parameters:
  ///   - plans: A plan for each junction of the network, without forbidden changes.
  ///   - seed: Another seed than the scenario's own.
  /// - Returns: The score of the whole run but its warm-up.
  public func score(under plans: [TimingPlan], seed: UInt64? = nil) -> Score {
    precondition(plans.count == network.junctions.count, "a plan for each junction")
    let clocks = zip(plans, network.junctions).map { plan, junction in
      guard let clock = PlanClock(plan, at: junction) else {
        preconditionFailure("a plan that cannot run at \(junction.id)")
      }
      return clock
    }
    var model = model(seed: seed)
    while model.time < end { model.advance(under: clocks.map { $0.lamps(at: model.time) }) }
    return model.score()
  }
}
