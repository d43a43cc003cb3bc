import Glibc

/// All bytes of a file; throws the system's reason if it cannot be read, or if it has more than `limit`.
func readWhole(_ path: String, atMost limit: Int) throws(Failure) -> [UInt8] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw unreadable(path, String(cString: strerror(errno))) }
  defer { close(file) }
  var content: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(file, &piece, piece.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw unreadable(path, String(cString: strerror(errno))) }
    if count == 0 { return content }
    content += piece[..<count]
    guard content.count <= limit else {
      throw unreadable(path, "it has more than \(limit >> 20) MiB")
    }
  }
}

private func unreadable(_ path: String, _ reason: String) -> Failure {
  Failure("cannot read \(path): \(reason)", status: .usage)
}
