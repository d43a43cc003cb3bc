public import Safety
public import Signals

extension Circumstances {
  /// The first entry of `plan` has just begun and no group has waited.
  public static func start(of plan: TimingPlan, at junction: Intersection) -> Circumstances {
    Circumstances(
      stage: plan.entries[0].stage, subState: .green, timeInState: .zero,
      red: Array(repeating: .zero, count: junction.signalGroups.count), running: plan, entry: 0,
      sinceLastPlan: nil)
  }

  /// The same with some values replaced.
  public func with(
    subState: SubState? = nil, timeInState: Tenths? = nil, red: [Tenths]? = nil,
    sinceLastPlan: Tenths? = nil
  ) -> Circumstances {
    Circumstances(
      stage: stage, subState: subState ?? self.subState,
      timeInState: timeInState ?? self.timeInState, red: red ?? self.red, running: running,
      entry: entry, sinceLastPlan: sinceLastPlan ?? self.sinceLastPlan)
  }
}
