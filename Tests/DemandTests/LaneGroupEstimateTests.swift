import Demand
import Signals
import Support
import Testing

@Suite("Arrivals in the seconds to come")
struct LaneGroupEstimateTests {
  @Test("Vehicles in view arrive within the view's travel time, the flow behind them afterwards")
  func arrivals() {
    let estimate = LaneGroupEstimate(
      queue: 3, approaching: 4, viewTime: 8, flow: 720, trust: 1)
    let all = (0..<20).map { estimate.arrivals(in: $0) }
    #expect(abs(all[..<8].reduce(0, +) - 4) < 1e-9)
    #expect(all[8...].allSatisfy { abs($0 - 0.2) < 1e-9 })
  }

  @Test("Without a view all arrivals are the flow's")
  func noView() {
    let estimate = LaneGroupEstimate(
      queue: 0, approaching: 0, viewTime: 0, flow: 360, trust: 1)
    #expect((0..<90).allSatisfy { abs(estimate.arrivals(in: $0) - 0.1) < 1e-12 })
  }

  @Test(
    "All seconds at once are what each of them is, to the last bit, behind what stands before them",
    arguments: [0, 7.3], [[], [0.1, 0.7, 0.2]])
  func together(viewTime: Double, inbound: [Double]) {
    let estimate = LaneGroupEstimate(
      queue: 3, approaching: 4.1, viewTime: viewTime, flow: 721, inbound: inbound, trust: 1)
    var all = Array(repeating: -1.0, count: 25)
    estimate.put(arrivalsIn: 20, into: &all, at: 5)
    #expect(all == Array(repeating: -1, count: 5) + (0..<20).map { estimate.arrivals(in: $0) })
  }

  @Test("A junction's blind share is the share of signalled lane groups that nobody sees")
  func blindShare() {
    let junction = Sample.fourArm()
    func estimate(seen: Int) -> DemandEstimate {
      DemandEstimate(
        laneGroups: junction.laneGroups.indices.map {
          LaneGroupEstimate(
            queue: 0, approaching: 0, viewTime: 0, flow: 0, trust: $0 < seen ? 0.1 : 0)
        }, discharge: [])
    }
    #expect(estimate(seen: 8).blindShare(at: junction) == 0)
    #expect(estimate(seen: 2).blindShare(at: junction) == 0.75)
    #expect(estimate(seen: 0).blindShare(at: junction) == 1)
  }
}
