import Cabinets
import Control
import Junctions
import Safety
import Signals
import Support
import Testing

@Suite("An override at one junction, tick by tick")
struct OverrideTests {
  /// An override from `begin` to `end`, seconds of the monotonic scale.
  private func wanted(
    _ action: Override.Action, _ begin: Double, _ end: Double, ready: Double? = nil,
    id: String = "1-1"
  ) -> Override {
    Override(
      id: id, action: action, who: "wang", reason: "visit", begins: Sample.moment(begin),
      ready: ready.map { Sample.moment($0) }, ends: Sample.moment(end))
  }

  private func isOverridden(_ decision: Decision) -> Bool {
    decision.reason.text.contains("Override ") || decision.reason.text.contains(": Override ")
  }

  /// Seconds of `span` in which `stage` was green.
  private func greens(_ street: inout Street, _ span: Range<Int>, stage: Int) -> Int {
    var seconds = 0
    for second in span {
      street.tick(second, counting: true)
      let report = street.loop.report
      if report?.stage == stage, report?.subState == .green { seconds += 1 }
    }
    return seconds
  }

  @Test(
    "holds a stage as far as maximum green and longest red allow, then lets control go on",
    arguments: Pace.allCases)
  func locked(pace: Pace) throws {
    var street = Street(Sample.fourArm(pace: pace, sequence: .fixed))
    street.run(0..<200)
    let usual = greens(&street, 200..<500, stage: 1)
    street.loop.override(by: [wanted(.stage(1), 500, 1300)])
    let outlook = try street.loop.outlook(of: .stage(1), at: Sample.moment(500)).get()
    #expect(outlook.entries.first == PlanEntry(stage: 1, green: .seconds(40)), "its maximum")
    #expect(
      outlook.entries.dropFirst().allSatisfy { entry in
        entry.green == Sample.fourArm().stages[entry.stage].shortestGreen
      })
    street.run(500..<800)
    let held = greens(&street, 800..<1300, stage: 1)
    let share = outlook.entries[0].green.seconds / outlook.length.seconds
    #expect(abs(Double(held) / 500 - share) < 0.08, "\(held) s of 500, expected \(share)")
    #expect(Double(held) / 500 > 1.3 * Double(usual) / 300, "\(usual) s of 300 without")
    let told = street.decisions.count
    street.run(1300..<1600)
    #expect(!street.decisions[told...].contains { isOverridden($0) })
    #expect(street.cabinet.source == .central)
    #expect(street.loop.report?.plan?.entries != outlook.entries)
    #expect(street.watch.faults == [])
    #expect((street.watch.longestReds.max() ?? 0) <= 1500)
  }

  @Test("is a plan of given greens, or a plan of the site file", arguments: Pace.allCases)
  func plan(pace: Pace) {
    let entries = [25, 12, 40, 18].enumerated().map {
      PlanEntry(stage: $0.offset, green: .seconds($0.element))
    }
    for action in [Override.Action.plan(entries), .dayPlan(0)] {
      var street = Street(Sample.fourArm(pace: pace))
      street.run(0..<200)
      street.loop.override(by: [wanted(action, 200, 900)])
      street.run(200..<800)
      let runs = street.loop.report?.plan?.entries ?? []
      let expected = action == .dayPlan(0) ? Sample.fourArm().plans[0].plan.entries : entries
      #expect(runs.count == 4)
      #expect(Set(runs) == Set(expected), "\(runs)")
      #expect(street.cabinet.source == .central)
      street.run(800..<1100)
      #expect(street.watch.faults == [])
    }
  }

  @Test("hands over to the time-of-day plan: the lease lapses, and control comes back afterwards")
  func handedOver() {
    var street = Street(Sample.fourArm(pace: .stage, lease: .seconds(60)))
    street.run(0..<200)
    #expect(street.cabinet.source == .central)
    street.loop.override(by: [wanted(.handOver, 200, 600)])
    street.run(200..<400)
    #expect(street.cabinet.source == .timeOfDay)
    let before = street.events.count
    street.run(400..<599)
    #expect(!street.events[before...].contains { if case .sent = $0 { true } else { false } })
    street.run(599..<800)
    #expect(street.cabinet.source == .central)
    #expect(street.watch.faults == [])
  }

  @Test(
    "that is refused for its greens is refused with the limit, and harms nobody who forces it")
  func refused() {
    var street = Street(Sample.fourArm(pace: .second))
    let short = [5, 6, 20, 6].enumerated().map {
      PlanEntry(stage: $0.offset, green: .seconds($0.element))
    }
    guard case .failure(let rejection) = street.loop.outlook(of: .plan(short), at: Sample.moment(0))
    else {
      Issue.record("a green of 5 s was let pass")
      return
    }
    #expect(rejection.violations.map(\.rule) == [.minimumGreens, .pedestrianTimes])
    street.run(0..<100)
    street.loop.override(by: [
      wanted(.plan(short), 100, 150), wanted(.stage(17), 150, 200), wanted(.plan([]), 200, 250),
      wanted(.dayPlan(9), 250, 300),
    ])
    let told = street.orders.count
    street.run(100..<300)
    #expect(street.orders.count == told, "nothing is sent for its sake")
    street.run(300..<400)
    #expect(street.watch.faults == [])
  }

  @Test("ends when its time is over, whatever the wall clock does", arguments: [-7200.0, 7200])
  func clockStep(step: Double) {
    var street = Street(Sample.fourArm(pace: .second))
    street.run(0..<100)
    street.loop.override(by: [wanted(.stage(2), 100, 160)])
    street.run(100..<120)
    street.clockStep = step
    street.run(120..<200)
    let overridden = street.decisions.indices.filter { isOverridden(street.decisions[$0]) }
    #expect(overridden == Array(100..<160))
    #expect(street.watch.faults == [])
  }

  @Test("keeps no lease beyond its end: who is killed leaves the cabinet alone soon afterwards")
  func killed() {
    for kill in stride(from: 110, to: 300, by: 23) {
      var street = Street(Sample.fourArm(pace: .second, lease: .seconds(120)))
      street.run(0..<100)
      street.loop.override(by: [wanted(.stage(0), 100, 300)])
      street.run(100..<kill)
      let shortest = street.cabinet.settings.leaseSeconds.lowerBound
      street.cabinet.advance(to: Sample.moment(Double(max(kill, 300) + shortest + 65)))
      #expect(street.cabinet.source == .timeOfDay, "killed at \(kill)")
    }
  }

  @Test("lets the lease last again when its time is over")
  func leaseAfterwards() {
    var street = Street(Sample.fourArm(pace: .second, lease: .seconds(120)))
    street.run(0..<100)
    street.loop.override(by: [wanted(.dayPlan(0), 100, 300)])
    street.run(100..<299)
    #expect((street.loop.report?.leaseLeft ?? 99) <= 12)
    street.run(299..<305)
    #expect((street.loop.report?.leaseLeft ?? 0) > 100)
    #expect(!street.events.contains { if case .leaseLapsed = $0 { true } else { false } })
  }

  @Test("never breaks a limit, whatever is wanted when, and is over when it is over")
  func random() {
    var random = SeededGenerator(seed: 11)
    for round in 0..<6 {
      let pace = Pace.allCases[round % 3]
      let site = Sample.fourArm(
        pace: pace, sequence: round % 2 == 0 ? .fixed : .free, lease: .seconds(60),
        largestChange: round % 4 == 3 ? .seconds(10) : .zero,
        notice: round % 5 == 4 ? .seconds(5) : .zero)
      var street = Street(site)
      var standing: [Override] = []
      let isCut = round % 2 == 0
      for second in 0..<1000 {
        if Double.random(in: 0..<1, using: &random) < 0.01 {
          standing = [someOverride(second, &random)]
          street.loop.override(by: standing)
        }
        street.clockStep += Double.random(in: 0..<1, using: &random) < 0.002 ? 600 : 0
        street.isCut = second % 400 > 370 && isCut
        street.tick(second, counting: Double.random(in: 0..<1, using: &random) < 0.9)
        let isValid = standing.contains { $0.isValid(at: Sample.moment(Double(second)).monotonic) }
        if let last = street.decisions.last, isOverridden(last) {
          #expect(isValid, "at \(second) of round \(round): \(last.reason.text)")
        }
      }
      #expect(street.watch.faults == [], "round \(round)")
      // A lease that lapses on a cut line leaves it to the cabinet who comes next; that no plan checks.
      #expect(isCut || (street.watch.longestReds.max() ?? 0) <= 1500, "round \(round)")
    }
  }

  private func someOverride(_ second: Int, _ random: inout SeededGenerator) -> Override {
    let begin = Double(second + Int.random(in: 0...30, using: &random))
    let end = begin + Double(Int.random(in: 1...400, using: &random))
    let stage = Int.random(in: 0..<4, using: &random)
    let greens = (0..<4).map {
      PlanEntry(stage: $0, green: Tenths(Int.random(in: 40...450, using: &random)))
    }
    let actions: [Override.Action] = [.stage(stage), .plan(greens), .dayPlan(0), .handOver]
    return wanted(actions.randomElement(using: &random) ?? .handOver, begin, end)
  }
}
