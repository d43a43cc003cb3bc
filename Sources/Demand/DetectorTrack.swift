import Counts
import Signals

/// What one detector said last, and the arrivals it has seen over the last minutes.
struct DetectorTrack: Sendable, Equatable, Codable {
  /// The end of the last interval; `nil` before the first.
  private(set) var end: UTC?

  /// When the last record came in.
  private(set) var received: Instant?

  /// Length of the last interval, s.
  private(set) var interval = 0.0

  /// Vehicles in view at `end`, pcu, with those that a camera has lost sight of; `nil` if it does not say.
  private(set) var inView: Double?

  /// Vehicles in view at `end` as the record has it, pcu.
  private var seenInView: Double?

  /// Of those, the standing ones, pcu; `nil` if it does not say.
  private(set) var standing: Double?

  /// Vehicles that crossed the stop line in the last interval, pcu; `nil` if it does not say.
  private(set) var departures: Double?

  /// Mean arrivals, pcu/h. Three minutes: a few cycles, so that red and green average out.
  private(set) var arrivals = Smoothed(timeConstant: 180)

  /// Came into view in the last interval, pcu; below zero where somebody changed lanes or was seen
  /// before and is not now; `nil` if that cannot be told.
  private(set) var came: Double?

  /// Mean departures, pcu/h, over the same time.
  private var throughput = Smoothed(timeConstant: 180)

  /// Of those in view, who should have crossed the stop line by `end`: they were in view a view's travel time
  /// ago and have not crossed since, pcu; `nil` if records do not tell.
  private(set) var overdue: Double?

  /// Records as far back as a view's travel time, oldest first.
  private var former: [Former] = []

  /// Those who came into view since the queue fills it, pcu.
  private var hiddenCame = 0.0

  /// Those who crossed the stop line meanwhile, pcu.
  private var hiddenCrossed = 0.0

  /// How long that is, s; zero if it does not.
  private var hiddenFor = 0.0

  /// How long nobody has crossed the stop line although somebody stands before it, s; zero if nobody stands.
  private(set) var heldUp = 0.0

  /// Time from the far end of the view to the stop line, s; zero without a view.
  private let viewTime: Double

  /// A record of late.
  private struct Former: Sendable, Equatable, Codable {
    let end: UTC
    let inView: Double
    let departures: Double
    let interval: Double
  }

  /// A detector that has said nothing yet, whose view takes `viewTime` seconds to pass.
  init(viewTime: Double) { self.viewTime = viewTime }

  /// Arrivals, pcu/h. Behind a full view nobody sees them: they are as many as before, or as many
  /// as have left on average if that is more.
  var flow: Double {
    max(0, hiddenFor > 0 ? max(arrivals.value, throughput.value) : arrivals.value)
  }

  private var pcuPerVehicle = Smoothed(timeConstant: 900)

  /// Takes in a record.
  ///
  /// - Parameters:
  ///   - record: A record of this detector, newer than the one before.
  ///   - now: When it came in.
  ///   - hidesArrivals: Whether the queue fills the view, so that arrivals behind it are unseen.
  mutating func observe(_ record: CountRecord, at now: Instant, hidesArrivals: Bool) {
    let seconds = record.end.seconds(since: record.start)
    let isContiguous = end == record.start
    let before = seenInView
    let pcu = record.count.map(PassengerCarUnits.standard.pcu)
    if let count = record.count, count.total > 0, let pcu {
      pcuPerVehicle.observe(pcu / count.total, for: seconds)
    }
    let factor = pcuPerVehicle.seen > 0 ? pcuPerVehicle.value : 1
    end = record.end
    received = now
    interval = seconds
    departures = pcu
    came = nil
    let seen = record.inView.map { $0 * factor }
    let stand = record.queue.map { $0 * factor }
    remember(seen, standing: stand, isContiguous: isContiguous, seconds: seconds)
    let isHeldUp = pcu == 0 && (standing ?? 0) >= 0.5
    heldUp = isHeldUp ? (isContiguous ? heldUp : 0) + seconds : 0
    overdue = nil
    guard let pcu else {
      former = []
      return
    }
    // Not cut at zero: who changes lanes in view comes in one and goes in the other, and of cameras
    // that miss some the half that is too low belongs to the mean as much as the half too high.
    if isContiguous, let before, let seen { came = pcu + seen - before }
    throughput.observe(pcu / seconds * 3600, for: seconds)
    noteArrivals(came ?? pcu, crossed: pcu, seconds: seconds, areHidden: hidesArrivals)
    noteOverdue(pcu, isContiguous: isContiguous)
  }

