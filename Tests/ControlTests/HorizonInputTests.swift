import Demand
import Optimisation
import Signals
import Support
import Testing

@testable import Control

@Suite("What the rolling horizon starts from")
struct HorizonInputTests {
  private let site = Sample.fourArm(pace: .stage)

  private func problem(changes: [ChangeDischarge]?) -> HorizonProblem? {
    guard let meeting = Meeting.sample(at: site) else { return nil }
    var rates = site.stages.map { _ in site.laneGroups.map { _ in 0.4 } }
    rates[2][3] = 0
    rates[0][4] = 1e-9
    let demand = DemandEstimate(
      laneGroups: site.laneGroups.map { _ in
        LaneGroupEstimate(queue: 3, approaching: 0, viewTime: 5, flow: 300, trust: 1)
      }, discharge: rates, changes: changes)
    return horizonProblem(
      meeting, demand: demand, reference: site.plans[0].plan, control: site.control)
  }

  @Test("In changes a lane group moves as it was seen to, elsewhere at the lesser of both rates")
  func changes() throws {
    let seen = try #require(
      problem(changes: [
        ChangeDischarge(from: 0, to: 1, laneGroup: 2, rate: 0.1),
        ChangeDischarge(from: 1, to: 0, laneGroup: 2, rate: 0.6),
        // Red in stage C: whatever was seen when it served it, nobody moves.
        ChangeDischarge(from: 1, to: 2, laneGroup: 3, rate: 0.6),
      ]))
    var expected = try #require(problem(changes: nil))
    #expect(expected.changeRatio.allSatisfy { $0 == 1 })
    let groups = expected.laneGroups
    expected.changeRatio[(0 * expected.stages + 1) * groups + 2] = 0.1 / 0.4
    expected.changeRatio[(1 * expected.stages + 0) * groups + 2] = 0.6 / 0.4
    #expect(seen == expected)
  }

  @Test("Who moves in a change and hardly ever in a green on either side is decided for")
  func vanished() throws {
    let seen = try #require(
      problem(changes: [ChangeDischarge(from: 0, to: 1, laneGroup: 4, rate: 0.3)]))
    let ratio = seen.changeRatio[(0 * seen.stages + 1) * seen.laneGroups + 4]
    #expect(ratio == HorizonProblem.largestRatio)
    var solver = HorizonSolver(
      laneGroups: seen.laneGroups, stages: seen.stages, steps: seen.steps)
    #expect(solver.solve(seen).cost.total > 0)
  }
}
