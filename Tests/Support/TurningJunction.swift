public import Signals

/// Four arms. In stage A north and south go straight on, and left giving way; B gives both lefts right of way, E the
/// northern one alone; C and D cross.
public enum TurningJunction {
  /// Positions of its stages.
  public static let (a, b, c, d, e) = (0, 1, 2, 3, 4)

  /// The junction; turners share the lanes of those who go straight on, or have lanes of their own beside them, and
  /// cameras. In each stage of `givingWay` those signal groups give way.
  public static func site(
    isShared: Bool, pace: Pace, sequence: Signals.Sequence,
    forbidding: [(from: Int, to: Int)] = [], givingWay: [Int: [Int]] = [a: [1, 5]],
    longestRed: Tenths = .seconds(150)
  ) -> Intersection {
    let sample = Sample.fourArm(pace: pace, sequence: sequence, longestRed: longestRed)
    let lanes = sample.laneGroups.enumerated().map { position, lane in
      guard position % 2 == 0, isShared else { return lane }
      let through = lane.movements[0].signalGroup
      return LaneGroup(
        name: lane.name, approach: lane.approach, lanes: 1, length: lane.length,
        saturationFlow: 1600,
        movements: [
          Movement(turn: .through, signalGroup: through, share: 0.7),
          Movement(turn: .left, signalGroup: through.map { $0 + 1 }, share: 0.3),
        ])
    }
    // Who turns left gives way to the oncoming traffic and to those who walk, and may go beside his own arm's.
    let groups = sample.signalGroups.enumerated().map { position, group in
      let (isLeft, arm) = (position < 8 && position % 2 == 1, position / 2)
      return SignalGroup(
        name: group.name, kind: group.kind,
        conflicts: group.conflicts.filter { position >= 8 || $0 >= 8 || $0 / 2 != arm },
        givesWayTo: isLeft ? [(position + 3) % 8, 8 + arm % 2] : [])
    }
    let stages = (sample.stages + [sample.stages[b]]).enumerated().map { position, stage in
      Stage(
        name: ["A", "B", "C", "D", "E"][position],
        green: position == e ? [0, 1] : stage.green,
        permissive: givingWay[position] ?? [], minimumGreen: stage.minimumGreen,
        maximumGreen: stage.maximumGreen, pedestrian: stage.pedestrian, yellow: stage.yellow,
        allRed: stage.allRed)
    }
    let changes = stages.indices.map { from in
      stages.indices.map { to -> Tenths? in
        forbidding.contains { $0 == (from, to) } ? nil : .zero
      }
    }
    return Intersection(
      id: "X", name: "X", timeZoneMinutes: 0, approaches: sample.approaches,
      signalGroups: groups, laneGroups: lanes, crossings: sample.crossings,
      stages: stages, changes: ChangeTable(changes),
      detectors: isShared ? [] : sample.detectors, limits: sample.limits, plans: sample.plans,
      schedule: sample.schedule,
      control: sample.control)
  }
}
