import Dispatch
import Glibc
import Locking
import Modbus
import Testing

@Suite("Many links on one queue")
struct SharedQueueTests {
  @Test("Silent, dribbling, lying and refusing peers hold up none of their neighbours")
  func undisturbed() async throws {
    let good = try ModbusServer(port: 0) { .success([$0.address]) }
    let shut = try ModbusServer(port: 0) { _ in .success([0]) }
    shut.suspend()
    let silent = ScriptedPeer { wire, _ in _ = wire.receive(1 << 20) }
    let dribbling = ScriptedPeer { wire, _ in
      while wire.receiveFrame().count == 12 {
        // A frame that never ends: its length is beyond what comes.
        for _ in 0..<200 where wire.send([0]) { usleep(5_000) }
      }
    }
    let lying = ScriptedPeer { wire, _ in
      while true {
        let request = wire.receiveFrame()
        guard request.count == 12 else { return wire.close() }
        wire.send([request[0] &+ 1] + request[1..<4] + [0, 5, 1, 3, 2, 0, 9])
      }
    }
    let queue = DispatchQueue(label: "shared")
    let bad = try [silent.port, dribbling.port, lying.port, shut.port].flatMap { port in
      try (0..<10).map { _ in
        try ModbusTCPClient(host: "127.0.0.1", port: port, unit: 1, deadline: 0.5, queue: queue)
      }
    }
    let ends = Guarded((answers: 0, failures: 0))
    @Sendable func pester(_ client: ModbusTCPClient) {
      client.send(.read(address: 1, count: 1)) { result in
        ends.withLock { ends in
          if case .success = result { ends.answers += 1 } else { ends.failures += 1 }
        }
        queue.asyncAfter(deadline: .now() + 0.01) { pester(client) }
      }
    }
    queue.async { for client in bad { pester(client) } }

    let neighbours = try (0..<4).map { _ in
      try ModbusTCPClient(host: "127.0.0.1", port: good.port, unit: 1, deadline: 5, queue: queue)
    }
    let longest = Guarded(0.0)
    for address in UInt16(0)..<50 {
      for client in neighbours {
        let result: Result<[UInt16], LinkFailure> = await withCheckedContinuation { done in
          queue.async {
            let start = DispatchTime.now().uptimeNanoseconds
            client.send(.read(address: address, count: 1)) { result in
              let took = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
              longest.withLock { $0 = max($0, took) }
              done.resume(returning: result)
            }
          }
        }
        #expect(result == .success([address]))
      }
    }
    let (answers, failures) = ends.withLock { $0 }
    #expect(answers == 0)
    #expect(failures > 100, "the bad peers were at it all the time")
    // Far below the bad links' deadline of 0.5 s, and far above what a busy machine may need.
    #expect(longest.withLock { $0 } < 0.4)
    withExtendedLifetime((silent, dribbling, lying, shut)) {}
  }
}
