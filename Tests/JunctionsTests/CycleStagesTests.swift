import Cabinets
import Control
import Signals
import Support
import Testing

@testable import Junctions

@Suite("At pace cycle the cabinet runs cycles of other stages than its own plan's")
struct CycleStagesTests {
  private typealias Place = TurningJunction

  /// Half an hour with few vehicles, or many, at a junction of `sequence`.
  private func street(
    _ sequence: Signals.Sequence, isDense: Bool = false
  ) -> Street {
    var street = Street(TurningJunction.site(isShared: false, pace: .cycle, sequence: sequence))
    street.sparsity = isDense ? 1 : 8
    street.run(0..<1800)
    return street
  }

  @Test("It takes each of them, and no lamp shows what it must not", arguments: [true, false])
  func taken(isDense: Bool) {
    for sequence in Signals.Sequence.allCases {
      let street = street(sequence, isDense: isDense)
      #expect(street.cabinet.source == .central)
      #expect(street.orders.count > 10)
      #expect(street.decisions.allSatisfy { $0.reason.refused.isEmpty })
      #expect(street.watch.faults == [])
      #expect((street.watch.longestReds.max() ?? 0) <= 1500)
    }
  }

  @Test("The stage that only turners need is left out of some cycles, in a fixed order of none")
  func leftOut() {
    func without(_ sequence: Signals.Sequence) -> Int {
      street(sequence).orders.count { plan in !plan.entries.contains { $0.stage == Place.b } }
    }
    #expect(without(.fixed) == 0)
    #expect(without(.skip) > 0)
    #expect(without(.free) > 0)
  }

  @Test(
    "Nobody decides any more: everybody is served until the lease lapses, and then by the cabinet's own plan"
  )
  func silent() {
    var street = street(.skip)
    for second in 1800..<2400 {
      let now = street.moment(second)
      street.cabinet.advance(to: now)
      for tenth in 0..<10 {
        street.cabinet.advance(to: now.advanced(bySeconds: Double(tenth) / 10))
        street.watch.see(street.cabinet.lamps)
      }
    }
    #expect(street.cabinet.source == .timeOfDay)
    #expect(street.watch.faults == [])
    #expect((street.watch.longestReds.max() ?? 0) <= 1500)
  }

  @Test(
    "The same counts give the same decisions, byte for byte",
    arguments: [.skip, .free] as [Signals.Sequence])
  func deterministic(sequence: Signals.Sequence) {
    #expect(street(sequence).lines == street(sequence).lines)
  }
}
