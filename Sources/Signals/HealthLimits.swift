/// When the reports of a detector are no longer believed: thresholds of the checks of `Counts`.
///
/// Every threshold can be set in the site file (`detector_health`); the standard ones follow the practice
/// that each property names.
public struct HealthLimits: Sendable, Equatable, Codable {
  /// Intervals without a record after which a detector is suspect.
  public var missingIntervals = 2.0

  /// Silence after which it is at fault, s (practice: 5 min without any count is an outage).
  public var missingFault = 300.0

  /// No vehicle while neighbours flow, by day, s (NTCIP 1202 no-activity: 15 min).
  public var zeroByDay = 900.0

  /// The same from 22:00 to 06:00, s.
  public var zeroByNight = 3600.0

  /// Vehicles that must have been expected in that time: of fewer, none at all is no wonder. Of 16 that
  /// come at random none comes once in 10^7 times, and a lane has some 10^4 gaps in a month.
  public var zeroExpected = 16.0

  /// Expected vehicles after which five minutes are enough: of 30 none comes once in 10^13 times.
  public var zeroCertain = 30.0

  /// Share of time occupied from which the zone counts as never free.
  public var stuckOccupancy = 0.95

  /// Never free and nobody crossing, s (NTCIP 1202 max-presence: 10 min).
  public var stuckTime = 600.0

  /// Most vehicles in a minute and lane (NTCIP 1202 erratic counts: 30, raised for discharge).
  public var chatterPerMinute = 50.0

  /// Most vehicles in a quarter of an hour, as a share of what the green can have let through.
  public var chatterCapacity = 1.2

  /// Highest flow of a quarter of an hour, veh/h and lane (FHWA range checks).
  public var rangeFlow = 3000.0

  /// Highest mean speed, km/h (FHWA range checks).
  public var rangeSpeed = 120.0

  /// Intervals with the very same figures (PeMS and FHWA: 8). More are waited for where chance repeats
  /// them easily.
  public var constantIntervals = 8.0

  /// Green through which the very same vehicles may stand, s; three times as much is a fault. A queue moves
  /// within its first seconds unless the way out is blocked.
  public var constantGreen = 30.0

  /// Shortest vehicle, zone included, that occupancy, speed and count may come to, m (WSDOT ratio test).
  public var ratioLeast = 2.0

  /// Longest such vehicle, m.
  public var ratioMost = 20.0

  /// How far what crosses here may be from what came off the stop lines upstream, as a share of what it
  /// usually is, over a quarter of an hour.
  public var balanceTolerance = 0.25

  /// How many usual deviations a flow may be off its weekday and time (FHWA: median ± 4 MAD).
  public var profileDeviations = 4.0

  /// Quarters of an hour in a row that must be so far off: a single one is once a day by chance.
  public var profileQuarters = 4.0

  /// How far a detector's share of its approach and of the junction may be off the usual.
  public var shareTolerance = 0.2

  /// How far a camera may be off what the cabinet's loops count in its lanes. Video counts within 10 % by
  /// day and 25 % by night (Illinois 2009), well-kept loops within 5 %.
  public var loopTolerance = 0.2

  /// Vehicles beyond a tolerance, in sum, after which a share, a balance or a comparison with loops is
  /// found wrong. A Poisson number that keeps to what is expected comes to that once in a million stretches
  /// at a tolerance of 20 % (Lucas 1985).
  public var driftVehicles = 30.0

  /// Least that may come off a standing queue in green, as a share of the saturation flow: snow takes a
  /// quarter of it (HCM), a camera that misses half takes half.
  public var dischargeLeast = 0.65

  /// Most that may come off it, as such a share.
  public var dischargeMost = 1.25

  /// What a record in darkness or bad weather counts, 0 to 1 (Illinois 2009: at night and in snow half of
  /// the calls false).
  public var conditionReliability = 0.5

  /// How long nothing must have been found before a detector is believed again, s.
  public var recovery = 60.0

  /// The standard thresholds.
  public init() {}

  /// Reads limits; one that is not told has its standard value, as in files of a time that did not know it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    for (key, path) in Self.thresholds {
      guard let value = try fields.decodeIfPresent(Double.self, forKey: key) else { continue }
      self[keyPath: path] = value
    }
  }

  private enum CodingKeys: String, CodingKey {
    case missingIntervals, missingFault, zeroByDay, zeroByNight, zeroExpected, zeroCertain
    case stuckOccupancy, stuckTime, chatterPerMinute, chatterCapacity, rangeFlow, rangeSpeed
    case constantIntervals, constantGreen, ratioLeast, ratioMost, balanceTolerance
    case profileDeviations, profileQuarters, shareTolerance, loopTolerance, driftVehicles
    case dischargeLeast, dischargeMost, conditionReliability, recovery
  }

  private static var thresholds: [(CodingKeys, WritableKeyPath<HealthLimits, Double>)] {
    [
      (.missingIntervals, \.missingIntervals),
      (.missingFault, \.missingFault),
      (.zeroByDay, \.zeroByDay),
      (.zeroByNight, \.zeroByNight),
      (.zeroExpected, \.zeroExpected),
      (.zeroCertain, \.zeroCertain),
      (.stuckOccupancy, \.stuckOccupancy),
      (.stuckTime, \.stuckTime),
      (.chatterPerMinute, \.chatterPerMinute),
      (.chatterCapacity, \.chatterCapacity),
      (.rangeFlow, \.rangeFlow),
      (.rangeSpeed, \.rangeSpeed),
      (.constantIntervals, \.constantIntervals),
      (.constantGreen, \.constantGreen),
      (.ratioLeast, \.ratioLeast),
      (.ratioMost, \.ratioMost),
      (.balanceTolerance, \.balanceTolerance),
      (.profileDeviations, \.profileDeviations),
      (.profileQuarters, \.profileQuarters),
      (.shareTolerance, \.shareTolerance),
      (.loopTolerance, \.loopTolerance),
      (.driftVehicles, \.driftVehicles),
      (.dischargeLeast, \.dischargeLeast),
      (.dischargeMost, \.dischargeMost),
      (.conditionReliability, \.conditionReliability),
      (.recovery, \.recovery),
    ]
  }
}
