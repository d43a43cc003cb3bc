import Signals

/// Vehicles that have left the junctions upstream, or are about to, and are on their way to one lane group.
struct InboundFlow: Sendable, Equatable, Codable {
  /// How far ahead arrivals are kept, s; longer roads forget their platoons anyway.
  static let reach = 120

  /// A road from a stop line upstream.
  private struct Road: Sendable, Equatable, Codable {
    let link: InboundDetector
    /// What its stop line is about to let go; `nil` if that was not told.
    var release: ComingRelease?
    /// When `release` begins, seconds of the monotonic scale.
    var start = 0.0
  }

  private var roads: [Road]

  /// Expected arrivals at the stop line by second of the monotonic scale, modulo `reach`, pcu.
  private var arrivals = Array(repeating: 0.0, count: InboundFlow.reach)

  /// The second that `arrivals` begins with.
  private var second = 0

  /// Mean arrivals from upstream, pcu/h.
  private var mean = Smoothed(timeConstant: 180)

  /// What was told since `second`, pcu.
  private var told = 0.0

  /// Whether `second` is a second that was lived through.
  private var hasBegun = false

  /// Seconds from the shortest road's stop line to this one; zero without a road.
  let horizon: Int

  /// - Parameter links: The stop lines whose vehicles come to this lane group.
  init(along links: [InboundDetector]) {
    roads = links.map { Road(link: $0) }
    horizon = links.map(\.travelTime).min().map { min(Self.reach - 1, Int($0)) } ?? 0
  }

  /// Mean arrivals from upstream, pcu/h.
  var flow: Double { mean.value }

  /// Forgets what lies before `now`, seconds of the monotonic scale.
  mutating func advance(to now: Int) {
    guard now > second else { return }
    for passed in second..<min(now, second + Self.reach) { arrivals[passed % Self.reach] = 0 }
    // All roads together: of each by itself the mean would be a fraction of what comes.
    if hasBegun { mean.observe(told / Double(now - second) * 3600, for: Double(now - second)) }
    hasBegun = true
    told = 0
    second = now
  }

  /// Takes in `pcu` that left upstream and spread over `interval` seconds until `end`, seconds of
  /// the monotonic scale at which the last of them arrives here.
  mutating func add(_ pcu: Double, until end: Double, interval: Double) {
    told += pcu
    let steps = max(1, Int(interval.rounded()))
    for step in 0..<steps {
      let arrival = Int(end.rounded(.up)) - 1 - step
      guard arrival >= second, arrival < second + Self.reach else { continue }
      arrivals[arrival % Self.reach] += pcu / Double(steps)
    }
  }

  /// Takes in what a stop line is about to let go from `start` on, seconds of the monotonic scale, in place of what
  /// it told before.
  mutating func expect(_ release: ComingRelease, from start: Double) {
    for road in roads.indices where roads[road].link.detector == release.detector {
      roads[road].release = release
      roads[road].start = start
    }
  }

  /// Arrivals at the stop line in the seconds to come, as far as the shortest road covers them.
  ///
  /// In all they are as many as the lane group's own cameras see on average: what more comes, comes from
  /// elsewhere; where stop lines upstream send more than ever arrives, the site file's shares are too high.
  ///
  /// - Parameter flow: Mean arrivals that the lane group's own cameras see, pcu/h.
  /// - Returns: Passenger-car units by second, the first for the second that begins now.
  func ahead(flow: Double) -> [Double] {
    let (arriving, rest) = share(of: flow)
    var position = second % Self.reach
    return (0..<horizon).map { _ in
      defer { position = position + 1 == Self.reach ? 0 : position + 1 }
      return arrivals[position] * arriving + rest
    }
  }

  /// Arrivals behind those of `ahead`, as far as it is told of every road what is about to be let go.
  ///
  /// - Parameter flow: Mean arrivals that the lane group's own cameras see, pcu/h.
  /// - Returns: Mean pcu/s by interval of a release; `nil` if there is none of which it is told.
  func coming(flow: Double) -> [Double]? {
    let length = ComingRelease.interval
    let intervals = (known - horizon + length - 1) / length
    guard intervals > 0 else { return nil }
    let (arriving, rest) = share(of: flow)
    return (0..<intervals).map { interval in
      let first = horizon + interval * length
      var sum = 0.0
      let end = min(first + length, known)
      for ahead in first..<end {
        sum += arrivals[(second + ahead) % Self.reach] + released(arrivingIn: ahead)
      }
      return sum / Double(end - first) * arriving + rest
    }
  }

  /// How much of what comes from upstream arrives, and what comes from elsewhere, pcu/s.
  private func share(of flow: Double) -> (arriving: Double, rest: Double) {
    let rest = max(0, flow - self.flow) / 3600
    // Two minutes tell something of the shares; before that a single platoon would be too many.
    let known = min(1, mean.seen / 120)
    let arriving = self.flow > flow ? 1 - known * (1 - max(0, flow) / self.flow) : 1
    return (arriving, rest)
  }

  /// Seconds from now on of which it is known what every road brings.
  private var known: Int {
    var least = Self.reach
    for road in roads {
      let travelTime = min(Self.reach - 1, Int(road.link.travelTime))
      var covered = travelTime
      if let release = road.release {
        let length = Double(release.crossings.count * ComingRelease.interval)
        covered += Int(max(0, road.start + length - Double(second)))
      }
      least = min(least, covered)
    }
    return roads.isEmpty ? 0 : least
  }

  /// What arrives `ahead` seconds from now of what stop lines are about to let go, pcu.
  private func released(arrivingIn ahead: Int) -> Double {
    var sum = 0.0
    for road in roads {
      guard let release = road.release, ahead >= Int(road.link.travelTime) else { continue }
      let left = Double(second + ahead - Int(road.link.travelTime)) - road.start
      let interval = Int(max(0, left)) / ComingRelease.interval
      guard interval < release.crossings.count else { continue }
      let tenths = Double(release.crossings[interval])
      sum += tenths / 10 / Double(ComingRelease.interval) * road.link.share
    }
    return sum
  }
}
