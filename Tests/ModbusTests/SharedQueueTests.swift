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
      try (0..<10).map { _ in try Caller(port: port, deadline: 0.5, on: queue) }
    }
    let neighbours = try (0..<4).map { _ in try Caller(port: good.port, on: queue) }
    let answers = Guarded(0)
    let failures = Guarded([Int](repeating: 0, count: bad.count))
    var longest = 0.0
    // The group ends with the last of its tasks: links that went on asking would find whoever gets
    // these ports next, and take every place that a server of a later test has.
    await withTaskGroup { group in
      for (index, link) in bad.enumerated() {
        group.addTask {
          while !Task.isCancelled {
            switch await link.ask(.read(address: 1, count: 1)) {
            case .success: answers.withLock { $0 += 1 }
            case .failure: failures.withLock { $0[index] += 1 }
            }
            try? await Task.sleep(for: .milliseconds(10))
          }
        }
      }
      var round: UInt16 = 0
      // However fast the machine: the silent ones fail at their deadline of 0.5 s, not before.
      while failures.withLock({ $0.contains(0) }) {
        round &+= 1
        for neighbour in neighbours {
          let (result, took) = await neighbour.timed(.read(address: round, count: 1))
          #expect(result == .success([round]))
          longest = max(longest, took)
        }
      }
      group.cancelAll()
    }
    #expect(answers.withLock { $0 } == 0)
    // Far below the bad links' deadline of 0.5 s, and far above what a busy machine may need.
    #expect(longest < 0.4)
    withExtendedLifetime((good, silent, dribbling, lying, shut)) {}
  }
}
