import Safety
import Signals
import Support

@testable import Cabinets

/// What may happen to a request on its way.
enum Fate: CaseIterable {
  case delivered
  case delayed
  case requestLost
  case replyLost
  case corrupted
}

/// An exchange and a virtual cabinet in virtual time, with a line between them that may fail.
///
/// Steps are 0.1 s; the exchange is asked once a second, as by the daemon's tick, and after answers.
struct Bench {
  var exchange: PlanExchange
  var cabinet: VirtualCabinet
  var watch: LampWatch
  var events: [ExchangeEvent] = []
  /// Every order that was written, whether or not it arrived.
  var written: [UInt32: PlanOrder] = [:]
  /// Requests of all kinds, in order.
  var requests: [CabinetRequest] = []
  /// Numbers of the orders that the cabinet ever ran.
  var ran: Set<UInt32> = []
  var faults: [String] = []
  /// Tenths since the start.
  var time = 0
  /// The wall clock has been stepped by so many seconds.
  var clockStep = 0.0
  var isCut = false
  /// Chance of each fate but the first, in percent.
  var trouble = 0
  private var random: SeededGenerator
  private var reply: (due: Int, result: Result<[UInt16], CabinetFailure>)?

  init(_ junction: Intersection, epoch: UInt32 = 1, seed: UInt64 = 0, cabinetAt: Moment? = nil) {
    exchange = PlanExchange(intersection: junction, epoch: epoch)
    cabinet = VirtualCabinet(intersection: junction, at: cabinetAt ?? .after(0))
    watch = LampWatch(junction, cabinet.lamps)
    random = SeededGenerator(seed: seed)
  }

  var now: Moment {
    let moment = Moment.after(Double(time) / 10)
    return Moment(monotonic: moment.monotonic, utc: moment.utc.advanced(bySeconds: clockStep))
  }

  /// Runs for `seconds`; `tick` may order something each second.
  mutating func run(_ seconds: Int, tick: (inout Bench) -> Void = { _ in }) {
    for _ in 0..<seconds * 10 {
      cabinet.advance(to: now)
      if time % 10 == 0 { tick(&self) }
      deliver()
      if time % 10 == 0 { ask() }
      // What is ordered at an instant shows from then on.
      cabinet.advance(to: now)
      watch.see(cabinet.lamps)
      inspect()
      time += 1
    }
  }

  private mutating func deliver() {
    guard let waiting = reply, waiting.due <= time else { return }
    reply = nil
    switch waiting.result {
    case .success(let registers): exchange.received(registers, at: now)
    case .failure(let failure): exchange.failed(failure, at: now)
    }
    ask()
  }

  private mutating func ask() {
    guard reply == nil else { return }
    for _ in 0..<100 {
      guard let request = exchange.nextRequest(at: now) else { break }
      requests.append(request)
      if case .write(400, let values) = request, let order = try? PlanOrder(registers: values) {
        written[order.sequence] = order
      }
      guard carry(request) else { return takeEvents() }
    }
    if exchange.nextRequest(at: now) != nil { faults.append("never done asking") }
    takeEvents()
  }

  /// Returns whether the answer came at once.
  private mutating func carry(_ request: CabinetRequest) -> Bool {
    if isCut {
      exchange.failed(.linkLost(reason: "connection refused"), at: now)
      return true
    }
    let dice = Int.random(in: 0..<100, using: &random)
    let fate = dice < 4 * trouble ? Fate.allCases[1 + dice / trouble] : .delivered
    switch fate {
    case .delivered:
      answer(cabinet.answer(request))
      return true
    case .delayed:
      reply = (time + Int.random(in: 1...9, using: &random), cabinet.answer(request))
    case .requestLost: reply = (time + 10, .failure(.timedOut))
    case .replyLost:
      _ = cabinet.answer(request)
      reply = (time + 10, .failure(.timedOut))
    case .corrupted: answer(corrupted(cabinet.answer(request)))
    }
    return reply == nil
  }

  private mutating func answer(_ result: Result<[UInt16], CabinetFailure>) {
    switch result {
    case .success(let registers): exchange.received(registers, at: now)
    case .failure(let failure): exchange.failed(failure, at: now)
    }
  }

  /// A block that was misrouted or torn; the transport vouches for single bits.
  private mutating func corrupted(
    _ result: Result<[UInt16], CabinetFailure>
  ) -> Result<[UInt16], CabinetFailure> {
    guard case .success(var registers) = result, !registers.isEmpty else { return result }
    if Bool.random(using: &random) {
      registers[0] ^= 0x0101
    } else if registers.count == 40 {
      registers[39] &+= 1
    }
    return .success(registers)
  }

  private mutating func takeEvents() {
    let new = exchange.takeEvents()
    for case .running(let sequence) in new where !ran.contains(sequence) {
      // It may have begun to run at this very instant.
      if cabinet.course.programme.order?.sequence != sequence {
        faults.append("\(sequence) never ran")
      }
    }
    events += new
  }

  // MARK: - What must always hold

  private mutating func inspect() {
    if let order = cabinet.course.programme.order, ran.insert(order.sequence).inserted,
      written[order.sequence] != order
    {
      faults.append("runs what was never ordered")
    }
    if time % 10 == 0, let report = exchange.report, report.activeSequence > 0,
      report.plan != written[report.activeSequence]?.plan
    {
      faults.append("reports another plan than \(report.activeSequence)")
    }
  }
}

extension VirtualCabinet {
  /// What a Modbus server in front of it would answer.
  mutating func answer(_ request: CabinetRequest) -> Result<[UInt16], CabinetFailure> {
    do throws(RegisterException) {
      switch request {
      case .read(let address, let count): return .success(try read(address: address, count: count))
      case .write(let address, let values):
        try write(address: address, values: values)
        return .success([])
      }
    } catch {
      return .failure(.exception(code: error.rawValue))
    }
  }
}

extension PlanExchange {
  /// Orders `plan` after a check under circumstances that let it pass: the cabinet judges for itself.
  mutating func order(_ plan: TimingPlan, at now: Moment, running stage: Int? = nil) throws {
    let junction = constrained ?? intersection
    let circumstances = Circumstances(
      stage: stage ?? plan.entries[0].stage, subState: .green, timeInState: .zero,
      red: Array(repeating: .zero, count: junction.signalGroups.count), running: plan, entry: 0,
      sinceLastPlan: nil)
    order(try check(plan, at: junction, under: circumstances), at: now)
  }
}
