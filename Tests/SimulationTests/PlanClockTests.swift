import Signals
import Simulation
import Support
import Testing

@Suite("Lamps under a plan that runs undisturbed")
struct PlanClockTests {
  @Test("Every group is green for the greens of its stages in each round")
  func greens() throws {
    let junction = Sample.fourArm()
    let clock = try #require(PlanClock(junction.plans[0].plan, at: junction))
    for (group, green) in zip(0..<10, [30, 15, 30, 15, 30, 15, 30, 15, 30, 30]) {
      let tenths = (0..<1100).filter { clock.lamps(at: Double($0) / 10)[group] == .green }
      #expect(tenths.count == green * 10)
    }
  }

  @Test("Rounds repeat, shifted by the offset, before and after midnight")
  func rounds() throws {
    let junction = Sample.fourArm()
    let plan = junction.plans[0].plan
    let shifted = TimingPlan(entries: plan.entries, cycle: plan.cycle, offset: .seconds(17))
    let (clock, late) = (
      try #require(PlanClock(plan, at: junction)), try #require(PlanClock(shifted, at: junction))
    )
    for second in -300..<300 {
      let time = Double(second)
      #expect(clock.lamps(at: time) == clock.lamps(at: time + 110))
      #expect(clock.lamps(at: time) == late.lamps(at: time + 17))
    }
  }

  @Test("Conflicting groups are never green together, and yellow lies between green and red")
  func conflicts() throws {
    let junction = Sample.fourArm()
    let clock = try #require(PlanClock(junction.plans[0].plan, at: junction))
    var before = clock.lamps(at: 0)
    for tenth in 1...2200 {
      let lamps = clock.lamps(at: Double(tenth) / 10)
      for (group, signalGroup) in junction.signalGroups.enumerated() {
        if lamps[group].isGreen {
          #expect(signalGroup.conflicts.allSatisfy { lamps[$0] == .red })
        }
        if signalGroup.kind == .vehicle && before[group] == .green {
          #expect(lamps[group] == .green || lamps[group] == .yellow)
        }
      }
      before = lamps
    }
  }

  @Test("A plan of one stage stays in it; a forbidden change has no clock")
  func edges() throws {
    let junction = Street.single()
    let one = TimingPlan(entries: [PlanEntry(stage: 0, green: .seconds(20))])
    let clock = try #require(PlanClock(one, at: junction))
    #expect((0..<100).allSatisfy { clock.lamps(at: Double($0)) == [.green, .red] })
    #expect(PlanClock(TimingPlan(entries: []), at: junction) == nil)
  }
}
