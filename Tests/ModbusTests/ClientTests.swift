import Dispatch
import Glibc
import Modbus
import Signals
import Support
import Locking
import Testing

@Suite("A client over TCP")
struct ClientTests {
  @Test("What it writes it reads back, over many requests on one connection")
  func roundTrips() async throws {
    let bank = Bank()
    let server = try ModbusServer(port: 0) { bank($0) }
    let caller = try Caller(port: server.port)
    var random = SeededGenerator(seed: 3)
    for _ in 0..<300 {
      let request = anyRequest(&random)
      let registers: [UInt16] =
        switch request {
        case .read(let address, let count): bank.read(Int(address), Int(count))
        case .write: []
        }
      #expect(await caller.ask(request) == .success(registers))
      if case .write(let address, let values) = request {
        #expect(bank.read(Int(address), values.count) == values)
      }
    }
  }

  @Test("IPv6 works as IPv4 does")
  func sixth() async throws {
    let server = try ModbusServer(host: "::1", port: 0) { _ in .success([42]) }
    let caller = try Caller(port: server.port, host: "::1")
    #expect(await caller.ask(.read(address: 0, count: 1)) == .success([42]))
  }

  @Test(
    "Names and malformed addresses are refused at once",
    arguments: ["localhost", "", "127.0.0.1 ", "1.2.3", "::g", "fe80::1%lo", "127.0.0.1:502"])
  func addresses(host: String) {
    #expect(throws: LinkFailure.address(host)) { try Caller(port: 1, host: host) }
  }

  @Test("A port that nobody listens on is refused, every time, and leaves no descriptor")
  func refused() async throws {
    let server = try ModbusServer(port: 0) { _ in .success([1]) }
    server.suspend()
    let caller = try Caller(port: server.port)
    for _ in 0..<50 {
      let result = await caller.ask(.read(address: 0, count: 1))
      #expect(result == .failure(.refused("Connection refused")))
    }
    server.resume()
    #expect(await caller.ask(.read(address: 0, count: 1)) == .success([1]))
  }

