import Demand
import Optimisation
import Signals
import Support
import Testing

@testable import Control

@Suite("When a stage must come")
struct DeadlineTests {
  /// 150 s of waiting, 300 s of red. Signal group and lane group N.L (1) have stage B to themselves with
  /// S.L (5); crossings are served in A and C.
  private static func site(pace: Pace = .second) -> Intersection {
    let site = Sample.fourArm(pace: pace, longestRed: .seconds(300))
    return site.controlled(
      by: ControlSettings(
        pace: pace, sequence: .free, lease: .seconds(60), longestWait: .seconds(150)))
  }

  private static func empty(_ trust: Double = 1) -> LaneGroupEstimate {
    LaneGroupEstimate(queue: 0, approaching: 0, viewTime: 6, flow: 40, trust: trust)
  }

  private func demand(
    at site: Intersection, _ others: [Int: LaneGroupEstimate] = [:]
  ) -> DemandEstimate {
    DemandEstimate(
      laneGroups: site.laneGroups.indices.map { others[$0] ?? Self.empty() },
      discharge: site.stages.map { stage in
        site.laneGroups.map { laneGroup in
          stage.green.contains { group in
            laneGroup.movements.contains { $0.signalGroup == group }
          } ? 0.5 : 0
        }
      })
  }

  /// Seconds until each stage must have begun, after 100 s of red for all but what stage A serves.
  private func starts(
    at site: Intersection, _ demand: DemandEstimate, red: Int = 100
  ) throws -> [Int] {
    let waits = site.signalGroups.indices.map { group in
      site.serves(group, in: 0) ? Tenths.zero : .seconds(red)
    }
    let meeting = try #require(Meeting.sample(at: site, waits: waits))
    return horizonProblem(
      meeting, demand: demand, reference: site.plans[0].plan, control: site.control
    ).latestStart
  }

  @Test("Where cameras see that nobody waits, it may be as long as the longest red")
  func deserted() throws {
    let site = Self.site()
    #expect(try starts(at: site, demand(at: site))[1] == 300 - 100 - 3)
  }

  @Test(
    "One motorcycle that stands there, or comes into view, is to be served within the longest wait",
    arguments: [(0.3, 0.0), (0, 0.3)])
  func somebody(queue: Double, approaching: Double) throws {
    let site = Self.site()
    let seen = LaneGroupEstimate(
      queue: queue, approaching: approaching, viewTime: 6, flow: 40, trust: 1)
    for laneGroup in [1, 5] {
      #expect(try starts(at: site, demand(at: site, [laneGroup: seen]))[1] == 150 - 100 - 3)
    }
  }

  @Test("Who comes when the longest wait is over already is served at once")
  func late() throws {
    let site = Self.site()
    let seen = LaneGroupEstimate(queue: 1, approaching: 0, viewTime: 6, flow: 40, trust: 1)
    #expect(try starts(at: site, demand(at: site, [1: seen]), red: 220)[1] == 0)
    #expect(try starts(at: site, demand(at: site), red: 220)[1] == 300 - 220 - 3)
  }

  @Test(
    "Where a camera of the junction is late, not believed or blind, somebody may wait anywhere",
    arguments: [0, 0.5, 0.99], [1, 5, 2])
  func unseen(trust: Double, laneGroup: Int) throws {
    let site = Self.site()
    let demand = demand(at: site, [laneGroup: Self.empty(trust)])
    #expect(try starts(at: site, demand)[1] == 150 - 100 - 3)
  }

  @Test("What a camera without a view does not count may wait before it")
  func withoutView() throws {
    let site = Self.site()
    let detectors = site.detectors.map { detector in
      Detector(
        id: detector.id, laneGroup: detector.laneGroup, lanes: detector.lanes,
        view: detector.laneGroup == 1 ? 0 : detector.view, loops: [])
    }
    let counted = site.seen(by: detectors)
    #expect(try starts(at: counted, demand(at: counted))[1] == 150 - 100 - 3)
  }

  @Test("People at a crossing wait unseen: they have the longest wait, whoever else is there")
  func crossing() throws {
    let site = Self.site()
    // Stage C serves the crossing beside east and west.
    #expect(try starts(at: site, demand(at: site))[2] == 150 - 100 - 3)
  }

  @Test("A green that is announced whole keeps to the longest wait, seen or not")
  func announced() throws {
    let site = Self.site(pace: .stage)
    #expect(try starts(at: site, demand(at: site))[1] == 150 - 100 - 3)
  }

  @Test("Without a longest wait the longest red holds for all")
  func none() throws {
    let site = Sample.fourArm(pace: .second, longestRed: .seconds(160))
    let seen = LaneGroupEstimate(queue: 3, approaching: 0, viewTime: 6, flow: 40, trust: 1)
    for demand in [demand(at: site), demand(at: site, [1: seen])] {
      #expect(try starts(at: site, demand)[1] == 160 - 100 - 3)
    }
  }
}
