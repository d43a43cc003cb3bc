import FoundationEssentials
import Glibc
import Phrases

extension Failure {
  /// An answer of the daemon that this program cannot read.
  static let otherVersion = Failure(
    "the answer is that of another version of greensplit", "应答来自另一版本的 greensplit")
}

/// A question to a daemon of this machine over its control socket.
struct ControlQuestion {
  /// Name of the socket in the folder where the daemon has it.
  static let socketName = "control.sock"

  /// Longest wait for an answer, s.
  private static let patience = 15

  /// Most bytes of an answer: the overrides of a city.
  private static let limit = 1 << 26

  /// How a command is told whom to ask.
  static let option = OptionList.Option(
    name: "--control", value: "PATH",
    help: Phrase(
      "the daemon's control socket (/run/greensplit/control.sock)",
      "守护进程的控制套接字（/run/greensplit/control.sock）"))

  /// The folder that the service manager gives a service for its sockets.
  static var runtimeFolder: String? {
    getenv("RUNTIME_DIRECTORY").map { String(cString: $0) }
      .flatMap { $0.split(separator: ":").first.map(String.init) }
  }

  let path: String

  init(_ options: Options) {
    path = options["--control"] ?? "\(Self.runtimeFolder ?? "/run/greensplit")/\(Self.socketName)"
  }

  /// The status and the body of the answer to `line`.
  func answer(to line: String) throws(Failure) -> (status: Int, body: [UInt8]) {
    let descriptor: Int32
    do throws(Failure) {
      descriptor = try UnixSocket.connect(to: path)
    } catch {
      throw Failure(
        "\(error.words.text(.english)); does greensplit run run there? Name its socket with --control",
        "\(error.words.text(.chinese))；greensplit run 是否在该处运行？请用 --control 指定其套接字")
    }
    defer { close(descriptor) }
    var wait = timeval(tv_sec: Self.patience, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &wait, socklen_t(MemoryLayout<timeval>.size))
    }
    signal(SIGPIPE, SIG_IGN)
    write(line + "\n", to: descriptor)
    return try taken(apart: try all(from: descriptor))
  }

  private func all(from descriptor: Int32) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= Self.limit {
      let count = read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        let reason = String(cString: strerror(errno))
        throw Failure("\(path): no answer: \(reason)", "\(path)：没有应答：\(reason)")
      }
      if count == 0 { break }
      bytes += piece.prefix(count)
    }
    return bytes
  }

  /// The line is {"body":…,"status":N}: the body stays the bytes that it is.
  private func taken(apart line: [UInt8]) throws(Failure) -> (status: Int, body: [UInt8]) {
    struct Head: Decodable { let status: Int }
    let start = Array("{\"body\":".utf8)
    guard let head = try? JSONDecoder().decode(Head.self, from: Data(line)),
      line.starts(with: start), let end = line.lastIndex(of: UInt8(ascii: ",")), end > start.count
    else {
      throw Failure("\(path): the answer is none of greensplit's", "\(path)：应答不是 greensplit 的")
    }
    return (head.status, Array(line[start.count..<end]))
  }
}
