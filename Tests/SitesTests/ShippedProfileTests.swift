import Cabinets
import Phrases
import Profiles
import Signals
import Support
import Testing

@testable import Sites

/// A shipped profile.
private func shipped(_ name: String) throws -> CabinetProfile {
  try readProfile("\(shippedDirectory)/cabinets/\(name).yaml").get()
}

/// What answers requests as a cabinet, in virtual time.
private protocol ScriptedCabinet {
  mutating func advance(to moment: Moment)
  mutating func answer(_ request: CabinetRequest) -> Result<[UInt16], RegisterException>
}

extension ProfiledCabinet: ScriptedCabinet {}

/// The reference map has no other cabinet than the virtual one itself.
private struct ReferenceCabinet: ScriptedCabinet {
  var cabinet: VirtualCabinet

  mutating func advance(to moment: Moment) { cabinet.advance(to: moment) }

  mutating func answer(_ request: CabinetRequest) -> Result<[UInt16], RegisterException> {
    do throws(RegisterException) {
      switch request {
      case .read(let address, let count):
        return .success(try cabinet.read(address: address, count: count))
      case .write(let address, let values):
        try cabinet.write(address: address, values: values)
        return .success([])
      }
    } catch {
      return .failure(error)
    }
  }
}

/// A profile, its cabinet and a clock.
private struct Line {
  let profile: CabinetProfile
  var cabinet: any ScriptedCabinet
  var seconds = 0.0
  var requests: [CabinetRequest] = []

  init(_ name: String) throws {
    profile = try shipped(name)
    let junction = Sample.fourArm()
    cabinet =
      profile.isReferenceMap
      ? ReferenceCabinet(cabinet: VirtualCabinet(intersection: junction, at: Sample.moment(0)))
      : ProfiledCabinet(profile, at: junction, at: Sample.moment(0))
  }

  /// Runs `writer` to its end, or until `most` requests have been answered.
  mutating func run(_ writer: inout OrderWriter, most: Int = 1000) {
    let end = seconds + 60
    var answered = 0
    while writer.outcome == .writing, seconds < end, answered < most {
      cabinet.advance(to: Sample.moment(seconds))
      guard let request = writer.nextRequest(at: seconds) else {
        seconds += 0.05
        continue
      }
      requests.append(request)
      answered += 1
      switch cabinet.answer(request) {
      case .success(let registers): writer.received(registers, at: seconds)
      case .failure(let exception): writer.failed(.exception(code: exception.rawValue))
      }
    }
  }

  /// Lets time pass.
  mutating func rest(_ duration: Double) {
    seconds += duration
    cabinet.advance(to: Sample.moment(seconds))
  }

  /// What the cabinet tells at a point.
  mutating func told(_ value: CabinetValue) throws -> Int {
    let point = try #require(profile.points.first { $0.value == value })
    let registers = try cabinet.answer(
      .read(address: UInt16(point.address), count: UInt16(point.span.count))
    ).get()
    return point.value(of: registers[...])
  }
}

@Suite("Every shipped cabinet profile")
struct ShippedProfileTests {
  static let names = ["plc-table", "slot-at-a-time", "tsc-mb"]

  private let plan = TimingPlan(
    entries: [30, 15, 32, 15].enumerated().map {
      PlanEntry(stage: $0.offset, green: .seconds($0.element))
    })

  private func order(_ plan: TimingPlan, sequence: UInt32 = 1, beat: UInt16 = 0) -> OrderValues {
    OrderValues(plan: plan, epoch: 1, sequence: sequence, leaseSeconds: 60, beat: beat)
  }

  @Test("is in the folder, and is read", arguments: names)
  func loads(name: String) throws {
    let profile = try shipped(name)
    #expect(profile.name == name)
    let (sites, profiles) = sortProfiles([shippedDirectory])
    #expect(sites == [shippedDirectory])
    #expect(profiles == Self.names.map { "\(shippedDirectory)/cabinets/\($0).yaml" })
  }

  @Test("says what values mean in words that can be read in Chinese", arguments: names)
  func meanings(name: String) throws {
    for point in try shipped(name).points {
      for meaning in point.meanings {
        #expect(flaw(of: Phrase(recorded: meaning.words)) == nil, "\(point.name)")
      }
    }
  }

  @Test("brings a plan into its cabinet, which runs it", arguments: names)
  func drives(name: String) throws {
    var line = try Line(name)
    var writer = try OrderWriter(line.profile, order: order(plan))
    line.run(&writer)
    #expect(writer.outcome == .done)
    for request in line.requests {
      switch request {
      case .read(_, let count): #expect(count <= line.profile.longestRead)
      case .write(_, let values): #expect(values.count <= line.profile.longestWrite)
      }
    }
    line.rest(59 - line.seconds)
    #expect(try line.told(.source) == 1, "it waits for its cycle")
    for beat: UInt16 in 1...6 {
      var renewal = try OrderWriter(line.profile, renewing: order(plan, beat: beat))
      line.run(&renewal)
      #expect(renewal.outcome == .done)
      line.rest(15)
    }
    #expect(try line.told(.source) == 0)
    if let cabinet = line.cabinet as? ProfiledCabinet {
      var virtual = cabinet.cabinet
      let block = RegisterMap.active
      let registers = try virtual.read(address: block.address, count: block.length)
      #expect(try ActivePlan(registers: registers, stages: 4).plan.entries == plan.entries)
    }
  }

  @Test("leads back to the cabinet's own plan when nothing renews its lease", arguments: names)
  func lapses(name: String) throws {
    var line = try Line(name)
    var writer = try OrderWriter(line.profile, order: order(plan))
    line.run(&writer)
    line.rest(300)
    #expect(try line.told(.source) == 1)
    #expect(try line.told(.leaseLeft) == 0)
  }

