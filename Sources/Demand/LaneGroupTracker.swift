import Signals

/// Follows one lane group from measurement to measurement.
///
/// Between measurements vehicles in view roll on to the stop line, new ones come at the smoothed
/// flow, and the queue discharges at the rate of the running stage.
struct LaneGroupTracker: Sendable, Equatable, Codable {
  /// Standing in view, pcu.
  private(set) var standing = 0.0

  /// In view and moving, pcu.
  private(set) var approaching = 0.0

  /// Standing beyond the view, which is full, pcu.
  private(set) var beyond = 0.0

  /// Departures that the model let go since the last count, pcu; a count corrects them.
  private(set) var modelledDepartures = 0.0

  /// Time from the far end of the view to the stop line, s; zero without a view.
  let viewTime: Double

  /// Vehicles that fill the view, pcu.
  private let viewRoom: Double

  /// Vehicles that find room in the whole lane group, pcu.
  private let storage: Double

  /// - Parameters:
  ///   - laneGroup: The lane group.
  ///   - view: How far back from the stop line its cameras see, m; 0 if they count there alone.
  ///   - speed: Free-flow speed, m/s.
  init(laneGroup: LaneGroup, view: Double, speed: Double) {
    let view = min(view, laneGroup.length)
    storage = max(1, laneGroup.storage)
    viewTime = speed > 0 ? view / speed : 0
    viewRoom = view * Double(laneGroup.lanes) / LaneGroup.spacing
  }

  /// All that stand before the stop line, pcu.
  var queue: Double { standing + beyond }

  /// Whether the queue reaches the far end of the view, so that it hides who comes behind it.
  var isViewFull: Bool { viewTime > 0 && standing >= 0.85 * viewRoom }

  /// Lets `seconds` pass with arrivals of `flow` pcu/h while the stop line lets `rate` pcu/s go.
  mutating func advance(seconds: Double, flow: Double, rate: Double) {
    let coming = flow / 3600 * seconds
    let leaving = rate * seconds
    let arriving = viewTime > 0 ? approaching * min(1, seconds / viewTime) : coming
    if viewTime > 0, !isViewFull { approaching += coming }
    approaching = max(0, approaching - (viewTime > 0 ? arriving : 0))
    let departures = min(standing + arriving, leaving)
    modelledDepartures += departures
    standing = min(storage, standing + arriving - departures)
  }

  /// Nobody sees it any more: who stood beyond the view is one queue with those in it, which discharges.
  mutating func loseSight() {
    standing = min(storage, standing + beyond)
    beyond = 0
  }

  /// What a camera saw of a lane group in one interval, pcu.
  struct Sighting {
    /// In view at its end.
    let inView: Double
    /// Of those, the standing ones; `nil` if the camera does not say.
    let standing: Double?
    /// Came into view in the interval; `nil` if the interval before is missing.
    let came: Double?
    /// Length of the interval, s.
    let interval: Double
  }

  /// Takes over what a camera saw `lag` seconds ago.
  ///
  /// Of the vehicles behind a full view only the balance is known: as many as should have come into
  /// view at the usual flow and did not. A view that is half empty hides nobody.
  mutating func measure(_ seen: Sighting, lag: Double, flow: Double, rate: Double) {
    // Without a figure for the standing ones, those beyond the usual number on the move stand.
    let stand = seen.standing ?? max(0, seen.inView - flow / 3600 * viewTime)
    standing = min(seen.inView, stand)
    approaching = max(0, seen.inView - standing)
    if seen.inView < 0.5 * viewRoom || (beyond == 0 && !isViewFull) {
      beyond = 0
    } else if let came = seen.came {
      beyond = min(storage, max(0, beyond + flow / 3600 * seen.interval - came))
    }
    modelledDepartures = 0
    advance(seconds: lag, flow: flow, rate: rate)
    modelledDepartures = 0
  }

  /// Corrects the modelled queue by the number that really crossed the stop line.
  ///
  /// - Parameters:
  ///   - departures: Counted, pcu.
  ///   - saturated: What would have crossed if a queue had discharged throughout, pcu.
  mutating func count(departures: Double, saturated: Double) {
    standing = min(storage, max(0, standing + modelledDepartures - departures))
    modelledDepartures = 0
    // Half the saturation flow through a whole green interval: nobody was waiting any more.
    if saturated >= 2, departures < 0.5 * saturated { standing = 0 }
  }
}
