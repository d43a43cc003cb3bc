import Counts
import Signals

/// Follows one lane group from measurement to measurement.
///
/// Between measurements vehicles in view roll on to the stop line, new ones come at the smoothed
/// flow, and the queue discharges at the rate of the running stage.
///
/// The queue is that of a point at the stop line: those who would have crossed it by now if nothing had held
/// them up, whether they stand or roll on behind those who stand.
struct LaneGroupTracker: Sendable, Equatable, Codable {
  /// Held up, in view or beyond, pcu.
  private(set) var queue = 0.0

  /// On their way to the stop line and not held up yet, pcu.
  private(set) var approaching = 0.0

  /// Kept from coming into view by the queue that fills it, pcu.
  private(set) var hidden = 0.0

  /// Those hidden at the end of the last records, oldest first, as far back as the view's travel time.
  private var formerlyHidden: [Hidden] = []

  /// What comes into view, pcu/s, over about as long as a vehicle takes through it.
  private var entering = Smoothed(timeConstant: 5)

  /// Departures that the model let go since the last count, pcu; a count corrects them.
  private(set) var modelledDepartures = 0.0

  /// What its greens of the last cycles would have let go, pcu/h.
  private(set) var capacity = Smoothed(timeConstant: 300)

  /// What crossed of late in green, and what a queue would have sent, pcu.
  private var stopLine = StopLine()

  /// Time from the far end of the view to the stop line, s; zero without a view.
  let viewTime: Double

  /// Vehicles that fill the view, pcu.
  private let viewRoom: Double

  /// Vehicles that find room in the whole lane group, pcu.
  private let storage: Double

  /// Saturation flow, pcu/s.
  private let saturation: Double

  private struct Hidden: Sendable, Equatable, Codable {
    let at: UTC
    let pcu: Double
  }

  /// - Parameters:
  ///   - laneGroup: The lane group.
  ///   - view: How far back from the stop line its cameras see, m; 0 if they count there alone.
  ///   - speed: Free-flow speed, m/s.
  init(laneGroup: LaneGroup, view: Double, speed: Double) {
    let view = min(view, laneGroup.length)
    storage = max(1, laneGroup.storage)
    viewTime = speed > 0 ? view / speed : 0
    viewRoom = view * Double(laneGroup.lanes) / LaneGroup.spacing
    saturation = laneGroup.saturationFlow / 3600
  }

  /// Whether the queue reaches the far end of the view, so that it hides who comes behind it: vehicles that
  /// move keep far more room than that.
  var isViewFull: Bool { viewTime > 0 && queue + approaching - hidden >= 0.85 * viewRoom }

  /// Whether who comes is not seen when he does.
  var hidesArrivals: Bool { isViewFull || hidden > 0 }

  /// Lets `seconds` pass with arrivals of `flow` pcu/h while the stop line lets `rate` pcu/s go.
  mutating func advance(seconds: Double, flow: Double, rate: Double) {
    let coming = flow / 3600 * seconds
    let leaving = rate * seconds
    stopLine.pass(seconds, rate: rate)
    capacity.observe(3600 * rate, for: seconds)
    let arriving = viewTime > 0 ? approaching * min(1, seconds / viewTime) : coming
    if viewTime > 0 { approaching = max(0, approaching + coming - arriving) }
    let departures = min(queue + arriving, leaving)
    modelledDepartures += departures
    queue = min(storage, queue + arriving - departures)
  }

  /// Nobody sees it any more: who stood beyond the view is one queue with those in it, which discharges.
  mutating func loseSight() {
    hidden = 0
    formerlyHidden = []
  }

  /// What cameras saw of a lane group in one interval, pcu.
  struct Sighting {
    /// When it ended.
    let end: UTC
    /// In view at its end.
    let inView: Double
    /// Of those, the standing ones; `nil` if the camera does not say.
    let standing: Double?
    /// Of those in view, who should have crossed by now; `nil` if records do not reach back so far.
    let overdue: Double?
    /// Came into view in the interval; `nil` if the interval before is missing.
    let came: Double?
    /// Length of the interval, s.
    let interval: Double
  }

