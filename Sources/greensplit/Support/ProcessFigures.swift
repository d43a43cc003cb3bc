import Glibc

/// What the kernel tells of another process.
struct ProcessFigures {
  private let folder: String

  init(of process: pid_t) { folder = "/proc/\(process)" }

  /// Processor time so far, s: user and system, fields 14 and 15 of `stat` (proc(5)).
  var processor: Double {
    // The name in field 2 may hold spaces; what follows its bracket begins with field 3.
    let words = read("stat").split(separator: ")").last?.split(separator: " ") ?? []
    guard words.count > 12, let user = Double(words[11]), let system = Double(words[12]) else {
      return .nan
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// Memory in use, bytes.
  var memory: Int { status("VmRSS") }

  /// The most memory that ever was in use, bytes.
  var mostMemory: Int { status("VmHWM") }

  private func status(_ key: String) -> Int {
    let line = read("status").split(separator: "\n").first { $0.hasPrefix(key + ":") }
    let words = line?.split { $0 == " " || $0 == "\t" } ?? []
    return words.count > 1 ? (Int(words[1]) ?? 0) << 10 : 0
  }

  private func read(_ name: String) -> String {
    let bytes = try? readWhole("\(folder)/\(name)", atMost: 65_536)
    return String(decoding: bytes ?? [], as: UTF8.self)
  }
}
