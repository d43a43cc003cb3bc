import Modbus
import Signals
import Support
import Testing

@Suite("Requests and the replies to them")
struct RequestTests {
  @Test("What is said is understood again", arguments: 0..<200)
  func roundTrip(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let request = anyRequest(&random)
    #expect(try ModbusRequest(pdu: request.pdu) == request)
  }

  @Test(
    "A device refuses what it cannot understand",
    arguments: [
      ([], .illegalFunction), ([0x06, 0, 1, 0, 2], .illegalFunction),
      ([0x2B, 0x0E, 1, 0], .illegalFunction), ([0x03], .illegalDataValue),
      ([0x03, 0, 0, 0, 0], .illegalDataValue), ([0x03, 0, 0, 0, 126], .illegalDataValue),
      ([0x03, 0, 0, 0, 1, 0], .illegalDataValue),
      ([0x03, 0xFF, 0xFF, 0, 2], .illegalDataAddress),
      ([0x10, 0, 0, 0, 1, 2, 0], .illegalDataValue),
      ([0x10, 0, 0, 0, 1, 4, 0, 0], .illegalDataValue),
      ([0x10, 0, 0, 0, 0, 0], .illegalDataValue), ([0x10, 0, 0, 0, 1], .illegalDataValue),
      ([0x10, 0xFF, 0xFF, 0, 2, 4, 0, 1, 0, 2], .illegalDataAddress),
      ([0x10, 0, 0, 0, 124, 248] + [UInt8](repeating: 0, count: 248), .illegalDataValue),
    ] as [([UInt8], ModbusException)])
  func refused(pdu: [UInt8], exception: ModbusException) {
    #expect(throws: exception) { try ModbusRequest(pdu: pdu) }
  }

  @Test("Any bytes are a request or refused, and a request says the same bytes again")
  func anyBytes() {
    var random = SeededGenerator(seed: 5)
    var understood = 0
    for _ in 0..<20_000 {
      var pdu = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        UInt8.random(in: 0...5, using: &random)
      }
      if !pdu.isEmpty { pdu[0] = Bool.random(using: &random) ? 0x03 : 0x10 }
      guard let request = try? ModbusRequest(pdu: pdu) else { continue }
      understood += 1
      #expect(request.pdu == pdu)
    }
    #expect(understood > 10)
  }

  @Test(
    "What no frame can ask for is not sayable",
    arguments: [
      .read(address: 0, count: 0), .read(address: 0, count: 126),
      .read(address: 65535, count: 2), .write(address: 0, values: []),
      .write(address: 0, values: Array(repeating: 0, count: 124)),
      .write(address: 65535, values: [1, 2]),
    ] as [ModbusRequest])
  func notSayable(request: ModbusRequest) { #expect(!request.isSayable) }

  @Test("A reply to a read brings its registers (V1.1b3, 6.3)")
  func readReply() throws {
    let reply = ModbusFrame(
      transaction: 7, unit: 1, pdu: [0x03, 0x06, 0x02, 0x2B, 0x00, 0x00, 0x00, 0x64])
    let registers = try ModbusRequest.read(address: 0x6B, count: 3)
      .registers(in: reply, transaction: 7, unit: 1)
    #expect(registers == [0x022B, 0, 0x64])
  }

  @Test("A reply to a write brings nothing (V1.1b3, 6.12)")
  func writeReply() throws {
    let reply = ModbusFrame(transaction: 7, unit: 1, pdu: [0x10, 0, 1, 0, 2])
    let registers = try ModbusRequest.write(address: 1, values: [10, 258])
      .registers(in: reply, transaction: 7, unit: 1)
    #expect(registers == [])
  }

  @Test("An exception is told with its code, whatever the code", arguments: [1, 2, 6, 0x0B, 99])
  func exceptions(code: UInt8) {
    let request = ModbusRequest.read(address: 0, count: 1)
    let reply = ModbusFrame(transaction: 7, unit: 1, pdu: [0x83, code])
    #expect(throws: LinkFailure.exception(code)) {
      try request.registers(in: reply, transaction: 7, unit: 1)
    }
  }

  @Test(
    "A reply that differs from the right one in any byte but a register's brings no registers",
    arguments: 0..<100)
  func mutations(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let request = anyRequest(&random)
    let right = rightReply(to: request, &random)
    // Registers begin after header, function and byte count; a write's confirmation has none.
    let checked = if case .read = request { 9 } else { right.count }
    for place in 0..<checked {
      var wrong = right
      wrong[place] ^= UInt8.random(in: 1...255, using: &random)
      var decoder = ModbusFrameDecoder()
      decoder.append(wrong)
      guard let reply = try? decoder.next() else { continue }
      #expect(throws: LinkFailure.self, "byte \(place) of \(right.count)") {
        try request.registers(in: reply, transaction: 0x1234, unit: 1)
      }
    }
  }

  @Test("A reply that is too short or too long for its request is malformed")
  func lengths() {
    let request = ModbusRequest.read(address: 0, count: 2)
    for pdu: [UInt8] in [
      [3], [3, 4], [3, 4, 0, 0, 0], [3, 4, 0, 0, 0, 0, 0], [3, 2, 0, 0], [0x83], [0x83, 2, 0],
      [0x83, 0], [0x90, 2],
    ] {
      let reply = ModbusFrame(transaction: 7, unit: 1, pdu: pdu)
      let failure = #expect(throws: LinkFailure.self) {
        try request.registers(in: reply, transaction: 7, unit: 1)
      }
      guard case .malformed = failure else {
        Issue.record("\(pdu) gave \(String(describing: failure))")
        continue
      }
    }
  }

  @Test("Failures are worded for who must act, and only lost replies leave the outcome unknown")
  func words() {
    #expect("\(LinkFailure.address("cabinet.local"))".contains("'cabinet.local'"))
    #expect("\(LinkFailure.exception(2))".contains("a register outside its map (exception 2)"))
    #expect("\(LinkFailure.exception(77))".contains("unknown exception 77"))
    let unknown: [LinkFailure] = [.timedOut, .closed, .malformed("x"), .system("x")]
    let known: [LinkFailure] = [.address("x"), .refused("x"), .exception(2), .busy]
    #expect(unknown.filter { $0.leavesOutcomeUnknown } == unknown)
    #expect(known.filter { $0.leavesOutcomeUnknown } == [])
  }
}

/// Any request that can be said.
func anyRequest(_ random: inout SeededGenerator) -> ModbusRequest {
  if Bool.random(using: &random) {
    let count = UInt16.random(in: 1...125, using: &random)
    return .read(address: .random(in: 0...(65535 - count + 1), using: &random), count: count)
  }
  let values = (0..<Int.random(in: 1...123, using: &random)).map { _ in
    UInt16.random(in: 0...UInt16.max, using: &random)
  }
  let last = UInt16(65536 - values.count)
  return .write(address: .random(in: 0...last, using: &random), values: values)
}

/// The bytes of a right reply with id 0x1234 of unit 1, put together by hand.
private func rightReply(to request: ModbusRequest, _ random: inout SeededGenerator) -> [UInt8] {
  let pdu: [UInt8]
  switch request {
  case .read(_, let count):
    pdu =
      [0x03, UInt8(count * 2)]
      + (0..<count * 2).map { _ in UInt8.random(in: 0...255, using: &random) }
  case .write: pdu = Array(request.pdu.prefix(5))
  }
  return [0x12, 0x34, 0, 0, 0, UInt8(pdu.count + 1), 1] + pdu
}