  /// Takes over what cameras saw `lag` seconds ago.
  mutating func measure(_ seen: Sighting, lag: Double, flow: Double, rate: Double) {
    balance(seen, flow: flow)
    // Without a figure for the standing ones, those beyond the usual number on the move stand.
    let stand = min(seen.inView, seen.standing ?? max(0, seen.inView - flow / 3600 * viewTime))
    if let overdue = seen.overdue {
      queue = min(seen.inView, overdue) + hiddenBefore(seen.end)
    } else {
      queue = stand + hidden
    }
    queue = min(storage, queue)
    approaching = max(0, seen.inView + hidden - queue)
    modelledDepartures = 0
    advance(seconds: lag, flow: flow, rate: rate)
    modelledDepartures = 0
  }

  /// Of the vehicles behind a full view only the balance is known: as many as should have come into view at
  /// the usual flow and did not. A view that is half empty, and into which nobody presses as from a queue
  /// that discharges, hides nobody.
  private mutating func balance(_ seen: Sighting, flow: Double) {
    if let came = seen.came { entering.observe(came / seen.interval, for: seen.interval) }
    let isFull = seen.inView >= 0.85 * viewRoom
    let isOpen =
      seen.inView < 0.5 * viewRoom
      && (seen.came == nil || entering.value < 0.5 * saturation)
    if isOpen {
      loseSight()
    } else if hidden > 0 || isFull, let came = seen.came {
      let room = max(0, storage - seen.inView)
      hidden = min(room, max(0, hidden + flow / 3600 * seen.interval - came))
    }
    if hidden > 0 || !formerlyHidden.isEmpty {
      formerlyHidden.append(Hidden(at: seen.end, pcu: hidden))
    }
    // One of them is older than the view's travel time.
    while formerlyHidden.count > 1,
      seen.end.seconds(since: formerlyHidden[1].at) >= viewTime || formerlyHidden.count > 100
    { formerlyHidden.removeFirst() }
    if formerlyHidden.count == 1, hidden == 0 { formerlyHidden = [] }
  }

  /// Those hidden when who comes into view at `end` would have done so, had nobody stood in his way.
  private func hiddenBefore(_ end: UTC) -> Double {
    guard let first = formerlyHidden.first, end.seconds(since: first.at) >= viewTime else {
      return 0
    }
    return first.pcu
  }

  /// Corrects the modelled queue by the number that really crossed the stop line.
  ///
  /// - Parameters:
  ///   - departures: Counted, pcu.
  ///   - interval: Length of the interval, s.
  mutating func count(departures: Double, interval: Double) {
    queue = min(storage, max(0, queue + modelledDepartures - departures))
    modelledDepartures = 0
    if stopLine.count(departures, interval: interval) { queue = 0 }
  }
}

/// Tells from what crosses a stop line in green whether anybody was waiting there.
private struct StopLine: Sendable, Equatable, Codable {
  /// Green so far, s.
  private var green = 0.0
  /// What a queue would have sent since the last count, pcu.
  private var possible = 0.0
  /// What crossed over the last seconds of green, and what a queue would have sent, pcu.
  private var crossed = 0.0
  private var expected = 0.0

  /// Green before the second vehicle of a queue crosses, s: 2 s of start-up loss (HCM 6 ch. 19) and a
  /// headway of 2 s.
  private static let start = 4.0

  /// Over which counts are taken together, s: three headways of one lane.
  private static let memory = 6.0

  mutating func pass(_ seconds: Double, rate: Double) {
    guard rate > 0 else {
      green = 0
      return
    }
    possible += rate * min(seconds, max(0, green + seconds - Self.start))
    green += seconds
  }

  /// Takes in a count; whether it shows that nobody was waiting any more: less than half of what a queue
  /// sends, of at least two.
  mutating func count(_ departures: Double, interval: Double) -> Bool {
    guard possible > 0 else {
      crossed = 0
      expected = 0
      return false
    }
    let share = exponential(-interval / Self.memory)
    crossed = crossed * share + departures
    expected = expected * share + possible
    possible = 0
    return expected >= 2 && crossed < 0.5 * expected
  }
}
