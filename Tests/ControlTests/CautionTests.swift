import Demand
import Signals
import Support
import Testing

@testable import Control

@Suite("Distrusted demand moves plans less")
struct CautionTests {
  /// Stage A runs 30 s in the day's plan, at least 20 s for pedestrians and at most 60 s.
  let junction = Sample.fourArm()

  private func caution(of stage: Int = 0, north: Double, south: Double) -> Caution {
    let trusts = [north, 1, 1, 1, south, 1, 1, 1]
    let estimate = DemandEstimate(
      laneGroups: trusts.map {
        LaneGroupEstimate(queue: 0, approaching: 0, viewTime: 0, flow: 0, trust: $0)
      }, discharge: [])
    return Caution(
      of: stage, at: junction, demand: estimate, reference: junction.plans[0].plan)
  }

  @Test("Full trust leaves a stage its own limits")
  func trusted() {
    let bounds = caution(north: 1, south: 1)
    #expect(bounds.shortest == .seconds(20) && bounds.longest == .seconds(60))
  }

  @Test("Nothing known of anybody: exactly the day's plan")
  func blind() {
    let bounds = caution(north: 0, south: 0)
    #expect(bounds.shortest == .seconds(30) && bounds.longest == .seconds(30))
  }

  @Test(
    "Nothing known of one of two: not shorter than in the day's plan, longer if the other needs it")
  func half() {
    let bounds = caution(north: 0, south: 1)
    #expect(bounds.shortest == .seconds(30) && bounds.longest == .seconds(60))
  }

  @Test("In between the bounds move with the trust")
  func between() {
    let bounds = caution(north: 0.5, south: 0.5)
    #expect(bounds.shortest == .seconds(25) && bounds.longest == .seconds(45))
  }

  @Test("Other stages are not touched")
  func others() {
    let bounds = caution(of: 1, north: 0, south: 0)
    #expect(bounds.shortest == .seconds(6) && bounds.longest == .seconds(40))
  }
}
