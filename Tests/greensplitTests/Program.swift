import Glibc
import Support
import Testing

/// Another run of the program under test: the very binary that people start, its output in files, so
/// that no pipe can fill up. It ends with this value.
final class Program {
  /// Where the binary is: beside the test that runs, else where a plain build puts it.
  static let path: String = {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    let own = String(decoding: buffer.prefix(max(0, length)), as: UTF8.self)
    let beside = own.split(separator: "/").dropLast().reduce(into: "") { $0 += "/\($1)" }
    let candidates = ["\(beside)/greensplit", "\(Peers.root)/.build/debug/greensplit"]
    return candidates.first { access($0, X_OK) == 0 } ?? candidates[1]
  }()

  /// A crash without a word of its own, such as an overflow, says where it was, among the errors.
  private static let backtrace = "SWIFT_BACKTRACE=enable=yes,color=no,interactive=no"

  /// Its process number.
  let process: pid_t
  private let folder: TemporaryFolder
  private var status: Int32?

  /// Starts it with `arguments`, with `environment` added to the test's, and with what is at the path
  /// `input` as its standard input; `wrapper` is a command that starts it in its own place.
  init(
    _ arguments: [String], environment: [(name: String, value: String)] = [],
    input: String = "/dev/null", within wrapper: [String] = []
  ) throws {
    folder = try TemporaryFolder()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    let flags = O_WRONLY | O_CREAT | O_APPEND
    posix_spawn_file_actions_addopen(&actions, 1, folder.path + "/output", flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, folder.path + "/errors", flags, 0o600)
    var attributes = Self.cleanSignals()
    defer { posix_spawnattr_destroy(&attributes) }
    // `env` sets the variables, so that the test's own environment stays as it is.
    let set = ["-u", "NOTIFY_SOCKET", "-u", "WATCHDOG_USEC", "-u", "WATCHDOG_PID", Self.backtrace]
    let words =
      (["env"] + set + environment.map { "\($0.name)=\($0.value)" } + wrapper + [Self.path]
      + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    var process = pid_t()
    let code = posix_spawnp(&process, "env", &actions, &attributes, words + [nil], environ)
    try #require(code == 0, "\(Self.path): \(String(cString: strerror(code)))")
    self.process = process
  }

  deinit {
    guard status == nil else { return }
    kill(process, SIGKILL)
    waitpid(process, nil, 0)
  }

  /// What it has written to standard output.
  var output: String { String(decoding: folder.read("output"), as: UTF8.self) }

  /// What it has written to standard error.
  var errors: String { String(decoding: folder.read("errors"), as: UTF8.self) }

  /// Sends it a signal.
  func signal(_ number: Int32) { if status == nil { kill(process, number) } }

  /// Its exit status, or 128 and the signal that ended it; fails if it has not ended in `seconds`.
  @discardableResult
  func end(within seconds: Double = 60) async throws -> Int32 {
    try await eventually(within: seconds, "the end of \(Self.path)", look: ended)
  }

  /// Whether it still runs, and what it has told: for whoever reads why a test failed.
  var account: String {
    if let status = ended() { return "process \(process) ended with \(status):\n\(errors)" }
    let system = try? Command.run("sh", ["-c", Self.inspection, "sh", "\(process)"]).output
    return "process \(process) runs:\n\(errors)\(String(decoding: system ?? [], as: UTF8.self))"
  }

  /// Where the threads of a process stand, what it holds open, and the sockets of this machine.
  private static let inspection = """
    for task in /proc/$1/task/*; do
      echo "thread $(cat $task/comm) $(cat $task/wchan) $(cat $task/syscall)"
    done
    ls -l /proc/$1/fd | awk 'NF > 9 { print $9, $10, $11 }'
    ss -tanp | grep -v TIME-WAIT
    """

  /// Its exit status, or 128 and the signal that ended it; `nil` while it runs.
  private func ended() -> Int32? {
    if let status { return status }
    var raw: Int32 = 0
    guard waitpid(process, &raw, WNOHANG) == process else { return nil }
    let signal = raw & 0x7F
    status = signal == 0 ? (raw >> 8) & 0xFF : 128 + signal
    return status
  }

  /// No signal blocked or ignored, whatever the thread of the test has.
  private static func cleanSignals() -> posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    return attributes
  }

  /// Runs it to its end.
  static func run(
    _ arguments: String..., within seconds: Double = 60
  ) async throws -> (status: Int32, output: String, errors: String) {
    try await run(arguments, within: seconds)
  }

  /// Likewise.
  static func run(
    _ arguments: [String], within seconds: Double = 60
  ) async throws -> (status: Int32, output: String, errors: String) {
    let program = try Program(arguments)
    let status = try await program.end(within: seconds)
    return (status, program.output, program.errors)
  }
}
