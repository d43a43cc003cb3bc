import Dispatch
import Glibc
import Locking
import Modbus
import Testing

@Suite("Many links on one queue")
struct SharedQueueTests {
  @Test(
    "Silent, dribbling, lying and refusing peers hold up none of their neighbours",
    .timeLimit(.minutes(1)))
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
    let answers = Guarded(0)
    let failures = Guarded([Int](repeating: 0, count: bad.count))
    @Sendable func pester(_ index: Int) {
      bad[index].send(.read(address: 1, count: 1)) { result in
        if case .success = result {
          answers.withLock { $0 += 1 }
        } else {
          failures.withLock { $0[index] += 1 }
        }
        queue.asyncAfter(deadline: .now() + 0.01) { pester(index) }
      }
    }
    queue.async { for index in bad.indices { pester(index) } }

    let neighbours = try (0..<4).map { _ in
      try ModbusTCPClient(host: "127.0.0.1", port: good.port, unit: 1, deadline: 5, queue: queue)
    }
    let longest = Guarded(0.0)
    var round: UInt16 = 0
    // However fast the machine: the silent ones fail at their deadline of 0.5 s, not before.
    while failures.withLock({ $0.contains(0) }) {
      round &+= 1
      let address = round
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
    #expect(answers.withLock { $0 } == 0)
    // Far below the bad links' deadline of 0.5 s, and far above what a busy machine may need.
    #expect(longest.withLock { $0 } < 0.4)
    withExtendedLifetime((silent, dribbling, lying, shut)) {}
  }
}
