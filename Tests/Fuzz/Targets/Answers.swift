import Cabinets
import Safety
import Signals
import Support

extension FuzzTarget {
  /// What a cabinet answers to the daemon's exchange: right, wrong, late or not at all, two bytes for
  /// each turn. Whatever it was, as soon as the cabinet answers rightly the exchange is of use again.
  static let answers = FuzzTarget("answers", longest: 400) { bytes in
    var talk = Talk()
    var dice = Dice(bytes)
    for _ in 0..<200 where !dice.isEmpty { talk.turn(&dice) }
    for _ in 0..<240 where !talk.isUsable { talk.honestSecond() }
    try promise(talk.isUsable, "no way back from \(talk.exchange.readiness)")
  }
}

/// An exchange and the cabinet that it talks to.
private struct Talk {
  private static let junction = Sample.fourArm()
  private static let plan = TimingPlan(
    entries: [30, 15, 30, 15].enumerated().map {
      PlanEntry(stage: $0.offset, green: .seconds($0.element))
    })

  var exchange = PlanExchange(intersection: junction, epoch: 2)
  private var cabinet = VirtualCabinet(intersection: junction, at: Sample.moment(0))
  private var seconds = 0.0
  private var asked: CabinetRequest?

  private var now: Moment { Sample.moment(seconds) }

  /// Whether plans can be sent, or what was told forbids it for good: a higher epoch is believed.
  var isUsable: Bool {
    switch exchange.readiness {
    case .ready, .staleEpoch, .held: true
    case .connecting, .mismatch: false
    }
  }

  mutating func turn(_ dice: inout Dice) {
    let kind = dice.number(below: 16)
    switch kind {
    case 0: pass(Double(dice.byte()) / 4)
    case 1: act(dice.byte())
    default:
      guard let request = asked ?? exchange.nextRequest(at: now) else { return pass(1) }
      asked = nil
      answer(request, kind, &dice)
    }
    _ = exchange.takeEvents()
  }

  private mutating func pass(_ time: Double) {
    seconds += time
    cabinet.advance(to: now)
  }

  /// What the daemon or somebody at the cabinet does.
  private mutating func act(_ choice: UInt8) {
    switch choice % 8 {
    case 0: exchange.release(at: now)
    case 1: exchange.renewLease(choice & 8 == 0)
    case 2: cabinet.restart(at: now)
    case 3: cabinet.setSiteRevision(UInt16(choice))
    case 4: cabinet.setSource(choice & 8 == 0 ? .manual : .timeOfDay, at: now)
    default: order(takeover: Takeover.allCases[Int(choice >> 3) % 3])
    }
  }

  private mutating func order(takeover: Takeover) {
    let junction = exchange.constrained ?? Self.junction
    let plan = Self.plan.taking(over: takeover)
    guard let checked = try? check(plan, at: junction, under: .start(of: plan, at: junction)) else {
      return
    }
    exchange.order(checked, at: now)
  }

  private mutating func answer(_ request: CabinetRequest, _ kind: Int, _ dice: inout Dice) {
    switch kind {
    case 2: fail(.timedOut)
    case 3: fail(.linkLost(reason: "connection refused"))
    case 4: fail(.exception(code: dice.byte()))
    case 5:
      // It does what it is asked, and the answer is lost.
      _ = cabinet.answer(request)
      fail(.timedOut)
    case 6, 7, 8, 9: lie(about: request, isSigned: kind > 7, &dice)
    case 10: exchange.received((0..<dice.number(below: 130)).map { UInt16($0) }, at: now)
    default: tell(cabinet.answer(request))
    }
  }

  private mutating func fail(_ failure: CabinetFailure) {
    exchange.failed(failure, at: now)
    pass(1)
  }

  private mutating func tell(_ answer: Result<[UInt16], RegisterException>) {
    switch answer {
    case .success(let registers): exchange.received(registers, at: now)
    case .failure(let exception): exchange.failed(.exception(code: exception.rawValue), at: now)
    }
  }

  /// An answer with one word changed, its checksum or counters put right or not.
  private mutating func lie(about request: CabinetRequest, isSigned: Bool, _ dice: inout Dice) {
    guard case .success(var registers) = cabinet.answer(request), !registers.isEmpty else {
      return fail(.timedOut)
    }
    registers[dice.number(below: registers.count)] = dice.word()
    if isSigned {
      switch registers.count {
      case 90: signPlan(&registers)
      case 100: registers[3] = IntergreensBlock.checksum(Array(registers[4...]))
      case 40: registers[39] = registers[1]
      default: break
      }
    }
    exchange.received(registers, at: now)
  }

  /// A second of a cabinet that answers everything, and that nobody holds.
  mutating func honestSecond() {
    cabinet.setSource(.timeOfDay, at: now)
    for _ in 0..<40 {
      guard let request = exchange.nextRequest(at: now) else { break }
      tell(cabinet.answer(request))
    }
    _ = exchange.takeEvents()
    pass(1)
  }
}

extension VirtualCabinet {
  /// What a Modbus server in front of it answers.
  fileprivate mutating func answer(
    _ request: CabinetRequest
  ) -> Result<[UInt16], RegisterException> {
    do throws(RegisterException) {
      switch request {
      case .read(let address, let count): return .success(try read(address: address, count: count))
      case .write(let address, let values):
        try write(address: address, values: values)
        return .success([])
      }
    } catch {
      return .failure(error)
    }
  }
}
