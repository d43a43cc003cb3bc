import Glibc

/// Why a run with an attached simulator ended before its time.
public struct PlantFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What the plant did, at which line of its output, and what would be right.
  public let description: String
}

/// A traffic simulator as a child process: lines to its standard input, lines from its standard
/// output, its standard error passed through.
final class PlantProcess {
  private let process: pid_t
  private let input: Int32
  private let output: Int32
  private var buffer: [UInt8] = []
  private var scanned = 0
  /// Lines read so far.
  private(set) var lines = 0

  /// Starts `command` by the shell.
  init(_ command: String) throws(PlantFailure) {
    var toPlant: [Int32] = [-1, -1]
    var fromPlant: [Int32] = [-1, -1]
    guard pipe(&toPlant) == 0, pipe(&fromPlant) == 0 else {
      throw PlantFailure(description: "no pipe for the plant: \(String(cString: strerror(errno)))")
    }
    for end in toPlant + fromPlant { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(toPlant[1], F_SETFL, O_NONBLOCK)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toPlant[0], STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, fromPlant[1], STDOUT_FILENO)
    // A group of its own, so that a plant that hangs can be ended with all it started.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    let shell = "/bin/sh"
    let arguments: [String] = [shell, "-c", command]
    let words = arguments.map { strdup($0) }
    defer { for word in words { free(word) } }
    var process = pid_t()
    let status = posix_spawn(&process, shell, &actions, &attributes, words + [nil], environ)
    close(toPlant[0])
    close(fromPlant[1])
    guard status == 0 else {
      close(toPlant[1])
      close(fromPlant[0])
      throw PlantFailure(
        description: "the plant cannot be started: \(String(cString: strerror(status)))")
    }
    self.process = process
    input = toPlant[1]
    output = fromPlant[0]
  }

  /// Ends the plant, and all it started, if it has not ended by itself.
  deinit {
    close(input)
    close(output)
    // A plant that has said all it had to say gets a moment to end by itself.
    for _ in 0..<50 {
      if waitpid(process, nil, WNOHANG) == process { return }
      usleep(20_000)
    }
    kill(-process, SIGKILL)
    waitpid(process, nil, 0)
  }

  /// Sends a line, which must be taken within `seconds`.
  ///
  /// A plant that has ended takes none. What it said before may still be unread: ``receive(within:limit:)``
  /// tells that, and then what is missing, so the same plant fails the same way however fast it ended.
  func send(_ line: String, within seconds: Double) throws(PlantFailure) {
    let deadline = now() + seconds
    var rest = Array((line + "\n").utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      if written >= 0 {
        rest = rest.dropFirst(written)
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: try waitForRoom(until: deadline, patience: seconds)
      default: return
      }
    }
  }

  private func waitForRoom(until deadline: Double, patience: Double) throws(PlantFailure) {
    var polled = pollfd(fd: input, events: Int16(POLLOUT), revents: 0)
    let ready = poll(&polled, 1, Int32(max(0, deadline - now()) * 1000))
    guard ready > 0 || (ready < 0 && errno == EINTR) else {
      throw PlantFailure(
        description: "the plant said its line \(lines) and read no lamps for \(Int(patience)) s")
    }
  }

  /// The next line, which must be there, whole, within `seconds`.
  func receive(within seconds: Double, limit: Int) throws(PlantFailure) -> [UInt8] {
    let deadline = now() + seconds
    while true {
      if let end = buffer[scanned...].firstIndex(of: 10) {
        defer {
          buffer.removeFirst(end + 1)
          scanned = 0
        }
        lines += 1
        return Array(buffer[..<end])
      }
      scanned = buffer.count
      guard buffer.count <= limit else {
        throw failure("has more than \(limit) bytes; a line ends with a line feed")
      }
      try readMore(until: deadline, patience: seconds)
    }
  }

  private func readMore(until deadline: Double, patience: Double) throws(PlantFailure) {
    var polled = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    let ready = poll(&polled, 1, Int32(max(0, deadline - now()) * 1000))
    if ready < 0, errno == EINTR { return }
    guard ready > 0 else {
      throw failure("did not come within \(Int(patience)) s")
    }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(output, &chunk, chunk.count)
    if count < 0, errno == EINTR { return }
    guard count > 0 else {
      throw failure(buffer.isEmpty ? "is missing: the plant ended" : "is half written: it ended")
    }
    buffer += chunk[..<count]
  }

  /// What is wrong with the line that is due.
  private func failure(_ what: String) -> PlantFailure {
    PlantFailure(description: "the plant's line \(lines + 1) \(what)")
  }

  private func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
