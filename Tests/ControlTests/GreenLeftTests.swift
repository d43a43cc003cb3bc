import Signals
import Support
import Testing

@testable import Control

@Suite("The next stage is decided shortly before the running green really ends")
struct GreenLeftTests {
  private let junction = Sample.fourArm(pace: .stage)

  private func isTime(after green: Double, least: Double? = nil, most: Double? = nil) -> Bool {
    let report = CabinetReport.sample(
      timeInState: Tenths(seconds: green), leastLeft: least.map { Tenths(seconds: $0) },
      mostLeft: most.map { Tenths(seconds: $0) }, of: junction)
    return PlanChooser(for: junction).isTime(report, entry: 0, of: junction.plans[0].plan)
  }

  @Test("A cabinet that does not tell when runs its plan, which has 30 s")
  func untold() {
    #expect(!isTime(after: 25))
    #expect(isTime(after: 26))
  }

  @Test("While it comes back into step, greens end sooner than its plan says, or later")
  func intoStep() {
    #expect(isTime(after: 20, least: 0, most: 4))
    #expect(!isTime(after: 20, least: 0, most: 4.1))
    #expect(!isTime(after: 27, least: 4.1, most: 12))
  }

  @Test("Within what it says its plan holds, for later plans may change the green")
  func open() {
    #expect(!isTime(after: 20, least: 0, most: 40))
    #expect(isTime(after: 26, least: 0, most: 40))
  }

  @Test("The next cycle is decided in the last seconds of green, of whichever stage they are")
  func shortLast() {
    let junction = Sample.fourArm(pace: .cycle)
    let chooser = PlanChooser(for: junction)
    func isTime(_ last: Int, stage: Int, after green: Int, _ subState: SubState = .green) -> Bool {
      let running = TimingPlan(
        entries: [30, 15, 30, last].enumerated().map {
          PlanEntry(stage: $0.offset, green: .seconds($0.element))
        })
      let report = CabinetReport.sample(
        stage: stage, subState: subState, timeInState: .seconds(green), plan: running, of: junction)
      return chooser.isTime(report, entry: stage, of: running)
    }
    #expect(isTime(6, stage: 3, after: 2) && !isTime(6, stage: 3, after: 1))
    #expect(!isTime(6, stage: 2, after: 30))
    #expect(isTime(1, stage: 3, after: 0) && !isTime(1, stage: 3, after: 0, .yellow))
    #expect(isTime(1, stage: 2, after: 27) && !isTime(1, stage: 2, after: 26))
    #expect(!isTime(1, stage: 1, after: 15))
  }

  @Test("No figures of a cabinet are too odd")
  func odd() {
    #expect(isTime(after: 6553.5, least: 0, most: 0))
    #expect(!isTime(after: 0, least: 6553.4, most: 6553.4))
    let contrary = CabinetReport.sample(
      timeInState: .zero, leastLeft: .seconds(9), mostLeft: .zero, of: junction)
    #expect(contrary.greenLeft(of: .seconds(30)) == .zero)
  }
}
