import Signals
import Support
import Testing

@testable import Control

@Suite("How long each signal group has waited")
struct RedClockTests {
  let junction = Sample.fourArm()

  @Test("Before the first report nobody is said to have waited")
  func unknown() {
    let clock = RedClock()
    #expect(
      clock.waits(at: Sample.moment(0).monotonic, signalGroups: 3) == [.zero, .zero, .zero])
  }

  /// Stage C (position 2) has run for 4 s: B ended one change of 5 s before that, A another green of
  /// 15 s and a change before that, and D a whole round before.
  @Test("The first report tells the past, as the plan that runs would have it")
  func first() {
    var clock = RedClock()
    clock.observe(.sample(stage: 2, timeInState: .seconds(4), of: junction), at: junction)
    let waits = clock.waits(at: Sample.moment(0).monotonic, signalGroups: 10)
    #expect(waits[2] == .zero)
    #expect(waits[1] == .seconds(4 + 5))
    #expect(waits[0] == .seconds(4 + 5 + 15 + 5))
    #expect(waits[3] == .seconds(4 + 5 + 15 + 5 + 30 + 5))
  }

  @Test("Waits grow while a group is red, also when no report comes, and end with its green")
  func grow() {
    var clock = RedClock()
    clock.observe(.sample(stage: 0, of: junction), at: junction)
    let start = clock.waits(at: Sample.moment(0).monotonic, signalGroups: 10)
    let later = clock.waits(at: Sample.moment(10).monotonic, signalGroups: 10)
    #expect(later[0] == .seconds(10))
    #expect(later[3] == start[3] + .seconds(10))
    clock.observe(.sample(at: 10, stage: 3, of: junction), at: junction)
    #expect(clock.waits(at: Sample.moment(10).monotonic, signalGroups: 10)[3] == .zero)
  }
}

@Suite("Which entry of the plan runs")
struct RunningEntryTests {
  let junction = Sample.fourArm()

  @Test("The entry of the running stage; by the time in the cycle where a stage comes twice")
  func entry() {
    #expect(CabinetReport.sample(stage: 2, of: junction).runningEntry(at: junction) == 2)
    let twice = TimingPlan(
      entries: [0, 1, 0, 3].map { PlanEntry(stage: $0, green: .seconds(20)) })
    let early = CabinetReport.sample(
      stage: 0, timeInCycle: .seconds(10), plan: twice, of: junction)
    let late = CabinetReport.sample(
      stage: 0, timeInCycle: .seconds(60), plan: twice, of: junction)
    #expect(early.runningEntry(at: junction) == 0)
    #expect(late.runningEntry(at: junction) == 2)
  }

  @Test("None if the stage that runs is not in the plan")
  func none() {
    let other = TimingPlan(entries: [PlanEntry(stage: 0, green: .seconds(20))])
    let report = CabinetReport.sample(stage: 3, plan: other, of: junction)
    #expect(report.runningEntry(at: junction) == nil)
  }
}
