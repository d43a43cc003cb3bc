import Dispatch
import Glibc
import Locking
import Modbus
import Signals
import Support
import Testing

@Suite("Replies that are wrong in their frame", .serialized)
struct HostileRepliesTests {
  @Test("Every exception code is told as it is, on a connection that stays; 0 is no exception")
  func exceptions() async throws {
    let connections = Counter()
    // The address that is asked for is the code that comes.
    let peer = ScriptedPeer { wire, _ in
      _ = connections.next()
      while true {
        let request = wire.receiveFrame()
        guard request.count >= 12 else { return wire.close() }
        wire.send(Array(request[..<4]) + [0, 3, 1, request[7] | 0x80, request[9]])
      }
    }
    let caller = try Caller(port: peer.port)
    for code in UInt8(1)...255 {
      let expected = Result<[UInt16], LinkFailure>.failure(.exception(code))
      #expect(await caller.ask(.read(address: UInt16(code), count: 2)) == expected)
      #expect(await caller.ask(.write(address: UInt16(code), values: [7])) == expected)
    }
    #expect(connections.value == 1)
    guard case .failure(.malformed) = await caller.ask(.read(address: 0, count: 1)) else {
      Issue.record("exception 0 was taken for one")
      return
    }
  }

  @Test("Whatever is wrong in the frame, a value that comes is the right one", arguments: 0..<4)
  func neverAWrongValue(seed: UInt64) async throws {
    let peer = ScriptedPeer { wire, number in
      var liar = Liar(seed: seed << 32 | UInt64(number))
      while liar.serve(wire) {}
    }
    let caller = try Caller(port: peer.port, deadline: 0.1)
    var random = SeededGenerator(seed: seed)
    var right = 0
    for _ in 0..<200 {
      let address = UInt16.random(in: 0...60_000, using: &random)
      let count = UInt16.random(in: 1...125, using: &random)
      guard case .success(let values) = await caller.ask(.read(address: address, count: count))
      else { continue }
      #expect(values == (0..<count).map { Liar.truth(address + $0) })
      right += 1
    }
    #expect((60..<200).contains(right), "\(right) of 200 were answered")
  }
}

/// A peer that answers rightly at times. What Modbus/TCP cannot show, such as another register's value
/// in a right frame, it does not do.
private struct Liar {
  private var random: SeededGenerator
  private var last: [UInt8] = []

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// What register `address` holds.
  static func truth(_ address: UInt16) -> UInt16 { address &* 40_503 &+ 7 }

  /// Answers one request, or ends the connection; returns whether it goes on.
  mutating func serve(_ wire: Wire) -> Bool {
    let request = wire.receiveFrame()
    guard request.count == 12 else {
      wire.close()
      return false
    }
    let address = UInt16(request[8]) << 8 | UInt16(request[9])
    let right = reply(to: request, from: address, count: Int(request[11]))
    defer { last = right }
    switch Int.random(in: 0..<40, using: &random) {
    case 0: wire.send(changed(right, at: [4, 5]))
    case 1: wire.send(changed(right, at: [0, 1]))
    case 2: wire.send(changed(right, at: [2, 3]))
    case 3: wire.send(changed(right, at: [6]))
    case 4: wire.send(changed(right, at: [7]))
    case 5: wire.send(changed(right, at: [8]))
    case 6: wire.send(last + right)
    case 7: wire.send(last.isEmpty ? [0] : last)
    case 8: wire.send(right + [0])
    case 9: wire.send(right + right)
    case 10:
      wire.send(Array(right.prefix(Int.random(in: 1..<right.count, using: &random))))
      wire.close()
      return false
    case 11: wire.send(noise())
    case 12: wire.send(noise() + right)
    case 13:
      // Fewer registers than were asked for, in a frame that agrees with itself.
      wire.send(reply(to: request, from: address, count: max(1, Int(request[11]) / 2)))
    case 14: wire.send(Array(repeating: 0xFF, count: 4096))
    case 15:
      wire.reset()
      return false
    case 16...20: for piece in pieces(of: right) { wire.send(piece) }
    default: wire.send(right)
    }
    return true
  }

  private func reply(to request: [UInt8], from address: UInt16, count: Int) -> [UInt8] {
    let values = (0..<UInt16(count)).map { Self.truth(address + $0) }
    let length = 3 + count * 2
    return [request[0], request[1], 0, 0, UInt8(length >> 8), UInt8(length & 0xFF), 1, 3]
      + [UInt8(count * 2)] + values.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
  }

  /// One of the bytes at `places` is another.
  private mutating func changed(_ bytes: [UInt8], at places: [Int]) -> [UInt8] {
    var bytes = bytes
    bytes[places[Int.random(in: 0..<places.count, using: &random)]] ^=
      UInt8.random(in: 1...255, using: &random)
    return bytes
  }

