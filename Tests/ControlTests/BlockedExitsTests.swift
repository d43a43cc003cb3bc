import Demand
import Optimisation
import Signals
import Support
import Testing

@testable import Control

@Suite("A green in which nobody gets on is not gone on with")
struct BlockedExitsTests {
  /// Stage A, green for 12 s, serves the through lanes from north and south (lane groups 0 and 4).
  private enum Place {
    static let (a, c) = (0, 2)
  }

  @Test("Who has right of way and stands is counted on for a tenth, in the running green alone")
  func discounted() throws {
    let (usual, blocked) = try (problem(heldUp: [:]), problem(heldUp: [0: 6]))
    #expect(abs(rate(blocked, 0, Place.a) / rate(usual, 0, Place.a) - 0.1) < 1e-9)
    for (stage, group) in [(Place.a, 4), (Place.c, 2), (Place.c, 6)] {
      #expect(rate(blocked, group, stage) == rate(usual, group, stage))
    }
  }

  @Test("The headway of a queue that discharges is none")
  func patience() throws {
    let usual = try problem(heldUp: [:])
    #expect(try problem(heldUp: [0: 4.9]).discharge == usual.discharge)
    #expect(try problem(heldUp: [0: 5]).discharge != usual.discharge)
  }

  @Test("In whose green nobody has crossed yet is known to stand sooner")
  func start() throws {
    for (green, isBlocked) in [(4, false), (5, true)] {
      let (usual, stands) = try (
        problem(heldUp: [:], green: green), problem(heldUp: [0: 20], green: green)
      )
      #expect((stands.discharge != usual.discharge) == isBlocked)
      // Who crossed a second after the green began is still followed by lorries.
      #expect(
        try problem(heldUp: [0: Double(green) - 1], green: green).discharge == usual.discharge)
    }
  }

  @Test("Who gives way may wait for a gap")
  func givingWay() throws {
    #expect(
      try problem(heldUp: [0: 9], green: 12, permissive: true).discharge
        == problem(heldUp: [:], permissive: true).discharge)
  }

  @Test("A green that is announced stays as it is")
  func stagePace() throws {
    #expect(
      try problem(heldUp: [0: 9], pace: .stage).discharge
        == problem(heldUp: [:], pace: .stage).discharge)
  }

  @Test("Where nobody gets on whom it serves, the green ends as soon as it may; else it stays open")
  func ends() throws {
    #expect(try problem(heldUp: [:]).latestEnd == HorizonProblem.never)
    #expect(try problem(heldUp: [0: 6]).latestEnd == HorizonProblem.never)
    let all = try problem(heldUp: [0: 6, 4: 6])
    #expect(all.latestEnd == all.earliestEnd)
    #expect(try problem(heldUp: [0: 6, 4: 6], others: 0).latestEnd == HorizonProblem.never)
  }

  @Test("The plan that is chosen does so and says why")
  func chosen() throws {
    let (moves, stands) = try (choice(heldUp: [:]), choice(heldUp: [0: 6, 4: 6]))
    #expect(!moves.text.contains("Stands on green"))
    // The walkers' signal ends 8 s from now.
    #expect(stands.text.hasPrefix("Stage A goes on for 8 s, then stage C"))
    #expect(!stands.text.contains("Let out first"))
    #expect(stands.text.contains(" Stands on green, as before a full road: N.T, S.T. "))
  }

  private func rate(_ problem: HorizonProblem, _ group: Int, _ stage: Int) -> Double {
    problem.discharge[stage * problem.laneGroups + group]
  }

  private func problem(
    heldUp: [Int: Double], green: Int = 12, others: Double = 6, permissive: Bool = false,
    pace: Pace = .second
  ) throws -> HorizonProblem {
    let (meeting, demand) = try scene(
      heldUp: heldUp, green: green, others: others, permissive: permissive, pace: pace)
    let site = meeting.junction
    return horizonProblem(
      meeting, demand: demand, reference: site.plans[0].plan, control: site.control)
  }

  private func choice(heldUp: [Int: Double]) throws -> Choice {
    let (meeting, demand) = try scene(heldUp: heldUp)
    var chooser = HorizonChooser(for: meeting.junction)
    return chooser.choose(
      meeting, demand: demand, reference: meeting.junction.plans[0].plan)
  }

  /// Six vehicles wait in each lane group that stage A serves, `others` in those that C does, nobody to turn left;
  /// `permissive`: stage A lets all give way.
  private func scene(
    heldUp: [Int: Double], green: Int = 12, others: Double = 6, permissive: Bool = false,
    pace: Pace = .second
  ) throws -> (Meeting, DemandEstimate) {
    let sample = Sample.fourArm(pace: pace, sequence: .free)
    let site = permissive ? sample.givingWay(in: Place.a) : sample
    let meeting = try #require(Meeting.sample(at: site, green: green))
    let demand = DemandEstimate(
      laneGroups: site.laneGroups.indices.map {
        LaneGroupEstimate(
          queue: [6, 0, others, 0][$0 % 4], approaching: 0, viewTime: 5, flow: 200, trust: 1,
          heldUp: heldUp[$0])
      }, discharge: dischargeRates(at: sample, flows: site.laneGroups.map { _ in 200 }))
    return (meeting, demand)
  }
}

extension Intersection {
  /// The junction with all greens of a stage giving way.
  fileprivate func givingWay(in position: Int) -> Intersection {
    let stages = stages.enumerated().map { number, stage in
      guard number == position else { return stage }
      return Stage(
        name: stage.name, green: [], permissive: stage.green, minimumGreen: stage.minimumGreen,
        maximumGreen: stage.maximumGreen, pedestrian: stage.pedestrian, yellow: stage.yellow,
        allRed: stage.allRed)
    }
    return Intersection(
      id: id, name: name, timeZoneMinutes: 0, approaches: approaches,
      signalGroups: signalGroups, laneGroups: laneGroups, crossings: crossings, stages: stages,
      changes: changes, detectors: detectors, limits: limits, plans: plans, schedule: schedule,
      control: control)
  }
}
