import Dispatch
import Glibc
import Modbus
import Locking

/// A client of the code under test, on a queue of its own if none is given.
struct Caller: Sendable {
  let queue: DispatchQueue
  let client: ModbusTCPClient

  init(
    port: UInt16, host: String = "127.0.0.1", unit: UInt8 = 1, deadline: Double = 5,
    lastTransaction: UInt16 = 0, on queue: DispatchQueue = DispatchQueue(label: "caller")
  ) throws {
    self.queue = queue
    client = try ModbusTCPClient(
      host: host, port: port, unit: unit, deadline: deadline, queue: queue,
      lastTransaction: lastTransaction)
  }

  func ask(_ request: ModbusRequest) async -> Result<[UInt16], LinkFailure> {
    await withCheckedContinuation { continuation in
      queue.async { [client] in
        client.send(request) { continuation.resume(returning: $0) }
      }
    }
  }

  /// Likewise, with the time in s until the completion ran, whenever the test hears of it.
  func timed(_ request: ModbusRequest) async -> (result: Result<[UInt16], LinkFailure>, Double) {
    await withCheckedContinuation { continuation in
      queue.async { [client] in
        let start = DispatchTime.now()
        client.send(request) {
          let took = DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds
          continuation.resume(returning: ($0, Double(took) * 1e-9))
        }
      }
    }
  }
}

/// A plain TCP socket in blocking mode that knows nothing of Modbus.
final class Wire: Sendable {
  let descriptor: Int32
  private let isClosed = Guarded(false)

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Connects to a port on this machine.
  static func connect(to port: UInt16) -> Wire {
    let wire = Wire(descriptor: Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
    _ = withAddress(port) { Glibc.connect(wire.descriptor, $0, $1) }
    wire.limitWaiting()
    return wire
  }

  /// Begins to connect and does not wait for it; the socket is in non-blocking mode.
  func begin(to port: UInt16) {
    _ = Self.withAddress(port) { Glibc.connect(descriptor, $0, $1) }
  }

  /// A socket that listens on a free port of this machine.
  static func listener() -> (wire: Wire, port: UInt16) {
    let descriptor = Glibc.socket(
      AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    _ = withAddress(0) { bind(descriptor, $0, $1) }
    listen(descriptor, 64)
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length)
      }
    }
    return (Wire(descriptor: descriptor), UInt16(bigEndian: address.sin_port))
  }

  private static func withAddress(
    _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// A test that waits for ever says less than one that fails.
  func limitWaiting() {
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  /// So many bytes, or fewer if the stream ends before.
  func receive(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      var chunk = [UInt8](repeating: 0, count: count - bytes.count)
      let got = recv(descriptor, &chunk, chunk.count, 0)
      guard got > 0 else { break }
      bytes += chunk[..<got]
    }
    return bytes
  }

  /// One frame by its length field, cut by hand so that it does not lean on the decoder.
  func receiveFrame() -> [UInt8] {
    let head = receive(6)
    guard head.count == 6 else { return head }
    return head + receive(Int(head[4]) << 8 | Int(head[5]))
  }

  /// Whether the other side ends the connection, after whatever it still sends.
  func ends() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let got = recv(descriptor, &chunk, chunk.count, 0)
      if got <= 0 { return got == 0 || errno != EAGAIN }
    }
  }

  /// Whether all went out.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// Ends the connection, once: by a second time the number could be another connection's.
  func close() {
    let isFirst = isClosed.withLock { isClosed in
      defer { isClosed = true }
      return !isClosed
    }
    if isFirst { Glibc.close(descriptor) }
  }

  /// Ends the connection with a reset rather than a FIN.
  func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    close()
  }
}

/// A peer that does as a test says: the script gets each connection with its number, from 0.
final class ScriptedPeer: Sendable {
  let port: UInt16
  private let listening: Wire

  init(_ script: @escaping @Sendable (Wire, Int) -> Void) {
    let (listening, port) = Wire.listener()
    self.listening = listening
    self.port = port
    inThread { [listening] in
      for number in 0... {
        let descriptor = accept(listening.descriptor, nil, nil)
        guard descriptor >= 0 else { return listening.close() }
        let wire = Wire(descriptor: descriptor)
        wire.limitWaiting()
        inThread { script(wire, number) }
      }
    }
  }

  deinit {
    // Wakes the accept, which a close would not; and were it closed here, its thread could accept on
    // a number that is another's by then.
    shutdown(listening.descriptor, Int32(SHUT_RDWR))
  }
}

/// Runs `work` on a thread of its own: what blocks must hold up neither dispatch's threads nor those
/// of the tests.
func inThread(_ work: @escaping @Sendable () -> Void) {
  final class Box: Sendable {
    let work: @Sendable () -> Void
    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
  }
  var thread = pthread_t()
  let status = pthread_create(
    &thread, nil,
    { box in
      if let box { Unmanaged<Box>.fromOpaque(box).takeRetainedValue().work() }
      return nil
    }, Unmanaged.passRetained(Box(work)).toOpaque())
  precondition(status == 0, "no thread for a test")
  pthread_detach(thread)
}

/// Counts from 0 on any thread.
final class Counter: Sendable {
  private let count = Guarded(0)

  func next() -> Int {
    count.withLock { count in
      defer { count += 1 }
      return count
    }
  }

  var value: Int { count.withLock { $0 } }
}

/// A bank of registers behind a server, as a cabinet has.
final class Bank: Sendable {
  private let registers = Guarded([UInt16](repeating: 0, count: 65536))

  /// Makes each register what `client.py` takes for granted when it is to agree.
  func fillForPeer() {
    registers.withLock { registers in
      for address in registers.indices {
        registers[address] = UInt16(truncatingIfNeeded: 719 * address + 21_587)
      }
    }
  }

  func callAsFunction(_ request: ModbusRequest) -> Result<[UInt16], ModbusException> {
    registers.withLock { registers in
      let span = Int(request.address)..<Int(request.address) + request.count
      guard case .write(_, let values) = request else { return .success(Array(registers[span])) }
      registers.replaceSubrange(span, with: values)
      return .success([])
    }
  }

  func read(_ address: Int, _ count: Int) -> [UInt16] {
    registers.withLock { Array($0[address..<address + count]) }
  }
}

/// Numbers of the descriptors that this process has open.
func openDescriptors() -> Int {
  guard let folder = opendir("/proc/self/fd") else { return -1 }
  defer { closedir(folder) }
  var count = 0
  while readdir(folder) != nil { count += 1 }
  return count
}
