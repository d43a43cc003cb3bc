import Counts
import Demand
import Signals

/// What a controller has gathered from all that it saw: with it another one of the same junction goes
/// on as if it had seen the same.
public struct ControllerState: Sendable, Equatable, Codable {
  let demand: DemandEstimator
  let redClock: RedClock
  let ladder: DegradeLadder
  let lastOrder: Instant?

  /// Whether it has learned what is usual at any detector.
  public var knowsUsual: Bool { demand.health.knowsUsual }
}
