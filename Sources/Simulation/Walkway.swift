import Signals

/// People at one crossing: they wait for steady green and step off together.
struct Walkway: Sendable {
  let signal: Int
  var arrivals: ArrivalStream?
  /// When those who wait came, s.
  var waiting: [Double] = []
  /// Until when turning vehicles have to give way to people on the carriageway, s.
  var busyUntil = -Double.infinity

  init(signal: Int, arrivals: ArrivalStream?) {
    self.signal = signal
    self.arrivals = arrivals
  }

  /// Lets people come until `end` and, under `isGreen`, step off.
  ///
  /// - Returns: When each came who stepped off, and how long he had waited.
  mutating func walk(
    from now: Double, to end: Double, isGreen: Bool
  ) -> [(came: Double, wait: Double)] {
    while let next = arrivals?.next, next < end, let arrival = arrivals?.take() {
      waiting.append(arrival.at)
    }
    guard isGreen, !waiting.isEmpty else { return [] }
    // HCM 2000 ch. 16: a platoon needs 3.2 s to start and 0.27 s for each person to clear a point.
    busyUntil = max(busyUntil, now + 3.2 + 0.27 * Double(waiting.count))
    let crossed = waiting.map { (came: $0, wait: max(0, now - $0)) }
    waiting.removeAll(keepingCapacity: true)
    return crossed
  }
}

extension TrafficModel {
  /// Moves the people at all crossings.
  mutating func walk(from now: Double, to end: Double) {
    for crossing in walkways.indices {
      let signal = signals[walkways[crossing].signal]
      // Flashing green is for those who are on the carriageway already.
      let isGreen = signal.lamp == .green || signal.lamp == .permissiveGreen
      let crossed = walkways[crossing].walk(from: now, to: end, isGreen: isGreen)
      for person in crossed where person.came >= settings.measureFrom {
        keeper.finish(walk: person.wait, of: crossing)
      }
    }
  }
}
