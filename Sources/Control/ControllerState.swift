import Counts
import Demand
import Safety
import Signals

/// What a controller has gathered from all that it saw: with it another one of the same junction goes
/// on as if it had seen the same.
public struct ControllerState: Sendable, Equatable, Codable {
  let demand: DemandEstimator
  let redClock: RedClock
  let ladder: DegradeLadder
  let lastOrder: Instant?
  let standing: StandingDecision?

  /// Whether it has learned what is usual at any detector.
  public var knowsUsual: Bool { demand.health.knowsUsual }
}

/// A decision on what follows the green that runs. It stands for as long as such decisions are made ahead, unless
/// counts come.
struct StandingDecision: Sendable, Equatable, Codable {
  /// The stage that was green.
  let stage: Int

  /// When it was made.
  let at: Instant

  /// Whether it is for the green that `report` tells of.
  func isFor(_ report: CabinetReport, at moment: Moment) -> Bool {
    report.stage == stage
      && moment.monotonic.seconds(since: at) < PlanChooser.lead.seconds
  }
}
