import Glibc

/// The switch that stops all writing: a file in the state folder, so that it outlives the daemon, and
/// people and programs can set it without asking the daemon.
///
/// While the file is there nothing is written. If the system cannot say whether it is there, nothing is
/// written either.
struct WriteSwitch: Sendable {
  /// Name of the file in the state folder.
  static let name = "writes.stopped"

  /// What the switch says.
  enum Position: Sendable, Equatable {
    case allowed
    /// Writing is stopped; who, when and why, as far as the file tells.
    case stopped(String)
  }

  /// The state folder, held open: were it only a path, a folder moved away would allow writing.
  private let folder: Int32
  private let path: String

  /// Opens the state folder at `path`, which must be there.
  init(in path: String) throws(Failure) {
    self.path = path
    folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else {
      let reason = String(cString: strerror(errno))
      throw Failure(
        "the state folder \(path) cannot be opened: \(reason)", "状态文件夹 \(path) 无法打开：\(reason)")
    }
  }

  /// Looks.
  var position: Position {
    read { text in text.split(separator: "\n").first.map(String.init) ?? "no reason given" }
  }

  /// The override that set it, by its second line; `nil` if a person did, who alone may end it.
  var override: String? {
    guard
      case .stopped(let mark) = read({ text in
        let lines = text.split(separator: "\n")
        return lines.count > 1 ? String(lines[1]) : ""
      }), mark.hasPrefix(Self.mark)
    else { return nil }
    return String(mark.dropFirst(Self.mark.count))
  }

  /// Beginning of the second line that an override writes.
  static let mark = "override "

  private func read(_ meaning: (String) -> String) -> Position {
    let file = openat(folder, Self.name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      let error = errno
      return error == ENOENT
        ? .allowed
        : .stopped("\(path)/\(Self.name) cannot be opened: \(String(cString: strerror(error)))")
    }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = Glibc.read(file, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    return .stopped(meaning(text))
  }

  /// Stops all writing; what stood there before is replaced. On disk when this returns.
  func stop(_ text: String) throws(Failure) {
    let made = ".\(Self.name).\(getpid())"
    let file = openat(folder, made, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw trouble("set", "设置") }
    let bytes = Array((text + "\n").utf8)
    let isWritten = write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
    close(file)
    guard isWritten, renameat(folder, made, folder, Self.name) == 0, fsync(folder) == 0 else {
      let failure = trouble("set", "设置")
      unlinkat(folder, made, 0)
      throw failure
    }
  }

  /// Allows writing again.
  func allow() throws(Failure) {
    guard unlinkat(folder, Self.name, 0) == 0 || errno == ENOENT, fsync(folder) == 0 else {
      throw trouble("removed", "删除")
    }
  }

  private func trouble(_ english: String, _ chinese: String) -> Failure {
    let reason = String(cString: strerror(errno))
    return Failure(
      "\(path)/\(Self.name) cannot be \(english): \(reason)",
      "\(path)/\(Self.name) 无法\(chinese)：\(reason)")
  }
}
