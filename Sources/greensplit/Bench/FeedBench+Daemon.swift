import Counts
import Glibc
import Signals

extension FeedBench {
  /// Junctions of the daemon that is measured, each with eight cameras.
  static let daemonJunctions = 250

  /// A daemon of its own, with a history and `daemonJunctions` junctions whose cabinets do not answer, to
  /// which minutes of records are posted; each body is sent once the one before was answered with 200:
  /// then it is in the history. Its processor time is that of the process, from the first body to the
  /// last answer, its ticks included.
  ///
  /// - Parameters:
  ///   - site: Text of the site file `J001.yaml` of which the others are copies.
  ///   - folder: A folder for its files.
  ///   - senders: Connections.
  /// - Returns: What it did.
  /// - Throws: Why it could not be measured.
  static func daemon(site: String, folder: String, senders: Int) throws -> Outcome {
    let port = try freePort()
    let (settings, detectors) = try write(site, port: port, to: folder)
    let daemon = try Subprocess(["run", "--config", settings]) { _ in }
    defer {
      daemon.terminate()
      _ = daemon.wait()
    }
    guard isUp(port, within: 60) else { throw Failure("the daemon of the bench did not start") }
    let lines = minute(of: detectors)
    let before = try processorTime(of: daemon.process)
    let begin = monotonicTime()
    let sent = send(lines, to: port, senders: senders)
    return Outcome(
      records: sent.records, processor: try processorTime(of: daemon.process) - before,
      passed: monotonicTime() - begin, growth: 0)
  }

  /// Writes the configuration and its site files; where it is, and the detectors.
  private static func write(
    _ site: String, port: UInt16, to folder: String
  ) throws -> (settings: String, detectors: [String]) {
    let ids = (0..<daemonJunctions).map { number in
      "B" + String(repeating: "0", count: 3 - "\(number)".count) + "\(number)"
    }
    for (number, id) in ids.enumerated() {
      // An address of the loopback for each, at the port of nobody.
      let text = site.replacing("J001", with: id)
        .replacing(/connect: "[^"]*"/, with: "connect: \"127.0.1.\(number + 1):9\"")
        .replacing(/\n    upstream:(\n      - .*)+/, with: "")
      try OutputFile("\(folder)/\(id).yaml").write(Array(text.utf8))
    }
    let detectors = site.matches(of: /id: (J001\.[A-Z.]+)/).map { String($0.output.1) }
    let settings = "\(folder)/greensplit.yaml"
    try OutputFile(settings).write(
      Array(
        """
        version: 1
        sites: [\(ids.map { "\($0).yaml" }.joined(separator: ", "))]
        history: bench-history.db
        http: {listen: "127.0.0.1:\(port)", requests_per_second: 10000, requests_at_once: 10000}

        """.utf8))
    return (
      settings, ids.flatMap { id in detectors.map { $0.replacing("J001", with: id) } }
    )
  }

  /// What all detectors saw in each second of the minute before now.
  private static func minute(of detectors: [String]) -> [UInt8] {
    let now = UTC(milliseconds: DaemonClock.real.now().utc.milliseconds / 1000 * 1000)
    var text: [UInt8] = []
    for second in 0..<60 {
      let start = now.advanced(bySeconds: Double(second - 60))
      let times =
        "\"start\":\"\(start.rfc3339)\",\"end\":\"\(start.advanced(bySeconds: 1).rfc3339)\""
      for detector in detectors {
        text += "{\"v\":1,\"det\":\"\(detector)\",\(times),\"src\":\"cam\",".utf8
        text += usualFigures
      }
    }
    return text
  }

  private static func isUp(_ port: UInt16, within seconds: Int) -> Bool {
    for _ in 0..<seconds * 20 {
      if HTTPSender(port: port)?.send([]) != nil { return true }
      usleep(50_000)
    }
    return false
  }

  /// Processor time that another process has used, s (proc(5): fields 14 and 15 of `stat`).
  private static func processorTime(of process: pid_t) throws -> Double {
    let text = String(decoding: try readWhole("/proc/\(process)/stat", atMost: 4096), as: UTF8.self)
    // The name, in brackets, may hold spaces.
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
      throw Failure("the daemon of the bench has ended")
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
