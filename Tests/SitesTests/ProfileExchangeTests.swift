import Cabinets
import Profiles
import Safety
import Signals
import Support
import Testing

@testable import Sites

/// A daemon's exchange with a cabinet of another make, tick by tick in virtual time.
private struct Street {
  let junction: Intersection
  var exchange: ProfileExchange
  var cabinet: ProfiledCabinet
  var seconds = 0.0
  var events: [ExchangeEvent] = []
  /// Whether no request arrives.
  var isCut = false
  /// Writes that are lost on their way back: done, and not answered.
  var losesAnswers = false
  var asked: [CabinetRequest] = []

  init(
    _ name: String, epoch: UInt32 = 1, at seconds: Double = 0, planInterval: Tenths = .zero
  ) throws {
    let profile = try readProfile("\(shippedDirectory)/cabinets/\(name).yaml").get()
    junction = Sample.fourArm(planInterval: planInterval)
    exchange = ProfileExchange(profile, at: junction, epoch: epoch)
    cabinet = ProfiledCabinet(profile, at: junction, at: Sample.moment(seconds))
    self.seconds = seconds
  }

  /// One second, or the begin of one: requests until none is due, between ticks too, each answered after
  /// 10 ms.
  mutating func tick(_ length: Double = 1) {
    let end = length < 1 ? seconds + length : (seconds + 1).rounded(.down)
    while seconds < end - 0.02 {
      if let request = exchange.nextRequest(at: Sample.moment(seconds)) {
        carry(request)
      } else if let rest = exchange.wait(at: Sample.moment(seconds)) {
        seconds = min(end, seconds + max(0.001, rest))
      } else {
        break
      }
    }
    seconds = end
    events += exchange.takeEvents()
  }

  private mutating func carry(_ request: CabinetRequest) {
    asked.append(request)
    seconds += 0.01
    let now = Sample.moment(seconds)
    cabinet.advance(to: now)
    guard !isCut else { return exchange.failed(.timedOut, at: now) }
    let answer = cabinet.answer(request)
    if losesAnswers, case .write = request { return exchange.failed(.timedOut, at: now) }
    switch answer {
    case .success(let registers): exchange.received(registers, at: now)
    case .failure(let exception):
      exchange.failed(.exception(code: exception.rawValue), at: now)
    }
  }

  mutating func run(_ ticks: Int) { for _ in 0..<ticks { tick() } }

  /// Ticks until `isSo`, at most so many.
  mutating func until(_ most: Int = 400, _ isSo: (Street) -> Bool) -> Bool {
    for _ in 0..<most {
      if isSo(self) { return true }
      tick()
    }
    return isSo(self)
  }

  /// Orders greens for the four stages.
  mutating func order(_ greens: [Int], _ takeover: Takeover = .cycleStart) throws {
    let plan = TimingPlan(
      entries: greens.enumerated().map {
        PlanEntry(stage: $0.offset, green: .seconds($0.element))
      }, takeover: takeover)
    let running = try #require(exchange.report?.plan)
    let report = try #require(exchange.report)
    let circumstances = Circumstances(
      stage: report.stage, subState: report.subState, timeInState: report.timeInState,
      red: Array(repeating: .zero, count: junction.signalGroups.count), running: running,
      entry: running.entries.firstIndex { $0.stage == report.stage } ?? 0, sinceLastPlan: nil)
    let checked = try check(plan, at: junction, under: circumstances)
    exchange.order(checked, at: Sample.moment(seconds))
  }

  /// The plan that the cabinet runs, if it is one of ours.
  var running: [PlanEntry]? {
    var copy = cabinet.cabinet
    let block = RegisterMap.active
    guard copy.source == .central,
      let registers = try? copy.read(address: block.address, count: block.length),
      let active = try? ActivePlan(registers: registers, stages: 4)
    else { return nil }
    return active.plan.entries
  }
}

@Suite("The exchange with a cabinet of another make")
struct ProfileExchangeTests {
  static let names = ["plc-table", "slot-at-a-time"]

  @Test("says nothing of the cabinet before it has seen a stage begin", arguments: names)
  func waits(name: String) throws {
    var street = try Street(name)
    street.run(3)
    #expect(street.exchange.report == nil)
    let isSeen = street.until { $0.exchange.report != nil }
    #expect(isSeen)
    let report = try #require(street.exchange.report)
    #expect(report.source == .timeOfDay)
    #expect(report.activeSequence == 0)
    #expect(report.plan == street.junction.timeOfDayPlan(at: Sample.moment(0).utc).plan)
    #expect(report.timeInState <= .seconds(1))
  }

