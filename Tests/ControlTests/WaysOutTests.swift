import Demand
import Optimisation
import Signals
import Support
import Testing

@testable import Control

@Suite("A turn that finds no gap is let out before a stage crosses its way")
struct WaysOutTests {
  private typealias Place = TurningJunction

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
    let site = TurningJunction.site(
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
}
