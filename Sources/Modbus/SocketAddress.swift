import Glibc

/// A numeric IPv4 or IPv6 address with a port. Names are not resolved: a resolver blocks, and a
/// cabinet must not become another one because a name server says so.
struct SocketAddress {
  private let storage: sockaddr_storage
  private let length: socklen_t

  /// `AF_INET` or `AF_INET6`.
  var family: Int32 { Int32(storage.ss_family) }

  /// `nil` if `host` is not a numeric address.
  init?(host: String, port: UInt16) {
    var storage = sockaddr_storage()
    var four = sockaddr_in()
    var six = sockaddr_in6()
    if inet_pton(AF_INET, host, &four.sin_addr) == 1 {
      four.sin_family = sa_family_t(AF_INET)
      four.sin_port = port.bigEndian
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: four, as: sockaddr_in.self) }
      length = socklen_t(MemoryLayout<sockaddr_in>.size)
    } else if inet_pton(AF_INET6, host, &six.sin6_addr) == 1 {
      six.sin6_family = sa_family_t(AF_INET6)
      six.sin6_port = port.bigEndian
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: six, as: sockaddr_in6.self) }
      length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    } else {
      return nil
    }
    self.storage = storage
  }

  /// The same address with another port.
  func with(port: UInt16) -> SocketAddress { SocketAddress(self, port: port) }

  private init(_ other: SocketAddress, port: UInt16) {
    var storage = other.storage
    // Both kinds of address have the port in the same place.
    let offset = MemoryLayout<sockaddr_in>.offset(of: \.sin_port) ?? 2
    withUnsafeMutableBytes(of: &storage) {
      $0.storeBytes(of: port.bigEndian, toByteOffset: offset, as: UInt16.self)
    }
    self.storage = storage
    length = other.length
  }

  /// Calls `body` with the address as the C functions want it.
  func withPointer<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    withUnsafeBytes(of: storage) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { addresses in
        guard let address = addresses.baseAddress else { preconditionFailure("storage is there") }
        return body(address, length)
      }
    }
  }
}

extension SocketAddress {
  /// The port a bound socket got; 0 if the system will not say.
  static func port(of descriptor: Int32) -> UInt16 { endpoint(of: descriptor, getsockname).port }

  /// Whether a connection ended where it began. A connect to a free port of this machine may pick
  /// that very port as its own and so meet itself.
  static func isConnectedToItself(_ descriptor: Int32) -> Bool {
    let near = endpoint(of: descriptor, getsockname)
    let far = endpoint(of: descriptor, getpeername)
    return near.port == far.port && near.address == far.address
  }

  private static func endpoint(
    of descriptor: Int32,
    _ ask: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) -> (address: [UInt8], port: UInt16) {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let status = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { ask(descriptor, $0, &length) }
    }
    guard status == 0 else { return ([], 0) }
    return withUnsafeBytes(of: storage) { bytes in
      // Port at 2; the address follows at 4 (IPv4) or 8 (IPv6).
      let address =
        storage.ss_family == sa_family_t(AF_INET) ? Array(bytes[4..<8]) : Array(bytes[8..<24])
      return (address, UInt16(high: bytes[2], low: bytes[3]))
    }
  }
}

/// What the system says about an error number.
func reason(_ number: Int32) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { text in
    guard let start = text.baseAddress, strerror_r(number, start, text.count) == 0 else {
      return "error \(number)"
    }
    return String(cString: start)
  }
}
