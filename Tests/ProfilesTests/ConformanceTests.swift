import Cabinets
import Phrases
import Signals
import Support
import Testing

@testable import Profiles

/// A virtual cabinet with a fault of its own between it and whoever asks.
private final class Maimed {
  typealias Answer = Result<[UInt16], CabinetFailure>
  /// What it answers instead; `nil` for what it answers honestly.
  typealias Fault = @Sendable (Maimed, CabinetRequest) -> Answer?

  var cabinet = VirtualCabinet(
    intersection: Sample.fourArm(), settings: CabinetSettings(leaseSeconds: 10...600),
    at: Sample.moment(0))
  var seconds = 0.0
  var writes = 0
  var isGone = false
  let fault: Fault
  /// What happens to it at a restart.
  let restart: @Sendable (Maimed) -> Void

  init(
    restart: @escaping @Sendable (Maimed) -> Void = { $0.cabinet.restart(at: $0.now) },
    _ fault: @escaping Fault = { _, _ in nil }
  ) {
    self.restart = restart
    self.fault = fault
  }

  var now: Moment { Sample.moment(seconds) }

  func send(_ request: CabinetRequest) -> Answer {
    if case .write = request { writes += 1 }
    return fault(self, request) ?? honest(request)
  }

  func honest(_ request: CabinetRequest) -> Answer {
    do throws(RegisterException) {
      switch request {
      case .read(let address, let count):
        return .success(try cabinet.read(address: address, count: count))
      case .write(let address, let values):
        try cabinet.write(address: address, values: values)
        return .success([])
      }
    } catch {
      return .failure(.exception(code: error.rawValue))
    }
  }

  /// All checks, with somebody at the cabinet or nobody.
  func run(
    _ reach: Conformance.Reach = .activating, attended: Bool = true
  ) -> [Conformance.Check] {
    let ask: ((Conformance.HandWork) -> Bool)? = attended ? { self.work($0) } : nil
    var conformance = Conformance(
      send: { self.send($0) },
      wait: { [self] duration in
        seconds += duration
        cabinet.advance(to: now)
      }, ask: ask)
    let checks = conformance.run(reach)
    for check in checks {
      for said in [check.name, check.words].compactMap(\.self) {
        #expect(flaw(of: Phrase(recorded: said)) == nil, "\(said)")
      }
    }
    return checks
  }

  private func work(_ work: Conformance.HandWork) -> Bool {
    switch work {
    case .hold: cabinet.setSource(.manual, at: now)
    case .giveBack: cabinet.setSource(.timeOfDay, at: now)
    case .changeRevision: cabinet.setSiteRevision(cabinet.settings.siteRevision + 1)
    case .restart: restart(self)
    }
    return true
  }
}

extension Conformance.Check {
  /// What is said beside its name.
  fileprivate var words: String? {
    switch outcome {
    case .passed: nil
    case .failed(let words), .notSupported(let words), .notTried(let words): words
    }
  }
}

extension [Conformance.Check] {
  fileprivate var failed: [String] {
    compactMap { check in
      guard case .failed(let words) = check.outcome else { return nil }
      return "\(check.name): \(words)"
    }
  }

  fileprivate var passed: Int { count { $0.outcome == .passed } }
}

@Suite("The conformance checks")
struct ConformanceTests {
  @Test("find nothing wrong with the virtual cabinet, and leave it to its own plan")
  func right() {
    let maimed = Maimed()
    let checks = maimed.run()
    #expect(checks.failed == [])
    // Every change is allowed at this junction; all else is looked at.
    #expect(checks.count - checks.passed == 1)
    #expect(checks.passed >= 36)
    #expect(maimed.cabinet.source == .timeOfDay)
  }

  @Test("tell what takes somebody at the cabinet as not supported where nobody is")
  func unattended() {
    let checks = Maimed().run(attended: false)
    #expect(checks.failed == [])
    let missing = checks.filter {
      if case .notSupported(let why) = $0.outcome { why.hasPrefix("needs somebody") } else { false }
    }
    #expect(missing.map { String($0.name.prefix(9)) } == ["held by a", "a changed", "a restart"])
  }

  @Test("find a cabinet whose memory does not outlive a restart")
  func forgetful() {
    let failed = Maimed(restart: { maimed in
      maimed.cabinet = VirtualCabinet(intersection: Sample.fourArm(), at: maimed.now)
    }).run().failed
    #expect(failed.count == 1)
    #expect(failed.first?.hasPrefix("a restart in the middle of a plan") == true)
    #expect(failed.first?.contains("epoch 0, sequence 0") == true)
  }

  @Test("find a cabinet that goes on with a plan after a restart, and one that never comes back")
  func restarts() {
    let unmoved = Maimed(restart: { _ in }).run().failed
    #expect(unmoved.contains { $0.contains("source central") }, "\(unmoved)")
    let gone = Maimed(restart: { $0.isGone = true }) { maimed, _ in
      maimed.isGone ? .failure(.timedOut) : nil
    }.run().failed
    #expect(gone.contains { $0.contains("no answer after 120.0 s") }, "\(gone)")
  }

