public import Signals

extension Sample {
  /// A moment `seconds` after the start of a test: 2026-11-24T00:00:00Z.
  public static func moment(_ seconds: Double) -> Moment {
    Moment(
      monotonic: Instant(milliseconds: 1_000_000),
      utc: UTC(milliseconds: 1_795_478_400_000)
    ).advanced(bySeconds: seconds)
  }
}

extension CabinetReport {
  /// What a healthy cabinet says that runs the first fixed plan of `junction`.
  public static func sample(
    at seconds: Double = 0, source: ControlSource = .timeOfDay, stage: Int = 0,
    subState: SubState = .green, timeInState: Tenths = .zero, timeInCycle: Tenths = .zero,
    leastLeft: Tenths? = nil, mostLeft: Tenths? = nil, cycleNumber: UInt32 = 1,
    criticalFaults: UInt16 = 0, plan: TimingPlan? = nil,
    of junction: Intersection = Sample.fourArm()
  ) -> CabinetReport {
    CabinetReport(
      at: Sample.moment(seconds), source: source, stage: stage, subState: subState,
      timeInState: timeInState, leastLeft: leastLeft, mostLeft: mostLeft, nextStage: nil,
      cycleNumber: cycleNumber, timeInCycle: timeInCycle, activeSequence: 0, leaseLeft: 0,
      criticalFaults: criticalFaults, otherFaults: 0,
      lamps: junction.signalGroups.indices.map {
        junction.lamp(of: $0, from: stage, to: stage, in: subState)
      }, plan: plan ?? junction.plans[0].plan)
  }
}
