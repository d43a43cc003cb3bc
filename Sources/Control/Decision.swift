public import Demand
public import Safety
public import Signals

/// What control wants at one tick, and why.
public struct Decision: Sendable, Equatable {
  /// The tick.
  public let at: Moment

  /// The rung of the degrade ladder.
  public let level: DegradeLevel

  /// Why the junction stands on that rung.
  public let cause: String

  /// The plan to be sent; `nil` to leave the one that runs.
  public let order: CheckedPlan?

  /// Whether the lease may be renewed. If not, it lapses and the cabinet returns to its own plan.
  public let renewsLease: Bool

  /// Why this plan, or why none.
  public let reason: Reason

  /// What the stop lines are about to let go under `order`, for the junctions downstream; empty without an order
  /// that fixes greens.
  public let releases: [ComingRelease]

  /// A decision of one tick.
  public init(
    at: Moment, level: DegradeLevel, cause: String, order: CheckedPlan?, renewsLease: Bool,
    reason: Reason, releases: [ComingRelease] = []
  ) {
    self.at = at
    self.level = level
    self.cause = cause
    self.order = order
    self.renewsLease = renewsLease
    self.reason = reason
    self.releases = releases
  }
}

/// Why a decision was made: what was seen, what was predicted, what was refused.
public struct Reason: Sendable, Equatable, Codable {
  /// One sentence for people.
  public let text: String

  /// What was thought of each lane group.
  public let demand: DemandEstimate

  /// Cost of the chosen plan over the horizon, weighted vehicle-seconds; `nil` without a choice.
  public let cost: Double?

  /// What the best alternative was, and its cost.
  public let alternative: Alternative?

  /// Plans that the safety check refused on the way, each with what was wrong.
  public let refused: [String]

  /// A choice that was not taken.
  public struct Alternative: Sendable, Equatable, Codable {
    /// In words, such as "hold stage B for 8 s more".
    public let text: String

    /// Its cost over the horizon, weighted vehicle-seconds.
    public let cost: Double

    /// A choice that would have cost `cost`.
    public init(text: String, cost: Double) {
      self.text = text
      self.cost = cost
    }
  }

  /// Why a decision was made.
  public init(
    text: String, demand: DemandEstimate, cost: Double? = nil, alternative: Alternative? = nil,
    refused: [String] = []
  ) {
    self.text = text
    self.demand = demand
    self.cost = cost
    self.alternative = alternative
    self.refused = refused
  }
}
