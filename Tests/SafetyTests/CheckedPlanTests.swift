import Safety
import Signals
import Support
import Testing

@Suite("A plan that is sent has passed every rule")
struct CheckedPlanTests {
  @Test("The site's own plan passes when a round of it has just begun")
  func fixedPlan() throws {
    let junction = Sample.fourArm()
    let plan = junction.plans[0].plan
    let checked = try check(plan, at: junction, under: .start(of: plan, at: junction))
    #expect(checked.plan == plan)
  }
}
