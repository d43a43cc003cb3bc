import Dispatch
import Glibc
import Modbus
import Support
import Locking
import Testing

/// A read of one register at `address`, by hand.
private func readOne(_ address: UInt8, id: UInt8 = 1, unit: UInt8 = 1) -> [UInt8] {
  [0, id, 0, 0, 0, 6, unit, 3, 0, address, 0, 1]
}

/// The reply to `readOne` with a value below 256.
private func one(_ value: UInt8, id: UInt8 = 1) -> [UInt8] {
  [0, id, 0, 0, 0, 5, 1, 3, 2, 0, value]
}

/// An exception in answer to a function.
private func exception(_ function: UInt8, _ code: UInt8, unit: UInt8 = 1) -> [UInt8] {
  [0, 1, 0, 0, 0, 3, unit, function | 0x80, code]
}

/// A server that answers each register with its own address.
private func echo(_ request: ModbusRequest) -> Result<[UInt16], ModbusException> {
  .success((0..<UInt16(request.count)).map { request.address + $0 })
}

@Suite("A server for a simulated cabinet")
struct ServerTests {
  @Test("Listens on a free port when asked for port 0, and on the one it names")
  func ports() async throws {
    let first = try ModbusServer(port: 0, handler: echo)
    #expect(first.port != 0)
    #expect(first.isListening)
    #expect(throws: ModbusServerFailure.self) { try ModbusServer(port: first.port, handler: echo) }
    first.stop()
    #expect(!first.isListening)
    let second = try ModbusServer(port: first.port, handler: echo)
    #expect(second.port == first.port)
  }

