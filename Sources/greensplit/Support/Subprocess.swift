import Dispatch
import Glibc
import Phrases

/// Another greensplit, or another program, started by this one. Foundation's `Process` would bring all of Foundation.
struct Subprocess {
  /// Its process number.
  let process: pid_t

  /// Starts this very program, or another, with `arguments`.
  ///
  /// - Parameters:
  ///   - arguments: Command and options.
  ///   - program: Path of the program.
  ///   - input: What becomes its standard input; `nil` for none.
  ///   - output: What becomes its standard output; `nil` for this program's.
  ///   - hear: Called with each line of its standard error, on a queue of its own.
  /// - Throws: The system's reason, if it cannot be started.
  init(
    _ arguments: [String], program: String = "/proc/self/exe", input: Int32? = nil,
    output: Int32? = nil, hear: @escaping @Sendable (String) -> Void
  ) throws {
    let errors = try Pipe()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    }
    if let output { posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
    posix_spawn_file_actions_adddup2(&actions, errors.write, STDERR_FILENO)
    let words = (["greensplit"] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    var process = pid_t()
    let status = posix_spawn(&process, program, &actions, nil, words + [nil], environ)
    close(errors.write)
    guard status == 0 else {
      close(errors.read)
      let reason = String(cString: strerror(status))
      throw Failure("cannot start \(program): \(reason)", "无法启动 \(program)：\(reason)")
    }
    self.process = process
    Self.readLines(of: errors.read, hear: hear)
  }

  /// Asks it to end.
  func terminate() { kill(process, SIGTERM) }

  /// Whether it has ended; `wait` still tells how.
  var hasEnded: Bool {
    var found = siginfo_t()
    let code = waitid(P_PID, id_t(process), &found, WEXITED | WNOHANG | WNOWAIT)
    return code == 0 && found.si_signo == SIGCHLD
  }

  /// Waits for its end and returns its exit status, -1 if a signal ended it.
  func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
  }

  private static func readLines(of descriptor: Int32, hear: @escaping @Sendable (String) -> Void) {
    DispatchQueue(label: "child's errors").async {
      var line: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = read(descriptor, &chunk, chunk.count)
        guard count > 0 else { break }
        for byte in chunk[..<count] {
          guard byte == 10 else {
            line.append(byte)
            continue
          }
          hear(String(decoding: line, as: UTF8.self))
          line.removeAll(keepingCapacity: true)
        }
      }
      close(descriptor)
    }
  }
}

/// Two ends of a pipe that no child inherits unless it is given one.
struct Pipe {
  let read: Int32
  let write: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      let reason = String(cString: strerror(errno))
      throw Failure("no pipe: \(reason)", "无法建立管道：\(reason)")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (read, write) = (ends[0], ends[1])
  }
}
