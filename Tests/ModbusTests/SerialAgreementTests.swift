import CModbus
import Glibc
import Locking
import Modbus
import Signals
import Support
import Testing

@Suite("Serial frames agree with other implementations", .serialized)
struct SerialAgreementTests {
  /// A random request whose registers all exist.
  static func request(_ random: inout SeededGenerator) -> ModbusRequest {
    let isWrite = Bool.random(using: &random)
    let count = Int.random(in: 1...(isWrite ? 123 : 125), using: &random)
    let address = UInt16(Int.random(in: 0...0x1_0000 - count, using: &random))
    guard isWrite else { return .read(address: address, count: UInt16(count)) }
    return .write(
      address: address,
      values: (0..<count).map { _ in UInt16.random(in: 0...UInt16.max, using: &random) })
  }

  /// What a bank that holds at each address a number of its own answers.
  static func answer(_ request: ModbusRequest) -> [UInt16] {
    guard case .read(let address, let count) = request else { return [] }
    return (0..<count).map { (address &+ $0) &* 0x9E37 }
  }

  @Test("libmodbus sends the same bytes for 10,000 random requests, and reads our answers")
  func libmodbus() throws {
    let pair = try SerialPair()
    let far = RawEnd(pair.ends.far)
    let requests = Guarded<[(unit: UInt8, request: ModbusRequest)]>([])
    var random = SeededGenerator(seed: 20_261_126)
    for _ in 0..<10_000 {
      let unit = UInt8.random(in: 1...247, using: &random)
      let request = Self.request(&random)
      requests.withLock { $0.append((unit, request)) }
    }
    let all = requests.withLock { $0 }
    let different = Guarded(0)
    inThread {
      for (unit, request) in all {
        let ours = RTUFrame(unit: unit, pdu: request.pdu).bytes
        let theirs = far.receive(ours.count)
        if theirs != ours { different.withLock { $0 += 1 } }
        far.send(Self.reply(to: request, from: unit).bytes)
      }
    }
    let context = try #require(modbus_new_rtu(pair.ends.near, 115_200, 78, 8, 2))
    defer { modbus_free(context) }
    modbus_set_response_timeout(context, 20, 0)
    try #require(modbus_connect(context) == 0)
    defer { modbus_close(context) }
    for (number, (unit, request)) in all.enumerated() {
      modbus_set_slave(context, Int32(unit))
      try Self.ask(context, request, number)
    }
    #expect(different.withLock { $0 } == 0)
    far.close()
  }

  /// Our reply, in our frame.
  private static func reply(to request: ModbusRequest, from unit: UInt8) -> RTUFrame {
    switch request {
    case .read(_, let count):
      let values = answer(request).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
      return RTUFrame(unit: unit, pdu: [3, UInt8(count * 2)] + values)
    case .write: return RTUFrame(unit: unit, pdu: Array(request.pdu[0..<5]))
    }
  }

  private static func ask(
    _ context: OpaquePointer, _ request: ModbusRequest, _ number: Int
  ) throws {
    switch request {
    case .read(let address, let count):
      var values = [UInt16](repeating: 0, count: Int(count))
      let got = modbus_read_registers(context, Int32(address), Int32(count), &values)
      try #require(got == Int32(count), "request \(number): errno \(errno)")
      #expect(values == answer(request))
    case .write(let address, let values):
      let got = modbus_write_registers(context, Int32(address), Int32(values.count), values)
      try #require(got == Int32(values.count), "request \(number): errno \(errno)")
    }
  }

  @Test("pymodbus reads the same values from our server, or writes them, ten thousand times")
  func theirMasterAgrees() throws {
    // Not the line is slow, which has no baud rate, but pymodbus: it looks for bytes once a millisecond
    // at whatever rate, until two looks have found as many. Four lines at once wait together.
    let lines = try (1...4).map { number in
      let pair = try SerialPair()
      let bank = Bank()
      bank.fillForPeer()
      let unit = UInt8(60 * number)
      let server = try ModbusSerialServer(
        lineSettings(pair.ends.far), units: [(unit, { @Sendable request in bank(request) })])
      let peer = try Peers.start(
        "client.py", [pair.ends.near, "\(unit)", "agree", "2500", "\(number)"])
      return (pair, server, peer)
    }
    for (_, _, peer) in lines {
      try expectAgreement(with: peer, on: 2500, within: 300)
      #expect(peer.wait() == 0)
    }
    withExtendedLifetime(lines) {}
  }

  @Test("pymodbus reads from our server what our client wrote, from the unit that it wrote to")
  func theirMaster() async throws {
    let pair = try SerialPair()
    let written = Bank()
    let server = try ModbusSerialServer(
      lineSettings(pair.ends.far),
      units: [(1, { .success(Self.answer($0)) }), (2, { written($0) })])
    let values: [UInt16] = (0..<90).map { $0 &* 719 &+ 0x5453 }
    let caller = LineCaller(ModbusSerialBus(lineSettings(pair.ends.near)), unit: 2)
    #expect(await caller.ask(.write(address: 400, values: values)) == .success([]))
    caller.close()
    let peer = try Peers.start("client.py", [pair.ends.near, "2", "read", "400", "90"])
    #expect(try peer.line() == #"{"values": \#(values)}"#)
    #expect(peer.wait() == 0)
    withExtendedLifetime(server) {}
  }

  @Test("our master reads pymodbus's registers, and its server obeys our writes")
  func theirServer() async throws {
    let pair = try SerialPair()
    let peer = try Peers.start(
      "server.py",
      [
        "--serial", pair.ends.far, "--unit", "5", "--registers",
        #"{"0": [21587, 1], "700": [7, 8, 9]}"#,
      ])
    #expect(try peer.line() == #"{"serial": "\#(pair.ends.far)"}"#)
    let caller = LineCaller(ModbusSerialBus(lineSettings(pair.ends.near)), unit: 5, turnaround: 2)
    #expect(await caller.ask(.read(address: 0, count: 3)) == .success([21587, 1, 0]))
    var random = SeededGenerator(seed: 31)
    for _ in 0..<20 {
      let values = (0..<Int.random(in: 1...123, using: &random)).map { _ in
        UInt16.random(in: 0...UInt16.max, using: &random)
      }
      #expect(await caller.ask(.write(address: 400, values: values)) == .success([]))
      #expect(try peer.line() == #"{"write": {"address": 400, "values": \#(values)}}"#)
      #expect(
        await caller.ask(.read(address: 400, count: UInt16(values.count))) == .success(values))
    }
    withExtendedLifetime(pair) {}
  }
}