  @Test("A host that is no numeric address is refused, and one of another machine too")
  func hosts() {
    #expect(throws: ModbusServerFailure.address("cabinet")) {
      try ModbusServer(host: "cabinet", port: 0, handler: echo)
    }
    let failure = #expect(throws: ModbusServerFailure.self) {
      try ModbusServer(host: "192.0.2.1", port: 0, handler: echo)
    }
    #expect("\(failure.map { "\($0)" } ?? "")".contains("cannot listen on 192.0.2.1 port 0"))
  }

  @Test("Several masters are served on connections of their own, requests in one packet in order")
  func severalMasters() throws {
    let server = try ModbusServer(port: 0, handler: echo)
    let masters = (0..<8).map { _ in Wire.connect(to: server.port) }
    for (number, master) in masters.enumerated() {
      master.send(readOne(UInt8(number), id: 1) + readOne(UInt8(number + 100), id: 2))
    }
    for (number, master) in masters.enumerated() {
      #expect(master.receiveFrame() == one(UInt8(number), id: 1))
      #expect(master.receiveFrame() == one(UInt8(number + 100), id: 2))
      master.close()
    }
  }

  @Test("A ninth master is turned away, and gets in when another has gone")
  func ninth() throws {
    let server = try ModbusServer(port: 0, handler: echo)
    let masters = (0..<8).map { _ in Wire.connect(to: server.port) }
    for master in masters {
      master.send(readOne(5))
      #expect(master.receiveFrame() == one(5))
    }
    let ninth = Wire.connect(to: server.port)
    #expect(ninth.ends())
    #expect(server.turnedAway == 1)
    ninth.close()
    masters[0].close()
    masters[1].send(readOne(6))
    #expect(masters[1].receiveFrame() == one(6))
    let tenth = Wire.connect(to: server.port)
    tenth.send(readOne(7))
    #expect(tenth.receiveFrame() == one(7))
    for wire in masters.dropFirst() + [tenth] { wire.close() }
  }

  @Test(
    "What it does not serve is refused with the exception that says so, and the stream stays in step"
  )
  func refusals() throws {
    let server = try ModbusServer(port: 0, handler: echo)
    let master = Wire.connect(to: server.port)
    let head: [UInt8] = [0, 1, 0, 0, 0]
    let table: [(request: [UInt8], reply: [UInt8])] = [
      (head + [6, 1, 0x06, 0, 1, 0, 2], exception(0x06, 1)),
      (head + [5, 1, 0x2B, 0x0E, 1, 0], exception(0x2B, 1)),
      (head + [11, 1, 0x17, 0, 0, 0, 1, 0, 0, 0, 1, 2], exception(0x17, 1)),
      (head + [6, 1, 0x03, 0, 0, 0, 126], exception(0x03, 3)),
      (head + [6, 1, 0x03, 0, 0, 0, 0], exception(0x03, 3)),
      (head + [6, 1, 0x03, 0xFF, 0xFF, 0, 2], exception(0x03, 2)),
      (head + [9, 1, 0x10, 0, 0, 0, 1, 4, 0, 1], exception(0x10, 3)),
      (readOne(0, unit: 2), exception(0x03, 0x0B, unit: 2)),
      (readOne(0, unit: 0), exception(0x03, 0x0B, unit: 0)),
      (readOne(9), one(9)),
    ]
    for (request, reply) in table {
      master.send(request)
      #expect(master.receiveFrame() == reply, "to \(request)")
    }
    master.close()
  }

  @Test("The handler's exceptions reach the master", arguments: ModbusException.allCases)
  func handlerRefuses(exception: ModbusException) async throws {
    let server = try ModbusServer(port: 0) { _ in .failure(exception) }
    let caller = try Caller(port: server.port)
    let expected = Result<[UInt16], LinkFailure>.failure(.exception(exception.rawValue))
    #expect(await caller.ask(.read(address: 1, count: 1)) == expected)
    #expect(await caller.ask(.write(address: 1, values: [1, 2])) == expected)
  }

  @Test("One that does not finish its frame holds up nobody")
  func dribble() throws {
    // So patient that nobody would be answered if the server waited for the slow one.
    let server = try ModbusServer(port: 0, patience: 60, handler: echo)
    let slow = Wire.connect(to: server.port)
    let quick = Wire.connect(to: server.port)
    for (value, byte) in readOne(200).enumerated() {
      slow.send([byte])
      quick.send(readOne(UInt8(value)))
      #expect(quick.receiveFrame() == one(UInt8(value)))
    }
    #expect(slow.receiveFrame() == one(200))
    slow.close()
    quick.close()
  }

  @Test("One that does not finish its frame is dropped, one that asks nothing is not")
  func unfinished() throws {
    let server = try ModbusServer(port: 0, handler: echo)
    let idle = Wire.connect(to: server.port)
    let slow = Wire.connect(to: server.port)
    slow.send([0, 1, 0])
    #expect(slow.ends())
    idle.send(readOne(3))
    #expect(idle.receiveFrame() == one(3))
    slow.close()
    idle.close()
  }

  @Test("A frame that comes in pieces within its time is answered")
  func pieces() throws {
    let server = try ModbusServer(port: 0, handler: echo)
    let master = Wire.connect(to: server.port)
    for byte in readOne(77) {
      master.send([byte])
      usleep(2_000)
    }
    #expect(master.receiveFrame() == one(77))
    master.close()
  }

  @Test("One that takes no replies is dropped, and the others are served again")
  func takesNothing() throws {
    let server = try ModbusServer(port: 0, handler: echo)
    let glutton = Wire.connect(to: server.port)
    // 125 registers each, until the buffers of both sides are full and the server gives up.
    let request: [UInt8] = [0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 125]
    let many = Array(repeatElement(request, count: 100).joined())
    while glutton.send(many) {}
    let other = Wire.connect(to: server.port)
    other.send(readOne(8))
    #expect(other.receiveFrame() == one(8))
    other.close()
    glutton.close()
  }

  @Test("Bytes that are not Modbus close the connection", arguments: ["GET / HTTP/1.1\r\n\r\n"])
  func otherProtocol(text: String) throws {
    let server = try ModbusServer(port: 0, handler: echo)
    let master = Wire.connect(to: server.port)
    master.send(Array(text.utf8))
    #expect(master.ends())
    master.close()
  }

  @Test("Stopping closes every connection, happens once, and is harmless again")
  func stop() throws {
    let server = try ModbusServer(port: 0, handler: echo)
    let master = Wire.connect(to: server.port)
    master.send(readOne(1))
    #expect(master.receiveFrame() == one(1))
    server.stop()
    #expect(master.ends())
    server.stop()
    server.suspend()
    server.resume()
    #expect(!server.isListening)
    master.close()
  }

  @Test("Stopping waits for the handler that is at work")
  func stopWaits() throws {
    let ended = Counter()
    let begun = DispatchSemaphore(value: 0)
    let server = try ModbusServer(port: 0) { _ in
      begun.signal()
      usleep(200_000)
      _ = ended.next()
      return .success([1])
    }
    let master = Wire.connect(to: server.port)
    master.send(readOne(1))
    begun.wait()
    server.stop()
    #expect(ended.value == 1)
    master.close()
  }

  // In a process of its own: other tests open descriptors meanwhile.
  @Test("Servers that come and go leave no descriptor behind, even those that cannot listen")
  func noLeak() async {
    await #expect(processExitsWith: .success) {
      let keeper = try ModbusServer(port: 0, handler: echo)
      var before = 0
      for round in 0..<200 {
        // The first rounds open what the libraries keep for themselves.
        if round == 10 { before = openDescriptors() }
        let server = try ModbusServer(port: 0, handler: echo)
        let master = Wire.connect(to: server.port)
        master.send(readOne(1))
        let reply = master.receiveFrame()
        #expect(reply == one(1), "round \(round): \(reply)")
        #expect(throws: ModbusServerFailure.self) {
          try ModbusServer(port: keeper.port, handler: echo)
        }
        if round % 2 == 0 { server.stop() }
        master.close()
      }
      let after = openDescriptors()
      #expect(after == before, "\(before) descriptors open before, \(after) after")
    }
  }

  @Test(
    "libmodbus never sees a descriptor of 1000 or more: the server says so and turns masters away")
  func highDescriptors() async {
    await #expect(processExitsWith: .success) {
      var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      let server = try ModbusServer(port: 0, handler: echo)
      while dup(0) < 1100 {}
      let caller = try Caller(port: server.port)
      let result = await caller.ask(.read(address: 1, count: 1))
      #expect(result == .failure(.closed))
      #expect(server.turnedAway == 1)
      let failure = #expect(throws: ModbusServerFailure.self) {
        try ModbusServer(port: 0, handler: echo)
      }
      guard case .tooManyDescriptors(let number) = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
      #expect(number >= 1000)
    }
  }
}

