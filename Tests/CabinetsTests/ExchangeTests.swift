import Safety
import Signals
import Support
import Testing

@testable import Cabinets

@Suite("The exchange with a cabinet")
struct ExchangeTests {
  private let round = TimingPlan.of([(0, 30), (1, 15), (2, 30), (3, 15)])
  private var now: TimingPlan { round.taking(over: .now) }

  @Test("It asks who the cabinet is, sets its clock, reads its limits, then looks once a second")
  func identification() throws {
    var bench = Bench(
      Sample.fourArm(),
      cabinetAt: Moment(
        monotonic: Moment.after(0).monotonic, utc: Moment.after(0).utc.advanced(bySeconds: 90)))
    #expect(bench.exchange.readiness == .connecting)
    bench.run(1)
    let addresses = bench.requests.map { request in
      switch request {
      case .read(let address, _): address
      case .write(let address, _): address
      }
    }
    #expect(addresses == [0, 510, 40, 48, 40, 100, 200, 264, 340, 700, 600])
    #expect(bench.exchange.readiness == .ready)
    #expect(bench.cabinet.utc == Moment.after(0.9).utc)
    #expect(bench.exchange.constrained == bench.cabinet.intersection)
    #expect(bench.exchange.cabinetLimits?.stages.count == 4)
    #expect(bench.exchange.report?.plan == bench.cabinet.course.programme.plan)
    guard bench.events.count == 3, case .identified = bench.events[0],
      case .limitsRead = bench.events[2]
    else {
      Issue.record("events \(bench.events)")
      return
    }
    #expect(bench.events[1] == .clockSet(milliseconds: 90_000))
    let before = bench.requests.count
    bench.run(10)
    let polls = bench.requests.dropFirst(before).filter { $0 == .read(address: 700, count: 40) }
    #expect(polls.count == 10)
  }

  @Test("No request is longer than 100 registers")
  func lengths() throws {
    var bench = Bench(Sample.fourArm())
    try order(now, &bench)
    for request in bench.requests {
      switch request {
      case .read(_, let count): #expect(count <= 100)
      case .write(_, let values): #expect(values.count <= 100)
      }
    }
  }

  /// Identifies, orders `plan` and runs on for a second.
  private func order(_ plan: TimingPlan, _ bench: inout Bench) throws {
    bench.run(2)
    try bench.exchange.order(plan, at: bench.now)
    bench.run(1)
  }

