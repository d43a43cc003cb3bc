import Counts
import Dispatch
import Glibc
import History
import Locking
import Signals

/// The whole daemon measured, as people start it: `greensplit run` in a process of its own that controls a
/// town of cabinets, while gateways send a minute of its counts that they held back, over HTTP with a
/// token, as fast as they are answered.
struct DaemonBench {
  /// Junctions, twelve lanes each.
  let junctions: Int
  /// How much was held back, s: one record a lane and second. Older than 90 s, control would not use it.
  let seconds: Int
  /// Gateways, each with a connection.
  let senders: Int

  /// What the daemon did.
  struct Outcome {
    /// Records that were answered with 200, and those that its history had afterwards, in time for control.
    let (answered, kept): (Int, Int)
    /// Processor time of the daemon from the first body to the last answer, s: what it needs to control
    /// its junctions meanwhile is part of it.
    let processor: Double
    /// Time that passed, s.
    let passed: Double
    /// Share of a core that it took before, when it controlled and no counts came.
    let atRest: Double
    /// Memory in use before, and the most that ever was by the end, bytes.
    let (before, most): (Int, Int)
  }

  /// How long the daemon is left alone before it is measured, s: its cabinets are introduced to it.
  private static let warmUp: UInt32 = 8
  /// How long it is looked at without counts, s.
  private static let rest: UInt32 = 5
  /// How long it may take to write the records down before the first is sent, s.
  private static let margin = 10

  func run(sites: String, home: String) throws -> Outcome {
    let town = BenchTown(junctions: junctions, sites: sites, home: home)
    try town.begin()
    let (life, told) = (try Pipe(), try Pipe())
    let crowd = try Subprocess(
      ["bench", "peers", "--cabinets", "\(town.cabinets)", "--site", town.model], input: life.read,
      output: told.write
    ) { complain("cabinets: \($0)") }
    close(life.read)
    close(told.write)
    defer {
      close(life.write)
      _ = crowd.wait()
    }
    guard let port = readLine(of: told.read).flatMap(UInt16.init) else {
      throw Failure("the cabinets did not start", "信号机没有启动")
    }
    try town.settle(port: port)
    return try measure(town)
  }

  private func measure(_ town: BenchTown) throws -> Outcome {
    let address = Guarded<String?>(nil)
    let isReady = DispatchSemaphore(value: 0)
    let daemon = try Subprocess(["run", "--config", town.configuration, "--http", "127.0.0.1:0"]) {
      let line = LogLine($0)
      if line["event"] == "listening for counts" { address.withLock { $0 = line["address"] } }
      if line["event"] == "controlling" { isReady.signal() }
      if line["level"] == "error" || line["event"] == nil { complain("daemon: \($0)") }
    }
    var isRunning = true
    defer { if isRunning { kill(daemon.process, SIGKILL) } }
    guard isReady.wait(timeout: .now() + 60) == .success,
      let place = address.withLock({ $0 }).flatMap(SocketText.init)
    else { throw Failure("the daemon did not start within a minute", "守护进程一分钟内没有启动") }
    sleep(Self.warmUp)
    let figures = ProcessFigures(of: daemon.process)
    let idle = figures.processor
    sleep(Self.rest)
    let atRest = (figures.processor - idle) / Double(Self.rest)

    let begin = Int64(DaemonClock.realUTC) - Int64(seconds + Self.margin)
    let lines = FeedBench.lines(
      seconds: seconds, .usual, junctions: junctions, begin: UTC(milliseconds: begin * 1000))
    let (before, busy, from) = (figures.memory, figures.processor, DispatchTime.now())
    let answered = FeedBench.post(
      lines, senders: senders, to: place.port, token: BenchTown.token
    ).records
    let passed = Double(DispatchTime.now().uptimeNanoseconds - from.uptimeNanoseconds) * 1e-9
    let processor = figures.processor - busy
    let most = figures.mostMemory
    daemon.terminate()
    isRunning = false
    guard daemon.wait() == 0 else {
      throw Failure("the daemon did not end as it should", "守护进程没有正常结束")
    }
    return Outcome(
      answered: answered, kept: try kept(in: town.history), processor: processor, passed: passed,
      atRest: atRest, before: before, most: most)
  }

  /// Records that the history at `path` has and that came in time for control.
  private func kept(in path: String) throws -> Int {
    let reader = try HistoryReader(path: path)
    var records = 0
    for junction in try reader.intersections() {
      let always = HistorySpan(
        of: junction, from: UTC(milliseconds: 0), until: UTC(milliseconds: 4_000_000_000_000))
      try reader.counts(in: always) { count in
        if count.received.seconds(since: count.end) <= CountLedger.lateness { records += 1 }
        return true
      }
    }
    return records
  }
}