  @Test("tells a refusal of the cabinet", arguments: names)
  func refuses(name: String) throws {
    var line = try Line(name)
    let short = TimingPlan(
      entries: (0..<4).map { PlanEntry(stage: $0, green: .seconds(1)) })
    var writer = try OrderWriter(line.profile, order: order(short))
    line.run(&writer)
    guard case .refused = writer.outcome else {
      Issue.record("\(writer.outcome)")
      return
    }
    line.rest(200)
    #expect(try line.told(.source) == 1)
  }

  @Test("runs nothing of a plan that was not written to its end", arguments: names)
  func cutShort(name: String) throws {
    var probe = try Line(name)
    var whole = try OrderWriter(probe.profile, order: order(plan))
    probe.run(&whole)
    let steps = probe.profile.order.flatMap(\.withAllWithin)
    let commits = steps.compactMap { step -> Int? in
      guard case .commit(let point, _) = step else { return nil }
      return probe.profile.points[point].address
    }
    let last = try #require(
      probe.requests.firstIndex { request in
        guard case .write(let address, _) = request else { return false }
        return commits.isEmpty || commits.contains(Int(address))
      })
    for most in 0..<last {
      var line = try Line(name)
      var writer = try OrderWriter(line.profile, order: order(plan))
      line.run(&writer, most: most)
      line.rest(200)
      #expect(try line.told(.source) == 1)
    }
  }

  @Test("The reference map's gives the very registers of the code, for any plan")
  func reference() throws {
    let profile = try shipped("tsc-mb")
    let block = try #require(profile.blocks.firstIndex { $0.name == "plan" })
    let beat = try #require(profile.blocks.firstIndex { $0.name == "heartbeat" })
    var random = SeededGenerator(seed: 11)
    for _ in 0..<300 {
      let count = Int.random(in: 1...16, using: &random)
      let entries = (0..<count).map { _ in
        PlanEntry(
          stage: Int.random(in: 0..<16, using: &random),
          green: Tenths(Int.random(in: 1...6000, using: &random)),
          longestGreen: Tenths(Int.random(in: 1...6000, using: &random)))
      }
      let cycle = Int.random(in: 0...3000, using: &random)
      let plan = TimingPlan(
        entries: entries, cycle: cycle == 0 ? nil : Tenths(cycle),
        offset: Tenths(cycle == 0 ? 0 : Int.random(in: 0..<cycle, using: &random)),
        takeover: Takeover.allCases.randomElement(using: &random) ?? .now)
      let values = OrderValues(
        plan: plan, epoch: .random(in: 1 ... .max, using: &random),
        sequence: .random(in: 1 ... .max, using: &random),
        leaseSeconds: Int.random(in: 5...600, using: &random),
        beat: .random(in: 0 ... .max, using: &random))
      let order = PlanOrder(
        epoch: values.epoch, sequence: values.sequence, plan: plan,
        leaseSeconds: UInt16(values.leaseSeconds))
      #expect(try profile.registers(of: block, for: values) == order.registers)
      let heartbeat = Heartbeat(
        epoch: values.epoch, sequence: values.sequence, beat: values.beat,
        leaseSeconds: UInt16(values.leaseSeconds))
      #expect(try profile.registers(of: beat, for: values) == heartbeat.registers)
    }
  }

  @Test("The reference map's has every block of the map, where it is")
  func blocks() throws {
    let profile = try shipped("tsc-mb")
    let map = [
      RegisterMap.identity, RegisterMap.clock, RegisterMap.stages, RegisterMap.intergreensLow,
      RegisterMap.intergreensHigh, RegisterMap.limits, RegisterMap.plan, RegisterMap.result,
      RegisterMap.active, RegisterMap.live, RegisterMap.heartbeat,
    ]
    #expect(
      profile.blocks.map(\.registers) == map.map { Int($0.address)..<Int($0.end) })
  }

  @Test("A make of whole seconds says that it cannot have half of one, and writes nothing")
  func wholeSeconds() throws {
    let profile = try shipped("plc-table")
    let half = TimingPlan(entries: [PlanEntry(stage: 0, green: Tenths(305))])
    #expect(throws: PointError.self) { try OrderWriter(profile, order: order(half)) }
    let long = TimingPlan(
      entries: (0..<9).map { PlanEntry(stage: $0 % 4, green: .seconds(20)) })
    #expect(throws: PointError.self) { try OrderWriter(profile, order: order(long)) }
  }

  @Test("What was read back differently, came late, or failed ends the order")
  func endings() throws {
    let profile = try shipped("plc-table")
    var differs = try OrderWriter(profile, order: order(plan))
    _ = differs.nextRequest(at: 0)
    differs.received([], at: 0)
    _ = differs.nextRequest(at: 1)
    differs.received(Array(repeating: 7, count: 20), at: 1)
    #expect(differs.outcome == .differs(block: "table"))
    #expect(differs.nextRequest(at: 2) == nil)
    var failed = try OrderWriter(profile, order: order(plan))
    _ = failed.nextRequest(at: 0)
    failed.failed(.timedOut)
    #expect(failed.outcome == .failed(.timedOut))
    var line = try Line("plc-table")
    var late = try OrderWriter(profile, order: order(plan))
    line.run(&late, most: 3)
    var time = line.seconds
    while late.outcome == .writing, time < 100 {
      if late.nextRequest(at: time) != nil { late.received([0], at: time) }
      time += 0.1
    }
    #expect(late.outcome == .late(point: "outcome"))
    #expect((5...6).contains(time - line.seconds))
  }
}