  @Test("An order for now is accepted, runs, and is read back within the same second")
  func orderNow() throws {
    var bench = Bench(Sample.fourArm())
    try order(now, &bench)
    #expect(
      bench.events.suffix(3).prefix(2) == [
        .accepted(sequence: 1), .sourceChanged(from: .timeOfDay, to: .central),
      ])
    #expect(bench.events.last == .running(sequence: 1))
    let report = try #require(bench.exchange.report)
    #expect(report.source == .central)
    #expect(report.activeSequence == 1)
    #expect(report.plan == now)
    #expect(report.leaseLeft == 120)
  }

  @Test("An order for the cycle's start is accepted at once and runs when it takes over")
  func orderCycle() throws {
    var bench = Bench(Sample.fourArm())
    try order(round, &bench)
    #expect(bench.events.last == .accepted(sequence: 1))
    bench.run(100)
    #expect(!bench.events.contains(.running(sequence: 1)))
    bench.run(5)
    #expect(bench.events.contains(.running(sequence: 1)))
  }

  @Test("The lease is renewed each third of its length, and lapses when it may not be")
  func lease() throws {
    var bench = Bench(Sample.fourArm())
    try order(now, &bench)
    bench.run(400)
    let renewals = bench.events.filter { if case .leaseRenewed = $0 { true } else { false } }
    #expect(renewals.count == 10)
    #expect(bench.cabinet.source == .central)
    bench.exchange.renewLease(false)
    bench.run(190)
    #expect(bench.events.contains(.leaseLapsed(sequence: 1)))
    #expect(bench.cabinet.source == .timeOfDay)
    #expect(bench.events.last == .sourceChanged(from: .central, to: .timeOfDay))
  }

  @Test("A refusal names code and entry, and the next order is sent all the same")
  func refusal() throws {
    var bench = Bench(Sample.fourArm())
    let wrong = TimingPlan.of([(1, 15), (2, 30), (3, 15), (0, 30)], .now)
    try order(wrong, &bench)
    #expect(bench.events.last == .refused(sequence: 1, code: .notRunningStage, entry: 1))
    try bench.exchange.order(now, at: bench.now)
    bench.run(1)
    #expect(bench.events.last == .running(sequence: 2))
  }

  @Test("A lost answer: the same order is repeated after reconnecting, and runs once")
  func lostReply() throws {
    var bench = Bench(Sample.fourArm())
    bench.run(2)
    try bench.exchange.order(now, at: bench.now)
    let request = bench.exchange.nextRequest(at: bench.now)
    let first = try #require(request)
    _ = bench.cabinet.answer(first)
    bench.exchange.failed(.timedOut, at: bench.now)
    bench.run(3)
    #expect(bench.events.contains(.unknownOutcome(sequence: 1)))
    #expect(bench.events.contains(.running(sequence: 1)))
    // It had arrived, which the result block tells, so it was not written again.
    #expect(!bench.requests.contains(first))
  }

  @Test("A lost order: the same number is written again")
  func lostRequest() throws {
    var bench = Bench(Sample.fourArm())
    bench.run(2)
    try bench.exchange.order(now, at: bench.now)
    let request = bench.exchange.nextRequest(at: bench.now)
    let first = try #require(request)
    bench.exchange.failed(.timedOut, at: bench.now)
    bench.run(3)
    #expect(bench.requests.contains(first))
    #expect(bench.events.contains(.running(sequence: 1)))
  }

  @Test("A newer order replaces one whose outcome is unknown")
  func replacedWhileUnknown() throws {
    var bench = Bench(Sample.fourArm())
    bench.run(2)
    try bench.exchange.order(now, at: bench.now)
    _ = bench.exchange.nextRequest(at: bench.now)
    bench.exchange.failed(.timedOut, at: bench.now)
    try bench.exchange.order(.of([(0, 40), (1, 10), (2, 30), (3, 10)], .now), at: bench.now)
    bench.run(3)
    #expect(bench.events.contains(.abandoned(sequence: 1)))
    #expect(bench.events.last == .running(sequence: 2))
    #expect(bench.written[1] == nil)
  }

  @Test("An order that could not be sent within 10 s is dropped, and said so")
  func tooOld() throws {
    var bench = Bench(Sample.fourArm())
    bench.run(2)
    bench.isCut = true
    bench.run(2)
    try bench.exchange.order(now, at: bench.now)
    bench.run(20)
    #expect(bench.events.last == .notSent(.tooOld))
  }

  @Test("A lost link is said once; the next attempts come within 5 s, later within a minute")
  func linkLost() {
    var bench = Bench(Sample.fourArm())
    bench.run(2)
    bench.isCut = true
    var attempts: [Int] = []
    bench.run(600) { bench in
      let before = bench.requests.count
      attempts.append(before)
    }
    let seconds = attempts.indices.dropFirst().filter { attempts[$0] > attempts[$0 - 1] }
    for (before, after) in zip(seconds, seconds.dropFirst()) {
      #expect(after - before <= (after < 60 ? 6 : 61))
    }
    #expect(seconds.count > 20)
    let lost = bench.events.filter { if case .linkLost = $0 { true } else { false } }
    #expect(lost.count == 1)
    #expect(bench.exchange.readiness == .connecting)
    bench.isCut = false
    bench.run(62)
    #expect(bench.exchange.readiness == .ready)
    #expect(bench.events.contains { if case .linkRegained = $0 { true } else { false } })
  }

  @Test(
    "While a person holds control nothing is sent, and a fresh plan takes it back",
    arguments: [ControlSource.manual, .flash, .preempt])
  func held(source: ControlSource) throws {
    var bench = Bench(Sample.fourArm())
    try order(now, &bench)
    bench.cabinet.setSource(source, at: bench.now)
    bench.run(2)
    #expect(bench.events.last == .sourceChanged(from: .central, to: source))
    #expect(bench.exchange.readiness == .held(source))
    let writes = bench.written.count
    let before = bench.requests.count
    try bench.exchange.order(now, at: bench.now)
    bench.run(60)
    #expect(bench.events.last == .notSent(.held(source)))
    #expect(bench.written.count == writes)
    #expect(
      !bench.requests.dropFirst(before).contains { if case .write = $0 { true } else { false } })
    bench.cabinet.setSource(.timeOfDay, at: bench.now)
    bench.run(30)
    let stage = try #require(bench.exchange.report?.stage)
    let order = (0..<4).map { (stage: (stage + 1 + $0) % 4, green: 20) }
    try bench.exchange.order(.of(order, .stageBoundary), at: bench.now, running: stage)
    bench.run(60)
    #expect(bench.cabinet.source == .central)
  }

  @Test("A higher epoch takes over: the lower one writes no more and says so")
  func staleEpoch() throws {
    var bench = Bench(Sample.fourArm())
    try order(now, &bench)
    try bench.cabinet.order(now, sequence: 1, epoch: 5, lease: 100)
    bench.written[1] = PlanOrder(epoch: 5, sequence: 1, plan: now, leaseSeconds: 100)
    let other = TimingPlan.of([(0, 40), (1, 10), (2, 30), (3, 10)], .now)
    try bench.exchange.order(other, at: bench.now)
    bench.run(1)
    #expect(bench.events.contains(.staleEpoch(highest: 5)))
    #expect(bench.exchange.readiness == .staleEpoch(highest: 5))
    let writes = bench.requests.filter { if case .write = $0 { true } else { false } }.count
    try bench.exchange.order(other, at: bench.now)
    bench.run(100)
    #expect(bench.events.contains(.notSent(.staleEpoch)))
    #expect(writes == bench.requests.filter { if case .write = $0 { true } else { false } }.count)
  }

  @Test("Numbers go on above what the cabinet has seen of the same epoch")
  func numbers() throws {
    var bench = Bench(Sample.fourArm())
    try bench.cabinet.order(now, sequence: 41)
    bench.written[41] = PlanOrder(epoch: 1, sequence: 41, plan: now, leaseSeconds: 60)
    try order(now, &bench)
    #expect(bench.events.last == .running(sequence: 42))
  }

  @Test("A cabinet of another junction gets no plans, and what is wrong with it is said")
  func mismatch() throws {
    var bench = Bench(Sample.fourArm())
    bench.cabinet = VirtualCabinet(intersection: Junctions.overlapping(), at: .after(0))
    bench.watch = LampWatch(Junctions.overlapping(), bench.cabinet.lamps)
    bench.run(130)
    #expect(
      bench.events.last == .mismatch([.signalGroups(found: 7, expected: 10)]))
    #expect(bench.events.count == 2)
    #expect(bench.exchange.constrained == nil)
    try bench.exchange.order(now, at: bench.now)
    bench.run(10)
    #expect(bench.events.last == .notSent(.mismatch))
    #expect(bench.written.isEmpty)
  }

  @Test("A cabinet that is stricter makes the junction stricter")
  func stricter() {
    let strict = Junctions.fourArm(limits: Junctions.limits(longestRed: 120, notice: 4))
    var bench = Bench(Sample.fourArm())
    bench.cabinet = VirtualCabinet(intersection: strict, at: .after(0))
    bench.run(1)
    #expect(bench.exchange.constrained?.limits.longestRed == .seconds(120))
    #expect(bench.exchange.constrained?.limits.notice == .seconds(4))
  }

  @Test("A changed site revision is found by the refusal, read again, and plans go on")
  func revision() throws {
    var bench = Bench(Sample.fourArm())
    bench.run(2)
    bench.cabinet.setSiteRevision(2)
    try bench.exchange.order(now, at: bench.now)
    bench.run(1)
    #expect(bench.events.contains(.refused(sequence: 1, code: .revisionChanged, entry: nil)))
    #expect(bench.exchange.cabinetLimits?.revision == 2)
    try bench.exchange.order(now, at: bench.now)
    bench.run(1)
    #expect(bench.events.last == .running(sequence: 2))
  }

  @Test("A restart of the cabinet is noticed, and control comes back with the next plan")
  func restart() throws {
    var bench = Bench(Sample.fourArm())
    try order(now, &bench)
    bench.cabinet.restart(at: bench.now)
    bench.run(20)
    #expect(bench.events.contains(.cabinetRestarted))
    #expect(bench.exchange.readiness == .ready)
    try bench.exchange.order(now, at: bench.now)
    bench.run(1)
    #expect(bench.events.last == .running(sequence: 2))
  }

  @Test("A busy cabinet is asked again a second later")
  func busy() throws {
    var bench = Bench(Junctions.fourArm(limits: Junctions.limits(planInterval: 4)))
    try order(now, &bench)
    let junction = try #require(bench.exchange.constrained)
    let next = TimingPlan.of([(0, 40), (1, 10), (2, 30), (3, 10)], .now)
    bench.exchange.order(
      try check(next, at: junction, under: .start(of: next, at: junction)), at: bench.now)
    bench.run(6)
    #expect(bench.events.last == .running(sequence: 2))
  }

  @Test("Releasing gives control back at the next stage boundary")
  func release() throws {
    var bench = Bench(Sample.fourArm())
    try order(now, &bench)
    bench.exchange.release(at: bench.now)
    bench.run(40)
    #expect(bench.cabinet.source == .timeOfDay)
    #expect(bench.events.last == .sourceChanged(from: .central, to: .timeOfDay))
  }

  @Test("A cabinet that cannot take plans over now is not asked to")
  func capabilities() throws {
    var bench = Bench(Sample.fourArm())
    bench.cabinet = VirtualCabinet(
      intersection: Sample.fourArm(), settings: CabinetSettings(capabilities: [.fencing]),
      at: .after(0))
    try order(now, &bench)
    #expect(bench.events.last == .notSent(.takeover(.now)))
    #expect(bench.written.isEmpty)
  }

  @Test("A cabinet that fails at the same question every time is asked ever more rarely")
  func failingHalfway() {
    var exchange = PlanExchange(intersection: Sample.fourArm(), epoch: 1)
    var cabinet = VirtualCabinet(intersection: Sample.fourArm(), at: .after(0))
    var failures = 0
    for second in 0..<600 {
      let now = Moment.after(Double(second))
      cabinet.advance(to: now)
      while let request = exchange.nextRequest(at: now) {
        if request == .read(address: 100, count: 100) {
          failures += 1
          exchange.failed(.exception(code: 2), at: now)
        } else if case .success(let registers) = cabinet.answer(request) {
          exchange.received(registers, at: now)
        }
      }
    }
    #expect((20...40).contains(failures))
    let events = exchange.takeEvents()
    #expect(events.count == 2)
    guard case .linkLost(.exception(code: 2), _) = events[1] else {
      Issue.record("events \(events)")
      return
    }
  }

  @Test("A torn live block is read again at once, and the link doubted when that does not help")
  func tornReads() {
    var bench = Bench(Sample.fourArm())
    bench.run(2)
    let now = bench.now
    var reads = 0
    while let request = bench.exchange.nextRequest(at: now) {
      #expect(request == .read(address: 700, count: 40))
      reads += 1
      var registers = bench.cabinet.live.registers
      registers[39] &+= 1
      bench.exchange.received(registers, at: now)
    }
    #expect(reads == 4)
    guard case .linkLost(.malformed(.torn), _)? = bench.exchange.takeEvents().last else {
      Issue.record("the link is not doubted")
      return
    }
    bench.run(5)
    #expect(bench.exchange.readiness == .ready)
  }

  @Test("An order that arrived before the cabinet was switched off is given up")
  func restartWhileUnknown() throws {
    var bench = Bench(Sample.fourArm())
    bench.run(2)
    try bench.exchange.order(now, at: bench.now)
    let request = bench.exchange.nextRequest(at: bench.now)
    _ = bench.cabinet.answer(try #require(request))
    bench.exchange.failed(.timedOut, at: bench.now)
    bench.cabinet.restart(at: bench.now)
    bench.run(3)
    #expect(bench.events.contains(.unknownOutcome(sequence: 1)))
    #expect(bench.events.contains(.abandoned(sequence: 1)))
    #expect(!bench.events.contains(.accepted(sequence: 1)))
  }

  @Test("A lost heartbeat is sent again as soon as the cabinet answers")
  func lostHeartbeat() throws {
    var bench = Bench(Sample.fourArm(lease: .seconds(30)))
    try order(now, &bench)
    bench.run(9)
    bench.isCut = true
    bench.run(10)
    bench.isCut = false
    bench.run(8)
    #expect(bench.cabinet.source == .central)
    #expect(bench.cabinet.live.leaseLeft > 20)
    #expect(!bench.events.contains(.leaseLapsed(sequence: 1)))
  }

  @Test("Failures, mismatches and reasons are worded for the person who must act")
  func wording() {
    #expect(
      "\(CabinetFailure.exception(code: 2))"
        == "Modbus exception 2: the cabinet has no such register")
    #expect("\(CabinetFailure.linkLost(reason: "connection refused"))" == "connection refused")
    #expect(
      "\(Mismatch.stages(found: 3, expected: 4))" == "the cabinet has 3 stages, the site file 4")
    #expect("\(Withheld.held(.manual))" == "manual holds control at the cabinet")
    #expect("\(ResultCode.forbiddenChange)" == "forbidden change (0x87)")
  }

  @Test("Events that nobody takes are bounded, and the lost ones counted")
  func boundedEvents() {
    var exchange = PlanExchange(intersection: Sample.fourArm(), epoch: 1)
    for _ in 0..<300 { exchange.tell(.cabinetRestarted) }
    #expect(exchange.takeEvents().count == 256)
    #expect(exchange.lostEvents == 44)
    #expect(exchange.takeEvents().isEmpty)
  }
}
