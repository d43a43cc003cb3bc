import Demand
import Optimisation
import Signals
import Support
import Testing

@testable import Control

@Suite("Who fills a short road is let out before others stand in the junction upstream")
struct FullRoadsTests {
  /// Stage A is green; the left turn from the north (lane group 1) has right of way in B, gives way in A if told so, and
  /// the one from the south (5) too.
  private enum Place {
    static let (a, b, c, d) = (0, 1, 2, 3)
  }

  @Test("The running green ends as soon as it may, and the stage follows that lets them out")
  func full() throws {
    let problem = try problem(full: [1])
    #expect(problem.latestEnd == problem.earliestEnd)
    #expect(followers(problem) == [Place.b])
  }

  @Test("Giving way does not let them out, for they may find no gap")
  func givingWay() throws {
    #expect(try followers(problem(full: [1], permissive: [1, 5])) == [Place.b])
  }

  @Test("Of several stages the one follows that lets out most")
  func most() throws {
    #expect(try followers(problem(full: [1, 2, 5])) == [Place.b])
    #expect(try followers(problem(full: [1, 2])) == [Place.b, Place.c])
  }

  @Test("Where the running stage lets out as many already, it goes on")
  func runs() throws {
    #expect(try isFree(problem(full: [0])))
    #expect(try isFree(problem(full: [0, 1])))
  }

  @Test(
    "All stays free on a road with room or a longer one, without a junction right behind it, and where nobody sees"
  )
  func elsewhere() throws {
    #expect(try isFree(problem(full: [])))
    #expect(try isFree(problem(full: [1], length: 30)))
    #expect(try isFree(problem(full: [1], travelTime: nil)))
    #expect(try isFree(problem(full: [1], travelTime: 20)))
    #expect(try isFree(problem(full: [1], trust: 0)))
  }

  @Test("Order that is kept, and pace stage, stay as they are")
  func otherControl() throws {
    for sequence in [Signals.Sequence.fixed, .skip] {
      let problem = try problem(full: [1], sequence: sequence)
      #expect(problem.latestEnd == HorizonProblem.never)
      #expect(followers(problem).count == 3)
    }
    #expect(try followers(problem(full: [1], pace: .stage)).count == 3)
  }

  @Test("Who must be served by a deadline does not come too late for it")
  func deadline() throws {
    #expect(try isFree(problem(full: [1], red: [2: 145])))
    #expect(try !isFree(problem(full: [1], red: [2: 60])))
  }

  @Test("The plan that is chosen does so and says why")
  func chosen() throws {
    let (place, demand) = try scene(full: [1])
    var chooser = HorizonChooser(for: place.junction)
    let choice = chooser.choose(place, demand: demand, reference: place.junction.plans[0].plan)
    #expect(choice.plans.first?.entries.dropFirst().first?.stage == Place.b)
    let reason = " Let out first, for it fills the road from the junction upstream: N.L. "
    #expect(choice.text.hasPrefix("Stage A goes on for 8 s, then stage B"))
    #expect(choice.text.contains(reason))
    let (empty, little) = try scene(full: [])
    #expect(
      !chooser.choose(empty, demand: little, reference: place.junction.plans[0].plan)
        .text.contains("Let out first"))
  }

  private func followers(_ problem: HorizonProblem) -> [Int] {
    [Place.b, Place.c, Place.d].filter { problem.change[$0] != HorizonProblem.forbidden }
  }

  private func isFree(_ problem: HorizonProblem) -> Bool {
    problem.latestEnd == HorizonProblem.never && followers(problem).count == 3
  }

  private func problem(
    full: [Int], length: Double = 14, travelTime: Double? = 2, trust: Double = 1,
    permissive: [Int] = [], red: [Int: Int] = [:], pace: Pace = .second,
    sequence: Signals.Sequence = .free
  ) throws -> HorizonProblem {
    let (meeting, demand) = try scene(
      full: full, length: length, travelTime: travelTime, trust: trust,
      permissive: permissive, red: red, pace: pace, sequence: sequence)
    let site = meeting.junction
    return horizonProblem(
      meeting, demand: demand, reference: site.plans[0].plan, control: site.control)
  }

  /// A cabinet 12 s into stage A while the lane groups `full`, each on a road of `length` metres, fill it, and the
  /// signal groups of `red` have waited for so many seconds. From the junction upstream it takes `travelTime` seconds.
  private func scene(
    full: [Int], length: Double = 14, travelTime: Double? = 2, trust: Double = 1,
    permissive: [Int] = [], red: [Int: Int] = [:], pace: Pace = .second,
    sequence: Signals.Sequence = .free
  ) throws -> (Meeting, DemandEstimate) {
    let site = Sample.fourArm(pace: pace, sequence: sequence).withRoads(
      to: full, length: length, travelTime: travelTime, permissive: permissive)
    let waits = site.signalGroups.indices.map { Tenths.seconds(red[$0] ?? 0) }
    let meeting = try #require(Meeting.sample(at: site, waits: waits))
    let demand = DemandEstimate(
      laneGroups: site.laneGroups.indices.map {
        LaneGroupEstimate(
          queue: full.contains($0) ? site.laneGroups[$0].storage : 0.5, approaching: 0,
          viewTime: 2, flow: 200, trust: trust)
      }, discharge: dischargeRates(at: site, flows: site.laneGroups.map { _ in 200 }))
    return (meeting, demand)
  }
}
