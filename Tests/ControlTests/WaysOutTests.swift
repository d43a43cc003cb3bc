import Demand
import Optimisation
import Signals
import Support
import Testing

@testable import Control

@Suite("A turn that finds no gap is let out before a stage crosses its way")
struct WaysOutTests {
  /// In stage A north and south go straight on, and left giving way; B gives both lefts right of way, E the northern
  /// one alone; C and D cross.
  private enum Place {
    static let (a, b, c, d, e) = (0, 1, 2, 3, 4)
  }

  @Test("Nobody crosses though somebody stands: no stage follows but those that give right of way")
  func restricted() {
    #expect(followers(heldUp: [0: 4, 4: 4]) == [Place.b])
  }

  @Test("One side waits: whatever stage frees that side may follow")
  func oneSide() {
    #expect(followers(heldUp: [0: 4]) == [Place.b, Place.e])
  }

  @Test(
    "Otherwise every stage may follow",
    arguments: [[:], [0: 1, 4: 1], [2: 9, 3: 9], [1: 9]] as [[Int: Double]])
  func free(heldUp: [Int: Double]) {
    #expect(followers(heldUp: heldUp) == [Place.b, Place.c, Place.d, Place.e])
  }

  @Test("Before a queue moves nobody is held up")
  func start() {
    #expect(followers(heldUp: [0: 9], green: 3) == [Place.b, Place.c, Place.d, Place.e])
  }

  @Test("In a lane of its own its queue is seen, and nothing is forbidden")
  func ownLane() {
    #expect(
      followers(heldUp: [0: 9], isShared: false) == [Place.b, Place.c, Place.d, Place.e])
  }

  @Test("At pace stage it is the same")
  func stagePace() {
    #expect(followers(heldUp: [0: 4], pace: .stage) == [Place.b, Place.e])
  }

  @Test("An order that is kept stays")
  func fixed() {
    #expect(
      followers(heldUp: [0: 9], sequence: .fixed) == [Place.b, Place.c, Place.d, Place.e])
  }

  @Test("Where no stage gives right of way, or none that may follow, nothing changes")
  func noWayOut() {
    #expect(
      followers(heldUp: [0: 9], forbidding: [(Place.a, Place.b), (Place.a, Place.e)])
        == [Place.c, Place.d])
  }

  /// The stages that may follow stage A after `green` seconds, lane groups held up as told.
  private func followers(
    heldUp: [Int: Double], green: Int = 12, isShared: Bool = true, pace: Pace = .second,
    sequence: Signals.Sequence = .free, forbidding: [(from: Int, to: Int)] = []
  ) -> [Int] {
    let site = junction(
      isShared: isShared, pace: pace, sequence: sequence, forbidding: forbidding)
    guard let meeting = Meeting.sample(at: site, green: green) else { return [] }
    let demand = DemandEstimate(
      laneGroups: site.laneGroups.indices.map {
        LaneGroupEstimate(
          queue: 3, approaching: 0, viewTime: 5, flow: 300, trust: 1, heldUp: heldUp[$0])
      }, discharge: dischargeRates(at: site, flows: site.laneGroups.map { _ in 300 }))
    let problem = horizonProblem(
      meeting, demand: demand, reference: site.plans[0].plan, control: site.control)
    return site.stages.indices.filter {
      $0 != Place.a
        && problem.change[Place.a * problem.stages + $0] != HorizonProblem.forbidden
    }
  }

  private func junction(
    isShared: Bool, pace: Pace, sequence: Signals.Sequence,
    forbidding: [(from: Int, to: Int)]
  ) -> Intersection {
    let sample = Sample.fourArm(pace: pace, sequence: sequence)
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
    let stages = (sample.stages + [sample.stages[Place.b]]).enumerated().map { position, stage in
      Stage(
        name: ["A", "B", "C", "D", "E"][position],
        green: position == Place.e ? [0, 1] : stage.green,
        permissive: position == Place.a ? [1, 5] : [], minimumGreen: stage.minimumGreen,
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
      signalGroups: sample.signalGroups, laneGroups: lanes, crossings: sample.crossings,
      stages: stages, changes: ChangeTable(changes),
      detectors: [], limits: sample.limits, plans: sample.plans, schedule: sample.schedule,
      control: sample.control)
  }
}