  @Test("write nothing if they may only read, or while another daemon holds control")
  func reading() throws {
    let maimed = Maimed()
    #expect(maimed.run(.reading).failed == [])
    #expect(maimed.writes == 0)
    let order = PlanOrder(
      epoch: 3, sequence: 1,
      plan: TimingPlan(
        entries: [30, 15, 30, 15].enumerated().map {
          PlanEntry(stage: $0.offset, green: .seconds($0.element))
        }, takeover: .now), leaseSeconds: 600)
    try maimed.cabinet.write(address: 400, values: order.registers)
    #expect(maimed.cabinet.source == .central)
    let checks = maimed.run(.activating)
    #expect(maimed.writes == 0)
    #expect(checks.contains { $0.outcome == .notTried("another daemon or a person holds control") })
  }

  @Test("run no plan if nothing may be activated")
  func ordering() {
    let maimed = Maimed()
    #expect(maimed.run(.ordering).failed == [])
    maimed.cabinet.advance(to: Sample.moment(1000))
    #expect(maimed.cabinet.source == .timeOfDay)
  }

  /// Faults of cabinets, and the check that must find each.
  private static let faults: [(found: String, fault: Maimed.Fault)] =
    [
      (
        "a wrong checksum is 0x81",
        { maimed, request in
          // Takes what it is sent as it stands.
          guard case .write(400, var values) = request, values.count == 90 else { return nil }
          let sum = Checksum.crc32(values[..<80])
          (values[80], values[81]) = (UInt16(sum >> 16), UInt16(sum & 0xFFFF))
          return maimed.honest(.write(address: 400, values: values))
        }
      ),
      (
        "an older epoch is 0x82",
        { maimed, request in
          guard case .write(400, var values) = request, values.count == 90,
            let result = try? OrderResult(
              registers: maimed.honest(.read(address: 510, count: 10)).get()),
            UInt32(values[2]) << 16 | UInt32(values[3]) < result.highestEpoch
          else { return nil }
          // Obeys whoever wrote last.
          (values[3], values[5]) = (UInt16(result.highestEpoch), UInt16(result.sequence + 1))
          values[83] = 0xA55A ^ values[5]
          let sum = Checksum.crc32(values[..<80])
          (values[80], values[81]) = (UInt16(sum >> 16), UInt16(sum & 0xFFFF))
          return maimed.honest(.write(address: 400, values: values))
        }
      ),
      (
        "its lease lapses",
        { maimed, request in
          // Renews by itself.
          guard case .read(700, 40) = request,
            let result = try? OrderResult(
              registers: maimed.honest(.read(address: 510, count: 10)).get())
          else { return nil }
          let beat = Heartbeat(
            epoch: result.highestEpoch, sequence: result.sequence,
            beat: UInt16(truncatingIfNeeded: Int(maimed.seconds) + 1000), leaseSeconds: 30)
          _ = maimed.honest(.write(address: 760, values: beat.registers))
          return nil
        }
      ),
      (
        "parts of a block",
        { _, request in
          guard case .write(760, let values) = request, values.count < 6 else { return nil }
          return .success([])
        }
      ),
      (
        "reads outside the map",
        { _, request in
          guard case .read(let address, 1) = request, address > 800 else { return nil }
          return .success([0])
        }
      ),
      (
        "intergreens vouched for",
        { maimed, request in
          guard case .read(200, 64) = request,
            case .success(var registers) = maimed.honest(request)
          else { return nil }
          registers[3] ^= 1
          return .success(registers)
        }
      ),
      (
        "live: whole, and going on",
        { maimed, request in
          guard case .read(700, 40) = request, case .success(var registers) = maimed.honest(request)
          else { return nil }
          (registers[10], registers[11], registers[12]) = (0, 1, 7)
          return .success(registers)
        }
      ),
      (
        "torn unseen",
        { maimed, request in
          // One counter for all states.
          guard case .read(700, 40) = request, case .success(var registers) = maimed.honest(request)
          else { return nil }
          (registers[1], registers[39]) = (7, 7)
          return .success(registers)
        }
      ),
      (
        "0x89",
        { maimed, request in
          // Says that it takes what it does not.
          guard case .read(510, 10) = request, case .success(var registers) = maimed.honest(request)
          else { return nil }
          if registers[5] == 0x89 { registers[5] = 2 }
          return .success(registers)
        }
      ),
      (
        "0x8B",
        { maimed, request in
          // Never minds whether anybody has seen its new tables.
          if case .write(400, _) = request {
            _ = maimed.honest(.read(address: 100, count: 100))
          }
          return nil
        }
      ),
      (
        "0x8D",
        { maimed, request in
          guard case .read(510, 10) = request, case .success(var registers) = maimed.honest(request)
          else { return nil }
          if registers[5] == 0x8D { registers[5] = 2 }
          return .success(registers)
        }
      ),
      (
        "the same beat renews again",
        { maimed, request in
          guard case .write(760, var values) = request, values.count == 6 else { return nil }
          values[4] = UInt16(truncatingIfNeeded: maimed.writes)
          return maimed.honest(.write(address: 760, values: values))
        }
      ),
    ]

  @Test("find a cabinet that does otherwise", arguments: Self.faults.indices)
  func wrong(number: Int) {
    let (found, fault) = Self.faults[number]
    let failed = Maimed(fault).run().failed
    #expect(failed.contains { $0.contains(found) }, "\(failed)")
  }
}
