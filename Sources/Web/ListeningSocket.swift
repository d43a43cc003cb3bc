import Glibc

/// A TCP socket that listens, made by hand so that a failure says what the system says.
package struct ListeningSocket {
  let descriptor: Int32
  let port: UInt16

  /// Whether only this machine can reach `address`; `nil` if it is no numeric address.
  package static func isLoopback(_ address: String) -> Bool? {
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, address, &four) == 1 {
      return UInt32(bigEndian: four.s_addr) >> 24 == 127
    }
    guard inet_pton(AF_INET6, address, &six) == 1 else { return nil }
    return withUnsafeBytes(of: &six) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
  }

  /// Listens on the numeric `address`; the port 0 lets the system choose one.
  init(address: String, port: UInt16) throws(HTTPServerError) {
    var four = sockaddr_in()
    var six = sockaddr_in6()
    four.sin_family = sa_family_t(AF_INET)
    four.sin_port = port.bigEndian
    six.sin6_family = sa_family_t(AF_INET6)
    six.sin6_port = port.bigEndian
    let isFour = inet_pton(AF_INET, address, &four.sin_addr) == 1
    guard isFour || inet_pton(AF_INET6, address, &six.sin6_addr) == 1 else {
      throw .notNumeric(address: address)
    }
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    descriptor = socket(isFour ? AF_INET : AF_INET6, type, 0)
    // A restarted daemon must not wait for old connections to time out.
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    let isListening =
      descriptor >= 0
      && (isFour ? Self.bind(descriptor, to: &four) : Self.bind(descriptor, to: &six))
      && listen(descriptor, SOMAXCONN) == 0
    guard isListening, let bound = Self.port(of: descriptor) else {
      let reason = systemReason(errno)
      if descriptor >= 0 { close(descriptor) }
      throw .cannotListen(address: address, port: port, reason: reason)
    }
    self.port = bound
  }

  private static func bind<Address>(_ descriptor: Int32, to address: inout Address) -> Bool {
    withUnsafeBytes(of: &address) { bytes in
      guard let start = bytes.baseAddress else { return false }
      let plain = start.assumingMemoryBound(to: sockaddr.self)
      return Glibc.bind(descriptor, plain, socklen_t(bytes.count)) == 0
    }
  }

  /// The port lies in the same place for both families.
  private static func port(of descriptor: Int32) -> UInt16? {
    var bound = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let isKnown = withUnsafeMutableBytes(of: &bound) { bytes in
      guard let start = bytes.baseAddress else { return false }
      return getsockname(descriptor, start.assumingMemoryBound(to: sockaddr.self), &length) == 0
    }
    return isKnown ? UInt16(bigEndian: bound.sin6_port) : nil
  }
}

/// `address` as a numeric text without its port.
func numericText(_ address: UnsafePointer<sockaddr>?) -> String {
  guard let address else { return "unknown" }
  var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
  let size = socklen_t(text.count)
  let raw = UnsafeRawPointer(address)
  if Int32(raw.load(as: sa_family_t.self)) == AF_INET {
    var four = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
    inet_ntop(AF_INET, &four, &text, size)
  } else {
    var six = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
    inet_ntop(AF_INET6, &six, &text, size)
  }
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
