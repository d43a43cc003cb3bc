import Dispatch
import Glibc
import Modbus
import Support
import Testing

/// What a peer does wrong with its first connection, and how that must end.
struct Mischief: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// In s. Where a time-out is expected it is short; else it is so long that the machine's load does
  /// not matter, and the failure must come long before it.
  let deadline: Double
  let expected: @Sendable (LinkFailure) -> Bool
  /// Gets the connection and the request; the right reply would be 5 and 6.
  let act: @Sendable (Wire, [UInt8]) -> Void

  init(
    _ description: String, deadline: Double = 10,
    expected: @escaping @Sendable (LinkFailure) -> Bool,
    act: @escaping @Sendable (Wire, [UInt8]) -> Void
  ) {
    testDescription = description
    self.deadline = deadline
    self.expected = expected
    self.act = act
  }

  static let all: [Mischief] = [
    Mischief("accepts and stays silent", deadline: 0.5, expected: isTimeout) { wire, _ in
      wire.wait()
    },
    Mischief("sends half a reply and stays silent", deadline: 0.5, expected: isTimeout) {
      wire, request in
      wire.send(Array(right(request).prefix(8)))
      wire.wait()
    },
    Mischief("dribbles beyond the deadline", deadline: 0.5, expected: isTimeout) { wire, request in
      for byte in right(request) {
        wire.send([byte])
        usleep(200_000)
      }
    },
    Mischief("answers too late", deadline: 0.5, expected: isTimeout) { wire, request in
      usleep(2_000_000)
      wire.send(right(request))
    },
    Mischief("answers another id", expected: isMalformed) { wire, request in
      wire.send(right(request, id: 1))
    },
    Mischief("answers for another unit", expected: isMalformed) { wire, request in
      wire.send(right(request, unit: 2))
    },
    Mischief("answers another function", expected: isMalformed) { wire, request in
      wire.send(header(request, length: 7) + [4, 4, 0, 5, 0, 6])
    },
    Mischief("answers fewer registers", expected: isMalformed) { wire, request in
      wire.send(header(request, length: 5) + [3, 2, 0, 5])
    },
    Mischief("counts bytes that are not there", expected: isMalformed) { wire, request in
      wire.send(header(request, length: 7) + [3, 8, 0, 5, 0, 6])
    },
    Mischief("sends an impossible length", expected: isMalformed) { wire, request in
      wire.send(header(request, length: 0x4000))
      wire.wait()
    },
    Mischief("promises more bytes than it sends", deadline: 0.5, expected: isTimeout) {
      wire, request in
      wire.send(header(request, length: 9) + [3, 4, 0, 5, 0, 6])
      wire.wait()
    },
    Mischief("speaks another protocol", expected: isMalformed) { wire, _ in
      wire.send(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
    },
    Mischief("sends two replies at once", expected: isMalformed) { wire, request in
      wire.send(right(request) + right(request))
    },
    Mischief("closes instead of answering", expected: isClosed) { wire, _ in wire.close() },
    Mischief("closes in the middle of a reply", expected: isClosed) { wire, request in
      wire.send(Array(right(request).prefix(10)))
      wire.close()
    },
    Mischief("resets in the middle of a reply", expected: isClosed) { wire, request in
      wire.send(Array(right(request).prefix(10)))
      usleep(20_000)
      wire.reset()
    },
    Mischief("refuses with exception 2", expected: { $0 == .exception(2) }) { wire, request in
      wire.send(header(request, length: 3) + [0x83, 2])
      wire.obey()
    },
  ]

  private static let isTimeout: @Sendable (LinkFailure) -> Bool = { $0 == .timedOut }
  private static let isClosed: @Sendable (LinkFailure) -> Bool = { $0 == .closed }
  private static let isMalformed: @Sendable (LinkFailure) -> Bool = {
    if case .malformed = $0 { true } else { false }
  }
}

/// The header of a reply to `request`, by hand.
private func header(_ request: [UInt8], id: UInt8 = 0, unit: UInt8 = 1, length: Int) -> [UInt8] {
  [request[0], request[1] ^ id, 0, 0, UInt8(length >> 8), UInt8(length & 0xFF), unit]
}

/// Registers 5 and 6; with an `id` other than 0 the transaction differs in those bits.
private func right(_ request: [UInt8], id: UInt8 = 0, unit: UInt8 = 1) -> [UInt8] {
  header(request, id: id, unit: unit, length: 7) + [3, 4, 0, 5, 0, 6]
}

