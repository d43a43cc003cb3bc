import Cabinets
import Dispatch
import Locking
import Modbus
import Simulation

/// Virtual cabinets behind real Modbus TCP on loopback, one request at a time.
///
/// A cabinet's server hands what arrives to the thread that waits in `carry`, whose cabinets it is, so
/// that a run over the wire is in lock-step and gives the same result as one without.
final class LoopbackWire: CabinetWire {
  private let lines: [Line]

  /// Puts so many cabinets on free ports of loopback.
  init(cabinets: Int) throws {
    lines = try (0..<cabinets).map { _ in try Line() }
  }

  func carry(
    _ request: CabinetRequest, to position: Int,
    answer: (CabinetRequest) -> Result<[UInt16], RegisterException>
  ) -> Result<[UInt16], CabinetFailure> {
    lines[position].carry(request, answer: answer)
  }
}

/// One cabinet's server, and the daemon's client to it.
private final class Line: Sendable {
  /// What the thread in `carry` waits for.
  private enum Event: Sendable {
    case arrived(ModbusRequest)
    case ended(Result<[UInt16], LinkFailure>)
  }

  /// Longest time for an answer, s: loopback needs none, a machine under load some.
  private static let deadline = 30.0

  private let queue = DispatchQueue(label: "greensplit.wire")
  private let events = Mailbox<Event>()
  private let replies = Mailbox<Result<[UInt16], ModbusException>>()
  private let server: ModbusServer
  private let client: ModbusTCPClient

  init() throws {
    server = try ModbusServer(port: 0) { [events, replies] request in
      events.put(.arrived(request))
      return replies.take()
    }
    client = try ModbusTCPClient(
      host: "127.0.0.1", port: server.port, unit: 1, deadline: Self.deadline, queue: queue)
  }

  func carry(
    _ request: CabinetRequest, answer: (CabinetRequest) -> Result<[UInt16], RegisterException>
  ) -> Result<[UInt16], CabinetFailure> {
    let sent = request.onTheWire
    queue.async { [client, events] in
      client.send(sent) { events.put(.ended($0)) }
    }
    while true {
      switch events.take() {
      case .arrived(let arrived):
        replies.put(answer(arrived.forCabinet).mapError(\.onTheWire))
      case .ended(let result):
        return result.mapError(\.forCabinet)
      }
    }
  }
}

/// Values from one thread to another, which waits for them.
private final class Mailbox<Value: Sendable>: Sendable {
  private let values = Guarded<[Value]>([])
  private let count = DispatchSemaphore(value: 0)

  func put(_ value: Value) {
    values.withLock { $0.append(value) }
    count.signal()
  }

  func take() -> Value {
    count.wait()
    return values.withLock { $0.removeFirst() }
  }
}
