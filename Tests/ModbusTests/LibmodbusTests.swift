import CModbus
import Dispatch
import Glibc
import Modbus
import Signals
import Support
import Testing

/// libmodbus as a master, on a connection of its own.
private final class LibmodbusMaster {
  private let context: OpaquePointer

  init(port: UInt16, unit: Int32 = 1) throws {
    context = try #require(modbus_new_tcp("127.0.0.1", Int32(port)))
    modbus_set_slave(context, unit)
    modbus_set_response_timeout(context, 20, 0)
    try #require(modbus_connect(context) == 0, "\(String(cString: modbus_strerror(errno)))")
  }

  deinit {
    modbus_close(context)
    modbus_free(context)
  }

  /// Registers, nothing, or libmodbus's error number.
  func ask(_ request: ModbusRequest) -> Result<[UInt16], LibmodbusError> {
    let address = Int32(request.address)
    let count = Int32(request.count)
    switch request {
    case .read:
      var registers = [UInt16](repeating: 0, count: request.count)
      guard modbus_read_registers(context, address, count, &registers) == count else {
        return .failure(LibmodbusError(number: errno))
      }
      return .success(registers)
    case .write(_, let values):
      guard modbus_write_registers(context, address, count, values) == count else {
        return .failure(LibmodbusError(number: errno))
      }
      return .success([])
    }
  }
}

private struct LibmodbusError: Error, Equatable {
  let number: Int32
  /// libmodbus numbers an exception by adding its code to this.
  static func exception(_ code: UInt8) -> Self { Self(number: 112_345_678 + Int32(code)) }
}

@Suite("Agreement with libmodbus")
struct LibmodbusTests {
  @Test("Its master says ten thousand requests byte for byte as we do")
  func sameBytes() throws {
    var random = SeededGenerator(seed: 8)
    let requests = (0..<10_000).map { _ in anyRequest(&random) }
    let peer = ScriptedPeer { wire, _ in
      for request in requests {
        let theirs = wire.receiveFrame()
        guard theirs.count > 6 else { return }
        let id = UInt16(theirs[0]) << 8 | UInt16(theirs[1])
        let ours = ModbusFrame(transaction: id, unit: 17, pdu: request.pdu).bytes
        // A right reply is the sign that the bytes were the same; an exception that they were not.
        let pdu: [UInt8] =
          switch request {
          case _ where theirs != ours: [theirs[7] | 0x80, 4]
          case .read(_, let count):
            [3, UInt8(count * 2)] + [UInt8](repeating: 7, count: Int(count) * 2)
          case .write: Array(request.pdu.prefix(5))
          }
        wire.send(ModbusFrame(transaction: id, unit: 17, pdu: pdu).bytes)
      }
    }
    let master = try LibmodbusMaster(port: peer.port, unit: 17)
    for request in requests {
      let registers: [UInt16] =
        if case .read(_, let count) = request { Array(repeating: 0x0707, count: Int(count)) } else {
          []
        }
      #expect(master.ask(request) == .success(registers), "\(request)")
    }
  }

  @Test("Its master reads from and writes to our server")
  func theirMaster() throws {
    let bank = Bank()
    let server = try ModbusServer(port: 0) { bank($0) }
    let master = try LibmodbusMaster(port: server.port)
    var random = SeededGenerator(seed: 9)
    for _ in 0..<300 {
      let request = anyRequest(&random)
      switch request {
      case .read(let address, let count):
        #expect(master.ask(request) == .success(bank.read(Int(address), Int(count))))
      case .write(let address, let values):
        #expect(master.ask(request) == .success([]))
        #expect(bank.read(Int(address), values.count) == values)
      }
    }
  }

  @Test("Its master understands our server's exceptions", arguments: ModbusException.allCases)
  func exceptions(exception: ModbusException) throws {
    let server = try ModbusServer(port: 0) { _ in .failure(exception) }
    let master = try LibmodbusMaster(port: server.port)
    #expect(
      master.ask(.read(address: 0, count: 1)) == .failure(.exception(exception.rawValue)))
    #expect(
      master.ask(.write(address: 0, values: [1])) == .failure(.exception(exception.rawValue)))
  }

  @Test("Its master asking for another unit learns that there is none")
  func otherUnit() throws {
    let server = try ModbusServer(port: 0) { _ in .success([1]) }
    let master = try LibmodbusMaster(port: server.port, unit: 9)
    #expect(master.ask(.read(address: 0, count: 1)) == .failure(.exception(0x0B)))
  }

  @Test("Our client reads from and writes to its server, which knows nothing of ours")
  func theirServer() async throws {
    let (listening, port) = Wire.listener()
    inThread { serveWithLibmodbus(on: listening) }
    let caller = try Caller(port: port)
    var mirror = [UInt16](repeating: 0, count: registersOfTheirs)
    var random = SeededGenerator(seed: 10)
    for _ in 0..<300 {
      let request = anyRequest(&random)
      let span = Int(request.address)..<Int(request.address) + request.count
      guard span.upperBound <= mirror.count else {
        #expect(await caller.ask(request) == .failure(.exception(2)))
        continue
      }
      switch request {
      case .read: #expect(await caller.ask(request) == .success(Array(mirror[span])))
      case .write(_, let values):
        #expect(await caller.ask(request) == .success([]))
        mirror.replaceSubrange(span, with: values)
      }
    }
    caller.queue.async { [client = caller.client] in client.close() }
  }
}

/// Registers of `serveWithLibmodbus`, fewer than there can be, so that some requests are refused.
private let registersOfTheirs = 60_000

/// One master on libmodbus's own server calls, until it goes.
private func serveWithLibmodbus(on listening: Wire) {
  guard let context = modbus_new_tcp("127.0.0.1", 0),
    let mapping = modbus_mapping_new(0, 0, Int32(registersOfTheirs), 0)
  else { return }
  // An exception for an address outside makes it wait this long before it goes on.
  modbus_set_response_timeout(context, 0, 1_000)
  var socket = listening.descriptor
  modbus_tcp_accept(context, &socket)
  var request = [UInt8](repeating: 0, count: Int(MODBUS_TCP_MAX_ADU_LENGTH))
  while true {
    let length = modbus_receive(context, &request)
    guard length >= 0 else { break }
    modbus_reply(context, request, length, mapping)
  }
  modbus_mapping_free(mapping)
  modbus_close(context)
  modbus_free(context)
  listening.close()
}
