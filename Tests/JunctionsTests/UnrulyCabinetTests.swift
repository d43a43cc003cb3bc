import Cabinets
import Control
import Junctions
import Signals
import Support
import Testing

/// Cabinets as they really are. `greensplitTests` does the same over TCP, with the daemon itself.
@Suite("A cabinet that has a will of its own")
struct UnrulyCabinetTests {
  /// A street under control, after so many seconds.
  private func street(
    _ site: Intersection = Sample.fourArm(pace: .second), after warm: Int = 40
  ) -> Street {
    var street = Street(site)
    street.run(0..<warm)
    #expect(street.cabinet.source == .central)
    return street
  }

  /// Numbers of the orders that were sent, in their order.
  private func sent(_ events: some Swift.Sequence<ExchangeEvent>) -> [UInt32] {
    events.compactMap { if case .sent(let sequence, _) = $0 { sequence } else { nil } }
  }

  @Test(
    "is not fought while it is on manual, on flash or in preemption; control comes back with a plan",
    arguments: [ControlSource.manual, .flash, .preempt])
  func held(source: ControlSource) throws {
    var street = street()
    street.cabinet.setSource(source, at: street.moment(40))
    street.watch.isHeld = true
    street.run(40..<42)
    #expect(street.events.contains(.sourceChanged(from: .central, to: source)))
    let told = street.events.count
    street.run(42..<100)
    // Nothing is sent, nothing renewed, and it is said why.
    #expect(street.events[told...].isEmpty)
    let decision = try #require(street.decisions.last)
    #expect(decision.level == .local && !decision.renewsLease && decision.order == nil)
    #expect(decision.cause == "the cabinet is under \(source) control")
    #expect(street.cabinet.source == source)

    street.cabinet.setSource(.timeOfDay, at: street.moment(100))
    street.run(100..<160)
    #expect(street.events.contains(.sourceChanged(from: source, to: .timeOfDay)))
    #expect(street.cabinet.source == .central)
    #expect(street.decisions.last?.level == .isolated)
    let numbers = sent(street.events)
    #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
    #expect(street.watch.faults == [])
  }

  @Test("that is restarted is asked anew who it is, and taken back after its flash")
  func restarted() {
    var street = street()
    let before = sent(street.events).last ?? 0
    street.cabinet.restart(at: street.moment(40))
    street.run(40..<42)
    #expect(street.events.contains(.cabinetRestarted))
    #expect(street.events.contains(.sourceChanged(from: .central, to: .flash)))
    let told = street.events.count
    street.run(42..<120)
    #expect(street.cabinet.source == .central)
    // Its memory is its own: the numbers go on.
    #expect((sent(street.events[told...]).first ?? 0) > before)
    #expect(street.watch.faults == [])
  }

  @Test("that is replaced by one with other limits is controlled within those")
  func replaced() throws {
    var street = street(Sample.fourArm(pace: .second, sequence: .free))
    let strict = Sample.fourArm(
      pace: .second, sequence: .free, forbidding: [(from: 0, to: 2), (from: 1, to: 3)],
      notice: .seconds(4))
    let settings = CabinetSettings(id: 2, siteRevision: 9)
    street.isCut = true
    let told = street.events.count
    street.run(40..<60)
    street.cabinet = VirtualCabinet(
      intersection: strict, settings: settings, at: street.moment(60))
    street.watch = LampWatch(strict, street.cabinet.lamps)
    street.isCut = false
    street.run(60..<260)
    let since = street.events[told...]
    let identified = since.compactMap { event -> CabinetIdentity? in
      if case .identified(let identity) = event { identity } else { nil }
    }
    #expect(identified.map(\.id) == [2])
    let limits = try #require(street.loop.input?.limits)
    #expect(limits.revision == 9 && limits.limits.notice == .seconds(4))
    #expect(street.cabinet.source == .central)
    #expect(sent(since).count > 3)
    let refused = since.filter { if case .refused = $0 { true } else { false } }
    #expect(refused == [])
    #expect(street.watch.faults == [])
  }

  @Test(
    "whose clock jumps is set right when its clock is read next, and no lamp hears of it",
    arguments: [3600.0, -7200])
  func clockJumps(seconds: Double) throws {
    var street = street(Sample.fourArm(pace: .cycle), after: 140)
    let wrong = street.moment(140).utc.advanced(bySeconds: seconds)
    try street.cabinet.write(
      address: RegisterMap.setClock.address, values: ClockOrder(epoch: 1, utc: wrong).registers)
    var isHeld = true
    for second in 140..<640 {
      street.tick(second, counting: true)
      isHeld = isHeld && street.cabinet.source == .central
    }
    #expect(isHeld)
    let errors = street.events.compactMap { event -> Double? in
      if case .clockSet(let milliseconds) = event { Double(milliseconds) / 1000 } else { nil }
    }
    // It was set in the middle of its second.
    #expect(errors.count == 1 && abs(errors[0] - seconds) < 1, "\(errors)")
    #expect(abs(street.cabinet.utc.seconds(since: street.moment(639).utc)) < 2)
    #expect(street.watch.faults == [])
  }

  @Test("is led on through a jump of the daemon's own wall clock", arguments: [3600.0, -3600])
  func daemonsClockJumps(seconds: Double) {
    var street = street(Sample.fourArm(pace: .cycle), after: 140)
    street.clockStep = seconds
    var isHeld = true
    for second in 140..<760 {
      street.tick(second, counting: true)
      isHeld = isHeld && street.cabinet.source == .central
    }
    #expect(isHeld, "\(street.decisions.last?.cause ?? "")")
    #expect(street.events.contains { if case .clockSet = $0 { true } else { false } })
    #expect(street.watch.faults == [])
  }
}
