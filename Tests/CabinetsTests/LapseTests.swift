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

  /// What becomes of the request during which the process is stopped.
  private enum Fate: CaseIterable { case oldAnswer, noAnswer, sentLate, notAsked }

  /// An exchange that is stopped for 400 s at request number `stop`, and goes on for 40 s.
  private struct Stopped {
    var exchange = PlanExchange(intersection: Sample.fourArm(), epoch: 1)
    var cabinet = VirtualCabinet(intersection: Sample.fourArm(), at: .after(0))
    var seconds = 0
    var requests = 0
    var events: [ExchangeEvent] = []
    /// The plan that the cabinet had when the process was stopped.
    var had: UInt32?
    let stop: Int
    let fate: Fate

    var now: Moment { .after(Double(seconds)) }
    var hasStopped: Bool { requests >= stop }

    mutating func sleep() {
      let order = cabinet.pending?.order ?? cabinet.course.programme.order
      had = order?.sequence
      seconds += 400
      cabinet.advance(to: now)
    }

    mutating func tick() {
      cabinet.advance(to: now)
      if requests + 1 == stop, fate == .notAsked {
        requests += 1
        sleep()
      }
      while let request = exchange.nextRequest(at: now) {
        requests += 1
        guard requests == stop else {
          deliver(cabinet.answer(request))
          continue
        }
        if fate == .sentLate { sleep() }
        let answer = cabinet.answer(request)
        if fate != .sentLate { sleep() }
        deliver(fate == .noAnswer ? .failure(.timedOut) : answer)
      }
      events += exchange.takeEvents()
      seconds += 1
    }

    private mutating func deliver(_ answer: Result<[UInt16], CabinetFailure>) {
      switch answer {
      case .success(let registers): exchange.received(registers, at: now)
      case .failure(let failure): exchange.failed(failure, at: now)
      }
    }
  }

  @Test("wherever the stop falls, whatever becomes of the request then, and whatever comes next")
  func anywhere() throws {
    var told = 0
    for stop in Array(12...24) + stride(from: 25, through: 50, by: 5) {
      for fate in Fate.allCases {
        for takeover in [Takeover.now, .stageBoundary] {
          for hurries in [false, true] {
            var run = Stopped(stop: stop, fate: fate)
            var end = 60
            while run.seconds < end {
              let hadStopped = run.hasStopped
              if run.seconds == 5 {
                let first = takeover == .now ? 0 : 1
                let entries = (0..<4).map { ((first + $0) % 4, 20) }
                try run.exchange.order(.of(entries, takeover), at: run.now, running: 0)
              }
              run.tick()
              guard run.hasStopped, !hadStopped else { continue }
              end = run.seconds + 40
              if hurries {
                let stage = run.cabinet.course.stage
                let next = (1...4).map { ((stage + $0) % 4, 20) }
                try run.exchange.order(.of(next, .stageBoundary), at: run.now, running: stage)
              }
            }
            let lapsed = run.events.compactMap { event -> UInt32? in
              if case .leaseLapsed(let sequence) = event { sequence } else { nil }
            }
            #expect(
              lapsed.filter { $0 == run.had }.count == (run.had == nil ? 0 : 1),
              "stop at \(stop), \(fate), \(takeover), \(hurries): \(run.events.suffix(8))")
            told += lapsed.count
          }
        }
      }
    }
    #expect(told > 20)
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