  @Test("A second request while one is outstanding is busy and disturbs nothing")
  func busy() async throws {
    let server = try ModbusServer(port: 0) { .success([$0.address]) }
    let caller = try Caller(port: server.port)
    let results = await withCheckedContinuation { continuation in
      let results = Guarded<[Result<[UInt16], LinkFailure>]>([])
      caller.queue.async { [client = caller.client] in
        client.send(.read(address: 11, count: 1)) { result in
          continuation.resume(returning: results.withLock { $0 + [result] })
        }
        for _ in 0..<3 {
          client.send(.write(address: 22, values: [1])) { result in
            results.withLock { $0.append(result) }
          }
        }
      }
    }
    #expect(
      results == [.failure(.busy), .failure(.busy), .failure(.busy), .success([11])])
  }

  @Test("Closing ends the outstanding request once, and the client can be used again")
  func closing() async throws {
    let begun = DispatchSemaphore(value: 0)
    let closed = DispatchSemaphore(value: 0)
    let server = try ModbusServer(port: 0) { request in
      if request.address == 1 {
        begun.signal()
        closed.wait()
      }
      return .success([request.address])
    }
    let caller = try Caller(port: server.port, deadline: 60)
    inThread {
      begun.wait()
      caller.queue.async {
        caller.client.close()
        closed.signal()
      }
    }
    #expect(await caller.ask(.read(address: 1, count: 1)) == .failure(.closed))
    #expect(await caller.ask(.read(address: 2, count: 1)) == .success([2]))
  }

  @Test("No completion runs within the call that it answers")
  func neverWithin() async throws {
    let server = try ModbusServer(port: 0) { _ in .success([1]) }
    let caller = try Caller(port: server.port)
    let order = await withCheckedContinuation { continuation in
      let events = Guarded<[String]>([])
      caller.queue.async { [client = caller.client] in
        client.send(.read(address: 0, count: 1)) { _ in events.withLock { $0.append("closed") } }
        client.send(.read(address: 0, count: 1)) { _ in events.withLock { $0.append("busy") } }
        client.close()
        events.withLock { $0.append("returned") }
        caller.queue.async { continuation.resume(returning: events.withLock { $0 }) }
      }
    }
    #expect(order == ["returned", "busy", "closed"])
  }

  @Test("A completion may ask the next thing")
  func chained() async throws {
    let server = try ModbusServer(port: 0) { .success([$0.address + 1]) }
    let caller = try Caller(port: server.port)
    let last: Result<[UInt16], LinkFailure> = await withCheckedContinuation { continuation in
      @Sendable func step(_ address: UInt16) {
        caller.client.send(.read(address: address, count: 1)) { result in
          guard case .success(let values) = result, values[0] < 100 else {
            return continuation.resume(returning: result)
          }
          step(values[0])
        }
      }
      caller.queue.async { step(0) }
    }
    #expect(last == .success([100]))
  }

  @Test("A client that nobody holds any more still answers what is outstanding")
  func abandoned() async throws {
    let server = try ModbusServer(port: 0) { _ in
      usleep(30_000)
      return .success([7])
    }
    let result: Result<[UInt16], LinkFailure> = try await withCheckedThrowingContinuation { done in
      do {
        let caller = try Caller(port: server.port)
        caller.queue.async { [client = caller.client] in
          client.send(.read(address: 0, count: 1)) { done.resume(returning: $0) }
        }
      } catch {
        done.resume(throwing: error)
      }
    }
    #expect(result == .success([7]))
  }

  @Test("Ids run over from 65535 to 0 without harm")
  func runOver() async throws {
    let ids = Guarded<[UInt16]>([])
    let peer = ScriptedPeer { wire, _ in
      while true {
        let request = wire.receiveFrame()
        guard request.count == 12 else { return wire.close() }
        ids.withLock { $0.append(UInt16(request[0]) << 8 | UInt16(request[1])) }
        wire.send(Array(request[..<4]) + [0, 5, 1, 3, 2, 0, 9])
      }
    }
    let caller = try Caller(port: peer.port, lastTransaction: 65533)
    for _ in 0..<4 { #expect(await caller.ask(.read(address: 0, count: 1)) == .success([9])) }
    #expect(ids.withLock { $0 } == [65534, 65535, 0, 1])
  }

  @Test("Many clients on one queue each get their own answers")
  func together() async throws {
    let servers = try (0..<4).map { number in
      try ModbusServer(port: 0) { .success([$0.address &+ UInt16(number) * 1000]) }
    }
    let queue = DispatchQueue(label: "shared")
    let clients = try (0..<32).map { number in
      try ModbusTCPClient(
        host: "127.0.0.1", port: servers[number % 4].port, unit: 1, deadline: 5, queue: queue)
    }
    let wrong = await withTaskGroup(of: Int.self) { group in
      for (number, client) in clients.enumerated() {
        group.addTask {
          var wrong = 0
          for address in UInt16(0)..<50 {
            let result: Result<[UInt16], LinkFailure> = await withCheckedContinuation { done in
              queue.async {
                client.send(.read(address: address, count: 1)) { done.resume(returning: $0) }
              }
            }
            if result != .success([address + UInt16(number % 4) * 1000]) { wrong += 1 }
          }
          return wrong
        }
      }
      return await group.reduce(0, +)
    }
    #expect(wrong == 0)
  }
}

@Suite("A client for a long time")
struct EnduranceTests {
  // In a process of its own: it takes away what other tests need.
  @Test(
    "Without a free descriptor the machine is to blame, and all is well when there is one again")
  func noDescriptor() async {
    await #expect(processExitsWith: .success) {
      let server = try ModbusServer(port: 0) { _ in .success([1]) }
      let caller = try Caller(port: server.port)
      let request = ModbusRequest.read(address: 0, count: 1)
      #expect(await caller.ask(request) == .success([1]))
      caller.queue.sync { caller.client.close() }
      usleep(100_000)
      var taken: [Int32] = []
      while let next = Optional(dup(0)), next >= 0, taken.count < 30_000 { taken.append(next) }
      for _ in 0..<5 {
        #expect(await caller.ask(request) == .failure(.system("Too many open files")))
      }
      for descriptor in taken { close(descriptor) }
      #expect(await caller.ask(request) == .success([1]))
    }
  }

  // In a process of its own: other tests open descriptors meanwhile.
  @Test("Clients that come and go leave no descriptor behind, connected or not")
  func clientsComeAndGo() async {
    await #expect(processExitsWith: .success) {
      let server = try ModbusServer(port: 0) { _ in .success([1]) }
      var before = 0
      for round in 0..<300 {
        if round == 10 { before = openDescriptors() }
        let caller = try Caller(port: server.port)
        if round % 3 > 0 {
          #expect(await caller.ask(.read(address: 0, count: 1)) == .success([1]))
        }
      }
      var after = openDescriptors()
      for _ in 0..<100 where after > before {
        usleep(10_000)
        after = openDescriptors()
      }
      #expect(after <= before, "\(before) descriptors open before, \(after) after")
    }
  }
}
