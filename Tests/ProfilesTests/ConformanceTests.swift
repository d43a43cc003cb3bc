import Cabinets
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
  let fault: Fault

  init(_ fault: @escaping Fault = { _, _ in nil }) {
    self.fault = fault
  }

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

  func run(_ reach: Conformance.Reach = .activating) -> [Conformance.Check] {
    var conformance = Conformance(
      send: { self.send($0) },
      wait: { [self] duration in
        seconds += duration
        cabinet.advance(to: Sample.moment(seconds))
      })
    return conformance.run(reach)
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
    #expect(checks.passed >= 25)
    #expect(maimed.cabinet.source == .timeOfDay)
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
