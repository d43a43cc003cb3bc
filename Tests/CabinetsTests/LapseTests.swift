import Signals
import Support
import Testing

@testable import Cabinets

@Suite("A lease that lapses is told once, however long nobody looked")
struct LapseTests {
  private let plan = TimingPlan.of([(0, 30), (1, 15), (2, 30), (3, 15)], .now)

  /// Nothing is asked for so long, as of a process that was stopped.
  private func stop(_ bench: inout Bench, for seconds: Int) {
    bench.time += seconds * 10
    bench.cabinet.advance(to: bench.now)
    bench.watch = LampWatch(bench.cabinet.intersection, bench.cabinet.lamps)
  }

  private func lapses(_ bench: Bench) -> [UInt32] {
    bench.events.compactMap { if case .leaseLapsed(let sequence) = $0 { sequence } else { nil } }
  }

  private func controlled() throws -> Bench {
    var bench = Bench(Sample.fourArm())
    bench.run(2)
    try bench.exchange.order(plan, at: bench.now)
    bench.run(3)
    #expect(bench.events.contains(.running(sequence: 1)))
    return bench
  }

  /// Orders a plan for the next stage boundary.
  private func orderNext(_ bench: inout Bench) throws {
    let stage = bench.cabinet.course.stage
    let next = TimingPlan.of((1...4).map { ((stage + $0) % 4, 20) }, .stageBoundary)
    try bench.exchange.order(next, at: bench.now, running: stage)
  }

  @Test("when the first thing after a long stop is a look at the cabinet")
  func look() throws {
    var bench = try controlled()
    stop(&bench, for: 400)
    bench.run(5)
    #expect(lapses(bench) == [1])
    #expect(bench.events.contains(.sourceChanged(from: .central, to: .timeOfDay)))
  }

  @Test("when the first thing after a long stop is a new order, whose lease then runs")
  func order() throws {
    var bench = try controlled()
    stop(&bench, for: 400)
    try orderNext(&bench)
    bench.run(2)
    #expect(bench.events.contains(.accepted(sequence: 2)))
    #expect(lapses(bench) == [1])
    bench.run(60)
    #expect(bench.events.contains(.running(sequence: 2)))
    #expect(lapses(bench) == [1])
    bench.exchange.renewLease(false)
    bench.run(300)
    #expect(lapses(bench) == [1, 2])
  }

  @Test("when the stop came between an order and the question what became of it")
  func unread() throws {
    var bench = Bench(Sample.fourArm())
    bench.run(2)
    try bench.exchange.order(plan, at: bench.now)
    let write = bench.exchange.nextRequest(at: bench.now)
    _ = bench.cabinet.answer(try #require(write))
    bench.exchange.received([], at: bench.now)
    stop(&bench, for: 400)
    bench.run(5)
    #expect(bench.events.contains(.accepted(sequence: 1)))
    #expect(lapses(bench) == [1])
  }

  @Test("when an answer from before the stop is read after it, and believed")
  func oldAnswer() throws {
    var bench = try controlled()
    var asked = bench.exchange.nextRequest(at: bench.now)
    while case .write = asked {
      bench.exchange.received([], at: bench.now)
      asked = bench.exchange.nextRequest(at: bench.now)
    }
    let answer = bench.cabinet.answer(try #require(asked))
    stop(&bench, for: 400)
    bench.exchange.received(try answer.get(), at: bench.now)
    try orderNext(&bench)
    bench.run(5)
    #expect(lapses(bench) == [1])
  }

  @Test("but not when control was given back, or a person took it")
  func ordered() throws {
    var released = try controlled()
    released.exchange.release(at: released.now)
    released.run(60)
    #expect(released.events.contains(.sourceChanged(from: .central, to: .timeOfDay)))
    #expect(lapses(released) == [])
    var taken = try controlled()
    taken.cabinet.setSource(.manual, at: taken.now)
    taken.run(3)
    taken.cabinet.setSource(.timeOfDay, at: taken.now)
    taken.run(60)
    #expect(lapses(taken) == [])
  }
}