extension Wire {
  /// Keeps the connection until the other side ends it.
  func wait() { _ = receive(1) }

  /// Answers everything rightly until the other side ends the connection.
  func obey() {
    while true {
      let request = receiveFrame()
      guard request.count == 12 else { return close() }
      send(right(request))
    }
  }
}

@Suite("A client against peers that do not behave", .serialized)
struct HostilePeerTests {
  static let request = ModbusRequest.read(address: 10, count: 2)

  @Test(
    "Fails within the deadline, never with a value, and the next request works",
    arguments: Mischief.all)
  func survives(mischief: Mischief) async throws {
    let peer = ScriptedPeer { wire, number in
      guard number == 0 else { return wire.obey() }
      let request = wire.receiveFrame()
      mischief.act(wire, request)
    }
    let caller = try Caller(port: peer.port, deadline: mischief.deadline)
    let (result, seconds) = await caller.timed(Self.request)
    guard case .failure(let failure) = result else {
      Issue.record("a value came: \(result)")
      return
    }
    #expect(mischief.expected(failure), "\(failure)")
    // Two seconds for a loaded machine.
    #expect(seconds < min(mischief.deadline, 5) + 2)
    #expect(await caller.ask(Self.request) == .success([5, 6]))
  }

  @Test("A reply that comes a byte at a time within the deadline is taken")
  func dribbleInTime() async throws {
    let peer = ScriptedPeer { wire, _ in
      for byte in right(wire.receiveFrame()) {
        wire.send([byte])
        usleep(2_000)
      }
      wire.obey()
    }
    let caller = try Caller(port: peer.port)
    #expect(await caller.ask(Self.request) == .success([5, 6]))
  }

  @Test("A late reply is never taken for the answer to the next request")
  func lateReply() async throws {
    // Each connection answers its first request only when a second one has come, as if the line
    // were slow: were the connection kept, the second request would get the first one's registers.
    let peer = ScriptedPeer { wire, number in
      guard number == 0 else { return wire.obey() }
      let first = wire.receiveFrame()
      usleep(400_000)
      wire.send(header(first, length: 7) + [3, 4, 0, 1, 0, 1])
      wire.obey()
    }
    let caller = try Caller(port: peer.port, deadline: 0.3)
    #expect(await caller.ask(Self.request) == .failure(.timedOut))
    try await Task.sleep(for: .milliseconds(200))
    #expect(await caller.ask(Self.request) == .success([5, 6]))
  }

  @Test("Bytes that nobody asked for close the connection, and the next request is answered afresh")
  func unasked() async throws {
    let connections = Counter()
    let peer = ScriptedPeer { wire, _ in
      _ = connections.next()
      let request = wire.receiveFrame()
      wire.send(right(request))
      usleep(50_000)
      wire.send(right(request))
      wire.obey()
    }
    let caller = try Caller(port: peer.port)
    #expect(await caller.ask(Self.request) == .success([5, 6]))
    try await Task.sleep(for: .milliseconds(150))
    #expect(await caller.ask(Self.request) == .success([5, 6]))
    #expect(connections.value == 2)
  }

  @Test("After a peer's quiet goodbye the next request connects again")
  func goodbye() async throws {
    let peer = ScriptedPeer { wire, _ in
      wire.send(right(wire.receiveFrame()))
      wire.close()
    }
    let caller = try Caller(port: peer.port)
    for _ in 0..<5 {
      #expect(await caller.ask(Self.request) == .success([5, 6]))
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  @Test("A peer that never takes the connection costs no more than the deadline")
  func noAccept() async throws {
    // A full backlog lets further attempts hang: Linux drops their SYN.
    let (listening, port) = Wire.listener()
    listen(listening.descriptor, 0)
    let filling = (0..<4).map { _ in
      let wire = Wire(descriptor: socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
      _ = fcntl(wire.descriptor, F_SETFL, O_NONBLOCK)
      wire.begin(to: port)
      return wire
    }
    try await Task.sleep(for: .milliseconds(100))
    let caller = try Caller(port: port, deadline: 0.4)
    let (result, seconds) = await caller.timed(Self.request)
    #expect(result == .failure(.timedOut))
    #expect((0.39..<2.4).contains(seconds))
    for wire in filling + [listening] { wire.close() }
  }
}
