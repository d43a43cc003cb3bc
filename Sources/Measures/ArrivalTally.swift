import Counts
import Signals

/// When vehicles arrive at one stop line in the cycles of its signal.
///
/// A camera that sees back from the stop line tells who came into view in an interval: who crossed and by
/// how many more are in view. At free speed he is at the stop line after the length of the view. One dot a
/// vehicle, spread evenly over the interval.
struct ArrivalTally: Sendable {
  /// From one begin of red to the next, ms since 1970.
  struct Cycle: Sendable {
    let begin: Int64
    var green: Int64?
    var end: Int64?
    var arrivals: [Int64] = []

    /// Arrivals on green, all, green and length, s; `nil` of a cycle that was not seen to its end.
    var sums: (onGreen: Double, all: Double, green: Double, length: Double)? {
      guard let green, let end else { return nil }
      return (
        Double(arrivals.count { $0 >= green }), Double(arrivals.count),
        Double(end - green) / 1000, Double(end - begin) / 1000
      )
    }
  }

  /// What a camera said last.
  private struct Seen: Sendable {
    let end: UTC
    let inView: Double
  }

  /// Vehicles a second that are believed: more than any stop line lets through.
  private static let most = 10.0

  private(set) var cycles: [Cycle] = []
  /// From the far end of the view to the stop line, ms; `nil` if no camera sees back.
  let viewTime: Int64?
  private var seen: [Seen?]
  /// Parts of a vehicle that have come and make no dot yet.
  private var carried = 0.0
  private var pending: [Int64] = []
  private var isOpen: Bool?

  /// - Parameters:
  ///   - view: How far back its cameras see, m.
  ///   - speed: Free-flow speed, m/s.
  ///   - detectors: Number of its cameras.
  init(view: Double, speed: Double, detectors: Int) {
    viewTime = view > 0 && speed > 0 ? Int64(view / speed * 1000) : nil
    seen = Array(repeating: nil, count: detectors)
  }

  /// Takes in a record of camera number `camera` of the lane group.
  mutating func note(_ record: CountRecord, of camera: Int) {
    guard let viewTime, let inView = record.inView, let count = record.count else {
      return seen[camera] = nil
    }
    defer { seen[camera] = Seen(end: record.end, inView: inView) }
    guard let before = seen[camera], before.end == record.start else { return }
    // Who changes lanes in view comes in one lane group and is taken back in the other.
    let length = Double(record.end.milliseconds - record.start.milliseconds)
    carried = max(-2, carried + count.total + inView - before.inView)
    carried = min(carried, Self.most * length / 1000)
    let whole = Int(max(0, carried))
    guard whole > 0 else { return }
    carried -= Double(whole)
    for vehicle in 0..<whole {
      let part = (Double(vehicle) + 0.5) / Double(whole)
      pending.append(record.start.milliseconds + viewTime + Int64(part * length))
    }
  }

  /// Takes in what the signal shows now, ms since 1970.
  mutating func pass(isOpen: Bool, at now: Int64) {
    if self.isOpen == true, !isOpen {
      if !cycles.isEmpty, cycles[cycles.count - 1].end == nil {
        cycles[cycles.count - 1].end = now
      }
      cycles.append(Cycle(begin: now))
    } else if self.isOpen == false, isOpen, !cycles.isEmpty, cycles[cycles.count - 1].end == nil,
      cycles[cycles.count - 1].green == nil
    {
      cycles[cycles.count - 1].green = now
    }
    self.isOpen = isOpen
    settle(now)
  }

  /// Nothing was known for a while: the cycle that ran then is none.
  mutating func breakOff() {
    isOpen = nil
    if let last = cycles.last, last.end == nil { cycles.removeLast() }
  }

  /// Puts those who have arrived by now into their cycles.
  private mutating func settle(_ now: Int64) {
    guard !pending.isEmpty else { return }
    pending.removeAll { time in
      guard time <= now else { return false }
      // Records come late, by a cycle or two at most.
      if let cycle = cycles.indices.suffix(4).last(where: { cycles[$0].begin <= time }),
        cycles[cycle].end.map({ time < $0 }) ?? true
      {
        cycles[cycle].arrivals.append(time)
      }
      return true
    }
  }
}
