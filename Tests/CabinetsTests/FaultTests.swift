import Safety
import Signals
import Support
import Testing

@testable import Cabinets

@Suite("Exchange and cabinet on a line that fails")
struct FaultTests {
  /// What a daemon might order at `bench`'s present state.
  private func plan(_ bench: Bench, _ random: inout SeededGenerator) -> TimingPlan? {
    guard let report = bench.exchange.report, let junction = bench.exchange.constrained else {
      return nil
    }
    let takeover = Takeover.allCases[Int.random(in: 0..<3, using: &random)]
    let count = junction.stages.count
    let first = takeover == .cycleStart ? 0 : report.stage + (takeover == .now ? 0 : 1)
    return TimingPlan(
      entries: (0..<count).map { position in
        let stage = (first + position) % count
        let times = junction.stages[stage]
        let range = times.shortestGreen.count...min(350, times.maximumGreen.count)
        return PlanEntry(stage: stage, green: Tenths(Int.random(in: range, using: &random)))
      }, takeover: takeover)
  }

  private func orderSometimes(_ bench: inout Bench, _ random: inout SeededGenerator) {
    guard Int.random(in: 0..<4, using: &random) == 0, let plan = plan(bench, &random) else {
      return
    }
    // What the daemon's own check rejects is not sent: no matter here.
    try? bench.exchange.order(plan, at: bench.now)
  }

  /// Things that befall a cabinet.
  private func befall(_ bench: inout Bench, _ random: inout SeededGenerator) {
    switch Int.random(in: 0..<300, using: &random) {
    case 0: bench.cabinet.restart(at: bench.now)
    case 1: bench.clockStep += Double(Int.random(in: -4000...4000, using: &random))
    case 2...4: bench.isCut.toggle()
    case 5: bench.cabinet.setSource(.manual, at: bench.now)
    case 6...12: bench.cabinet.setSource(.timeOfDay, at: bench.now)
    default: break
    }
    bench.watch.isHeld = bench.watch.isHeld || bench.cabinet.source == .manual
  }

  @Test(
    "Nothing torn runs, what is reported runs, lamps stay safe, and the lease ends it",
    arguments: Array(0..<50) as [UInt64])
  func faults(group: UInt64) throws {
    var accepted = 0
    for seed in group * 20..<(group + 1) * 20 {
      var random = SeededGenerator(seed: seed)
      let junction =
        seed % 2 == 0 ? Sample.fourArm(lease: .seconds(30)) : Junctions.overlapping()
      var bench = Bench(junction, seed: seed &+ 1_000_000)
      bench.trouble = Int.random(in: 0...8, using: &random)
      bench.run(45) { bench in
        orderSometimes(&bench, &random)
        befall(&bench, &random)
      }
      accepted += bench.events.filter { if case .accepted = $0 { true } else { false } }.count
      try stops(&bench)
      #expect(bench.watch.faults == [], "seed \(seed)")
      #expect(bench.faults == [], "seed \(seed)")
      #expect(bench.cabinet.criticalFaults == 0, "seed \(seed)")
    }
    #expect(accepted > 10)
  }

  /// When the daemon falls silent, the lease ends within its length and the cabinet runs its own
  /// plan from the next boundary on.
  private func stops(_ bench: inout Bench) throws {
    bench.cabinet.setSource(.timeOfDay, at: bench.now)
    bench.cabinet.advance(
      to: bench.now.advanced(bySeconds: bench.exchange.intersection.control.lease.seconds))
    #expect(try bench.cabinet.readLive().leaseLeft == 0)
    // The longest green.
    bench.cabinet.advance(
      to: bench.now.advanced(bySeconds: bench.exchange.intersection.control.lease.seconds + 60))
    #expect(bench.cabinet.source != .central)
  }

  @Test("After any trouble, control comes back by itself", arguments: Array(0..<40) as [UInt64])
  func recovery(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var bench = Bench(Sample.fourArm(lease: .seconds(30)), seed: seed)
    bench.trouble = 8
    bench.run(40) { bench in
      orderSometimes(&bench, &random)
      befall(&bench, &random)
    }
    bench.trouble = 0
    bench.isCut = false
    bench.cabinet.setSource(.timeOfDay, at: bench.now)
    // Flash and all-red after a restart, and the longest pause of the first minute.
    bench.run(25)
    #expect(bench.exchange.readiness == .ready)
    let last = bench.events.count
    for _ in 0..<4 {
      let stage = try #require(bench.exchange.report?.stage)
      // The shortest there is, so that nobody's wait stands against it.
      let shortest = [20, 6, 20, 6]
      let order = (1...4).map { (stage: (stage + $0) % 4, green: shortest[(stage + $0) % 4]) }
      try bench.exchange.order(.of(order, .stageBoundary), at: bench.now, running: stage)
      bench.run(2)
    }
    let later = bench.events.dropFirst(last)
    #expect(later.contains { if case .accepted = $0 { true } else { false } }, "\(later)")
    bench.run(250)
    #expect(bench.cabinet.source == .central)
    let source = bench.exchange.report?.source
    #expect(source == .central)
    #expect(bench.faults == [])
  }

  @Test("The same seed gives the same events and the same lamps")
  func determinism() {
    func trace(_ seed: UInt64) -> (
      events: [ExchangeEvent], requests: [CabinetRequest], lamps: [Lamp]
    ) {
      var random = SeededGenerator(seed: seed)
      var bench = Bench(Junctions.overlapping(), seed: seed)
      bench.trouble = 6
      bench.run(120) { bench in
        orderSometimes(&bench, &random)
        befall(&bench, &random)
      }
      return (bench.events, bench.requests, bench.cabinet.lamps)
    }
    #expect(trace(7) == trace(7))
    #expect(trace(7).requests != trace(8).requests)
  }
}
