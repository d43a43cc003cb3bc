import CModbus
import Dispatch
import Glibc
import Locking

/// Why a server cannot listen.
public enum ModbusServerFailure: Error, Sendable, Equatable {
  /// The host is not a numeric IPv4 or IPv6 address.
  case address(String)
  /// The address cannot be listened on; the text is the system's reason.
  case listen(host: String, port: UInt16, reason: String)
  /// The process has too many files open: libmodbus must not see a descriptor of 1000 or more.
  case tooManyDescriptors(Int32)
}

extension ModbusServerFailure: CustomStringConvertible {
  /// The failure in words.
  public var description: String {
    switch self {
    case .address(let host):
      "'\(host)' is not an address: write a numeric IPv4 or IPv6 address, such as 127.0.0.1"
    case .listen(let host, let port, let reason): "cannot listen on \(host) port \(port): \(reason)"
    case .tooManyDescriptors(let number):
      "descriptor \(number) is too high for libmodbus: have fewer than 1000 files open"
    }
  }
}

/// The device's side of Modbus/TCP, for the simulated cabinet: answers up to eight masters, one
/// request after the other, on a thread of its own.
///
/// Functions 0x03 and 0x10 go to the handler, any other gets exception 1; a unit other than its own
/// gets exception 0x0B. libmodbus writes the replies. Its receiving side is not used: that blocks
/// until a frame is whole, so that one master that dribbles would hold up all others.
///
/// For demonstrations and tests on networks that can be trusted: Modbus has no authentication.
public final class ModbusServer: Sendable {
  /// Most masters at a time; a further one is closed at once.
  public static let clientLimit = 8

  /// The TCP port that it listens on.
  public let port: UInt16

  private let loop: ServerLoop
  private let thread: Guarded<pthread_t?>

  /// Listens at once.
  ///
  /// - Parameters:
  ///   - host: A numeric IPv4 or IPv6 address of this machine.
  ///   - port: The TCP port, or 0 for any free one (see `port`).
  ///   - unit: The unit that answers, 1 to 255.
  ///   - handler: Decides every reply, on the server's thread: as many registers as a read asks for,
  ///     anything for a write, or why not. While it works all masters wait.
  /// - Throws: `address`, `listen` or `tooManyDescriptors`.
  public convenience init(
    host: String = "127.0.0.1", port: UInt16, unit: UInt8 = 1,
    handler: @escaping @Sendable (ModbusRequest) -> Result<[UInt16], ModbusException>
  ) throws(ModbusServerFailure) {
    try self.init(host: host, port: port, unit: unit, patience: 1, handler: handler)
  }

  /// Likewise, with the patience in whole s that a master gets to finish a frame that it has begun,
  /// or to take a reply.
  package init(
    host: String = "127.0.0.1", port: UInt16, unit: UInt8 = 1, patience: Int,
    handler: @escaping @Sendable (ModbusRequest) -> Result<[UInt16], ModbusException>
  ) throws(ModbusServerFailure) {
    precondition(unit != 0, "unit 0 is a broadcast")
    let listener = try Listener(host: host, port: port)
    self.port = listener.port
    guard let replies = LibmodbusReplies(unit: unit, handler: handler) else {
      throw .listen(host: host, port: port, reason: reason(ENOMEM))
    }
    loop = ServerLoop(listener: listener, replies: replies, patience: patience)
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { box in
        if let box { Unmanaged<ServerLoop>.fromOpaque(box).takeRetainedValue().run() }
        return nil
      }, Unmanaged.passRetained(loop).toOpaque())
    precondition(status == 0, "no thread for a Modbus server: \(reason(status))")
    self.thread = Guarded(thread)
  }

  deinit { stop() }

  /// Whether masters can connect now.
  public var isListening: Bool { loop.isListening }

  /// Masters that were closed at once: more than eight, or on a descriptor of 1000 or more.
  public var turnedAway: Int { loop.turnedAway }

  /// Closes everything and ends the thread, after the request in hand. Not for the handler to call.
  public func stop() {
    loop.obey(.stop)
    thread.withLock { thread in
      guard let running = thread else { return }
      precondition(pthread_equal(running, pthread_self()) == 0, "a handler cannot stop its server")
      pthread_join(running, nil)
      thread = nil
    }
  }

  /// Stops listening and closes all connections, as if the cable were cut, until `resume()`. It has
  /// happened on return, except when the handler calls.
  public func suspend() { loop.obey(.silence(until: nil)) }

  /// Listens again on the same port. It has happened on return, except when the handler calls.
  public func resume() { loop.obey(.listen) }

  /// `suspend()` now, and `resume()` by itself after so many seconds.
  public func cutOff(seconds: Double) {
    precondition(seconds >= 0, "a link cannot have been cut off in the past")
    loop.obey(.silence(until: monotonicSeconds() + seconds))
  }
}

/// Seconds on the monotonic clock.
func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
