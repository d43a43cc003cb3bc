public import Signals

/// What one camera saw of one detector in one interval: count record, version 1
/// (`docs/count-record.md`).
///
/// `nil` is not measured; 0 is a measured zero.
public struct CountRecord: Sendable, Hashable {
  /// Shortest and longest interval, milliseconds: 0.1 s to 900 s.
  public static let intervalLengths: ClosedRange<Int64> = 100...900_000

  /// Most vehicles in one figure. Twelve lanes discharge some 6,000 in 900 s: beyond this a figure
  /// is a fault, and arithmetic on it would not be safe.
  public static let vehicleLimit = 10_000.0

  /// Highest mean speed, km/h; beyond it a figure is a fault of units.
  public static let speedLimit = 500.0

  /// Highest running number: the largest whole number that every JSON library keeps exactly.
  public static let sequenceLimit: Int64 = 9_007_199_254_740_991

  /// Identifier of the detector, as the site file names it.
  public let detector: String

  /// Start of the interval, which it includes.
  public let start: UTC

  /// End of the interval, which it excludes.
  public let end: UTC

  /// The camera.
  public let source: String?

  /// The camera's start: another value says that it began anew.
  public let boot: String?

  /// The camera's running number since that start.
  public let sequence: Int64?

  /// Vehicles that crossed the stop line in the interval.
  public let count: VehicleCount?

  /// Vehicles between the stop line and the end of the view, at `end`.
  public let inView: Double?

  /// Those of them that stood or went below 2 m/s, at `end`.
  public let queue: Double?

  /// Share of the interval in which the zone at the stop line was occupied, 0 ... 1.
  public let occupancy: Double?

  /// Mean speed in the interval, km/h.
  public let speedKmh: Double?

  /// How far the camera trusts its own figures.
  public let quality: CountQuality

  /// A record of the interval from `start` to `end`; units and ranges as the properties say.
  ///
  /// Figures from outside come through `CountParser`, which refuses what would trap here.
  public init(
    detector: String, start: UTC, end: UTC, source: String? = nil, boot: String? = nil,
    sequence: Int64? = nil, count: VehicleCount? = nil, inView: Double? = nil,
    queue: Double? = nil, occupancy: Double? = nil, speedKmh: Double? = nil,
    quality: CountQuality = CountQuality()
  ) {
    precondition(
      Self.intervalLengths.contains(end.milliseconds - start.milliseconds), "0.1 s to 900 s")
    precondition(inView.map(isVehicles) ?? true && queue.map(isVehicles) ?? true, "vehicles")
    precondition(occupancy.map((0...1).contains) ?? true, "a share")
    precondition(speedKmh.map((0...Self.speedLimit).contains) ?? true, "a speed in km/h")
    self.detector = detector
    self.start = start
    self.end = end
    self.source = source
    self.boot = boot
    self.sequence = sequence
    self.count = count
    self.inView = inView
    self.queue = queue
    self.occupancy = occupancy
    self.speedKmh = speedKmh
    self.quality = quality
  }

  /// Length of the interval, s.
  public var length: Double { end.seconds(since: start) }

  /// Whether it says only that the camera lives, and nothing of traffic.
  public var isHeartbeat: Bool { count == nil && inView == nil }
}

/// Whether `number` can be a number of vehicles.
func isVehicles(_ number: Double) -> Bool { (0...CountRecord.vehicleLimit).contains(number) }

/// What a camera says of its own figures.
public struct CountQuality: Sendable, Hashable {
  /// How far a camera trusts a record.
  public enum Status: String, Sendable, CaseIterable {
    /// As usual.
    case ok
    /// Less exact than usual, by darkness or weather.
    case degraded
    /// Something may be wrong.
    case suspect
    /// The camera knows its figures to be wrong.
    case fault
    /// Not measured but filled in.
    case estimated
  }

  /// The camera's verdict.
  public let status: Status

  /// Its reasons, such as low_light, rain, fog, snow, occluded, moved, frozen; sorted, each once.
  public let flags: [String]

  /// Confidence, 0 ... 1.
  public let confidence: Double?

  /// A verdict; a record that says nothing of its quality is taken as ok.
  public init(status: Status = .ok, flags: [String] = [], confidence: Double? = nil) {
    precondition(confidence.map((0...1).contains) ?? true, "a share")
    self.status = status
    self.flags =
      flags.count < 2
      ? flags : flags.sorted().reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    self.confidence = confidence
  }
}
