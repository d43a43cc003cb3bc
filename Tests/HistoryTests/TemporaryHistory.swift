import Locking
import Glibc
import Signals

@testable import History

/// A directory of its own for the histories of one test, deleted with it.
final class TemporaryHistory: Sendable {
  let directory: String

  init() {
    var template = Array("/tmp/greensplit-history-XXXXXX".utf8CString)
    let made = mkdtemp(&template)
    precondition(made != nil, "no temporary directory")
    directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit {
    for name in Self.names(in: directory) { unlink("\(directory)/\(name)") }
    rmdir(directory)
  }

  var path: String { "\(directory)/history.db" }

  /// Opens a writer whose reports are kept in `log`.
  func writer(
    _ options: HistoryOptions = .quick, log: Gathered<HistoryReport> = Gathered()
  ) throws(HistoryError) -> HistoryWriter {
    try HistoryWriter(path: path, options: options) { log.add($0) }
  }

  /// A connection of somebody else to the same file.
  func connection(patience: Int32 = 5000) throws(HistoryError) -> Connection {
    try Connection(path: path, access: .readWrite, patience: patience)
  }

  static func names(in directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
}

/// Values that arrive from other threads.
final class Gathered<Element: Sendable>: Sendable {
  private let state = Guarded<[Element]>([])

  func add(_ element: Element) { state.withLock { $0.append(element) } }

  var all: [Element] { state.withLock { $0 } }
}

extension HistoryOptions {
  /// Waits as short as tests want them.
  static var quick: HistoryOptions {
    var options = HistoryOptions()
    options.gatherMilliseconds = 20
    options.lockMilliseconds = 20
    options.retryMilliseconds = 20
    options.longestRetryMilliseconds = 100
    return options
  }
}

extension HistoryWriter {
  /// Writes `events` and waits until it is known what became of them.
  func commit(_ events: [HistoryEvent]) async -> HistoryOutcome {
    await withCheckedContinuation { done in append(events) { done.resume(returning: $0) } }
  }

  /// Closes and waits for the last write.
  @discardableResult
  func closed() async -> HistoryClosing {
    await withCheckedContinuation { done in close { done.resume(returning: $0) } }
  }
}

/// Waits until `condition` holds, at most `seconds`; tells whether it does.
func eventually(within seconds: Double = 20, _ condition: () -> Bool) async -> Bool {
  let clock = ContinuousClock()
  let end = clock.now + .seconds(seconds)
  while clock.now < end {
    if condition() { return true }
    try? await Task.sleep(for: .milliseconds(5))
  }
  return condition()
}

/// The bytes of a file; empty if there is none.
func bytes(of path: String) -> [UInt8] {
  guard let file = fopen(path, "r") else { return [] }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
    bytes += buffer[..<count]
  }
  return bytes
}

/// Makes a file of `bytes`.
func write(_ bytes: [UInt8], to path: String) {
  guard let file = fopen(path, "w") else { return }
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
}
