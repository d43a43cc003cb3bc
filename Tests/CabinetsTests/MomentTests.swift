import Signals
import Support
import Testing

@testable import Cabinets

/// Stage A is green from 0 to 30 s, B from 35 to 50, C from 55 to 85, D from 90 to 105; cycles begin
/// every 110 s.
@Suite("An order goes out while its moment lasts")
struct MomentTests {
  private func plan(_ takeover: Takeover, from first: Int = 0) -> TimingPlan {
    .of((0..<4).map { ((first + $0) % 4, [30, 15, 30, 15][(first + $0) % 4]) }, takeover)
  }

  /// A bench that is cut off from `cut` to `back` seconds, where `plan` is ordered at `ordered`.
  private func run(
    _ plan: TimingPlan, running stage: Int, ordered: Int, cut: Int, back: Int, for seconds: Int = 10
  ) throws -> Bench {
    var bench = Bench(Sample.fourArm())
    bench.run(cut)
    bench.isCut = true
    bench.run(ordered - cut)
    try bench.exchange.order(plan, at: bench.now, running: stage)
    bench.run(back - ordered)
    bench.isCut = false
    bench.run(seconds)
    return bench
  }

  private func isRefused(_ bench: Bench) -> Bool {
    bench.events.contains { if case .refused = $0 { true } else { false } }
  }

  @Test("An order for now runs after a reconnection if its stage is still green")
  func nowInTime() throws {
    let bench = try run(plan(.now), running: 0, ordered: 12, cut: 10, back: 15)
    #expect(bench.events.contains(.running(sequence: 1)))
  }

  @Test(
    "An order for now is not sent when its stage is over",
    arguments: [(28, 31), (28, 33), (29, 35)])
  func nowTooLate(ordered: Int, back: Int) throws {
    let bench = try run(plan(.now), running: 0, ordered: ordered, cut: 25, back: back)
    #expect(bench.events.contains(.notSent(.momentOver)))
    #expect(bench.written.isEmpty && !isRefused(bench))
  }

  @Test("An order for a stage's end goes out while the stage lasts, or changes to the plan's first")
  func boundaryInTime() throws {
    for back in [26, 28, 31] {
      let bench = try run(
        plan(.stageBoundary, from: 1), running: 0, ordered: 25, cut: 24, back: back)
      #expect(bench.events.contains(.accepted(sequence: 1)), "back at \(back)")
    }
  }

  @Test("An order for a stage's end is not sent when that end has passed")
  func boundaryTooLate() throws {
    // Stage B is green already; or the change leads to B, and the plan begins with C.
    for (first, back) in [(1, 35), (2, 35), (2, 32)] {
      let bench = try run(
        plan(.stageBoundary, from: first), running: 0, ordered: 28, cut: 24, back: back)
      #expect(bench.events.contains(.notSent(.momentOver)), "back at \(back)")
      #expect(bench.written.isEmpty)
    }
  }

  @Test("An order for the cycle's start goes out before that, and not after")
  func cycle() throws {
    let before = try run(plan(.cycleStart), running: 3, ordered: 102, cut: 100, back: 105)
    #expect(before.events.contains(.accepted(sequence: 1)))
    let after = try run(plan(.cycleStart), running: 3, ordered: 107, cut: 104, back: 112)
    #expect(after.events.contains(.notSent(.momentOver)))
    #expect(after.written.isEmpty)
  }

  @Test("An order that was lost on the way is not written again when its moment is over")
  func lost() throws {
    var bench = Bench(Sample.fourArm())
    bench.run(29)
    try bench.exchange.order(plan(.now), at: bench.now)
    let request = bench.exchange.nextRequest(at: bench.now)
    guard case .write = request else {
      Issue.record("\(String(describing: request)) is no order")
      return
    }
    bench.exchange.failed(.timedOut, at: bench.now)
    bench.isCut = true
    bench.run(3)
    bench.isCut = false
    bench.run(10)
    #expect(bench.events.contains(.unknownOutcome(sequence: 1)))
    #expect(bench.events.contains(.abandoned(sequence: 1)))
    #expect(bench.written.isEmpty && !isRefused(bench))
  }

  @Test("An order that a busy cabinet put off is looked after before it is written again")
  func busy() throws {
    let junction = Junctions.fourArm(limits: Junctions.limits(planInterval: 4))
    var bench = Bench(junction)
    bench.run(26)
    try bench.exchange.order(plan(.now), at: bench.now)
    bench.run(1)
    // Its green is longer than the one that runs, so that it cannot be taken for it.
    let next = TimingPlan.of([(0, 28), (1, 17), (2, 30), (3, 15)], .now)
    try bench.exchange.order(next, at: bench.now)
    bench.run(10)
    #expect(bench.events.contains(.running(sequence: 1)))
    #expect(bench.events.contains(.abandoned(sequence: 2)))
    #expect(!isRefused(bench))
  }

  @Test("Whenever the line is cut, no cabinet is asked to prolong a stage that has ended")
  func neverRefused() throws {
    var random = SeededGenerator(seed: 26)
    var (ran, over) = (0, 0)
    for _ in 0..<80 {
      let cut = Int.random(in: 2...110, using: &random)
      let ordered = cut + Int.random(in: 0...3, using: &random)
      let back = ordered + Int.random(in: 0...9, using: &random)
      var bench = Bench(Sample.fourArm())
      bench.run(cut)
      guard let report = bench.exchange.report, report.subState == .green else { continue }
      bench.isCut = true
      bench.run(ordered - cut)
      try bench.exchange.order(plan(.now, from: report.stage), at: bench.now)
      bench.run(back - ordered)
      bench.isCut = false
      bench.run(15)
      #expect(!isRefused(bench), "cut at \(cut), ordered at \(ordered), back at \(back)")
      if bench.events.contains(.running(sequence: 1)) { ran += 1 }
      if bench.events.contains(.notSent(.momentOver)) { over += 1 }
    }
    #expect(ran > 10 && over > 10, "\(ran) ran, \(over) were over")
  }
}
