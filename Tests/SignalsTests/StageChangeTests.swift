import Signals
import Support
import Testing

@Suite("Changing from stage to stage")
struct StageChangeTests {
  let junction = Sample.fourArm()

  @Test("A change takes flash, yellow and all-red, or the intergreen where that is longer")
  func changeTime() {
    #expect(junction.changeTime(from: 0, to: 1) == .seconds(5))
    let slow = overlapping(intergreen: .seconds(8))
    #expect(slow.changeTime(from: 0, to: 2) == .seconds(3 + 8))
  }

  @Test("A forbidden change has no time")
  func forbidden() {
    #expect(Sample.fourArm(forbidding: [(0, 1)]).changeTime(from: 0, to: 1) == nil)
  }

  @Test("If no group loses its green nothing is cleared: the intergreen alone counts")
  func nothingLost() {
    let junction = overlapping(intergreen: .seconds(1))
    #expect(junction.changeTime(from: 1, to: 3) == .seconds(1))
    #expect(junction.changeTime(from: 3, to: 1) == .seconds(3 + 5))
  }

  @Test("A group that is green on both sides of a change stays green through it")
  func carriedOver() {
    let junction = overlapping(intergreen: .zero)
    for subState in [SubState.green, .greenFlash, .yellow, .allRed] {
      #expect(junction.lamp(of: 1, from: 1, to: 2, in: subState) == .green)
    }
    #expect(junction.lamp(of: 2, from: 1, to: 2, in: .green) == .red)
  }

  @Test("A vehicle group that loses green shows flash, yellow, red; a pedestrian group no yellow")
  func losing() {
    let shown = [SubState.green, .greenFlash, .yellow, .allRed]
    #expect(
      shown.map { junction.lamp(of: 0, from: 0, to: 1, in: $0) }
        == [.green, .flashingGreen, .yellow, .red])
    #expect(
      shown.map { junction.lamp(of: 8, from: 0, to: 1, in: $0) }
        == [.green, .flashingGreen, .red, .red])
  }

  @Test("A plan is as long as its greens and the changes between them, round the corner included")
  func length() {
    #expect(junction.length(of: junction.plans[0].plan.entries) == .seconds(110))
    #expect(junction.length(of: [PlanEntry(stage: 0, green: .seconds(30))]) == .seconds(30))
    #expect(
      Sample.fourArm(forbidding: [(3, 0)]).length(of: junction.plans[0].plan.entries) == nil)
  }

  /// Three groups; stage 1 shows group 1 alone, 2 shows 1 and 2, 3 shows 1 and 0, 0 shows 0.
  private func overlapping(intergreen: Tenths) -> Intersection {
    let groups = (0..<3).map { SignalGroup(name: "\($0)", kind: .vehicle, conflicts: []) }
    let stages = [[0], [1], [1, 2], [0, 1]].map { green in
      Stage(
        name: "\(green)", green: green, minimumGreen: .seconds(5), maximumGreen: .seconds(50),
        greenFlash: .seconds(3), yellow: .seconds(3), allRed: .seconds(2))
    }
    let plan = TimingPlan(entries: [PlanEntry(stage: 0, green: .seconds(10))])
    return Intersection(
      id: "X", name: "X", timeZoneMinutes: 0, approaches: [], signalGroups: groups, laneGroups: [],
      crossings: [], stages: stages,
      changes: ChangeTable(Array(repeating: Array(repeating: intergreen, count: 4), count: 4)),
      detectors: [],
      limits: Limits(
        minimumCycle: .seconds(10), maximumCycle: .seconds(200), longestRed: .seconds(200)),
      plans: [NamedPlan(name: "x", plan: plan)],
      schedule: [ScheduleEntry(fromMinute: 0, plan: 0)],
      control: ControlSettings(pace: .second, sequence: .free, lease: .seconds(120)))
  }
}

@Suite("How a lane group is served")
struct ServiceTests {
  @Test("Protected, permissive, partly or not at all, depending on its streams")
  func service() {
    let shared = sharedLane(stages: [[0, 1], [0], [2]], permissive: [[], [], []])
    #expect(shared.service(of: 0, in: 0) == .protected)
    #expect(shared.service(of: 0, in: 1) == .partial(share: 0.75))
    #expect(shared.service(of: 0, in: 2) == .partial(share: 0.25))
    let permissive = sharedLane(stages: [[0], [2], [2]], permissive: [[1], [], []])
    #expect(permissive.service(of: 0, in: 0) == .permissive)
    #expect(shared.stages(serving: 0) == [0])
  }

  @Test("Without an unsignalled stream a lane whose lamps are red is not served")
  func red() {
    #expect(Sample.fourArm().service(of: 0, in: 1) == .none)
  }

  /// One lane: half through on group 0, a quarter left on group 1, a quarter right on no signal.
  private func sharedLane(stages: [[Int]], permissive: [[Int]]) -> Intersection {
    let sample = Sample.fourArm()
    let lane = LaneGroup(
      name: "shared", approach: 0, lanes: 1, length: 70, saturationFlow: 1600,
      movements: [
        Movement(turn: .through, signalGroup: 0, share: 0.5),
        Movement(turn: .left, signalGroup: 1, share: 0.25),
        Movement(turn: .right, signalGroup: nil, share: 0.25),
      ])
    return Intersection(
      id: "X", name: "X", timeZoneMinutes: 0, approaches: sample.approaches,
      signalGroups: sample.signalGroups, laneGroups: [lane], crossings: [],
      stages: zip(stages, permissive).map { green, yielding in
        Stage(
          name: "s", green: green, permissive: yielding, minimumGreen: .seconds(5),
          maximumGreen: .seconds(50), yellow: .seconds(3), allRed: .zero)
      }, changes: ChangeTable.free(stages: stages.count), detectors: [], limits: sample.limits,
      plans: sample.plans, schedule: sample.schedule, control: sample.control)
  }
}