  @Test("brings a plan in, sees it run, and keeps its lease up", arguments: names)
  func drives(name: String) throws {
    var street = try Street(name)
    _ = street.until { $0.exchange.report != nil }
    try street.order([30, 15, 32, 15])
    let runs = street.until { $0.events.contains(.running(sequence: 1)) }
    #expect(runs, "\(street.events)")
    let accepted = street.events.firstIndex(of: .accepted(sequence: 1))
    #expect(accepted != nil)
    let entries = try #require(street.running)
    #expect(entries.map(\.green) == [30, 15, 32, 15].map(Tenths.seconds))
    #expect(street.exchange.report?.plan?.entries == entries)
    #expect(street.exchange.report?.activeSequence == 1)
    street.run(600)
    #expect(street.running == entries, "a lease of 60 or 90 s was renewed for ten minutes")
    #expect(street.events.contains(.leaseRenewed(seconds: street.exchange.leaseSeconds)))
    #expect(!street.events.contains(.leaseLapsed(sequence: 1)))
    try street.order([32, 15, 30, 15])
    let changes = street.until { $0.events.contains(.running(sequence: 2)) }
    #expect(changes, "\(street.events.suffix(5))")
    #expect(street.running?.map(\.green) == [32, 15, 30, 15].map(Tenths.seconds))
  }

  @Test("follows stages and their time, within the second of its looks", arguments: names)
  func follows(name: String) throws {
    var street = try Street(name)
    _ = street.until { $0.exchange.report != nil }
    try street.order([30, 15, 32, 15])
    for _ in 0..<400 {
      street.tick()
      var copy = street.cabinet.cabinet
      let block = RegisterMap.live
      let live = try LiveState(
        registers: copy.read(address: block.address, count: block.length), stages: 4,
        signalGroups: street.junction.signalGroups.count)
      let report = try #require(street.exchange.report)
      guard live.subState == .green, live.timeInState > .seconds(2), report.subState == .green
      else { continue }
      #expect(report.stage == live.stage)
      #expect(abs(report.timeInState.seconds - live.timeInState.seconds) <= 1.2)
      for (group, lamp) in report.lamps.enumerated() where lamp.isGreen {
        #expect(live.lamps[group]?.isGreen == true)
      }
    }
  }

  @Test("lets a lease lapse that is not to be renewed, and tells so", arguments: names)
  func lapses(name: String) throws {
    var street = try Street(name)
    _ = street.until { $0.exchange.report != nil }
    try street.order([30, 15, 32, 15])
    _ = street.until { $0.events.contains(.running(sequence: 1)) }
    street.exchange.renewLease(false)
    let isHome = street.until { $0.exchange.report?.source == .timeOfDay }
    #expect(isHome)
    #expect(street.events.contains(.leaseLapsed(sequence: 1)))
    #expect(street.exchange.report?.activeSequence == 0)
  }

  @Test(
    "writes the whole order anew when an answer was lost, and not half a plan", arguments: names)
  func lostAnswer(name: String) throws {
    var street = try Street(name)
    _ = street.until { $0.exchange.report != nil }
    try street.order([30, 15, 32, 15])
    street.losesAnswers = true
    street.run(1)
    street.losesAnswers = false
    #expect(street.events.contains(.unknownOutcome(sequence: 1)))
    let runs = street.until { $0.events.contains(.running(sequence: 2)) }
    #expect(runs, "\(street.events)")
    #expect(street.running?.map(\.green) == [30, 15, 32, 15].map(Tenths.seconds))
  }

  @Test("finds the cabinet at home after a cut, and takes it back", arguments: names)
  func cut(name: String) throws {
    var street = try Street(name)
    _ = street.until { $0.exchange.report != nil }
    try street.order([30, 15, 32, 15])
    _ = street.until { $0.events.contains(.running(sequence: 1)) }
    street.isCut = true
    street.run(200)
    #expect(street.cabinet.cabinet.source == .timeOfDay)
    let lost = street.events.contains { if case .linkLost = $0 { true } else { false } }
    #expect(lost)
    street.isCut = false
    let isBack = street.until {
      $0.exchange.report?.source == .timeOfDay
        && $0.events.contains { if case .linkRegained = $0 { true } else { false } }
    }
    #expect(isBack)
    #expect(street.events.contains(.leaseLapsed(sequence: 1)))
    try street.order([32, 15, 30, 15])
    let runs = street.until { $0.events.contains(.running(sequence: 2)) }
    #expect(runs, "\(street.events.suffix(6))")
  }

