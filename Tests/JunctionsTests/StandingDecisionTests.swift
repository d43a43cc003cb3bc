import Demand
import Junctions
import Safety
import Signals
import Support
import Testing

@testable import Control

@Suite("What was decided for the stage or cycle to come stands until counts come")
struct StandingDecisionTests {
  private struct Tick {
    let hasCounts: Bool
    let greenLeft: Double
    let stage: Int
    let decision: Decision

    var isDecided: Bool { decision.reason.cost != nil }
  }

  private func ticks(
    _ site: Intersection, countsEvery interval: Int, for length: Int = 600
  ) -> [Tick] {
    var street = Street(site)
    street.interval = interval
    return (0..<length).compactMap { second in
      street.tick(second, counting: true)
      guard let input = street.loop.input, let report = input.report, report.subState == .green,
        let running = report.plan, let entry = report.runningEntry(at: site),
        let decision = street.decisions.last
      else { return nil }
      return Tick(
        hasCounts: !input.records.isEmpty,
        greenLeft: (running.entries[entry].green - report.timeInState).seconds,
        stage: report.stage, decision: decision)
    }
  }

  /// A tick of a green and the next one of the same green.
  private func pairs(_ ticks: [Tick]) -> [(before: Tick, now: Tick)] {
    zip(ticks, ticks.dropFirst()).filter { before, now in
      now.stage == before.stage && now.greenLeft < before.greenLeft
    }
  }

  @Test(
    "Counts every 10 s: decided once in a green, and again at once when they come",
    arguments: [Pace.stage, .cycle])
  func once(pace: Pace) {
    let ticks = ticks(Sample.fourArm(pace: pace), countsEvery: 10, for: 1800).dropFirst(60)
    let after = pairs(Array(ticks)).filter(\.before.isDecided)
    #expect(after.count > 10)
    #expect(after.contains { $0.now.isDecided })
    #expect(after.allSatisfy { $0.now.isDecided == $0.now.hasCounts })
  }

  @Test("Counts every second: decided at each of the last seconds")
  func everySecond() {
    let ticks = ticks(Sample.fourArm(pace: .stage), countsEvery: 1).dropFirst(60)
    let near = ticks.filter { $0.greenLeft <= PlanChooser.lead.seconds }
    #expect(near.count > 50)
    #expect(near.allSatisfy { $0.isDecided })
  }

  @Test("At pace second every tick decides, for the running green is open")
  func second() {
    let ticks = ticks(Sample.fourArm(pace: .second), countsEvery: 10).dropFirst(60)
    #expect(ticks.allSatisfy { $0.isDecided })
  }

  @Test("A plan that the safety check refuses is tried again at the next tick")
  func refused() {
    // Orders must lie so far apart that many come too soon.
    let site = Sample.fourArm(pace: .stage, planInterval: .seconds(35))
    let after = pairs(ticks(site, countsEvery: 10)).filter {
      $0.before.decision.reason.text.hasPrefix("No plan passed")
    }
    #expect(after.count > 10)
    #expect(after.allSatisfy { $0.now.isDecided })
  }

  @Test("What a person had ordered in between and takes back is decided anew, not left to stand")
  func takenBack() throws {
    let site = Sample.fourArm(pace: .stage)
    var street = Street(site)
    street.interval = 10
    var replaced = 0
    for second in 0..<1200 {
      let decided = street.decisions.suffix(2)
      let isReplaced =
        decided.count == 2 && decided.first?.reason.cost != nil
        && decided.last?.reason.text.hasPrefix("Override ") == true && decided.last?.order != nil
      street.tick(second, counting: true)
      let report = try #require(street.loop.report)
      guard report.subState == .green, let last = street.decisions.last else { continue }
      if isReplaced {
        replaced += 1
        #expect(last.reason.cost != nil, "second \(second): \(last.reason.text)")
      }
      guard last.reason.cost != nil, second > 60 else { continue }
      // For the next tick alone, another stage than the one that was just decided on.
      let wanted = (report.stage + 2) % site.stages.count
      street.loop.override(by: [
        Override(
          id: "1-1", action: .stage(wanted), who: "wang", reason: "visit",
          begins: Sample.moment(Double(second) + 0.5), ready: nil,
          ends: Sample.moment(Double(second) + 1.5))
      ])
    }
    #expect(replaced > 3, "\(replaced)")
  }
}
