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
    for passed in second..<min(now, second + Self.reach) { arrivals[passed % Self.reach] = 0 }
    second = max(second, now)
  }

  /// Takes in `pcu` that left upstream and spread over `interval` seconds until `end`, seconds of
  /// the monotonic scale at which the last of them arrives here.
  mutating func add(_ pcu: Double, until end: Double, interval: Double) {
    mean.observe(pcu / max(interval, 1) * 3600, for: max(interval, 1))
    let steps = max(1, Int(interval.rounded()))
    for step in 0..<steps {
      let arrival = Int(end.rounded(.up)) - 1 - step
      guard arrival >= second, arrival < second + Self.reach else { continue }
      arrivals[arrival % Self.reach] += pcu / Double(steps)
    }
  }

  /// Arrivals at the stop line in each of the seconds that the shortest road covers, pcu, the first
  /// element for the second that begins now. `rest` pcu/h come from elsewhere.
  func ahead(rest: Double) -> [Double] {
    (0..<horizon).map { arrivals[(second + $0) % Self.reach] + max(0, rest) / 3600 }
  }
}
