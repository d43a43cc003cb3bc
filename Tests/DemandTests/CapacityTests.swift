import Demand
import Signals
import Support
import Testing

@Suite("What the greens of the last cycles would have let go")
struct CapacityTests {
  /// Its first lane group, of 3,300 pcu/h, is served in stage A (0) and not in B (1).
  private let junction = Sample.fourArm()

  /// After so many cycles of 60 s, of which stage A has `green` seconds and B the rest.
  private func capacity(cycles: Int, green: Int) -> Double? {
    var estimator = DemandEstimator(for: junction)
    for second in 0...(60 * cycles) {
      let stage = (second + 59) % 60 < green ? 0 : 1
      estimator.advance(with: [], to: Sample.moment(Double(second)), stage: stage)
    }
    return estimator.estimate(at: Sample.moment(Double(60 * cycles))).laneGroups[0].capacity
  }

  @Test("Its discharge while green, over the whole time")
  func share() throws {
    let always = try #require(capacity(cycles: 5, green: 60))
    #expect(abs(always - junction.laneGroups[0].saturationFlow) < 1)
    #expect(abs(try #require(capacity(cycles: 5, green: 30)) - always / 2) < 1)
    #expect(abs(try #require(capacity(cycles: 5, green: 12)) - always / 5) < 1)
  }

  @Test("Nothing without green, and unknown before any time has passed")
  func none() {
    #expect(capacity(cycles: 5, green: 0) == 0)
    #expect(capacity(cycles: 0, green: 0) == nil)
  }

  @Test("What was an hour ago is forgotten")
  func forgets() throws {
    var estimator = DemandEstimator(for: junction)
    for second in 0...4200 {
      estimator.advance(
        with: [], to: Sample.moment(Double(second)), stage: second <= 600 ? 0 : 1)
    }
    let capacity = try #require(
      estimator.estimate(at: Sample.moment(4200)).laneGroups[0].capacity)
    #expect(capacity < 1)
  }
}
