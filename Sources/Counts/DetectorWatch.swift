import Glibc
import Signals

/// What one detector has lately said, summed up for the checks.
struct DetectorWatch: Sendable, Equatable, Codable {
  /// Figures of a record, to see whether they come again.
  struct Figures: Sendable, Equatable, Codable {
    var count: Double?
    var inView: Double?
    var queue: Double?
    var occupancy: Double?
    var speed: Double?

    /// Whether somebody is in them.
    var hasAny: Bool { (count ?? 0) > 0 || (inView ?? 0) > 0 }

    /// How surprising it is that chance repeats them: the logarithm of one over the probability that a
    /// Poisson number of this mean is this very number (Stirling), for each number.
    var surprise: Double {
      [count, inView].compactMap(\.self).filter { $0 > 0 }.reduce(0) {
        $0 + 0.92 + 0.5 * log(max(1, $1))
      }
    }
  }

  /// Sums over a minute or a quarter of an hour.
  struct Sums: Sendable, Equatable, Codable {
    /// Vehicles that crossed.
    var vehicles = 0.0
    /// The same in pcu.
    var pcu = 0.0
    /// Time that records cover, s.
    var seconds = 0.0
    /// Time of it that tells of occupancy, s, and how much of that was occupied.
    var watched = 0.0
    var occupied = 0.0
    /// Highest speed, km/h.
    var fastest = 0.0
    /// Vehicles in records of free flow that tell occupancy and speed, and the road that they took, m.
    var passing = 0.0
    var passed = 0.0
    /// Time in which its signal was known, s, and of that green.
    var known = 0.0
    var open = 0.0
    /// What came off the stop lines upstream for it, pcu.
    var sent = 0.0
    /// Whether one of the cameras there cannot be believed.
    var isSentDoubted = false

    /// Flow, pcu/h; 0 of nothing.
    var flow: Double { seconds > 0 ? pcu / seconds * 3600 : 0 }
  }

  /// The camera that sent the last record, if it names itself.
  var source: String?
  /// When the last record came in.
  var received: Instant?
  /// End of its interval, in our time.
  var lastEnd: UTC?
  /// Length of its interval, s.
  var interval = 0.0
  /// The camera's clock.
  var skew = ClockSkew()

  /// Since when nobody has crossed and nobody was in view; `nil` while somebody is there.
  var zeroSince: UTC?
  /// Mean flow over half an hour, pcu/h, and of how much time, s; and what it was before nobody came.
  var flow = 0.0
  var flowSeconds = 0.0
  var flowBefore = 0.0
  /// Vehicles that should have come since, and how many came beside it on its approach and elsewhere.
  var awaited = 0.0
  var beside = 0.0
  var elsewhere = 0.0

  /// Since when its zone has never been free and nobody has crossed.
  var stuckSince: UTC?
  /// Whether that is by occupancy, which tells more than a standing vehicle somewhere in view.
  var isOccupied = false

  /// Figures of the last record, since when and how often they have been the same, how surprising that
  /// is, and how long its signal was green meanwhile, s.
  var figures = Figures()
  var sameSince = UTC(milliseconds: 0)
  var same = 0
  var surprise = 0.0
  var sameOpen = 0.0

  /// The camera's own word on the last record.
  var status = CountQuality.Status.ok
  var hasCondition = false
  var toldSince = UTC(milliseconds: 0)

  var minute = Sums()
  var quarter = Sums()
  /// Quarters of an hour in a row that were far off the profile.
  var oddQuarters = 0
  /// What crosses here as a share of what came off the stop lines upstream, and of how many quarters.
  var balance = 1.0
  var balances = 0

  /// Whether it has left its usual share, what comes from upstream, what its loops count, or what comes
  /// off a standing queue.
  var share = Drift()
  var shares = ShareWatch()
  var inflow = Drift()
  var loops = LoopComparison()
  var discharge = Drift()
  var green = GreenWatch()

