import Safety
import Signals
import Support
import Testing

@testable import Cabinets

/// What `Tests/protocol` found: answers that speak of another's order, and copies that come late.
@Suite("An order and the orders around it")
struct HandoverTests {
  private let plan = TimingPlan.of([(0, 30), (1, 15), (2, 30), (3, 15)], .now)

  /// A daemon of epoch 2 that has written its first order and not asked yet what became of it.
  private func written(_ plan: TimingPlan) throws -> Bench {
    var bench = Bench(Sample.fourArm(), epoch: 2)
    bench.run(2)
    try bench.exchange.order(plan, at: bench.now)
    let asked = bench.exchange.nextRequest(at: bench.now)
    let request = try #require(asked)
    guard case .success = bench.cabinet.answer(request) else {
      throw RegisterException.illegalValue
    }
    bench.written[1] = PlanOrder(epoch: 2, sequence: 1, plan: plan, leaseSeconds: 120)
    bench.exchange.received([], at: bench.now)
    return bench
  }

  private func refusals(_ bench: Bench) -> [ExchangeEvent] {
    bench.events.filter { if case .refused = $0 { true } else { false } }
  }

  @Test("The refusal of a replaced daemon's order is not taken for the refusal of ours")
  func replacedDaemon() throws {
    var bench = try written(plan)
    try bench.cabinet.order(plan, sequence: 7, epoch: 1)
    bench.run(2)
    #expect(bench.cabinet.result.code == .staleEpoch)
    #expect(refusals(bench).isEmpty)
    #expect(bench.events.contains(.unknownOutcome(sequence: 1)))
    #expect(bench.events.contains(.running(sequence: 1)))
    bench.run(300)
    #expect(bench.cabinet.source == .central)
  }

  @Test("A plan that waits, and whose acceptance was hidden, has its lease kept up and runs")
  func waitingPlan() throws {
    var bench = try written(plan.taking(over: .cycleStart))
    try bench.cabinet.order(plan, sequence: 7, epoch: 1)
    bench.run(130)
    #expect(refusals(bench).isEmpty)
    #expect(bench.events.contains(.leaseRenewed(seconds: 120)))
    #expect(bench.events.contains(.running(sequence: 1)))
  }

  @Test("A refusal that was hidden ends as a lease that is over, and the next order goes out")
  func hiddenRefusal() throws {
    var bench = try written(.of([(1, 15), (2, 30), (3, 15), (0, 30)], .now))
    try bench.cabinet.order(plan, sequence: 7, epoch: 1)
    bench.run(2)
    #expect(bench.events.contains(.unknownOutcome(sequence: 1)))
    #expect(bench.events.contains(.leaseLapsed(sequence: 1)))
    #expect(!bench.events.contains(.running(sequence: 1)))
    try bench.exchange.order(plan, at: bench.now)
    bench.run(1)
    #expect(bench.events.last == .running(sequence: 2))
  }

  @Test("A release is done whoever's refusal hides it")
  func hiddenRelease() throws {
    var bench = try written(plan)
    bench.run(1)
    bench.exchange.release(at: bench.now)
    let asked = bench.exchange.nextRequest(at: bench.now)
    let request = try #require(asked)
    _ = bench.cabinet.answer(request)
    bench.exchange.received([], at: bench.now)
    try bench.cabinet.order(plan, sequence: 7, epoch: 1)
    bench.run(100)
    #expect(refusals(bench).isEmpty)
    #expect(bench.cabinet.source == .timeOfDay)
    #expect(!bench.events.contains(.leaseLapsed(sequence: 2)))
  }

  @Test("Nothing is said to have come to nothing while a copy of it may be under way")
  func lateCopy() throws {
    var bench = Bench(Junctions.fourArm(limits: Junctions.limits(planInterval: 60)))
    bench.run(2)
    try bench.exchange.order(plan, at: bench.now)
    bench.run(1)
    let next = TimingPlan.of([(0, 40), (1, 10), (2, 30), (3, 10)], .now)
    try bench.exchange.order(next, at: bench.now)
    let first = bench.exchange.nextRequest(at: bench.now)
    let copy = try #require(first)
    bench.exchange.failed(.timedOut, at: bench.now)
    bench.run(20)
    // The same order was written again, found the cabinet busy, and became too old.
    #expect(bench.requests.contains(copy))
    #expect(bench.events.contains(.abandoned(sequence: 2)))
    #expect(!bench.events.contains(.rejected(sequence: 2, code: RegisterException.busy.rawValue)))
    bench.run(60)
    _ = bench.cabinet.answer(copy)
    #expect(bench.cabinet.result.sequence == 2)
  }

  @Test("A torn copy of an order is no refusal while the first may be under way")
  func tornCopy() throws {
    var bench = Bench(Sample.fourArm())
    bench.run(2)
    try bench.exchange.order(plan, at: bench.now)
    let first = bench.exchange.nextRequest(at: bench.now)
    let copy = try #require(first)
    bench.exchange.failed(.timedOut, at: bench.now)
    while true {
      let asked = bench.exchange.nextRequest(at: bench.now.later(by: 2))
      guard let request = asked, request != copy else { break }
      guard case .success(let registers) = bench.cabinet.answer(request) else { break }
      bench.exchange.received(registers, at: bench.now.later(by: 2))
    }
    guard case .write(let address, var values) = copy else { return }
    values[20] ^= 1
    _ = bench.cabinet.answer(.write(address: address, values: values))
    bench.exchange.received([], at: bench.now.later(by: 2))
    bench.time += 20
    bench.run(1)
    #expect(bench.cabinet.result.code == .checksum)
    #expect(bench.events.contains(.abandoned(sequence: 1)))
    #expect(refusals(bench).isEmpty)
  }
}

extension Moment {
  fileprivate func later(by seconds: Double) -> Moment {
    Moment(
      monotonic: monotonic.advanced(bySeconds: seconds), utc: utc.advanced(bySeconds: seconds))
  }
}
