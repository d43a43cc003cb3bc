import Glibc
import Phrases

/// All bytes of a file; throws the system's reason if it cannot be read, or if it has more than `limit`.
func readWhole(_ path: String, atMost limit: Int) throws(Failure) -> [UInt8] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw unreadable(path, systemReason(errno)) }
  defer { close(file) }
  var content: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(file, &piece, piece.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw unreadable(path, systemReason(errno)) }
    if count == 0 { return content }
    content += piece[..<count]
    guard content.count <= limit else {
      throw unreadable(
        path, Phrase("it has more than \(limit >> 20) MiB", "大于 \(limit >> 20) MiB"))
    }
  }
}

private func unreadable(_ path: String, _ reason: Phrase) -> Failure {
  Failure(
    "cannot read \(path): \(reason.text(.english))", "无法读取 \(path)：\(reason.text(.chinese))",
    status: .usage)
}

/// The system's reason, as it gives it.
private func systemReason(_ code: Int32) -> Phrase { Phrase(name: String(cString: strerror(code))) }
