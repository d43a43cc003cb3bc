import Counts
import Demand
import Signals
import Support
import Testing

@Suite("Flow from what comes into view")
struct FlowTests {
  let junction = Sample.fourArm()

  /// Ten minutes of one-second records of the first detector with so many in view at each second's end
  /// and so many that crossed the stop line within it; the flow that comes of it, pcu/h.
  private func flow(inView: (Int) -> Double, crossed: (Int) -> Double) -> Double {
    var estimator = DemandEstimator(for: junction)
    for second in 0..<600 {
      let times = (0...1).map { UTC(seconds: Double(1000 + second + $0)) }
      let record = CountRecord(
        detector: junction.detectors[0].id, start: times[0], end: times[1],
        count: VehicleCount(total: crossed(second)), inView: inView(second), queue: 0)
      let now = Moment(monotonic: Instant(milliseconds: Int64(second + 1) * 1000), utc: times[1])
      estimator.advance(with: [record], to: now, stage: nil)
    }
    let now = Moment(
      monotonic: Instant(milliseconds: 600_000), utc: UTC(seconds: 1600))
    return estimator.estimate(at: now).laneGroups[junction.detectors[0].laneGroup].flow
  }

  @Test("Those who come and cross make the flow")
  func steady() {
    let flow = flow(inView: { _ in 2 }, crossed: { $0 % 6 == 0 ? 1 : 0 })
    #expect(abs(flow - 600) < 40)
  }

  @Test("Who changes lanes in view and leaves by the other is no flow of this one")
  func laneChanges() {
    #expect(flow(inView: { $0 % 10 < 3 ? 3 : 2 }, crossed: { _ in 0 }) < 60)
  }

  @Test("A camera that now and then does not see somebody does not make him come twice")
  func flicker() {
    let flow = flow(
      inView: { $0 % 3 == 0 ? 4 : 5 }, crossed: { $0 % 6 == 0 ? 1 : 0 })
    #expect(abs(flow - 600) < 80)
  }
}
