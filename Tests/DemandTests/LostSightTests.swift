import Counts
import Demand
import Signals
import Support
import Testing

@Suite("Whom a camera loses sight of for a moment is still there")
struct LostSightTests {
  let junction = Sample.fourArm()

  @Test("Who stood and has not crossed the stop line stands on, though one record does not see him")
  func missed() {
    #expect(abs(queue(after: [(3, 0), (3, 0), (2, 0)]) - 2.72) < 0.01)
  }

  @Test("Even if the record sees nobody at all")
  func missedAlone() {
    #expect(queue(after: [(1, 0), (1, 0), (0, 0)]) > 0.7)
  }

  @Test("Who has crossed the stop line is gone at once")
  func crossed() {
    #expect(queue(after: [(3, 0), (3, 0), (2, 1)]) == 2)
  }

  @Test("Who does not come back is forgotten within seconds: he has changed lanes")
  func forgotten() {
    let queue = queue(after: [(3, 0)] + Array(repeating: (2, 0), count: 12))
    #expect(queue < 2.05)
  }

  @Test("After a gap in the records nothing is remembered")
  func gap() {
    #expect(queue(after: [(3, 0), (3, 0), (2, 0)], gapBeforeLast: 3) == 2)
  }

  /// The queue of the first lane group after records of a second each that see so many vehicles, all
  /// standing, and so many crossing.
  private func queue(
    after records: [(standing: Double, crossed: Double)], gapBeforeLast gap: Int = 0
  ) -> Double {
    var estimator = DemandEstimator(for: junction)
    var now = Sample.moment(0)
    for (position, seen) in records.enumerated() {
      let isLast = position == records.count - 1
      now = Sample.moment(Double(position + 1 + (isLast ? gap : 0)))
      let record = CountRecord(
        detector: junction.detectors[0].id, start: now.utc.advanced(bySeconds: -1), end: now.utc,
        count: VehicleCount(total: seen.crossed), inView: seen.standing, queue: seen.standing)
      estimator.advance(with: [record], to: now, stage: nil)
    }
    return estimator.estimate(at: now).laneGroups[0].queue
  }
}
