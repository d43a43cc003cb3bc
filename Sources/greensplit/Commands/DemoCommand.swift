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
      scenario: scenario, scenarioPath: path, sitePath: site, history: history, speed: speed,
      language: options.language)
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
  let language: Language

  private var junction: Intersection { scenario.network.junctions[0] }
  /// Cut off in the middle of the run for as long as it takes a lease to lapse, and a while longer.
  private var cutOff: (after: Double, length: Double) {
    (scenario.length / 2, junction.control.lease.seconds + 120)
  }

  func run() throws -> ExitStatus {
    let clock = DaemonClock(
      speed: speed, originReal: DaemonClock.realUTC + 1, originUTC: simulatedBegin(of: scenario))
    tell(
      "\(scenario.name) at \(junction.name) (\(junction.id)), pace \(junction.control.pace), "
        + "\(Int(speed)) times as fast as in the street.\n"
        + "A virtual cabinet and the daemon are two processes; between them is Modbus TCP on "
        + "loopback.\n",
      "\(junction.name)（\(junction.id)）的 \(scenario.name)，控制粒度 \(junction.control.pace)，"
        + "为现场速度的 \(Int(speed)) 倍。\n虚拟信号机与守护进程是两个进程，其间为本机回环上的 Modbus TCP。\n")
    let score = try measure(clock)
    try Story(junction: junction, history: history, language: language).tell()
    try compare(score)
    return .success
  }

  private func tell(_ english: String, _ chinese: String) {
    say(Phrase(english, chinese).text(language))
  }

  /// Runs cabinet and daemon until the scenario's end and returns how the traffic fared.
  private func measure(_ clock: DaemonClock) throws -> Score {
    let scorePath = history + ".score.json"
    defer { unlink(scorePath) }
    let counts = try Pipe()
    let (port, isOver) = (Guarded<String?>(nil), Guarded(false))
    let teller = Teller(
      clock: clock, timeZoneMinutes: junction.timeZoneMinutes, language: language)
    let cabinet = try Subprocess(
      [
        "cabinet", "--scenario", scenarioPath, "--listen", "127.0.0.1:0", "--counts", "-",
        "--clock", clock.description, "--json", scorePath, "--cut-off",
        "\(cutOff.after)+\(cutOff.length)", "--stay", "--lang", language.rawValue,
      ], output: counts.write
    ) { line in
      let entry = LogLine(line)
      if let found = entry["address"] { port.withLock { $0 = found } }
      if entry["event"] == "scenario is over" { isOver.withLock { $0 = true } }
      teller.tell(Phrase("cabinet", "信号机  "), line)
    }
    close(counts.write)
    let address = try waitForAddress(port)
    let daemon = try Subprocess(
      [
        "run", "--sites", sitePath, "--cabinets", "\(junction.id)=\(address)", "--counts", "-",
        "--history", history, "--clock", clock.description, "--lang", language.rawValue,
      ], input: counts.read
    ) { teller.tell(Phrase("daemon ", "守护进程"), $0) }
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
    let bar = Progress("street", "现场")
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
    tell(
      "\nWhat it saved. The fixed plan met the same vehicles, never cut off:\n",
      "\n节省了什么。固定配时面对相同的车辆，且从未断网：\n")
    let table = ComparisonTable(
      comparison, of: scenario.network.junctions, in: language)
    write(table.text, to: 1)
    tell(
      "\nAll decisions, counts and receipts are in \(history).", "\n全部决策、计数和回执都在 \(history) 中。")
  }
}

/// Tells what the two processes log that a spectator must see, at the time in the street.
private struct Teller: Sendable {
  let clock: DaemonClock
  let timeZoneMinutes: Int
  let language: Language

  func tell(_ who: Phrase, _ text: String) {
    guard let words = words(of: text)?.text(language) else { return }
    let local = clock.now().utc.advanced(bySeconds: Double(timeZoneMinutes) * 60)
    let time = Log.timestamp(local).dropFirst(11).prefix(8)
    let name = who.text(language)
    write("\(isTerminal ? "\r\u{1B}[K" : "")\(time) \(name)  \(words)\n", to: 1)
  }

  private func level(_ rung: String) -> String {
    DegradeLevel.allCases.first { "\($0)" == rung }?.phrase.text(.chinese) ?? rung
  }

  /// What a line of the log says to a spectator; its words are in his language already.
  private func words(of text: String) -> Phrase? {
    let line = LogLine(text)
    let (from, to, rung, cause, seconds) = (
      line["from"] ?? "", line["to"] ?? "", line["rung"] ?? "", line["cause"] ?? "",
      line["seconds"] ?? ""
    )
    return switch line["event"] {
    case "cabinet": line["what"].map(Phrase.init(name:))
    case "control level": Phrase("control level \(rung): \(cause)", "转为\(level(rung))：\(cause)")
    case "control source changed": Phrase(recorded: "control went from \(from) to \(to)")
    case "lease over, the cabinet runs its own plan":
      Phrase("lease over, the cabinet runs its own plan", "租约到期，信号机运行自身方案")
    case "network cut off":
      Phrase("the network is cut off for \(seconds) s", "网络中断 \(seconds) s")
    case nil: Phrase(name: text)
    default: nil
    }
  }
}
