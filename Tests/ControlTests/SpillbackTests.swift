import Demand
import Signals
import Support
import Testing

@testable import Control

@Suite("A queue that is about to block the junction upstream counts more")
struct SpillbackTests {
  /// The four-arm junction, whose first lane group ends `length` metres before another junction, or before none.
  private func junction(
    length: Double, hasJunctionUpstream: Bool = true, travelTime: Double = 2
  ) -> Intersection {
    Sample.fourArm().withRoads(
      to: [0], length: length, travelTime: hasJunctionUpstream ? travelTime : nil)
  }

  private func factor(fill: Double, at junction: Intersection) -> Double {
    let estimate = LaneGroupEstimate(
      queue: fill * junction.laneGroups[0].storage, approaching: 0, viewTime: 2, flow: 300, trust: 1
    )
    return spillback(of: 0, estimate, at: junction)
  }

  @Test("The fuller the road between the two, the more; full, fivefold, and no more beyond")
  func fuller() {
    let site = junction(length: 14)
    #expect(factor(fill: 0, at: site) == 1)
    var last = 1.0
    for part in 1...10 {
      let here = factor(fill: Double(part) / 10, at: site)
      #expect(here > last)
      last = here
    }
    #expect(abs(last - 5) < 1e-9)
    #expect(factor(fill: 3, at: site) == last)
  }

  @Test("Who rolls up to it fills the road too")
  func rolling() {
    let site = junction(length: 14)
    let rolling = LaneGroupEstimate(
      queue: 0, approaching: site.laneGroups[0].storage, viewTime: 2, flow: 300, trust: 1)
    #expect(spillback(of: 0, rolling, at: site) == factor(fill: 1, at: site))
  }

  @Test("On a longer road, or where no junction is blocked, a queue counts as it did")
  func elsewhere() {
    #expect(factor(fill: 1, at: junction(length: 61)) == 1)
    #expect(factor(fill: 1, at: junction(length: 14, hasJunctionUpstream: false)) == 1)
  }

  @Test("Nor in a bay for turning, to which a road leads from the junction upstream")
  func bay() {
    #expect(factor(fill: 1, at: junction(length: 40, travelTime: 5)) == 5)
    #expect(factor(fill: 1, at: junction(length: 40, travelTime: 20)) == 1)
  }

  @Test("A cycle gives the full road more green than an empty one, and says why")
  func green() throws {
    let (full, empty) = (try choice(fill: 1), try choice(fill: 0))
    #expect(try green(full) > green(empty), "\(full.text) \(empty.text)")
    let reason = "Counted more, for it is about to block the junction upstream: N.L."
    #expect(full.text.contains(reason))
    #expect(!empty.text.contains("upstream"))
  }

  @Test(
    "A junction right behind another keeps to the split for the flows; elsewhere the queues of now count"
  )
  func split() throws {
    let usual = "For the flows alone it would be"
    #expect(try !choice(fill: 1).text.contains(usual))
    #expect(try choice(fill: 1, hasJunctionUpstream: false).text.contains(usual))
  }

  private func choice(fill: Double, hasJunctionUpstream: Bool = true) throws -> Choice {
    // The left turn: through traffic is green as long as walkers need, whoever waits.
    let site = Sample.fourArm().withRoads(
      to: [1], length: 42, travelTime: hasJunctionUpstream ? 3 : nil)
    let meeting = try #require(Meeting.sample(at: site))
    let demand = DemandEstimate(
      laneGroups: site.laneGroups.indices.map {
        LaneGroupEstimate(
          queue: $0 == 1 ? fill * site.laneGroups[1].storage : 4, approaching: 0, viewTime: 5,
          flow: 350, trust: 1)
      }, discharge: dischargeRates(at: site, flows: site.laneGroups.map { _ in 350 }))
    return chooseCycle(meeting, demand: demand, reference: site.plans[0].plan)
  }

  /// Green of the second stage, the left turn's, in the plan for the next cycle, s.
  private func green(_ choice: Choice) throws -> Double {
    let entries = try #require(choice.plans.first).entries
    return try #require(entries.first { $0.stage == 1 }).green.seconds
  }
}
