import Glibc

/// A program that a test runs to its end.
public enum Command {
  /// Why it could not be run; the text is the system's reason.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    /// The program and the reason.
    public let description: String
  }

  /// Runs `program`, found on the path, with `arguments` and `input` on its standard input.
  ///
  /// - Returns: Its exit status and what it wrote to standard output.
  public static func run(
    _ program: String, _ arguments: [String], input: [UInt8] = []
  ) throws(Failure) -> (status: Int32, output: [UInt8]) {
    // Files rather than pipes: a child of another test cannot hold their ends open.
    let folder = try TemporaryFolder()
    let (inputPath, outputPath) = (folder.path + "/input", folder.path + "/output")
    folder.write(input, to: "input")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, inputPath, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, outputPath, O_WRONLY | O_CREAT, 0o600)
    let words = ([program] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    var process = pid_t()
    let code = posix_spawnp(&process, program, &actions, nil, words + [nil], environ)
    guard code == 0 else {
      throw Failure(description: "\(program): \(String(cString: strerror(code)))")
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return ((status >> 8) & 0xFF, folder.read("output"))
  }
}

/// A folder that goes with this value.
public final class TemporaryFolder: Sendable {
  /// Where it is.
  public let path: String

  /// Makes an empty folder under /tmp.
  public init() throws(Command.Failure) {
    var template = Array("/tmp/greensplit-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw Command.Failure(description: "mkdtemp: \(String(cString: strerror(errno)))")
    }
    path = String(cString: made)
  }

  deinit {
    guard let listing = opendir(path) else { return }
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { unlink(path + "/" + name) }
    }
    closedir(listing)
    rmdir(path)
  }

  /// Writes `bytes` to the end of the file `name`, which is made with `mode` if it is not there.
  public func write(_ bytes: [UInt8], to name: String, mode: UInt32 = 0o600) {
    let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode)
    precondition(file >= 0, "a file in \(path)")
    defer { close(file) }
    fchmod(file, mode)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      precondition(count > 0, "room in \(path)")
      rest = rest.dropFirst(count)
    }
  }

  /// Writes `text` to the end of the file `name`.
  public func write(_ text: String, to name: String, mode: UInt32 = 0o600) {
    write(Array(text.utf8), to: name, mode: mode)
  }

  /// The content of the file `name`; nothing if it is not there.
  public func read(_ name: String) -> [UInt8] {
    let file = open(path + "/" + name, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var content: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while case let count = Glibc.read(file, &piece, piece.count), count > 0 {
      content += piece[..<count]
    }
    return content
  }
}
