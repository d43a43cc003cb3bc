public import Signals

/// Junctions that tests share.
public enum Sample {
  /// Four arms, opposing through then opposing left (对称放行): stages A (north-south through, with
  /// the crossings beside it), B (north-south left), C and D likewise east-west. Lane groups are
  /// N.T, N.L, E.T, E.L, S.T, S.L, W.T, W.L; each through group has 2 lanes, each left 1. Its loops, if it
  /// has any, are 1 and 2 for N.T, 3 for N.L and so on.
  public static func fourArm(
    id: String = "J001", pace: Pace = .second, sequence: Sequence = .fixed,
    lease: Tenths = .seconds(120), forbidding forbidden: [(from: Int, to: Int)] = [],
    largestChange: Tenths = .zero, planInterval: Tenths = .zero, notice: Tenths = .zero,
    longestRed: Tenths = .seconds(150), hasLoops: Bool = false
  ) -> Intersection {
    let arms = ["N", "E", "S", "W"]
    let approaches = arms.enumerated().map { position, name in
      Approach(name: name, heading: Double((position * 90 + 180) % 360), speed: 13.9)
    }
    let laneGroups = arms.indices.flatMap { arm in
      [
        LaneGroup(
          name: "\(arms[arm]).T", approach: arm, lanes: 2, length: 140, saturationFlow: 3300,
          movements: [Movement(turn: .through, signalGroup: arm * 2, share: 1)]),
        LaneGroup(
          name: "\(arms[arm]).L", approach: arm, lanes: 1, length: 70, saturationFlow: 1550,
          movements: [Movement(turn: .left, signalGroup: arm * 2 + 1, share: 1)]),
      ]
    }
    let detectors = laneGroups.indices.map { position in
      Detector(
        id: "\(id).\(laneGroups[position].name)", laneGroup: position,
        lanes: laneGroups[position].lanes, view: 80,
        loops: !hasLoops
          ? []
          : position % 2 == 0
            ? [position / 2 * 3 + 1, position / 2 * 3 + 2] : [position / 2 * 3 + 3])
    }
    let plan = TimingPlan(
      entries: [30, 15, 30, 15].enumerated().map {
        PlanEntry(stage: $0.offset, green: .seconds($0.element))
      }, cycle: .seconds(110))
    return Intersection(
      id: id, name: "Sample \(id)", timeZoneMinutes: 480, approaches: approaches,
      signalGroups: fourArmSignalGroups(arms), laneGroups: laneGroups,
      crossings: [
        Crossing(
          name: "along N-S", signalGroup: 8, length: 14, walk: .seconds(7),
          clearance: .seconds(13)),
        Crossing(
          name: "along E-W", signalGroup: 9, length: 14, walk: .seconds(7),
          clearance: .seconds(13)),
      ],
      stages: fourArmStages(), changes: ChangeTable.free(stages: 4, but: forbidden),
      detectors: detectors,
      limits: Limits(
        minimumCycle: .seconds(40), maximumCycle: .seconds(180), longestRed: longestRed,
        largestChange: largestChange, planInterval: planInterval, notice: notice),
      plans: [NamedPlan(name: "day", plan: plan)],
      schedule: [ScheduleEntry(fromMinute: 0, plan: 0)],
      control: ControlSettings(pace: pace, sequence: sequence, lease: lease))
  }

  /// A gate with one signal and one stage.
  public static func gate(pace: Pace = .stage) -> Intersection {
    let plan = TimingPlan(entries: [PlanEntry(stage: 0, green: .seconds(40))], cycle: .seconds(40))
    return Intersection(
      id: "G001", name: "Sample gate", timeZoneMinutes: 480,
      approaches: [Approach(name: "N", heading: 180, speed: 13.9)],
      signalGroups: [SignalGroup(name: "N.T", kind: .vehicle, conflicts: [])],
      laneGroups: [
        LaneGroup(
          name: "N.T", approach: 0, lanes: 1, length: 100, saturationFlow: 1800,
          movements: [Movement(turn: .through, signalGroup: 0, share: 1)])
      ], crossings: [],
      stages: [
        Stage(
          name: "A", green: [0], minimumGreen: .seconds(5), maximumGreen: .seconds(60),
          pedestrian: .zero, yellow: .seconds(3), allRed: .zero)
      ], changes: ChangeTable.free(stages: 1),
      detectors: [Detector(id: "G001.N.T", laneGroup: 0, lanes: 1, view: 80)],
      limits: Limits(
        minimumCycle: .seconds(20), maximumCycle: .seconds(120), longestRed: .seconds(150)),
      plans: [NamedPlan(name: "day", plan: plan)],
      schedule: [ScheduleEntry(fromMinute: 0, plan: 0)],
      control: ControlSettings(pace: pace, sequence: .free, lease: .seconds(120)))
  }

  private static func fourArmSignalGroups(_ arms: [String]) -> [SignalGroup] {
    // Even positions: through; odd: left; 8 and 9: pedestrians beside north-south and east-west.
    let green: [[Int]] = [[0, 4, 8], [1, 5], [2, 6, 9], [3, 7]]
    func conflicts(_ group: Int) -> [Int] {
      let together = green.first { $0.contains(group) } ?? []
      return (0..<10).filter { !together.contains($0) && $0 != group }
    }
    let vehicles = arms.indices.flatMap { arm in
      [
        SignalGroup(name: "\(arms[arm]).T", kind: .vehicle, conflicts: conflicts(arm * 2)),
        SignalGroup(name: "\(arms[arm]).L", kind: .vehicle, conflicts: conflicts(arm * 2 + 1)),
      ]
    }
    return vehicles + [
      SignalGroup(name: "P.NS", kind: .pedestrian, conflicts: conflicts(8)),
      SignalGroup(name: "P.EW", kind: .pedestrian, conflicts: conflicts(9)),
    ]
  }

  private static func fourArmStages() -> [Stage] {
    let through = (least: 10, most: 60, pedestrian: 20)
    let left = (least: 6, most: 40, pedestrian: 0)
    let rows: [(String, [Int], (least: Int, most: Int, pedestrian: Int))] = [
      ("A", [0, 4, 8], through), ("B", [1, 5], left), ("C", [2, 6, 9], through),
      ("D", [3, 7], left),
    ]
    return rows.map { name, green, times in
      Stage(
        name: name, green: green, minimumGreen: .seconds(times.least),
        maximumGreen: .seconds(times.most), pedestrian: .seconds(times.pedestrian),
        yellow: .seconds(3), allRed: .seconds(2))
    }
  }
}

extension ChangeTable {
  /// Every change but those `forbidden`, without an intergreen beyond yellow and all-red.
  public static func free(
    stages: Int, but forbidden: [(from: Int, to: Int)] = []
  ) -> ChangeTable {
    ChangeTable(
      (0..<stages).map { from in
        (0..<stages).map { to in
          forbidden.contains { $0.from == from && $0.to == to } ? nil : .zero
        }
      })
  }
}