  @Test("leaves the plan of an earlier run alone until its lease is over", arguments: names)
  func restart(name: String) throws {
    var street = try Street(name)
    _ = street.until { $0.exchange.report != nil }
    try street.order([30, 15, 32, 15])
    _ = street.until { $0.events.contains(.running(sequence: 1)) }
    street.exchange = ProfileExchange(street.exchange.profile, at: street.junction, epoch: 2)
    street.asked = []
    // Stages begin and end meanwhile; what plan runs stays unknown.
    street.run(20)
    #expect(street.exchange.report == nil)
    let isHome = street.until { $0.exchange.report?.source == .timeOfDay }
    #expect(isHome)
    #expect(street.asked.allSatisfy { if case .read = $0 { true } else { false } })
    try street.order([32, 15, 30, 15])
    let runs = street.until { $0.events.contains(.running(sequence: 1)) && $0.running != nil }
    #expect(runs)
  }

  @Test("does not fight a person at the cabinet")
  func person() throws {
    var street = try Street("plc-table")
    _ = street.until { $0.exchange.report != nil }
    try street.order([30, 15, 32, 15])
    _ = street.until { $0.events.contains(.running(sequence: 1)) }
    street.cabinet.setSource(.manual, at: Sample.moment(street.seconds))
    street.run(2)
    #expect(street.events.contains(.sourceChanged(from: .central, to: .manual)))
    #expect(street.exchange.report?.source == .manual)
    street.asked = []
    street.run(120)
    #expect(street.asked.allSatisfy { if case .read = $0 { true } else { false } })
  }

  @Test("leaves the make its time between two plans")
  func interval() throws {
    var street = try Street("plc-table", planInterval: .seconds(5))
    _ = street.until { $0.exchange.report != nil }
    try street.order([30, 15, 32, 15])
    street.tick()
    #expect(street.events.contains(.accepted(sequence: 1)))
    let first = street.seconds
    try street.order([32, 15, 30, 15])
    let isTaken = street.until(10) { $0.events.contains(.accepted(sequence: 2)) }
    #expect(isTaken, "\(street.events)")
    #expect(street.seconds - first >= 4)
    let runs = street.until { $0.events.contains(.running(sequence: 2)) }
    #expect(runs)
  }

  @Test("breaks off what it writes when a person takes control, and does not go on with it later")
  func personMeanwhile() throws {
    var street = try Street("slot-at-a-time")
    _ = street.until { $0.exchange.report != nil }
    try street.order([30, 15, 32, 15])
    // Twenty requests with their rests take more than a second.
    street.tick(0.3)
    #expect(street.events.contains { if case .sent = $0 { true } else { false } })
    street.cabinet.setSource(.manual, at: Sample.moment(street.seconds))
    street.run(2)
    #expect(street.events.contains(.abandoned(sequence: 1)), "\(street.events)")
    #expect(!street.events.contains(.accepted(sequence: 1)))
    street.asked = []
    street.run(30)
    street.cabinet.setSource(.timeOfDay, at: Sample.moment(street.seconds))
    street.run(300)
    #expect(street.asked.allSatisfy { if case .read = $0 { true } else { false } })
    #expect(street.cabinet.cabinet.source == .timeOfDay)
  }

  @Test("does not send what the make cannot do or say, and tells it once")
  func cannot() throws {
    var street = try Street("plc-table")
    _ = street.until { $0.exchange.report != nil }
    for _ in 0..<5 {
      try street.order([30, 15, 32, 15], .stageBoundary)
      street.tick()
    }
    #expect(street.events.count { $0 == .notSent(.takeover(.stageBoundary)) } == 1)
  }

  @Test("takes over at a stage boundary where the make can")
  func stage() throws {
    var street = try Street("slot-at-a-time")
    // Before the last stage ends: from there the first may follow without anybody waiting too long.
    _ = street.until { $0.exchange.report?.stage == 3 }
    try street.order([30, 15, 32, 15], .stageBoundary)
    let runs = street.until(120) { $0.events.contains(.running(sequence: 1)) }
    #expect(runs, "\(street.events)")
    // The plan has taken over when the last stage ends; its first begins after the change.
    let begins = street.until(10) { $0.exchange.report?.stage == 0 }
    #expect(begins)
    #expect(street.running?.first == PlanEntry(stage: 0, green: .seconds(30)))
  }

  @Test("does not write a plan for the end of a stage when another has begun meanwhile")
  func momentOver() throws {
    var street = try Street("slot-at-a-time")
    _ = street.until { $0.exchange.report?.stage == 3 }
    street.run(13)
    street.isCut = true
    try street.order([30, 15, 32, 15], .stageBoundary)
    street.run(7)
    street.isCut = false
    street.run(3)
    #expect(street.cabinet.cabinet.running?.stage == 0)
    #expect(street.events.contains(.notSent(.momentOver)), "\(street.events)")
    #expect(!street.events.contains { if case .sent = $0 { true } else { false } })
  }
}