  /// While a queue fills the view, what comes into it is what its head lets in; when it does so no longer, all
  /// who came since it began have been seen. A full view that empties though nobody crossed was none.
  private mutating func noteArrivals(
    _ came: Double, crossed: Double, seconds: Double, areHidden: Bool
  ) {
    let wasHidden = hiddenFor > 0
    hiddenCame += came
    hiddenCrossed += crossed
    hiddenFor += seconds
    guard !areHidden else { return }
    if !wasHidden || hiddenCrossed > 0 {
      arrivals.observe(hiddenCame / hiddenFor * 3600, for: hiddenFor)
    }
    (hiddenCame, hiddenCrossed, hiddenFor) = (0, 0, 0)
  }

  /// Finds who is overdue: records must be shorter than the way through the view, else the moment at which a
  /// vehicle came into it is too uncertain; and no hundred of them are kept.
  private mutating func noteOverdue(_ departures: Double, isContiguous: Bool) {
    if !isContiguous { former = [] }
    guard let end, let inView, interval <= viewTime, viewTime <= 100 * interval else {
      former = []
      return
    }
    former.append(
      Former(end: end, inView: inView, departures: departures, interval: interval))
    while former.count > 2, end.seconds(since: former[1].end) >= viewTime { former.removeFirst() }
    guard former.count > 1, end.seconds(since: former[0].end) >= viewTime else { return }
    // Between the first two records, in proportion.
    let share =
      (end.seconds(since: former[0].end) - viewTime)
      / former[1].end.seconds(since: former[0].end)
    let before = former[0].inView + share * (former[1].inView - former[0].inView)
    let crossed = former.dropFirst().reduce(-share * former[1].departures) { $0 + $1.departures }
    overdue = max(0, before - crossed)
  }

  /// Keeps in mind whom the camera saw a moment ago, who has not crossed the stop line since and whom it
  /// does not see now: somebody in view leaves it nowhere else. He counts as he did, standing or moving,
  /// and is forgotten over a few seconds, for some change lanes.
  private mutating func remember(
    _ seen: Double?, standing stand: Double?, isContiguous: Bool, seconds: Double
  ) {
    var lost = (inView: 0.0, standing: 0.0)
    if isContiguous, let seen, let known = inView, let departures, known > 0 {
      lost.inView =
        max(0, known - departures - seen) * exponential(-seconds / Self.memoryOfUnseen)
      lost.standing = lost.inView * (standing ?? 0) / known
    }
    seenInView = seen
    inView = seen.map { $0 + lost.inView }
    standing = stand.map { $0 + lost.standing }
  }

  /// Time after which 1/e of those out of sight are still counted on, s: as long as a change of lanes takes
  /// (3 to 5 s).
  private static let memoryOfUnseen = 3.0

  /// How far the last record is to be trusted at `now`: fully for two intervals, not at all after
  /// three or half a minute, whichever is later.
  func trust(at now: Instant) -> Double {
    guard let received else { return 0 }
    let age = now.seconds(since: received)
    let fresh = 2 * interval + 2
    guard age > fresh else { return 1 }
    let blind = max(3 * interval, 30)
    return max(0, min(1, (blind - age) / max(1, blind - fresh)))
  }
}
