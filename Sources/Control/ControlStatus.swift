public import Counts
public import Demand
public import Signals

/// How one junction stands at one moment.
public struct ControlStatus: Sendable, Equatable {
  /// One detector and what is thought of it.
  public struct Detector: Sendable, Equatable {
    /// Its identifier.
    public let id: String
    /// The camera that sent its last record; `nil` if it does not name itself.
    public let camera: String?
    /// What is thought of it.
    public let verdict: DetectorVerdict
    /// Whether nothing can be taken from it now.
    public let isFailed: Bool
  }

  /// Where the vehicles of a shared lane go, as far as it is known.
  public struct Turns: Sendable, Equatable {
    /// Position of the lane group.
    public let laneGroup: Int
    /// Shares of its movements, and whether they are seen or as the site file has them.
    public let shares: TurnShares.Shares
  }

  /// The rung of the degrade ladder.
  public let level: DegradeLevel

  /// Why no better one.
  public let cause: String

  /// Since when it has stood on that rung; `nil` before its first tick.
  public let since: UTC?

  /// Its detectors, in the order of the site file.
  public let detectors: [Detector]

  /// Lane groups whose queues discharge otherwise than the site file says.
  public let drifts: [SaturationDrift]

  /// Where the vehicles go of each lane group that several streams share.
  public let turns: [Turns]
}
