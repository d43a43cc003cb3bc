import Safety
import Signals
import Support
import Testing

@testable import Control

@Suite("Decided stages are completed to a plan that may be left running")
struct PlanComposerTests {
  let junction = Sample.fourArm()

  @Test("The rest of the time-of-day plan follows the decided stages, in its order")
  func rest() {
    let head = [PlanEntry(stage: 2, green: .seconds(25))]
    let plan = composer().plans(beginningWith: head, takeover: .stageBoundary)[0]
    #expect(plan.entries.map(\.stage) == [2, 3, 0, 1])
    #expect(plan.entries.map(\.green) == [25, 15, 30, 15].map { .seconds($0) })
    #expect(plan.takeover == .stageBoundary)
  }

  @Test("Where the usual greens would make somebody wait too long, the shortest ones follow")
  func short() {
    let head = [PlanEntry(stage: 0, green: .seconds(60))]
    let plans = composer().plans(beginningWith: head, takeover: .now)
    #expect(plans[1].entries.map(\.green) == [60, 6, 20, 6].map { .seconds($0) })
  }

  @Test("Decided out of order, every stage still comes, and the last may lead to the first")
  func outOfOrder() {
    let head = [
      PlanEntry(stage: 1, green: .seconds(10)), PlanEntry(stage: 0, green: .seconds(20)),
    ]
    let plan = composer().plans(beginningWith: head, takeover: .now)[0]
    #expect(Set(plan.entries.map(\.stage)) == [0, 1, 2, 3])
    #expect(plan.entries.first != plan.entries.last)
    #expect(junction.length(of: plan.entries) != nil)
  }

  @Test("A forbidden change is gone around")
  func forbidden() {
    let strict = Sample.fourArm(forbidding: [(2, 3)])
    let head = [PlanEntry(stage: 2, green: .seconds(25))]
    let composer = PlanComposer(junction: strict, reference: strict.plans[0].plan)
    let plan = composer.plans(beginningWith: head, takeover: .now)[0]
    #expect(plan.entries.map(\.stage) == [2, 0, 3, 1])
    #expect(strict.length(of: plan.entries) != nil)
  }

  @Test("A junction of one stage keeps it, also where nothing is decided to come")
  func oneStage() {
    let gate = Sample.gate()
    let composer = PlanComposer(junction: gate, reference: gate.plans[0].plan)
    for plan in composer.plans(beginningWith: [], takeover: .stageBoundary) {
      #expect(plan.entries == gate.plans[0].plan.entries)
    }
  }

  @Test("Whatever is decided, the plan serves every signal group that any stage serves")
  func complete() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<500 {
      let head = (0..<Int.random(in: 1...5, using: &random)).map { _ in
        PlanEntry(stage: Int.random(in: 0..<4, using: &random), green: .seconds(20))
      }
      for plan in composer().plans(beginningWith: head, takeover: .now) {
        let served = Set(plan.entries.flatMap { junction.stages[$0.stage].green })
        #expect(served == Set(junction.signalGroups.indices))
        #expect(plan.entries.count <= TimingPlan.entryLimit)
      }
    }
  }

  private func composer() -> PlanComposer {
    PlanComposer(junction: junction, reference: junction.plans[0].plan)
  }
}
