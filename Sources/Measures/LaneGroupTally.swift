import Signals

/// Capacity, queue and greens that did not clear it, of one lane group by the hour.
struct LaneGroupTally: Sendable {
  /// What the greens could have let through, pcu.
  private(set) var capacity = Array(repeating: 0.0, count: Figure.hours)

  /// Queue × time, pcu·s, over the time in which it was known, s.
  private(set) var queues = Array(repeating: Ratio(), count: Figure.hours)

  /// By how much the queue grew, pcu.
  private(set) var growth = Array(repeating: 0.0, count: Figure.hours)

  /// Greens that did not clear the queue, over all whose last queue was known.
  private(set) var failures = Array(repeating: Ratio(), count: Figure.hours)

  /// A queue of fewer is gone: one vehicle for each lane may just have come to a stand.
  private let least: Double
  private var isOpen = false
  private var last: Double?

  init(of laneGroup: LaneGroup) { least = Double(laneGroup.lanes) }

  /// Lets some time of an hour pass.
  ///
  /// - Parameters:
  ///   - seconds: How much, s.
  ///   - hour: The local hour.
  ///   - isOpen: Whether its signal is green.
  ///   - rate: How fast it discharges then, pcu/s.
  ///   - queue: How many stand before the stop line, pcu; `nil` if no camera tells.
  mutating func pass(
    _ seconds: Double, in hour: Int, isOpen: Bool, rate: Double, queue: Double?
  ) {
    if isOpen { capacity[hour] += rate * seconds }
    if self.isOpen, !isOpen, let last {
      failures[hour].below += 1
      if last >= least { failures[hour].above += 1 }
    }
    self.isOpen = isOpen
    if let queue {
      queues[hour].above += queue * seconds
      queues[hour].below += seconds
      if let last { growth[hour] += queue - last }
    }
    last = queue
  }

  /// Nothing was known for a while.
  mutating func breakOff() {
    isOpen = false
    last = nil
  }
}

/// Wait of people who come to a crossing at random, by the hour.
///
/// Who comes during the effective walk goes at once, who comes in a red of r seconds waits r ÷ 2 on average:
/// Σ r² ÷ 2 ÷ Σ C over all cycles, which is the delay of pedestrians of HCM 6 ch. 19, (C - g)² ÷ 2C, where all are alike.
struct CrossingTally: Sendable {
  /// Effective walk goes on after steady green for so long, ms (HCM 6 ch. 19).
  private static let extra: Int64 = 4000

  private(set) var waits = Array(repeating: Ratio(), count: Figure.hours)
  private var began: Int64?
  private var ended: Int64?
  private var isWalk = false

  /// Takes in whether people may step off now, ms since 1970.
  mutating func pass(isWalk: Bool, at now: Int64, in hour: Int) {
    defer { self.isWalk = isWalk }
    if self.isWalk, !isWalk { ended = now }
    guard isWalk, !self.isWalk else { return }
    if let began, let ended {
      let red = Double(max(0, now - ended - Self.extra)) / 1000
      waits[hour].above += red * red / 2
      waits[hour].below += Double(now - began) / 1000
    }
    began = now
    ended = nil
  }

  /// Nothing was known for a while.
  mutating func breakOff() {
    (began, ended) = (nil, nil)
    // A walk that is under way then began nobody knows when.
    isWalk = true
  }
}

/// How often and how long somebody set the signals at the cabinet, by the hour.
struct ManualTally: Sendable {
  private(set) var interventions = Array(repeating: 0.0, count: Figure.hours)
  private(set) var seconds = Array(repeating: 0.0, count: Figure.hours)
  private var isManual = false

  mutating func pass(_ seconds: Double, in hour: Int, source: ControlSource) {
    let isManual = source == .manual
    if isManual {
      self.seconds[hour] += seconds
      if !self.isManual { interventions[hour] += 1 }
    }
    self.isManual = isManual
  }
}
