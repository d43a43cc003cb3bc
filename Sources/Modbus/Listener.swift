import Glibc

/// libmodbus waits with `select()`, which ends the process on descriptors of 1024 or more; some
/// room is left below.
let descriptorLimit: Int32 = 1000

/// A listening TCP socket that can be closed and opened again on the same port.
///
/// Two sockets are bound to the port. One never listens: it keeps the port from being given away
/// while the other is closed, so that masters are refused in the meantime and the listener is sure
/// to come back.
final class Listener {
  /// The port that both are bound to.
  let port: UInt16

  /// The socket that listens; `nil` while it is closed.
  private(set) var descriptor: Int32?

  private let host: String
  private let address: SocketAddress
  private let reservation: Int32

  /// Binds and listens on a numeric address; port 0 is any free one.
  init(host: String, port: UInt16) throws(ModbusServerFailure) {
    guard let wanted = SocketAddress(host: host, port: port) else { throw .address(host) }
    let reservation = try Self.bound(to: wanted, host: host, port: port)
    self.host = host
    self.reservation = reservation
    self.port = SocketAddress.port(of: reservation)
    address = wanted.with(port: self.port)
    do {
      descriptor = try Self.listening(on: address, host: host, port: self.port)
    } catch {
      close(reservation)
      throw error
    }
  }

  deinit {
    if let descriptor { close(descriptor) }
    close(reservation)
  }

  /// Listens, if it does not already.
  func open() throws(ModbusServerFailure) {
    guard descriptor == nil else { return }
    descriptor = try Self.listening(on: address, host: host, port: port)
  }

  /// Stops listening; attempts from now on are refused.
  func shut() {
    if let descriptor { close(descriptor) }
    descriptor = nil
  }

  private static func listening(
    on address: SocketAddress, host: String, port: UInt16
  ) throws(ModbusServerFailure) -> Int32 {
    let made = try bound(to: address, host: host, port: port)
    guard listen(made, SOMAXCONN) == 0 else {
      let error = errno
      close(made)
      throw .listen(host: host, port: port, reason: reason(error))
    }
    return made
  }

  private static func bound(
    to address: SocketAddress, host: String, port: UInt16
  ) throws(ModbusServerFailure) -> Int32 {
    let made = socket(
      address.family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue),
      0)
    guard made >= 0 else { throw .listen(host: host, port: port, reason: reason(errno)) }
    guard made < descriptorLimit else {
      close(made)
      throw .tooManyDescriptors(made)
    }
    set(SOL_SOCKET, SO_REUSEADDR, of: made)
    guard address.withPointer({ bind(made, $0, $1) }) == 0 else {
      let error = errno
      close(made)
      throw .listen(host: host, port: port, reason: reason(error))
    }
    return made
  }
}
