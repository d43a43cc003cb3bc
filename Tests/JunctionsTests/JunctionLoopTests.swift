import Cabinets
import Control
import Junctions
import Safety
import Signals
import Support
import Testing

@Suite("One junction, tick by tick, with its virtual cabinet")
struct JunctionLoopTests {
  @Test("With fresh counts the loop takes control, and the cabinet runs what was ordered")
  func takesControl() throws {
    var street = Street(Sample.fourArm(pace: .second))
    for second in 0..<40 { street.tick(second, counting: true) }
    #expect(street.cabinet.source == .central)
    let ordered = try #require(street.orders.last)
    #expect(street.loop.report?.plan?.entries.map(\.stage) == ordered.entries.map(\.stage))
  }

  @Test(
    "When all counts stop, the lease lapses and the cabinet runs its own plan within its length")
  func blind() {
    var street = Street(Sample.fourArm(pace: .second, lease: .seconds(60)))
    for second in 0..<60 { street.tick(second, counting: true) }
    #expect(street.cabinet.source == .central)
    // Half a minute until the counts are stale, the lease, and a boundary.
    for second in 60..<(60 + 30 + 60 + 70) { street.tick(second, counting: false) }
    #expect(street.cabinet.source == .timeOfDay)
    #expect(street.loop.report?.plan?.entries == Sample.fourArm().plans[0].plan.entries)
  }

  @Test("A person at the cabinet is not fought; control comes back when the cabinet offers it")
  func manual() {
    var street = Street(Sample.fourArm(pace: .second))
    for second in 0..<40 { street.tick(second, counting: true) }
    street.cabinet.setSource(.manual, at: Sample.moment(40))
    street.orders.removeAll()
    for second in 40..<80 { street.tick(second, counting: true) }
    // What was on its way when the person took over may still have been decided.
    #expect(street.orders.count <= 2)
    #expect(street.cabinet.source == .manual)
    street.cabinet.setSource(.timeOfDay, at: Sample.moment(80))
    for second in 80..<140 { street.tick(second, counting: true) }
    #expect(street.cabinet.source == .central)
  }

  @Test("A junction of one stage is taken like any other", arguments: Pace.allCases)
  func oneStage(pace: Pace) {
    var street = Street(Sample.gate(pace: pace))
    street.run(0..<200)
    #expect(street.cabinet.source == .central)
    #expect(street.decisions.allSatisfy { $0.reason.refused.isEmpty })
  }

  @Test("The same counts give the same decisions, byte for byte", arguments: Pace.allCases)
  func deterministic(pace: Pace) {
    let runs = (0..<2).map { _ -> [String] in
      var street = Street(Sample.fourArm(pace: pace, sequence: .skip))
      for second in 0..<200 { street.tick(second, counting: true) }
      return street.lines
    }
    #expect(runs[0].count == 200)
    #expect(runs[0] == runs[1])
  }
}
