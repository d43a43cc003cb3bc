import Signals

/// What passed in so much time with somebody waiting; what is older counts for less.
struct DischargeTally: Sendable, Equatable, Codable {
  /// Time with a queue that outweighs half of what was thought before, s: two or three usual greens.
  static let weightOfPrior = 20.0

  /// After which what was seen counts for 1/e, s: turns change within a quarter of an hour.
  static let memory = 900.0

  private var departures = 0.0
  private var seconds = 0.0
  private var at: UTC?

  /// Adds what passed until `end`, pcu.
  mutating func add(_ departures: Double, seconds: Double, at end: UTC) {
    let share = share(at: end)
    self.departures = self.departures * share + departures
    self.seconds = self.seconds * share + seconds
    at = end
  }

  /// Rate at `moment`, pcu/s, where `prior` was thought before.
  func rate(prior: Double, at moment: UTC) -> Double {
    let share = share(at: moment)
    return (prior * Self.weightOfPrior + departures * share)
      / (Self.weightOfPrior + seconds * share)
  }

  private func share(at moment: UTC) -> Double {
    at.map { exponential(-max(0, moment.seconds(since: $0)) / Self.memory) } ?? 1
  }
}