  private mutating func noise() -> [UInt8] {
    (0..<Int.random(in: 1...300, using: &random)).map { _ in .random(in: 0...255, using: &random) }
  }

  private mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
    let cut = Int.random(in: 0...bytes.count, using: &random)
    return [Array(bytes[..<cut]), Array(bytes[cut...])]
  }
}

@Suite("Cabinets that share a queue with peers that do not behave", .serialized)
struct NeighbourTests {
  /// The daemon's own deadline for an answer, s.
  private static let deadline = 1.0
  private static let seconds = 3.0

  /// What was seen beside the hostile peers.
  private struct Seen {
    var times: [Double] = []
    var failures: [LinkFailure] = []
    var wrong = 0
    var latestTick = 0.0
    var mischief = 0
  }

  @Test("All are answered within their deadline, and no tick of the queue is held up")
  func neighbours() async throws {
    let server = try ModbusServer(port: 0) { .success([$0.address, 0x5453]) }
    let queue = DispatchQueue(label: "junctions")
    let seen = Guarded(Seen())
    let end = DispatchTime.now() + Self.seconds
    // Each does its mischief with every connection that it gets.
    let peers = Mischief.all.map { mischief in
      ScriptedPeer { wire, _ in
        let request = wire.receiveFrame()
        if request.count == 12 { mischief.act(wire, request) }
        wire.close()
      }
    }
    let clients = try (peers.map(\.port) + Array(repeating: server.port, count: 6)).map { port in
      try ModbusTCPClient(
        host: "127.0.0.1", port: port, unit: 1, deadline: Self.deadline, queue: queue)
    }
    Self.watch(queue, until: end, seen)
    await withTaskGroup(of: Void.self) { group in
      for (position, client) in clients.enumerated() {
        group.addTask {
          await Self.ask(client, isGood: position >= peers.count, on: queue, until: end, seen)
        }
      }
    }
    let result = seen.withLock { $0 }
    #expect(result.failures == [])
    #expect(result.wrong == 0)
    #expect(result.mischief > 200, "\(result.mischief) acts of mischief")
    let times = result.times.sorted()
    try #require(times.count > 200, "\(times.count) answers")
    // An answer on loopback takes a fraction of a millisecond; a loaded machine adds some.
    #expect(times[times.count * 99 / 100] < 0.25, "99 of 100 answers")
    #expect(times[times.count - 1] < Self.deadline)
    #expect(result.latestTick < 0.5, "a tick came \(result.latestTick) s late")
  }

  /// Asks again and again; a neighbour every 20 ms, as often as a daemon with fifty cabinets does.
  private static func ask(
    _ client: ModbusTCPClient, isGood: Bool, on queue: DispatchQueue, until end: DispatchTime,
    _ seen: Guarded<Seen>
  ) async {
    var address: UInt16 = 0
    while DispatchTime.now() < end {
      address += 1
      let request = ModbusRequest.read(address: isGood ? address : 10, count: 2)
      let (result, time) = await timed(client, request, on: queue)
      seen.withLock { seen in
        switch result {
        case .success(let values) where isGood:
          seen.times.append(time)
          if values != [address, 0x5453] { seen.wrong += 1 }
        // The one that refuses once is right ever after.
        case .success(let values): if values != [5, 6] { seen.wrong += 1 }
        case .failure(let failure) where isGood: seen.failures.append(failure)
        case .failure: seen.mischief += 1
        }
      }
      if isGood { try? await Task.sleep(for: .milliseconds(20)) }
    }
  }

  private static func timed(
    _ client: ModbusTCPClient, _ request: ModbusRequest, on queue: DispatchQueue
  ) async -> (Result<[UInt16], LinkFailure>, Double) {
    await withCheckedContinuation { continuation in
      queue.async {
        let start = DispatchTime.now()
        client.send(request) {
          let took = DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds
          continuation.resume(returning: ($0, Double(took) * 1e-9))
        }
      }
    }
  }

  /// A tick each 50 ms, as junctions have.
  private static func watch(
    _ queue: DispatchQueue, until end: DispatchTime, _ seen: Guarded<Seen>
  ) {
    let due = DispatchTime.now() + 0.05
    guard due < end else { return }
    queue.asyncAfter(deadline: due, qos: .unspecified, flags: []) {
      let late = Double(DispatchTime.now().uptimeNanoseconds - due.uptimeNanoseconds) * 1e-9
      seen.withLock { $0.latestTick = max($0.latestTick, late) }
      watch(queue, until: end, seen)
    }
  }
}
