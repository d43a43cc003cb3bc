import Cabinets
import Glibc
import Modbus
import Signals
import Simulation

/// What a simulated cabinet of the bench does with its link.
enum CabinetManner: Sendable {
  /// Answers at once.
  case healthy
  /// Answers a byte at a time.
  case dribbling
  /// Takes connections and says nothing.
  case silent
  /// Takes no connection.
  case refusing

  /// The manner of cabinet `number`: of a hundred, one dribbles and five are dead.
  init(of number: Int) {
    switch number % 100 {
    case 0: self = .dribbling
    case 1...3: self = .silent
    case 4...5: self = .refusing
    default: self = .healthy
    }
  }
}

/// Where cabinet `number` of the bench is found: two hundred at each address of the loopback, told
/// apart by their unit, so that no address runs out of ports.
struct CabinetPlace: Sendable {
  /// Cabinets at one address.
  static let units = 200
  /// An address whose port is taken and does not listen.
  static let deaf = "127.0.2.1"

  let host: String
  let unit: UInt8

  init(of number: Int) {
    host =
      CabinetManner(of: number) == .refusing ? Self.deaf : Self.host(number / Self.units)
    unit = UInt8(number % Self.units + 1)
  }

  /// Listening address number `position`.
  static func host(_ position: Int) -> String { "127.0.1.\(position + 1)" }
}

/// Virtual cabinets on real Modbus TCP in one thread, for the bench: thousands of them, where
/// `ModbusServer` serves one with eight masters and a thread of its own.
final class CabinetCrowd {
  /// A byte of a dribbling reply every so many milliseconds: the block "live" comes whole just before
  /// the daemon's deadline, longer ones do not.
  private static let dribble: Int32 = 10

  private struct Master {
    let address: Int
    var decoder = ModbusFrameDecoder()
    /// Bytes of a dribbling reply that wait.
    var waiting: ArraySlice<UInt8> = []
  }

  let port: UInt16
  private let epoll: Epoll
  private let listeners: [Int32]
  private let clock = DaemonClock.real
  private var cabinets: [VirtualCabinet]
  private var masters: [Int32: Master] = [:]
  private var dribblers: [Int32] = []
  private var lastDribble: Int64 = 0
  private var chunk = [UInt8](repeating: 0, count: 512)

  /// Listens for `count` cabinets of `junction`.
  init(_ count: Int, of junction: Intersection) throws {
    guard let epoll = Epoll() else { throw systemFailure("no epoll", "无法使用 epoll") }
    self.epoll = epoll
    let now = clock.now()
    cabinets = (0..<count).map { number in
      VirtualCabinet(
        intersection: junction, settings: CabinetSettings(id: UInt32(number + 1)), at: now)
    }
    let reserved = try LoopbackSocket(host: CabinetPlace.deaf, port: 0)
    port = reserved.port
    var listeners: [Int32] = []
    for position in 0...(max(1, count) - 1) / CabinetPlace.units {
      let socket = try LoopbackSocket(host: CabinetPlace.host(position), port: port)
      guard listen(socket.descriptor, 4096) == 0,
        epoll.add(socket.descriptor, for: .reading, key: UInt64(socket.descriptor))
      else { throw systemFailure("cannot listen", "无法监听") }
      listeners.append(socket.descriptor)
    }
    self.listeners = listeners
  }

  /// Serves until the process's standard input comes to its end.
  func run() {
    guard epoll.add(STDIN_FILENO, for: .reading, key: UInt64(STDIN_FILENO)) else { return }
    while true {
      let count = epoll.wait(milliseconds: dribblers.isEmpty ? -1 : Self.dribble)
      for place in 0..<count {
        let descriptor = Int32(truncatingIfNeeded: epoll[place].key)
        if descriptor == STDIN_FILENO { return }
        if let address = listeners.firstIndex(of: descriptor), masters[descriptor] == nil {
          admit(from: descriptor, address: address)
        } else {
          serve(descriptor)
        }
      }
      dribbleOn()
    }
  }