  /// Takes in the flow of the minute that ends.
  mutating func noteFlow() {
    guard minute.seconds > 0 else { return }
    flowSeconds = min(1800, flowSeconds + minute.seconds)
    flow += min(1, minute.seconds / flowSeconds) * (minute.flow - flow)
  }

  /// Lets `seconds` pass with its signal green or not; `nil` if that is not known.
  mutating func pass(_ seconds: Double, isOpen: Bool?) {
    green.pass(seconds, isOpen: isOpen ?? false)
    guard let isOpen else { return }
    minute.known += seconds
    quarter.known += seconds
    guard isOpen else { return }
    minute.open += seconds
    quarter.open += seconds
    sameOpen += seconds
  }

  /// Takes in a record of its `lanes` that came at `now`.
  mutating func note(
    _ record: CountRecord, at now: Moment, lanes: Double, limits: HealthLimits
  ) {
    skew.note(end: record.end, at: now.utc)
    received = now.monotonic
    source = record.source
    interval = record.length
    let end = record.end.advanced(bySeconds: skew.correction)
    lastEnd = max(end, lastEnd ?? end)
    noteQuality(record.quality, at: end)
    noteFigures(record, at: end)
    let vehicles = record.count?.total ?? 0
    if vehicles > 0 || record.count == nil || (record.inView ?? 0) > 0 {
      zeroSince = nil
      (awaited, beside, elsewhere) = (0, 0, 0)
    } else if zeroSince == nil {
      zeroSince = end.advanced(bySeconds: -record.length)
      flowBefore = flow
    }
    noteStuck(record, at: end, occupancy: limits.stuckOccupancy)
    add(record, to: &minute)
    add(record, to: &quarter)
    guard let count = record.count, let queue = record.queue else { return }
    green.note(
      pcu: PassengerCarUnits.standard.pcu(count), in: record.length, queue: queue, lanes: lanes)
  }

  private mutating func noteQuality(_ quality: CountQuality, at end: UTC) {
    let doubts =
      !quality.flags.isEmpty || [.degraded, .estimated].contains(quality.status)
      || quality.confidence.map { $0 < 0.5 } ?? false
    if quality.status != status || doubts != hasCondition { toldSince = end }
    status = quality.status
    hasCondition = doubts
  }

  private mutating func noteFigures(_ record: CountRecord, at end: UTC) {
    let new = Figures(
      count: record.count?.total, inView: record.inView, queue: record.queue,
      occupancy: record.occupancy, speed: record.speedKmh)
    if new == figures, new.hasAny {
      same += 1
      surprise += new.surprise
    } else {
      (figures, same, surprise, sameOpen) = (new, 1, 0, 0)
      sameSince = end.advanced(bySeconds: -record.length)
    }
  }

  private mutating func noteStuck(_ record: CountRecord, at end: UTC, occupancy: Double) {
    let crosses = (record.count?.total ?? 0) > 0
    let isFull = record.occupancy.map { $0 >= occupancy } ?? ((record.queue ?? 0) > 0)
    guard isFull, !crosses else { return stuckSince = nil }
    isOccupied = record.occupancy != nil
    if stuckSince == nil { stuckSince = end.advanced(bySeconds: -record.length) }
  }

  private func add(_ record: CountRecord, to sums: inout Sums) {
    let seconds = record.length
    sums.seconds += seconds
    sums.fastest = max(sums.fastest, record.speedKmh ?? 0)
    if let occupancy = record.occupancy {
      sums.watched += seconds
      sums.occupied += occupancy * seconds
    }
    guard let count = record.count else { return }
    sums.vehicles += count.total
    sums.pcu += PassengerCarUnits.standard.pcu(count)
    // Where vehicles stand, the speed of those that move says nothing of the time the zone is taken.
    if let occupancy = record.occupancy, let speed = record.speedKmh, speed >= 10,
      (record.queue ?? 0) == 0, occupancy < 0.8
    {
      sums.passing += count.total
      sums.passed += occupancy * seconds * speed / 3.6
    }
  }
}
