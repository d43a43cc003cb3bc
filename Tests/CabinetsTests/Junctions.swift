import Signals
import Support

@testable import Cabinets

/// Junctions, moments and orders that these tests share.
enum Junctions {
  /// Overlapping stages (搭接) with flashing green, a long intergreen, a forbidden change and notice.
  /// Groups: north through and left, south through and left, east, west, pedestrians north-south.
  static func overlapping(notice: Tenths = .seconds(2)) -> Intersection {
    let conflicts = [[3, 4, 5], [2, 4, 5, 6], [1, 4, 5], [0, 4, 5, 6], [0, 1, 2, 3, 6]]
    let names = ["N.T", "N.L", "S.T", "S.L", "E", "W", "P"]
    let groups = names.enumerated().map { position, name in
      SignalGroup(
        name: name, kind: position == 6 ? .pedestrian : .vehicle,
        conflicts: position < 5
          ? conflicts[position] : position == 5 ? [0, 1, 2, 3, 6] : [1, 3, 4, 5])
    }
    let green = [[0, 1], [0, 2, 6], [2, 3], [4, 5]]
    let stages = green.enumerated().map { position, green in
      Stage(
        name: ["A", "B", "C", "D"][position], green: green, minimumGreen: .seconds(5),
        maximumGreen: .seconds(50), pedestrian: position == 1 ? .seconds(12) : .zero,
        greenFlash: .seconds(3), yellow: .seconds(3), allRed: .seconds(1))
    }
    let changes = ChangeTable(
      (0..<4).map { from in
        (0..<4).map { to in
          if from == to || (from == 0 && to == 2) { return nil }
          return from == 3 && to == 0 ? .seconds(7) : .zero
        }
      })
    let sample = Sample.fourArm()
    let plan = TimingPlan(
      entries: [10, 20, 10, 20].enumerated().map {
        PlanEntry(stage: $0.offset, green: .seconds($0.element))
      })
    return Intersection(
      id: "J002", name: "overlapping", timeZoneMinutes: 480, approaches: sample.approaches,
      signalGroups: groups, laneGroups: [], crossings: [], stages: stages, changes: changes,
      detectors: [],
      limits: Limits(
        minimumCycle: .seconds(40), maximumCycle: .seconds(180), longestRed: .seconds(150),
        notice: notice),
      plans: [NamedPlan(name: "day", plan: plan)],
      schedule: [ScheduleEntry(fromMinute: 0, plan: 0)],
      control: ControlSettings(pace: .stage, sequence: .free, lease: .seconds(60)))
  }

  /// The four-arm sample with some things changed.
  static func fourArm(
    limits: Limits? = nil, changes: ChangeTable? = nil, plan: TimingPlan? = nil
  ) -> Intersection {
    let sample = Sample.fourArm()
    return Intersection(
      id: sample.id, name: sample.name, timeZoneMinutes: sample.timeZoneMinutes,
      approaches: sample.approaches, signalGroups: sample.signalGroups,
      laneGroups: sample.laneGroups, crossings: sample.crossings, stages: sample.stages,
      changes: changes ?? sample.changes, detectors: sample.detectors,
      limits: limits ?? sample.limits,
      plans: plan.map { [NamedPlan(name: "own", plan: $0)] } ?? sample.plans,
      schedule: sample.schedule, control: sample.control)
  }

  /// Limits of the sample, some of them changed.
  static func limits(
    longestRed: Int = 150, planInterval: Int = 0, notice: Int = 0
  ) -> Limits {
    Limits(
      minimumCycle: .seconds(40), maximumCycle: .seconds(180), longestRed: .seconds(longestRed),
      planInterval: .seconds(planInterval), notice: .seconds(notice))
  }
}

extension Moment {
  /// `seconds` after a start at which cycles of 110 s begin by UTC.
  static func after(_ seconds: Double) -> Moment {
    Moment(
      monotonic: Instant(milliseconds: 5_000_000),
      utc: UTC(milliseconds: 1_760_000_010_000 / 110_000 * 110_000)
    ).advanced(bySeconds: seconds)
  }
}

extension TimingPlan {
  /// Stages of the sample with greens in seconds.
  static func of(
    _ entries: [(stage: Int, green: Int)], cycle: Int? = nil, offset: Int = 0,
    _ takeover: Takeover = .cycleStart
  ) -> TimingPlan {
    TimingPlan(
      entries: entries.map { PlanEntry(stage: $0.stage, green: .seconds($0.green)) },
      cycle: cycle.map(Tenths.seconds), offset: .seconds(offset), takeover: takeover)
  }
}

extension VirtualCabinet {
  /// Writes an order of epoch 1 and returns what the result block says of it.
  @discardableResult mutating func order(
    _ plan: TimingPlan, sequence: UInt32 = 1, epoch: UInt32 = 1, lease: UInt16 = 60,
    operation: PlanOperation = .activate
  ) throws -> OrderResult {
    let order = PlanOrder(
      epoch: epoch, sequence: sequence, plan: plan, leaseSeconds: lease, operation: operation)
    try write(address: RegisterMap.plan.address, values: order.registers)
    return try readResult()
  }

  mutating func readResult() throws -> OrderResult {
    try OrderResult(registers: readAll(RegisterMap.result))
  }

  mutating func readLive() throws -> LiveState {
    try LiveState(
      registers: readAll(RegisterMap.live), stages: intersection.stages.count,
      signalGroups: intersection.signalGroups.count)
  }

  mutating func readActive() throws -> ActivePlan {
    try ActivePlan(registers: readAll(RegisterMap.active), stages: intersection.stages.count)
  }

  mutating func readAll(_ block: RegisterBlock) throws(RegisterException) -> [UInt16] {
    try read(address: block.address, count: block.length)
  }
}
