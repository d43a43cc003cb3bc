import Control
import Glibc

extension BenchCommand {
  /// Records a second through each feed, in a table with the marks.
  static func feeds(seconds: Int) throws {
    let folder = try TemporaryPlace()
    var table = TextTable(header: [
      "records", "a second of one core", "mark", "a second here", "came", "memory, MiB",
    ])
    func add(_ name: String, mark: Int? = nil, _ outcome: FeedBench.Outcome) {
      table.add([
        name, perSecond(outcome.records, outcome.processor), mark.map { "\($0)" } ?? "",
        perSecond(outcome.records, outcome.passed), "\(outcome.records)",
        "+\(outcome.growth >> 20)",
      ])
    }
    let cities = FeedBench.junctions * FeedBench.lanes
    for shape in FeedBench.Shape.allCases {
      let name = shape == .usual ? "usual" : "every field"
      let lines = FeedBench.lines(seconds: seconds, shape)
      let path = folder.path + "/counts"
      try OutputFile(path).write(lines)
      add("\(name): parser alone", FeedBench.parse(lines))
      add("\(name): file", mark: 120_000, try FeedBench.file(path, expecting: seconds * cities))
      add("\(name): HTTP, 64 KiB", mark: 40_000, try FeedBench.http(lines, senders: 4))
      let database = folder.path + "/\(name).db"
      let one = FeedBench.lines(seconds: 1, shape)
      add(
        "\(name): HTTP, then on disk", mark: 40_000,
        try FeedBench.httpToHistory(one, senders: 16, path: database))
    }
    // More than there are packet numbers, and mosquitto_pub 2.0.11 does not send them all.
    let messages = 60_000
    let lines = FeedBench.lines(seconds: 1, .usual).split(separator: UInt8(ascii: "\n"))
    let path = folder.path + "/messages"
    try OutputFile(path).write(Array(lines.prefix(messages).joined(separator: [10])) + [10])
    if let outcome = try FeedBench.mqtt(path, folder: folder.path, expecting: messages) {
      add("usual: MQTT, one a message", outcome)
    }
    let daemon = try wholeDaemon(folder.path)
    add("usual: the daemon, 64 KiB", mark: 40_000, daemon.outcome)
    say(table.text)
    say(daemon.words)
    say(
      "marks: a city of \(FeedBench.junctions) junctions with \(FeedBench.lanes) lanes, once a second, "
        + "from a file; 40,000 over HTTP. Who sends is not part of a core's time.")
  }

  /// The daemon as people start it, over HTTP.
  private static func wholeDaemon(
    _ home: String
  ) throws -> (outcome: FeedBench.Outcome, words: String) {
    let sites = try TemporaryPlace()
    let bench = DaemonBench(junctions: 1000, seconds: 60, senders: 16)
    let found = try bench.run(sites: sites.path, home: home)
    guard found.kept == found.answered else {
      throw Failure(
        "the daemon answered for \(found.answered) records, and its history has \(found.kept)",
        "守护进程确认了 \(found.answered) 条记录，其历史中有 \(found.kept) 条")
    }
    let words =
      "the daemon: greensplit run with a token, \(bench.junctions) junctions under control, which "
      + "alone take \(decimal(100 * found.atRest, places: 0)) % of a core and are part of its time; "
      + "all \(found.kept) records that were answered with 200 are in its history; memory "
      + "\(found.before >> 20) MiB before, \(found.most >> 20) MiB at most"
    return (
      FeedBench.Outcome(
        records: found.answered, processor: found.processor, passed: found.passed,
        growth: found.most - found.before), words
    )
  }

  private static func perSecond(_ records: Int, _ time: Double) -> String {
    decimal(Double(records) / max(time, 1e-6), places: 0)
  }
}

/// A folder for what is measured, which goes with this value.
private struct TemporaryPlace: ~Copyable {
  let path: String

  init() throws {
    // Every Linux has /tmp, and it is gone again when the bench ends.
    var template = Array("/tmp/greensplit-bench.XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      let reason = String(cString: strerror(errno))
      throw Failure(
        "cannot make a folder in /tmp: \(reason)", "无法在 /tmp 中建立文件夹：\(reason)")
    }
    path = String(cString: made)
  }

  deinit {
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      unlink("\(path)/\(name)")
    }
    closedir(folder)
    rmdir(path)
  }
}
