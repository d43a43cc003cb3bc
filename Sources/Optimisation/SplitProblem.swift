public import Signals

/// What a split is to make small.
public enum SplitObjective: String, Sendable, CaseIterable, Codable {
  /// Σ weight × flow × control delay.
  case delay
  /// The degrees of saturation, made equal as far as limits let them (SCATS).
  case saturation
}

/// What one lane group asks of the cycle and how the stages serve it.
public struct SplitDemand: Sendable, Hashable {
  /// Demand, veh/h.
  public let flow: Double

  /// Saturation flow with right of way, veh/h of effective green.
  public let saturationFlow: Double

  /// What its vehicle seconds count relative to others.
  public let weight: Double

  /// Vehicles waiting when the analysis period begins.
  public let initialQueue: Double

  /// For each stage, the share of the saturation flow at which it discharges: 1 protected, less
  /// permissive or shared, 0 red.
  public let service: [Double]

  /// For each stage, the share at which it discharges during the change after it.
  public let changeService: [Double]

  /// A lane group's demand.
  ///
  /// - Parameters:
  ///   - flow: Demand, veh/h.
  ///   - saturationFlow: Saturation flow, veh/h of effective green.
  ///   - service: Share of the saturation flow in each stage.
  ///   - changeService: Share during the change after each stage; by default a lane group that is
  ///     served on both sides of a change stays green across it (搭接).
  ///   - weight: What its vehicle seconds count.
  ///   - initialQueue: Vehicles waiting when the period begins.
  public init(
    flow: Double, saturationFlow: Double, service: [Double], changeService: [Double]? = nil,
    weight: Double = 1, initialQueue: Double = 0
  ) {
    precondition(flow >= 0 && flow.isFinite, "a flow")
    precondition(saturationFlow > 0 && saturationFlow.isFinite, "a saturation flow")
    precondition(weight >= 0 && weight.isFinite, "a weight")
    precondition(initialQueue >= 0 && initialQueue.isFinite, "a queue")
    precondition(service.allSatisfy { (0...1).contains($0) }, "shares")
    self.flow = flow
    self.saturationFlow = saturationFlow
    self.weight = weight
    self.initialQueue = initialQueue
    self.service = service
    self.changeService =
      changeService
      ?? service.indices.map { min(service[$0], service[($0 + 1) % service.count]) }
    precondition(self.changeService.count == service.count, "a share for each change")
    precondition(self.changeService.allSatisfy { (0...1).contains($0) }, "shares")
  }
}

/// How one cycle is to be divided among its stages.
public struct SplitProblem: Sendable, Hashable {
  /// The stages in the order in which they run.
  public var stages: [SplitStage]

  /// The lane groups.
  public var demands: [SplitDemand]

  /// Cycles to choose from; a single one if both ends are equal.
  public var cycle: ClosedRange<Tenths>

  /// What greens are whole multiples of, if limits and cycle are.
  public var resolution = Tenths.seconds(1)

  /// What is made small.
  public var objective = SplitObjective.delay

  /// Analysis period T, h: how long the demand lasts (HCM: a quarter of an hour).
  public var period = 0.25

  /// k·I of the incremental delay: 0.5 for fixed time at an isolated junction.
  public var randomness = 0.5

  /// Start-up lost time l1 of a queue that turns green, s.
  public var startLoss = 2.0

  /// Time e for which a lane group that loses green goes on into the yellow, s.
  public var endGain = 2.0

  /// A cycle to be divided; every demand names a share for each stage.
  public init(stages: [SplitStage], demands: [SplitDemand], cycle: ClosedRange<Tenths>) {
    precondition(!stages.isEmpty && stages.count <= TimingPlan.entryLimit, "1 to 16 stages")
    precondition(demands.allSatisfy { $0.service.count == stages.count }, "a share for each stage")
    precondition(cycle.lowerBound > .zero, "a cycle")
    self.stages = stages
    self.demands = demands
    self.cycle = cycle
  }

  /// What the changes of one cycle add up to.
  public var lost: Tenths { stages.reduce(.zero) { $0 + $1.change } }

  /// The part of the effective green that does not depend on the greens: changes that a lane group
  /// crosses on green, and what it gains at each end of green and loses at each start.
  ///
  /// Effective green is G + Y + AR - (l1 + l2) with l2 = Y + AR - e (HCM): G - l1 + e.
  func fixedGreen(of demand: borrowing SplitDemand) -> Double {
    var sum = 0.0
    for stage in 0..<stages.count {
      let change = stages[stage].change.seconds
      let kept = demand.changeService[stage]
      sum += kept * change
      if kept == 0 {
        let next = stage + 1 < stages.count ? stage + 1 : 0
        sum += demand.service[stage] * min(endGain, change) - demand.service[next] * startLoss
      }
    }
    return sum
  }
}
