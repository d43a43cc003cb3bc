import Signals

/// What one loop of the cabinet has said since the last quarter of an hour.
///
/// Loops fail as often as cameras do: who compares must first know that they count at all.
struct LoopWatch: Sendable, Equatable, Codable {
  /// Number among the cabinet's detectors, from 1.
  let number: Int
  /// Vehicles, and the time that its intervals cover, s.
  private(set) var vehicles = 0.0
  private(set) var seconds = 0.0
  /// Whether the cabinet has called it faulty.
  private var isFaulty = false

  init(number: Int) { self.number = number }

  /// Takes in one of its intervals.
  mutating func note(_ record: CountRecord) {
    seconds += record.length
    vehicles += record.count?.total ?? 0
    if record.quality.status == .fault { isFaulty = true }
  }

  /// Why it cannot be a witness of this quarter, in words; `nil` if it can.
  ///
  /// - Parameters:
  ///   - counted: Vehicles that the camera counted for each of the loops.
  ///   - limits: Its own limits are those of the camera: no road has more.
  /// - Returns: The reason.
  func trouble(beside counted: Double, _ limits: HealthLimits) -> String? {
    if isFaulty { return "loop \(number) is at fault, as the cabinet says" }
    // Two thirds of the time at least: else it is not known what it would have counted.
    guard seconds >= 600 else { return "loop \(number) tells nothing" }
    // Of 16 vehicles that come at random none comes once in 10^7 times (`HealthLimits.zeroExpected`).
    if vehicles == 0, counted >= limits.zeroExpected { return "loop \(number) counts nobody" }
    if vehicles / seconds * 3600 > limits.rangeFlow { return "loop \(number) counts too many" }
    return nil
  }
}

/// The comparison of one camera with the loops of its lanes.
struct LoopComparison: Sendable, Equatable, Codable {
  /// Quarters of an hour in which both must have agreed before it may be the loops that have changed.
  static let enough = 8

  private struct Pair: Sendable, Equatable, Codable {
    let camera: Double
    let loops: Double
  }

  private(set) var drift = Drift()
  /// Why the loops were no witnesses lately; `nil` if they are.
  private(set) var trouble: String?
  private var agreements = 0
  /// A quarter that counts once the next one shows that no loop was dying in it.
  private var pending: Pair?

  /// Whether both have been of one mind for long enough.
  var haveAgreed: Bool { agreements >= Self.enough }

  /// Takes in a quarter of an hour.
  ///
  /// - Parameters:
  ///   - camera: Vehicles that the camera counted, and in how many seconds.
  ///   - loops: What its loops said.
  ///   - limits: The thresholds.
  mutating func note(
    camera: (vehicles: Double, seconds: Double), loops: [LoopWatch], _ limits: HealthLimits
  ) {
    let each = camera.vehicles / Double(max(1, loops.count))
    trouble = loops.lazy.compactMap { $0.trouble(beside: each, limits) }.first
    guard trouble == nil else {
      // Nothing that rests on them stands any longer.
      (drift, pending) = (Drift(), nil)
      return
    }
    if let pending {
      let tolerance = limits.loopTolerance
      drift.note(
        pending.camera, of: pending.loops...pending.loops,
        allowed: (1 - tolerance)...(1 + tolerance), limit: limits.driftVehicles)
      let isAlike = abs(pending.camera - pending.loops) <= tolerance * pending.loops
      if isAlike, pending.loops >= 10 { agreements = min(4 * Self.enough, agreements + 1) }
    }
    // Both for the time that the camera reported of.
    let expected = loops.reduce(0) { $0 + $1.vehicles / $1.seconds * camera.seconds }
    pending = camera.seconds >= 600 ? Pair(camera: camera.vehicles, loops: expected) : nil
  }
}
