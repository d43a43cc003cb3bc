import Glibc

/// A file that is written whole or not at all; whether it can be is said before the work begins.
struct OutputFile {
  private let path: String
  /// Where it is written first, so that nobody finds half of it; `nil` for what is no plain file,
  /// such as /dev/stdout, which must not be replaced.
  private let draft: String?

  /// Throws the system's reason if nothing can be written there.
  init(_ path: String) throws(Failure) {
    self.path = path
    var found = stat()
    let isThere = stat(path, &found) == 0
    guard !isThere || found.st_mode & S_IFMT != S_IFDIR else {
      throw Failure(
        "cannot write \(path): it is a folder; name a file", "无法写入 \(path)：它是文件夹；请指定文件")
    }
    draft = !isThere || found.st_mode & S_IFMT == S_IFREG ? "\(path).new" : nil
    close(try Self.begin(draft ?? path, for: path))
    if let draft { unlink(draft) }
  }

  /// Writes `bytes`, whole or not at all.
  func write(_ bytes: [UInt8]) throws(Failure) {
    let file = try Self.begin(draft ?? path, for: path)
    let isWritten = Self.write(bytes, to: file)
    let reason = errno
    close(file)
    guard isWritten else {
      if let draft { unlink(draft) }
      throw Self.failure(path, reason)
    }
    guard let draft else { return }
    guard rename(draft, path) == 0 else { throw Self.failure(path, errno) }
  }

  private static func begin(_ file: String, for path: String) throws(Failure) -> Int32 {
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path, errno) }
    return descriptor
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return false }
      rest = rest.dropFirst(written)
    }
    return true
  }

  private static func failure(_ path: String, _ reason: Int32) -> Failure {
    let told = String(cString: strerror(reason))
    return Failure("cannot write \(path): \(told)", "无法写入 \(path)：\(told)")
  }
}
