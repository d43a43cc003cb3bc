import Glibc

/// Unix sockets, as the system gives them.
enum UnixSocket {
  /// A socket that listens at `path` with these rights. One that a program which has ended left there is
  /// put aside.
  static func listen(at path: String, mode: mode_t) throws(Failure) -> Int32 {
    let descriptor = try made(for: path)
    var isBound = call(Glibc.bind, descriptor, path)
    if !isBound, errno == EADDRINUSE {
      if call(Glibc.connect, descriptor, path) {
        close(descriptor)
        throw Failure(
          "the control socket \(path): another program listens there",
          "控制套接字 \(path)：已有其他程序在监听")
      }
      var found = stat()
      if lstat(path, &found) == 0, found.st_mode & S_IFMT == S_IFSOCK { unlink(path) }
      isBound = call(Glibc.bind, descriptor, path)
    }
    guard isBound, chmod(path, mode) == 0, Glibc.listen(descriptor, 16) == 0 else {
      throw trouble(path, closing: descriptor)
    }
    return descriptor
  }

  /// A socket that is connected to whoever listens at `path`.
  static func connect(to path: String) throws(Failure) -> Int32 {
    let descriptor = try made(for: path)
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK)
    guard call(Glibc.connect, descriptor, path) else { throw trouble(path, closing: descriptor) }
    return descriptor
  }

  /// Who has connected, as the system says.
  static func peer(of descriptor: Int32) -> Visitor {
    // struct ucred: process, user, group.
    var peer: [UInt32] = [0, .max, .max]
    var size = socklen_t(MemoryLayout<UInt32>.size * peer.count)
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 else {
      return Visitor(name: "unknown", place: "control socket")
    }
    return Visitor(name: userName(peer[1]), place: "uid \(peer[1])")
  }

  /// The name of a user of this machine, or its number.
  static func userName(_ number: UInt32) -> String {
    var entry = passwd()
    var text = [CChar](repeating: 0, count: 16_384)
    var found: UnsafeMutablePointer<passwd>?
    let code = getpwuid_r(number, &entry, &text, text.count, &found)
    guard code == 0, found != nil, let name = entry.pw_name else { return "user \(number)" }
    return String(cString: name)
  }

  private static func made(for path: String) throws(Failure) -> Int32 {
    let count = path.utf8.count
    guard count > 0, count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else {
      throw Failure(
        "the control socket \(path): the path of a socket has at most 107 bytes",
        "控制套接字 \(path)：套接字路径至多 107 字节")
    }
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, type, 0)
    guard descriptor >= 0 else { throw trouble(path, closing: -1) }
    return descriptor
  }

  private static func call(
    _ body: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32, _ descriptor: Int32,
    _ path: String
  ) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    return withUnsafeBytes(of: &address) {
      body(
        descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
    }
  }

  private static func trouble(_ path: String, closing descriptor: Int32) -> Failure {
    let reason = String(cString: strerror(errno))
    if descriptor >= 0 { close(descriptor) }
    return Failure("the control socket \(path): \(reason)", "控制套接字 \(path)：\(reason)")
  }
}
