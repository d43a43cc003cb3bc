import Safety
import Signals
import Support
import Testing

@Suite("Each rule refuses what it names, and says what would be right")
struct RuleTests {
  let junction = Sample.fourArm()

  @Test("A plan without entries or with more than sixteen")
  func entryCount() {
    #expect(violations(of: []) == ["entry count: 0, 1 to 16"])
    let many = Array(repeating: PlanEntry(stage: 0, green: .seconds(20)), count: 17)
    #expect(violations(of: many) == ["entry count: 17, 1 to 16"])
  }

  @Test("A stage that the junction does not have")
  func knownStages() {
    let entries = [PlanEntry(stage: 4, green: .seconds(20))]
    #expect(violations(of: entries) == ["known stages: stage number 5, 1 to 4"])
  }

  @Test("A green below the minimum or below walk and clearance")
  func shortGreens() {
    #expect(
      violations(of: round(20, 5, 20, 6)) == ["minimum green: stage B: 5 s, at least 6 s"])
    #expect(
      violations(of: round(19, 6, 20, 6)) == [
        "pedestrian time: stage A: 19 s, at least 20 s of walk and clearance"
      ])
  }

  @Test("A green above the maximum, or one that may become so")
  func longGreens() {
    #expect(violations(of: round(61, 6, 20, 6)) == ["maximum green: stage A: 61 s, at most 60 s"])
    var entries = round(20, 6, 20, 6)
    entries[1] = PlanEntry(stage: 1, green: .seconds(6), longestGreen: .seconds(41))
    #expect(violations(of: entries) == ["maximum green: stage B: 41 s, at most 40 s"])
    entries[1] = PlanEntry(stage: 1, green: .seconds(9), longestGreen: .seconds(8))
    #expect(
      violations(of: entries) == [
        "maximum green: stage B: 9 s, at most the entry's own longest green"
      ])
  }

  @Test("A forbidden change, also from the last entry to the first and from the running stage")
  func forbiddenChange() {
    let strict = Sample.fourArm(forbidding: [(1, 0)])
    let entries = [0, 2, 3, 1].map { PlanEntry(stage: $0, green: .seconds(20)) }
    let found = "allowed change: stage B to A: forbidden, a stage that may follow"
    #expect(violations(of: entries, at: strict) == [found])
    let running = Circumstances.start(
      of: TimingPlan(entries: [PlanEntry(stage: 1, green: .seconds(10))]), at: strict)
    #expect(
      violations(of: round(20, 10, 20, 10), takeover: .stageBoundary, at: strict, under: running)
        == [found])
  }

  @Test("A cycle out of range or unlike its entries")
  func cycle() {
    let plan = TimingPlan(entries: round(60, 40, 60, 40), cycle: .seconds(220))
    #expect(violations(of: plan).contains("cycle range: 220 s, 40 s to 180 s"))
    let other = TimingPlan(entries: round(30, 10, 30, 10), cycle: .seconds(90))
    #expect(
      violations(of: other) == ["cycle sum: entries and changes of 100 s, cycle 90 s"])
  }

  @Test("A cycle plan without a stated cycle keeps to the range all the same")
  func unstatedCycle() {
    let plan = TimingPlan(entries: round(60, 30, 60, 30))
    #expect(violations(of: plan).contains("cycle range: 200 s, 40 s to 180 s"))
  }

  @Test("Taking over now with another stage than the running one, or in the middle of a change")
  func runningStage() {
    let fixed = junction.plans[0].plan
    let running = Circumstances.start(of: fixed, at: junction)
    let entries = [1, 2, 3, 0].map { PlanEntry(stage: $0, green: .seconds(20)) }
    #expect(
      violations(of: entries, takeover: .now, under: running) == [
        "running stage: begins with stage B, stage A is running"
      ])
    let changing = running.with(subState: .yellow)
    #expect(
      violations(of: round(20, 6, 20, 6), takeover: .now, under: changing) == [
        "running stage: stage A: a change is under way, a plan takes over while a stage is green"
      ])
  }

  @Test("Ending the running stage without notice, unless that end was already announced")
  func notice() {
    let strict = Sample.fourArm(notice: .seconds(5))
    let running = Circumstances.start(of: strict.plans[0].plan, at: strict)
      .with(timeInState: .seconds(22))
    #expect(
      violations(of: round(24, 15, 30, 15), takeover: .now, at: strict, under: running) == [
        "notice: stage A: ends after 24 s, not before 27 s"
      ])
    #expect(
      violations(of: round(27, 15, 30, 15), takeover: .now, at: strict, under: running) == [])
    let nearEnd = running.with(timeInState: .seconds(28))
    #expect(
      violations(of: round(30, 15, 30, 15), takeover: .now, at: strict, under: nearEnd) == [])
  }

  @Test("A green that jumps from one cycle to the next")
  func largestChange() {
    let strict = Sample.fourArm(largestChange: .seconds(8))
    #expect(
      violations(of: round(39, 15, 30, 15), at: strict) == [
        "largest change: stage A: 30 s to 39 s, at most 8 s at once"
      ])
    #expect(violations(of: round(38, 15, 30, 15), at: strict) == [])
  }

  @Test("A plan too soon after the one before")
  func planInterval() {
    let strict = Sample.fourArm(planInterval: .seconds(60))
    let running = Circumstances.start(of: strict.plans[0].plan, at: strict)
      .with(sinceLastPlan: .seconds(59))
    #expect(
      violations(of: round(30, 15, 30, 15), at: strict, under: running) == [
        "plan interval: 59 s after the plan before, at least 60 s"
      ])
  }

  @Test("A group that is never green, or waits too long from round to round")
  func longestRed() {
    let entries = [0, 1, 2].map { PlanEntry(stage: $0, green: .seconds(20)) }
    #expect(
      violations(of: entries) == [
        "longest red: signal group E.L: never green, at most 150 s",
        "longest red: signal group W.L: never green, at most 150 s",
      ])
    #expect(
      violations(of: TimingPlan(entries: round(60, 40, 40, 6), cycle: .seconds(166))) == [
        "longest red: signal group E.L: red for 160 s, at most 150 s",
        "longest red: signal group W.L: red for 160 s, at most 150 s",
      ])
  }

  @Test("An overdue group may come late only if nothing before it could be shorter")
  func overdue() {
    var red = Array(repeating: Tenths.zero, count: junction.signalGroups.count)
    red[3] = .seconds(200)
    let running = Circumstances.start(of: junction.plans[0].plan, at: junction).with(red: red)
    let prompt = round(20, 6, 20, 10)
    #expect(violations(of: prompt, takeover: .now, under: running) == [])
    let slow = round(20, 9, 20, 10)
    #expect(
      violations(of: slow, takeover: .now, under: running) == [
        "longest red: signal group E.L: red for 264 s, at most 150 s"
      ])
  }

  @Test("An overdue group is not put off: it comes no later than under the plan that runs")
  func notLater() {
    var red = Array(repeating: Tenths.zero, count: junction.signalGroups.count)
    (red[3], red[2]) = (.seconds(200), .seconds(20))
    let running = Circumstances.start(of: junction.plans[0].plan, at: junction).with(red: red)
    // Stage D after 90 s of other stages and changes under the running plan: 290 s in all.
    let once = entries((0, 20), (2, 20), (1, 6), (3, 10))
    #expect(violations(of: once, takeover: .now, under: running) == [])
    let twice = entries((0, 20), (2, 20), (1, 6), (2, 20), (1, 6), (3, 10))
    #expect(
      violations(of: twice, takeover: .now, under: running) == [
        "longest red: signal group E.L: red for 297 s, at most 150 s"
      ])
  }

  @Test("Where the plan that runs keeps everybody within the limit, haste excuses no other plan")
  func runningKeepsLimit() {
    var red = Array(repeating: Tenths.zero, count: junction.signalGroups.count)
    red[3] = .seconds(60)
    // Under the running plan E.L comes after exactly 150 s.
    let running = Circumstances.start(of: junction.plans[0].plan, at: junction).with(red: red)
    #expect(
      violations(of: entries((0, 30), (1, 15), (2, 30), (3, 15)), takeover: .now, under: running)
        == [])
    let hasty = entries((0, 20), (1, 6), (0, 20), (1, 6), (2, 20), (3, 10))
    #expect(
      violations(of: hasty, takeover: .now, under: running) == [
        "longest red: signal group E.L: red for 157 s, at most 150 s"
      ])
  }

  @Test("While a group is overdue, an end that was announced is not put off")
  func announcedEnd() {
    let strict = Sample.fourArm(notice: .seconds(3))
    var red = Array(repeating: Tenths.zero, count: strict.signalGroups.count)
    red[3] = .seconds(200)
    let running = Circumstances.start(of: strict.plans[0].plan, at: strict)
      .with(timeInState: .seconds(28), red: red)
    func found(_ first: Int) -> [String] {
      violations(
        of: entries((0, first), (1, 6), (2, 20), (3, 10)), takeover: .now, at: strict,
        under: running)
    }
    #expect(found(30) == [])
    #expect(found(31) == ["longest red: signal group E.L: red for 244 s, at most 150 s"])
  }

  @Test("All violations are told at once, each with its rule, place, value and limit")
  func allAtOnce() {
    #expect(violations(of: round(19, 5, 70, 6)).count == 3)
  }

  private func entries(_ entries: (stage: Int, green: Int)...) -> [PlanEntry] {
    entries.map { PlanEntry(stage: $0.stage, green: .seconds($0.green)) }
  }

  private func round(_ greens: Int...) -> [PlanEntry] {
    greens.enumerated().map { PlanEntry(stage: $0.offset, green: .seconds($0.element)) }
  }

  private func violations(
    of entries: [PlanEntry], takeover: Takeover = .cycleStart, at junction: Intersection? = nil,
    under circumstances: Circumstances? = nil
  ) -> [String] {
    violations(
      of: TimingPlan(entries: entries, takeover: takeover), at: junction, under: circumstances)
  }

  private func violations(
    of plan: TimingPlan, at place: Intersection? = nil, under circumstances: Circumstances? = nil
  ) -> [String] {
    let place = place ?? junction
    do {
      _ = try check(
        plan, at: place, under: circumstances ?? .start(of: place.plans[0].plan, at: place))
      return []
    } catch {
      return error.violations.map(\.description)
    }
  }
}
