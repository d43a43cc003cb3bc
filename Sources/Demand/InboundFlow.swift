/// Vehicles that have left the junctions upstream and are on their way to one lane group.
struct InboundFlow: Sendable, Equatable, Codable {
  /// How far ahead arrivals are kept, s; longer roads forget their platoons anyway.
  static let reach = 120

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

  /// - Parameter travelTimes: Free-flow travel times of the roads that lead here, s.
  init(travelTimes: [Double]) {
    horizon = travelTimes.min().map { min(Self.reach - 1, Int($0)) } ?? 0
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

  /// Arrivals at the stop line in the seconds to come, as far as the shortest road covers them.
  ///
  /// In all they are as many as the lane group's own cameras see on average: what more comes, comes from
  /// elsewhere; where stop lines upstream send more than ever arrives, the site file's shares are too high.
  ///
  /// - Parameter flow: Mean arrivals that the lane group's own cameras see, pcu/h.
  /// - Returns: Passenger-car units by second, the first for the second that begins now.
  func ahead(flow: Double) -> [Double] {
    let rest = max(0, flow - self.flow) / 3600
    // Two minutes tell something of the shares; before that a single platoon would be too many.
    let known = min(1, mean.seen / 120)
    let arriving = self.flow > flow ? 1 - known * (1 - max(0, flow) / self.flow) : 1
    var position = second % Self.reach
    return (0..<horizon).map { _ in
      defer { position = position + 1 == Self.reach ? 0 : position + 1 }
      return arrivals[position] * arriving + rest
    }
  }
}
