import Demand
import Signals
import Support
import Testing

@testable import Control

@Suite("Why a plan is as it is")
struct ExplanationTests {
  private let site = Sample.fourArm(pace: .cycle)

  /// Queues and flows of N.T, N.L, E.T, E.L, S.T, S.L, W.T, W.L.
  private func demand(_ queues: [Double], flows: [Double], trust: [Double]? = nil) -> DemandEstimate
  {
    DemandEstimate(
      laneGroups: queues.indices.map { position in
        LaneGroupEstimate(
          queue: queues[position], approaching: 3, viewTime: 6, flow: flows[position],
          trust: trust?[position] ?? 1)
      }, discharge: dischargeRates(at: site, flows: flows))
  }

  private func explained(
    _ greens: [Int], _ demand: DemandEstimate, before: [Int]? = nil,
    alternative: Reason.Alternative? = nil
  ) -> Explanation {
    func plan(_ greens: [Int]) -> TimingPlan {
      TimingPlan(
        entries: greens.enumerated().map {
          PlanEntry(stage: $0.offset, green: .seconds($0.element))
        })
    }
    return Explanation(
      of: site, at: Sample.moment(0).utc, level: .isolated, cause: "all seen", plan: plan(greens),
      reason: Reason(text: "text", demand: demand, cost: 100, alternative: alternative),
      stage: 2, timeInState: .seconds(7), before: before.map(plan))
  }

  @Test("tells who waits, the longest queue first, and who is expected")
  func seen() {
    let it = explained(
      [30, 10, 30, 10],
      demand([1, 2, 9, 0, 1, 2, 5, 0], flows: Array(repeating: 360, count: 8)))
    #expect(it.seen.prefix(3).map(\.laneGroup) == ["E.T", "W.T", "N.L"])
    // Three in view arrive within 6 s, behind them 360 an hour for 24 s.
    #expect(abs(it.seen[0].expected - (3 + 2.4)) < 1e-9)
    #expect(it.stage == "C" && it.timeInStage == 7)
  }

  @Test("tells which limits hold the greens, doubtful counts among them")
  func bounds() {
    let flows = Array(repeating: 300.0, count: 8)
    let it = explained([20, 6, 60, 12], demand(Array(repeating: 2, count: 8), flows: flows))
    #expect(it.plan.map(\.bound) == [.pedestrian, .minimumGreen, .maximumGreen, nil])
    let blind = explained(
      [30, 15, 31, 14],
      demand(
        Array(repeating: 2, count: 8), flows: flows, trust: [0, 1, 1, 1, 1, 1, 1, 1]))
    #expect(blind.plan[0].bound == .distrust, "N.T is blind: A stays as long as by day")
    #expect(blind.plan.dropFirst().allSatisfy { $0.bound == nil })
  }

  @Test("says that a second is worth most to those who have too little green")
  func worth() throws {
    let flows = [900.0, 60, 300, 60, 900, 60, 300, 60]
    let it = explained([22, 10, 40, 10], demand(Array(repeating: 0, count: 8), flows: flows))
    let worth = try it.plan.map { try #require($0.worth) }
    #expect(worth[0] > 0 && worth[0] == worth.max(), "\(worth)")
    #expect(worth[2] < 0, "others lose more than E.T and W.T would gain")
    let due = try #require(it.timeOfDay)
    #expect(due.more < 0, "30 s for A is better than 22")
  }

  @Test("is worth what the delay formulas say: measured against the plan with one second more")
  func difference() throws {
    let flows = [500.0, 100, 400, 90, 450, 80, 420, 70]
    let demand = demand([3, 1, 2, 0, 3, 1, 2, 0], flows: flows)
    let plain = try #require(explained([30, 10, 30, 10], demand).timeOfDay?.more)
    let longer = try #require(explained([31, 10, 30, 10], demand).timeOfDay?.more)
    let worth = try #require(explained([30, 10, 30, 10], demand).plan[0].worth)
    #expect(abs((longer - plain) - worth) < 1e-6 * max(1, abs(worth)))
  }

  @Test("tells the alternative by what it would have cost more, and what changed")
  func rest() {
    let it = explained(
      [30, 10, 30, 10],
      demand(Array(repeating: 1, count: 8), flows: Array(repeating: 300, count: 8)),
      before: [25, 10, 35, 10],
      alternative: Reason.Alternative(text: "hold stage C 8 s more", cost: 130))
    #expect(it.alternative == Explanation.Alternative(text: "hold stage C 8 s more", more: 30))
    #expect(it.changes?.map(\.stage) == ["A", "C"])
    #expect(it.changes?.map(\.before) == [25, 35])
  }

  @Test("of what other programs have written says less, and does not trap")
  func damaged() {
    let nobody = DemandEstimate(laneGroups: [], discharge: [])
    let it = explained([30, 10, 30, 10], nobody)
    #expect(it.seen.isEmpty && it.plan.isEmpty && it.timeOfDay == nil)
    let strange = TimingPlan(entries: [PlanEntry(stage: 99, green: .seconds(5))])
    let other = Explanation(
      of: site, at: Sample.moment(0).utc, level: .local, cause: "", plan: strange,
      reason: Reason(
        text: "",
        demand: demand(Array(repeating: 0, count: 8), flows: Array(repeating: 0, count: 8))),
      stage: 77, timeInState: nil, before: strange)
    #expect(other.plan.isEmpty && other.stage == nil)
  }
}
