import Safety
import Signals

extension Meeting {
  /// How many stages of a plan that takes over at the stage's end count as decided: the next, and the one after
  /// it, which is decided anew but mostly alike. With the next alone those downstream know nothing at the time at
  /// which they decide.
  private static let decidedStages = 2

  /// The stage that is green in each second from now on if `plan` takes over, `nil` during changes: as far as it is
  /// decided; nothing for a plan that leaves the running green open.
  func greens(under plan: TimingPlan) -> [Int?] {
    guard plan.takeover == .stageBoundary else { return [] }
    var greens = green(report.stage, for: greenLeft)
    var stage = report.stage
    for entry in plan.entries.prefix(Self.decidedStages) {
      if entry.stage != stage {
        let change = junction.changeTime(from: stage, to: entry.stage) ?? .zero
        let flash = junction.stages[stage].greenFlash
        greens += Array(repeating: nil, count: wholeSteps(change - flash))
      }
      greens += green(entry.stage, for: entry.green)
      stage = entry.stage
    }
    return greens
  }

  /// Vehicles go on through the flashing green.
  private func green(_ stage: Int, for time: Tenths) -> [Int?] {
    Array(repeating: stage, count: wholeSteps(time) + flashSteps(of: junction.stages[stage]))
  }
}
