import Demand
import Safety
import Signals
import Support
import Testing

@testable import Control

@Suite("The next cycle")
struct CycleChoiceTests {
  private let site = Sample.fourArm(pace: .cycle)

  /// The choice with `queues` in the lane groups named, two vehicles in the others, `green` s into the running stage,
  /// `flow` pcu/h in each.
  private func choice(
    _ queues: [String: Double] = [:], green: Int = 12, flow: Double = 300
  ) throws -> Choice {
    let meeting = try #require(Meeting.sample(at: site, green: green))
    return chooseCycle(
      meeting, demand: demand(queues, flow: flow), reference: site.plans[0].plan)
  }

  private func demand(_ queues: [String: Double], flow: Double) -> DemandEstimate {
    DemandEstimate(
      laneGroups: site.laneGroups.map {
        LaneGroupEstimate(
          queue: queues[$0.name] ?? 2, approaching: 0, viewTime: 5, flow: flow, trust: 1)
      }, discharge: dischargeRates(at: site, flows: site.laneGroups.map { _ in flow }))
  }

  private func greens(_ choice: Choice) throws -> [String: Tenths] {
    let entries = try #require(choice.plans.first).entries
    return Dictionary(
      entries.map { (site.stages[$0.stage].name, $0.green) }, uniquingKeysWith: { $0 + $1 })
  }

  @Test(
    "gives a queue on one road more green, takes over at the cycle's start, and says what is usual")
  func queue() throws {
    let (usual, crowded) = (try choice(), try choice(["N.L": 12]))
    #expect(crowded.plans.map(\.takeover) == [.cycleStart])
    let (few, many) = (try #require(try greens(usual)["B"]), try #require(try greens(crowded)["B"]))
    #expect(many >= few + .seconds(5), "\(crowded.text)")
    #expect(crowded.text.contains("B \(many)"))
    #expect(crowded.text.contains(" For the flows alone it would be A "))
    #expect(crowded.text.contains("Waiting: N.L 12"))
  }

  @Test("is the split's own where more comes than the split can carry, whoever waits")
  func overload() throws {
    let crowds: [[String: Double]] = [["N.L": 12], ["E.L": 9, "S.T": 4]]
    for queues in crowds {
      let usual = " For the flows alone it would be "
      #expect(try !choice(queues, flow: 900).text.contains(usual))
      #expect(try choice(queues, flow: 300).text.contains(usual))
    }
  }

  @Test("keeps the order and the stages of the time-of-day plan, and all limits")
  func limits() throws {
    let crowds: [[String: Double]] = [[:], ["N.T": 30, "S.T": 25], ["E.L": 40]]
    for queues in crowds {
      let plan = try #require(try choice(queues).plans.first)
      #expect(plan.entries.map(\.stage) == site.plans[0].plan.entries.map(\.stage))
      for entry in plan.entries {
        let stage = site.stages[entry.stage]
        #expect(entry.green >= stage.shortestGreen && entry.green <= stage.maximumGreen)
      }
      let cycle = try #require(site.length(of: plan.entries))
      #expect(cycle >= site.limits.minimumCycle && cycle <= site.limits.maximumCycle)
    }
  }

  @Test(
    "leaves nobody red for longer than the limit, under crowds that ask for long cycles; a longest wait is such a limit"
  )
  func longestRed() throws {
    for longest in [95, 110, 130, 160] {
      let crowd = ["N.T": 30.0, "S.T": 25, "E.L": 20, "N.L": 20, "E.T": 30]
      for (waits, flow) in [(0, 350.0), (0, 500), (25, 350), (25, 500)] {
        let site = Sample.fourArm(pace: .cycle, longestRed: .seconds(longest))
        let patient = Sample.fourArm(pace: .cycle, longestRed: .seconds(400)).controlled(
          by: ControlSettings(
            pace: .cycle, sequence: .fixed, lease: .seconds(120), longestWait: .seconds(longest)))
        for junction in [site, patient] {
          let meeting = try #require(
            Meeting.sample(
              at: junction, green: 40,
              waits: site.signalGroups.indices.map {
                site.serves($0, in: 0) ? .zero : .seconds(waits)
              }))
          let plan = try #require(
            chooseCycle(meeting, demand: demand(crowd, flow: flow), reference: site.plans[0].plan)
              .plans.first)
          #expect(throws: Never.self, "\(longest) \(waits) \(flow)") {
            try check(plan, at: site, under: meeting.circumstances)
          }
        }
      }
    }
  }

  @Test("counts on it that who is green now goes on until that green ends")
  func running() throws {
    // Half of the queue goes in what is left of the running green, or all of it must wait for the next.
    let (early, late) = (try choice(["N.T": 40], green: 12), try choice(["N.T": 40], green: 39))
    let (rest, all) = (try #require(try greens(early)["A"]), try #require(try greens(late)["A"]))
    #expect(rest < all, "\(early.text) \(late.text)")
  }
}
