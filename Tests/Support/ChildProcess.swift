import Glibc
import Locking

/// Why a program that a test needs cannot be run or heard.
public enum ChildProcessFailure: Error, Sendable, Equatable {
  /// It cannot be started; the text is the system's reason.
  case start(program: String, reason: String)
  /// It printed no further line in time.
  case silent(program: String, seconds: Double)
  /// It ended, or closed its output, where a further line was due.
  case ended(program: String)
}

extension ChildProcessFailure: CustomStringConvertible {
  /// The failure in words.
  public var description: String {
    switch self {
    case .start(let program, let reason): "\(program) cannot be started: \(reason)"
    case .silent(let program, let seconds): "\(program) printed nothing for \(seconds) s"
    case .ended(let program): "\(program) ended where a further line was due (see its errors above)"
    }
  }
}

/// A program that runs beside a test. Its standard input is a pipe that stays open until the end,
/// its standard output is read line by line, its errors go to the test's. It ends with this value.
public final class ChildProcess {
  private let program: String
  private let process: pid_t
  private var input: Int32
  private let output: Int32
  private var buffer: [UInt8] = []
  private var status: Int32?

  /// One child is made at a time: another, made between a pipe's making and its being marked to
  /// close on exec, would keep that pipe open.
  private static let making = Guarded(())

  /// Starts `program`, a path, with `arguments`, in the environment and folder of the test.
  public init(_ program: String, _ arguments: [String] = []) throws(ChildProcessFailure) {
    let made = Self.making.withLock { _ in
      Result { () throws(ChildProcessFailure) in try Self.spawn(program, arguments) }
    }
    (process, input, output) = try made.get()
    self.program = ([program] + arguments).joined(separator: " ")
  }

  private static func spawn(
    _ program: String, _ arguments: [String]
  ) throws(ChildProcessFailure) -> (process: pid_t, input: Int32, output: Int32) {
    let input = try pipe(for: program)
    let output = try pipe(for: program)
    defer {
      close(input.read)
      close(output.write)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input.read, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO)
    var attributes = cleanSignals()
    defer { posix_spawnattr_destroy(&attributes) }
    let words = ([program] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    var process = pid_t()
    let status = posix_spawn(&process, program, &actions, &attributes, words + [nil], environ)
    guard status == 0 else {
      close(input.write)
      close(output.read)
      throw .start(program: program, reason: String(cString: strerror(status)))
    }
    return (process, input.write, output.read)
  }

  /// No signal blocked or ignored. Tests run on dispatch's threads, which block most signals, and a
  /// child has its parent thread's mask: it could not be asked to end.
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

  deinit {
    closeInput()
    close(output)
    if status == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
  }

  /// The next line of its output, without the newline.
  public func line(within seconds: Double = 30) throws(ChildProcessFailure) -> String {
    let end = Self.now() + seconds
    while true {
      if let newline = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        defer { buffer.removeFirst(newline + 1) }
        return String(decoding: buffer[..<newline], as: UTF8.self)
      }
      var polled = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      let rest = Int32(max(0, end - Self.now()) * 1000)
      let ready = poll(&polled, 1, rest)
      if ready < 0 && errno == EINTR { continue }
      guard ready > 0 else { throw .silent(program: program, seconds: seconds) }
      var chunk = [UInt8](repeating: 0, count: 4096)
      let got = read(output, &chunk, chunk.count)
      guard got > 0 else { throw .ended(program: program) }
      buffer.append(contentsOf: chunk[..<got])
    }
  }

  /// Ends its standard input.
  public func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// Sends it a signal.
  public func signal(_ number: Int32) {
    if status == nil { kill(process, number) }
  }

  /// Waits until it has ended.
  ///
  /// - Returns: Its exit status, or 128 and the signal that ended it, as a shell says it.
  public func wait() -> Int32 {
    if let status { return status }
    var raw: Int32 = 0
    while waitpid(process, &raw, 0) < 0 && errno == EINTR {}
    let signal = raw & 0x7F
    let ended = signal == 0 ? (raw >> 8) & 0xFF : 128 + signal
    status = ended
    return ended
  }

  private static func pipe(
    for program: String
  ) throws(ChildProcessFailure) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else {
      throw .start(program: program, reason: String(cString: strerror(errno)))
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
