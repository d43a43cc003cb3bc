import Dispatch
import Glibc
import Modbus
import Support
import Testing

@Suite("Connections lost and made again")
struct ReconnectTests {
  // In a process of its own: other tests open descriptors and take memory meanwhile.
  @Test("Ten thousand, lost in every way, leave no descriptor and no memory behind")
  func noLeak() async {
    await #expect(processExitsWith: .success) {
      let server = try ModbusServer(port: 0) { _ in .success([1]) }
      let closed = try ModbusServer(port: 0) { _ in .success([1]) }
      closed.suspend()
      let peer = ScriptedPeer { wire, number in Ending.all[number % Ending.all.count].act(wire) }
      let good = try Caller(port: server.port)
      let bad = try Caller(port: peer.port)
      let nobody = try Caller(port: closed.port)
      let request = ModbusRequest.read(address: 0, count: 1)
      // A tenth for what the libraries take for themselves; two connections a round.
      let rounds =
        (getenv("GREENSPLIT_RECONNECTS").flatMap { Int(String(cString: $0)) } ?? 10_000) / 2
      var before = (descriptors: 0, memory: 0)
      for round in 0..<rounds * 11 / 10 {
        if round == rounds / 10 { before = (openDescriptors(), residentBytes()) }
        let kept = await good.ask(request)
        #expect(kept == .success([1]), "round \(round): \(kept)")
        good.queue.async { [client = good.client] in client.close() }
        let ending = Ending.all[round % Ending.all.count]
        let lost = await bad.ask(request)
        #expect(ending.isExpected(lost), "round \(round), \(ending.name): \(lost)")
        let refused = await nobody.ask(request)
        #expect(refused == .failure(.refused("Connection refused")))
      }
      // The other sides close theirs when they have seen ours.
      var after = openDescriptors()
      for _ in 0..<200 where after > before.descriptors {
        usleep(10_000)
        after = openDescriptors()
      }
      #expect(
        after <= before.descriptors, "\(before.descriptors) descriptors before, \(after) after")
      // 400 bytes kept of each connection would show.
      let grown = isSanitized ? 0 : residentBytes() - before.memory
      #expect(grown < rounds * 2 * 400, "\(grown) bytes more than before")
    }
  }
}

/// How a peer ends a connection whose first request has come.
private struct Ending: Sendable {
  let name: String
  let isExpected: @Sendable (Result<[UInt16], LinkFailure>) -> Bool
  /// Sends what there is to send, and ends the connection.
  let act: @Sendable (Wire) -> Void

  private static let isClosed: @Sendable (Result<[UInt16], LinkFailure>) -> Bool = {
    $0 == .failure(.closed)
  }
  private static let isMalformed: @Sendable (Result<[UInt16], LinkFailure>) -> Bool = {
    if case .failure(.malformed) = $0 { true } else { false }
  }

  static let all: [Ending] = [
    Ending(name: "goodbye", isExpected: isClosed) { wire in
      _ = wire.receiveFrame()
      wire.close()
    },
    Ending(name: "reset", isExpected: isClosed) { wire in
      _ = wire.receiveFrame()
      wire.reset()
    },
    Ending(name: "half a reply", isExpected: isClosed) { wire in
      let request = wire.receiveFrame()
      wire.send(Array(request[..<4]) + [0, 5, 1])
      wire.close()
    },
    Ending(name: "another id", isExpected: isMalformed) { wire in
      let request = wire.receiveFrame()
      wire.send([request[0], request[1] ^ 1, 0, 0, 0, 5, 1, 3, 2, 0, 1])
      wire.wait()
      wire.close()
    },
    Ending(name: "impossible length", isExpected: isMalformed) { wire in
      let request = wire.receiveFrame()
      wire.send(Array(request[..<4]) + [0xFF, 0xFF])
      wire.wait()
      wire.close()
    },
    Ending(name: "too much", isExpected: isMalformed) { wire in
      _ = wire.receiveFrame()
      wire.send([UInt8](repeating: 0xAA, count: 700))
      wire.wait()
      wire.close()
    },
  ]
}

/// Whether a sanitizer is at work, which holds back what was freed. Leaks are its own business.
private let isSanitized = dlsym(nil, "__asan_init") != nil || dlsym(nil, "__tsan_init") != nil

/// Memory of this process that is in use, bytes.
private func residentBytes() -> Int {
  guard let file = fopen("/proc/self/statm", "r") else { return -1 }
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 128)
  let count = fread(&bytes, 1, bytes.count, file)
  let fields = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
  return fields.count > 1 ? (Int(fields[1]) ?? -1) * Int(sysconf(Int32(_SC_PAGESIZE))) : -1
}
