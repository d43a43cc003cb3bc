import Glibc
import Phrases

/// Reads a YAML file into a value.
///
/// Simulation scenarios are read with it as site files are.
public enum YAMLFile {
  /// The largest file that is read, bytes; the largest junction known takes a fiftieth of it.
  public static let sizeLimit = 1 << 20

  /// Reads the file at `path`.
  ///
  /// - Parameters:
  ///   - path: The file; errors repeat it as it is given.
  ///   - read: Makes the value from the root, reporting what is wrong through the fields it meets;
  ///     `nil` only after it has reported something.
  /// - Returns: The value, or every error of the file by position.
  public static func read<Value>(
    _ path: String, _ read: (Field) -> Value?
  ) -> Result<Value, SiteErrors> {
    switch contents(of: path) {
    case .success(let bytes): return self.read(bytes, named: path, read)
    case .failure(let unreadable):
      return .failure(
        SiteErrors([
          SiteError(file: path, mark: .start, key: "file", problem: unreadable.problem)
        ]))
    }
  }

  /// Reads a file's `bytes`, as `read(_:_:)` does; errors call it `name`.
  public static func read<Value>(
    _ bytes: [UInt8], named name: String, _ read: (Field) -> Value?
  ) -> Result<Value, SiteErrors> {
    let problems = Problems(file: name)
    let value = root(of: bytes, problems).flatMap {
      read(
        Field(node: $0, mark: $0.mark, key: "file", example: nil, shape: nil, problems: problems))
    }
    guard problems.isEmpty else { return .failure(SiteErrors(problems.sorted)) }
    guard let value else { preconditionFailure("a file refused without an error") }
    return .success(value)
  }

  private static func root(of bytes: [UInt8], _ problems: Problems) -> YAMLNode? {
    do throws(YAMLSyntaxError) {
      // A closure of its own would lose the typed error, so the result is carried out.
      return try bytes.withUnsafeBufferPointer { buffer throws(YAMLSyntaxError) -> YAMLNode in
        try YAMLComposer(buffer, problems: problems).document()
      }
    } catch {
      problems.report(error.mark, "yaml", error.problem)
      return nil
    }
  }

  struct Unreadable: Error {
    let problem: Phrase
  }

  static func contents(of path: String) -> Result<[UInt8], Unreadable> {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(unreadable(errno)) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while true {
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return .failure(unreadable(errno)) }
      if count == 0 { return .success(bytes) }
      bytes += chunk[..<count]
      guard bytes.count <= sizeLimit else {
        return .failure(
          Unreadable(
            problem: Phrase(
              "is larger than 1 MiB; a file describes one junction or scenario",
              "超过 1 MiB；一个文件只描述一个路口或一个场景")))
      }
    }
  }

  private static func unreadable(_ code: Int32) -> Unreadable {
    let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    return Unreadable(
      problem: Phrase(
        "cannot be read: \(reason); check the path and its permissions",
        "无法读取：\(reason)；请检查路径及其权限"))
  }
}