@Suite("A server whose link is cut")
struct CutLinkTests {
  @Test("Suspending refuses new masters and drops those connected; resuming serves again")
  func suspend() async throws {
    let server = try ModbusServer(port: 0, handler: echo)
    let caller = try Caller(port: server.port)
    for _ in 0..<20 {
      #expect(await caller.ask(.read(address: 4, count: 1)) == .success([4]))
      server.suspend()
      #expect(!server.isListening)
      // The connection's end may show before or only at the next request.
      for _ in 0..<2 {
        let result = await caller.ask(.read(address: 4, count: 1))
        #expect([.failure(.closed), .failure(.refused("Connection refused"))].contains(result))
      }
      #expect(
        await caller.ask(.read(address: 4, count: 1)) == .failure(.refused("Connection refused")))
      server.resume()
      #expect(server.isListening)
      server.resume()
      _ = await caller.ask(.read(address: 4, count: 1))
    }
  }

  @Test("A cut of a second ends by itself")
  func cutOff() async throws {
    let server = try ModbusServer(port: 0, handler: echo)
    let caller = try Caller(port: server.port)
    #expect(await caller.ask(.read(address: 4, count: 1)) == .success([4]))
    let start = DispatchTime.now()
    server.cutOff(seconds: 1)
    #expect(!server.isListening)
    var result = await caller.ask(.read(address: 4, count: 1))
    #expect(result != .success([4]))
    while result != .success([4]) {
      try await Task.sleep(for: .milliseconds(10))
      result = await caller.ask(.read(address: 4, count: 1))
      #expect(DispatchTime.now() < start + 20)
      guard DispatchTime.now() < start + 20 else { return }
    }
    #expect(DispatchTime.now() >= start + 1)
  }

  @Test("Resuming ends a cut early; a suspension has no end of its own")
  func resumeEarly() async throws {
    let server = try ModbusServer(port: 0, handler: echo)
    server.cutOff(seconds: 3600)
    server.resume()
    #expect(server.isListening)
    server.cutOff(seconds: 0.05)
    server.suspend()
    try await Task.sleep(for: .milliseconds(200))
    #expect(!server.isListening)
  }

  @Test("The handler itself may cut the link")
  func fromTheHandler() async throws {
    let box = Guarded<ModbusServer?>(nil)
    let server = try ModbusServer(port: 0) { request in
      box.withLock { $0 }?.cutOff(seconds: 3600)
      return echo(request)
    }
    box.withLock { $0 = server }
    let caller = try Caller(port: server.port)
    _ = await caller.ask(.read(address: 4, count: 1))
    let second = await caller.ask(.read(address: 4, count: 1))
    #expect(second == .failure(.closed) || second == .failure(.refused("Connection refused")))
    box.withLock { $0 = nil }
    server.stop()
  }
}
