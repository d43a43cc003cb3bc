import Signals

/// How fast lane groups that give way, or share a lane of which some must wait, have moved while one stage changed to
/// another that serves them too.
///
/// They do not just keep the lesser of both stages' rates: who found no gap in the green goes in the yellow that stops
/// those to whom he gave way (HCM 6, ch. 31: sneakers), and the lane behind him is free.
struct MeasuredChanges: Sendable, Equatable, Codable {
  /// A change of stages as a lane group sees it.
  private struct Change: Sendable, Equatable, Codable, Comparable {
    let from: Int
    let to: Int
    let laneGroup: Int

    static func < (a: Change, b: Change) -> Bool {
      (a.from, a.to, a.laneGroup) < (b.from, b.to, b.laneGroup)
    }
  }

  private struct Known: Sendable, Equatable, Codable {
    let change: Change
    var tally = DischargeTally()
  }

  /// What a detector sees of a change, of which it will be known later where it leads.
  private struct Open: Sendable, Equatable, Codable {
    let began: UTC
    /// Those who stood when it began and have not passed yet, pcu.
    var left: Double
    var departures = 0.0
    var seconds = 0.0
  }

  /// In the order of their changes.
  private var known: [Known] = []

  /// By detector.
  private var open: [Open?]

  init(detectors: Int) { open = Array(repeating: nil, count: detectors) }

  /// Takes in what passed a detector in an interval within a change.
  ///
  /// - Parameters:
  ///   - departures: Vehicles that crossed the stop line, pcu.
  ///   - detector: The detector.
  ///   - standing: Vehicles that stood before it when the interval began, pcu.
  ///   - seconds: Length of the interval, times the part of the lane group's lanes that the detector sees.
  ///   - began: When the change began.
  mutating func observe(
    _ departures: Double, at detector: Int, standing: Double, seconds: Double, began: UTC
  ) {
    var change = Open(began: began, left: standing)
    if let under = open[detector], under.began == began { change = under }
    if change.left >= 1 {
      change.departures += departures
      change.seconds += seconds
    }
    change.left -= departures
    open[detector] = change
  }

  /// Notes between which stages the change that began at `began` was.
  mutating func close(
    at detector: Int, of laneGroup: Int, began: UTC, from: Int, to: Int, at moment: UTC
  ) {
    guard let change = open[detector] else { return }
    open[detector] = nil
    guard change.began == began, change.seconds > 0 else { return }
    let key = Change(from: from, to: to, laneGroup: laneGroup)
    let place = known.firstIndex { $0.change >= key } ?? known.count
    if place == known.count || known[place].change != key {
      known.insert(Known(change: key), at: place)
    }
    known[place].tally.add(change.departures, seconds: change.seconds, at: moment)
  }

  /// The rates that have been seen by `moment`, by change and lane group; `nil` without any. `rates` are those in the
  /// greens, pcu/s: element [stage][lane group].
  func discharge(rates: [[Double]], at moment: UTC) -> [ChangeDischarge]? {
    guard !known.isEmpty else { return nil }
    return known.map { known in
      let (from, to, laneGroup) = (known.change.from, known.change.to, known.change.laneGroup)
      let lesser = min(rates[from][laneGroup], rates[to][laneGroup])
      return ChangeDischarge(
        from: from, to: to, laneGroup: laneGroup, rate: known.tally.rate(prior: lesser, at: moment))
    }
  }
}
