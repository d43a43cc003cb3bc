import Phrases
import Dispatch
import FoundationEssentials
import Glibc
import History
import Signals
import Simulation
import Locking

/// An hour in the street in a minute: a virtual cabinet with traffic, the daemon, and real Modbus
/// TCP between them.
enum DemoCommand: Command {
  static let options = OptionList(
    command: "demo",
    purpose: Phrase(
      "Show it all: a rush hour over real Modbus TCP, in about a minute.",
      "完整演示：通过真实 Modbus TCP 的一个早高峰，约一分钟。"),
    operands: nil,
    options: [
      .init(
        name: "--scenario", value: "FILE",
        help: Phrase(
          "another scenario of one junction (simulations/rush-hour.yaml)",
          "换用另一个单路口场景（simulations/rush-hour.yaml）")),
      .init(
        name: "--speed", value: "N",
        help: Phrase("how many times as fast as in the street (60)", "为现场速度的多少倍（60）")),
      .init(
        name: "--history", value: "FILE",
        help: Phrase(
          "keep the daemon's history there (demo.db, anew)", "守护进程的历史数据存放处（demo.db，每次新建）")),
    ])

  static func run(_ options: Options) throws -> ExitStatus {
    let path = options["--scenario"] ?? "simulations/rush-hour.yaml"
    let (scenario, sites) = try readScenarioFiles(path)
    guard scenario.network.junctions.count == 1, let site = sites.first else {
      throw Failure(
        "\(path): the demonstration takes a scenario of one junction", "\(path)：演示需要单路口场景")
    }
    let speed =
      try options.value("--speed", expected: .number(in: 1...120)) { text in
        Double(text).flatMap { (1...120).contains($0) ? $0 : nil }
      } ?? 60
    let history = options["--history"] ?? "demo.db"
    for suffix in ["", "-wal", "-shm"] { unlink(history + suffix) }
    let demonstration = Demonstration(
      scenario: scenario, scenarioPath: path, sitePath: site, history: history, speed: speed)
    return try demonstration.run()
  }
}

/// One run of the demonstration.
private struct Demonstration {
  let scenario: Scenario
  let scenarioPath: String
  let sitePath: String
  let history: String
  let speed: Double

  private var junction: Intersection { scenario.network.junctions[0] }
  /// Cut off in the middle of the run for as long as it takes a lease to lapse, and a while longer.
  private var cutOff: (after: Double, length: Double) {
    (scenario.length / 2, junction.control.lease.seconds + 120)
  }

  func run() throws -> ExitStatus {
    let clock = DaemonClock(
      speed: speed, originReal: DaemonClock.realUTC + 1, originUTC: simulatedBegin(of: scenario))
    say(
      "\(scenario.name) at \(junction.name) (\(junction.id)), pace \(junction.control.pace), "
        + "\(Int(speed)) times as fast as in the street.\n"
        + "A virtual cabinet and the daemon are two processes; between them is Modbus TCP on "
        + "loopback.\n")
    let score = try measure(clock)
    try Story(junction: junction, history: history).tell()
    try compare(score)
    return .success
  }

  /// Runs cabinet and daemon until the scenario's end and returns how the traffic fared.
  private func measure(_ clock: DaemonClock) throws -> Score {
    let scorePath = history + ".score.json"
    defer { unlink(scorePath) }
    let counts = try Pipe()
    let (port, isOver) = (Guarded<String?>(nil), Guarded(false))
    let teller = Teller(clock: clock, timeZoneMinutes: junction.timeZoneMinutes)
    let cabinet = try Subprocess(
      [
        "cabinet", "--scenario", scenarioPath, "--listen", "127.0.0.1:0", "--counts", "-",
        "--clock", clock.description, "--json", scorePath, "--cut-off",
        "\(cutOff.after)+\(cutOff.length)", "--stay",
      ], output: counts.write
    ) { line in
      let entry = LogLine(line)
      if let found = entry["address"] { port.withLock { $0 = found } }
      if entry["event"] == "scenario is over" { isOver.withLock { $0 = true } }
      teller.tell("cabinet", line)
    }
    close(counts.write)
    let address = try waitForAddress(port)
    let daemon = try Subprocess(
      [
        "run", "--sites", sitePath, "--cabinets", "\(junction.id)=\(address)", "--counts", "-",
        "--history", history, "--clock", clock.description,
      ], input: counts.read
    ) { teller.tell("daemon ", $0) }
    close(counts.read)
    let progress = showProgress(clock)
    while !isOver.withLock({ $0 }), !cabinet.hasEnded, !daemon.hasEnded { usleep(50_000) }
    progress.cancel()
    // The daemon first: it would rightly complain of a cabinet that goes.
    for program in [daemon, cabinet] {
      program.terminate()
      _ = program.wait()
    }
    guard isOver.withLock({ $0 }) else {
      throw Failure(
        "the virtual cabinet or the daemon failed; see above", "虚拟信号机或守护进程失败；见上文")
    }
    let data = try Data(contentsOf: URL(filePath: scorePath))
    return try JSONDecoder().decode(Score.self, from: data)
  }

  private func waitForAddress(_ port: Guarded<String?>) throws -> String {
    for _ in 0..<500 {
      if let found = port.withLock({ $0 }) { return found }
      usleep(10_000)
    }
    throw Failure("the virtual cabinet does not listen; see above", "虚拟信号机未监听；见上文")
  }

  private func showProgress(_ clock: DaemonClock) -> any DispatchSourceTimer {
    let bar = Progress("street")
    let begin = simulatedBegin(of: scenario)
    let length = scenario.length
    let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "progress"))
    timer.schedule(deadline: .now(), repeating: .milliseconds(250))
    timer.setEventHandler(
      handler: DispatchWorkItem { bar.show((clock.now().utc.seconds - begin) / length) })
    timer.setCancelHandler(handler: DispatchWorkItem { bar.end() })
    timer.activate()
    return timer
  }

  /// The same traffic under the fixed plan, in virtual time, beside what was measured.
  private func compare(_ score: Score) throws {
    guard let fixed = scenario.run(.fixedPlan) else { return }
    let measured = RunResult(
      contender: "greensplit", score: score, plans: try Story.plans(of: junction.id, in: history),
      refused: 0,
      digest: "")
    let comparison = Comparison(of: scenario, seed: scenario.seed, runs: [fixed, measured])
    say("\nWhat it saved. The fixed plan met the same vehicles, never cut off:\n")
    write(ComparisonTable(comparison, of: scenario.network.junctions).text, to: 1)
    say("\nAll decisions, counts and receipts are in \(history).")
  }
}

/// Tells what the two processes log that a spectator must see, at the time in the street.
private struct Teller: Sendable {
  let clock: DaemonClock
  let timeZoneMinutes: Int

  func tell(_ who: String, _ text: String) {
    let line = LogLine(text)
    let words: String? =
      switch line["event"] {
      case "cabinet": line["what"]
      case "control level": line["rung"].map { "control level \($0): \(line["cause"] ?? "")" }
      case "control source changed":
        line["to"].map { "control went from \(line["from"] ?? "") to \($0)" }
      case "lease over, the cabinet runs its own plan": line["event"]
      case "network cut off": "the network is cut off for \(line["seconds"] ?? "") s"
      case nil: text
      default: nil
      }
    guard let words else { return }
    let local = clock.now().utc.advanced(bySeconds: Double(timeZoneMinutes) * 60)
    let time = Log.timestamp(local).dropFirst(11).prefix(8)
    write("\(isTerminal ? "\r\u{1B}[K" : "")\(time) \(who)  \(words)\n", to: 1)
  }
}
