import Counts
import Demand
import Signals
import Support
import Testing

@Suite("Held up on green: somebody stands, and nobody crosses")
struct HeldUpTests {
  /// Its first lane group is served in stage A (0) and not in B (1).
  let junction = Sample.fourArm()

  /// Seconds held up after records of `interval` seconds, in each so many of `crossed` and `standing`, and seconds in
  /// which the camera is silent.
  private func heldUp(
    crossed: [Double], standing: [Double], stage: Int? = 0, interval: Double = 1,
    thenSilentFor silence: Int = 0
  ) -> Double? {
    var estimator = DemandEstimator(for: junction)
    var now = Sample.moment(0)
    for (position, (passed, stand)) in zip(crossed, standing).enumerated() {
      now = Sample.moment(Double(position + 1) * interval)
      let record = CountRecord(
        detector: junction.detectors[0].id, start: now.utc.advanced(bySeconds: -interval),
        end: now.utc, count: VehicleCount(total: passed), inView: stand + 1, queue: stand)
      estimator.advance(with: [record], to: now, stage: stage)
    }
    for second in 0..<silence {
      now = Sample.moment(Double(crossed.count) * interval + Double(second + 1))
      estimator.advance(with: [], to: now, stage: stage)
    }
    return estimator.estimate(at: now).laneGroups[0].heldUp
  }

  @Test("As long as nobody has crossed, however far the camera sees")
  func lasts() {
    #expect(heldUp(crossed: [1, 0, 0, 0], standing: [3, 3, 3, 3]) == 3)
    #expect(heldUp(crossed: [0, 1, 0], standing: [3, 3, 3]) == 1)
    let long = heldUp(
      crossed: Array(repeating: 0, count: 20), standing: (0..<20).map { 3 + Double($0 % 2) })
    #expect(long == 20)
  }

  @Test("A record longer than that counts whole")
  func longRecords() {
    #expect(heldUp(crossed: [4, 0], standing: [3, 3], interval: 10) == 10)
  }

  @Test("A camera that fell silent says it no longer")
  func silent() {
    #expect(heldUp(crossed: [0, 0, 0], standing: [3, 3, 3], thenSilentFor: 2) == 3)
    #expect(heldUp(crossed: [0, 0, 0], standing: [3, 3, 3], thenSilentFor: 60) == nil)
  }

  @Test("Who crosses, or stands on red, or does not stand, is not held up")
  func not() {
    #expect(heldUp(crossed: [0, 0, 1], standing: [3, 3, 3]) == nil)
    #expect(heldUp(crossed: [0, 0, 0], standing: [3, 3, 3], stage: 1) == nil)
    #expect(heldUp(crossed: [0, 0, 0], standing: [3, 3, 3], stage: nil) == nil)
    #expect(heldUp(crossed: [0, 0, 0], standing: [0, 0, 0]) == nil)
  }
}