  private func admit(from listener: Int32, address: Int) {
    while true {
      let made = accept(listener, nil, nil)
      guard made >= 0 else { return }
      _ = fcntl(made, F_SETFL, O_NONBLOCK)
      var on: Int32 = 1
      setsockopt(
        made, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
      masters[made] = Master(address: address)
      if !epoll.add(made, for: .reading, key: UInt64(made)) { drop(made) }
    }
  }

  private func drop(_ descriptor: Int32) {
    masters[descriptor] = nil
    dribblers.removeAll { $0 == descriptor }
    close(descriptor)
  }

  private func serve(_ descriptor: Int32) {
    let got = recv(descriptor, &chunk, chunk.count, 0)
    guard got > 0 else {
      if got == 0 || errno != EAGAIN { drop(descriptor) }
      return
    }
    masters[descriptor]?.decoder.append(chunk[..<got])
    do {
      while let request = try masters[descriptor]?.decoder.next() {
        answer(request, on: descriptor)
      }
    } catch {
      drop(descriptor)
    }
  }

  private func answer(_ request: ModbusFrame, on descriptor: Int32) {
    guard let master = masters[descriptor] else { return }
    let number = master.address * CabinetPlace.units + Int(request.unit) - 1
    guard cabinets.indices.contains(number) else { return drop(descriptor) }
    let reply = ModbusFrame(
      transaction: request.transaction, unit: request.unit, pdu: pdu(for: request, of: number)
    ).bytes
    switch CabinetManner(of: number) {
    case .silent, .refusing: return
    case .healthy:
      let sent = send(descriptor, reply, reply.count, Int32(MSG_NOSIGNAL))
      if sent != reply.count { drop(descriptor) }
    case .dribbling:
      if master.waiting.isEmpty { dribblers.append(descriptor) }
      masters[descriptor]?.waiting += reply
    }
  }

  private func pdu(for request: ModbusFrame, of number: Int) -> [UInt8] {
    let function = request.pdu[0]
    do throws(ModbusException) {
      let asked = try ModbusRequest(pdu: request.pdu)
      cabinets[number].advance(to: clock.now())
      let registers = try cabinets[number].answer(asked.forCabinet).mapError(\.onTheWire).get()
      guard case .read = asked else { return Array(request.pdu[..<5]) }
      var pdu = [function, UInt8(registers.count * 2)]
      for register in registers {
        pdu.append(UInt8(register >> 8))
        pdu.append(UInt8(truncatingIfNeeded: register))
      }
      return pdu
    } catch {
      return [function | 0x80, error.rawValue]
    }
  }

  private func dribbleOn() {
    let now = clock.now().monotonic.milliseconds
    guard now - lastDribble >= Int64(Self.dribble) else { return }
    lastDribble = now
    for descriptor in dribblers {
      guard let byte = masters[descriptor]?.waiting.popFirst() else { continue }
      _ = send(descriptor, [byte], 1, Int32(MSG_NOSIGNAL))
    }
    dribblers.removeAll { masters[$0]?.waiting.isEmpty ?? true }
  }
}

/// A non-blocking socket bound to an address of the loopback.
private struct LoopbackSocket {
  let descriptor: Int32
  let port: UInt16

  init(host: String, port: UInt16) throws {
    descriptor = socket(
      AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    inet_pton(AF_INET, host, &address.sin_addr)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else {
      throw systemFailure("cannot bind \(host):\(port)", "无法绑定 \(host):\(port)")
    }
    self.port = UInt16(bigEndian: address.sin_port)
  }
}

/// What could not be done, with what the system says about it.
private func systemFailure(_ english: String, _ chinese: String) -> Failure {
  let reason = String(cString: strerror(errno))
  return Failure("\(english): \(reason)", "\(chinese)：\(reason)")
}
