import Phrases
import Control
import Replay
import Reports
import Signals
import Simulation
import Sites

/// Runs a scenario in virtual time and compares.
enum SimulateCommand: Command {
  static let options = OptionList(
    command: "simulate",
    purpose: Phrase(
      "Run a scenario in virtual time, beside the fixed plan and Webster's plan.",
      "在虚拟时间中运行场景，并与固定方案和韦伯斯特方案对比。"),
    operands: "SCENARIO.yaml",
    options: [
      .init(
        name: "--plant", value: "COMMAND",
        help: Phrase(
          "attach this traffic simulator instead of a scenario (docs/plant-protocol.md)",
          "不用场景，改接此交通仿真器（docs/plant-protocol.md）")),
      .init(
        name: "--sites", value: "PATH",
        help: Phrase(
          "with --plant: a site file or a folder of them; several times",
          "用于 --plant：路口文件或其文件夹；可多次给出")),
      .init(
        name: "--sequence", value: "SEQUENCE",
        help: Phrase(
          "with --plant: fixed, skip or free (as in the site files)",
          "用于 --plant：fixed、skip 或 free（默认按路口文件）")),
      .init(
        name: "--pace", value: "PACE",
        help: Phrase(
          "cycle, stage, second or all; several times for several (as in the site files)",
          "cycle、stage、second 或 all；可多次给出（默认按路口文件）")),
      .init(
        name: "--seed", value: "N",
        help: Phrase("another seed than the scenario's or the plant's", "不用场景或仿真器的随机种子，另用一个")),
      .init(
        name: "--begin", value: "SECONDS",
        help: Phrase("with --plant: another begin than the plant's", "用于 --plant：不用仿真器的起始时刻，另用一个")),
      .init(
        name: "--end", value: "SECONDS",
        help: Phrase("with --plant: another end than the plant's", "用于 --plant：不用仿真器的结束时刻，另用一个")),
      .init(
        name: "--wire", value: nil,
        help: Phrase(
          "with --plant: every request goes over Modbus TCP on loopback",
          "用于 --plant：每个请求都经过本机回环上的 Modbus TCP")),
      .init(
        name: "--as", value: "NAME",
        help: Phrase(
          "with --plant: who sets the signals, in the result (pace and sequence)",
          "用于 --plant：结果中控制者的名称（默认为节奏和顺序）")),
      .init(
        name: "--json", value: "FILE",
        help: Phrase("write all results to FILE (docs/results.md)", "把全部结果写入 FILE（docs/results.md）")
      ),
      .init(
        name: "--history", value: "FILE",
        help: Phrase(
          "record the run under greensplit's control as the daemon does (one pace)",
          "像守护进程那样记录 greensplit 控制下的运行（一种节奏）")),
      .init(
        name: "--alone", value: nil,
        help: Phrase(
          "leave out the fixed plan and Webster's, which take time",
          "不计算定时方案和韦伯斯特方案，以节省时间")),
    ])

  static func run(_ options: Options) throws -> ExitStatus {
    if let command = options["--plant"] { return try runPlant(command, options) }
    for name in ["--sites", "--sequence", "--begin", "--end", "--wire", "--as"]
    where options[name] != nil {
      throw options.wrong("\(name) goes with --plant", "\(name) 用于 --plant")
    }
    guard options.operands.count == 1 else {
      throw options.wrong("name one scenario file", "请指定一个场景文件")
    }
    let seed = try options.value("--seed", expected: .wholeNumber) { UInt64($0) }
    let others: [Contender] = options.has("--alone") ? [] : [.fixedPlan, .webster]
    let contenders = others + (try paces(options))
    let recorded = contenders.filter { ![.fixedPlan, .webster].contains($0) }
    guard options["--history"] == nil || recorded.count == 1 else {
      throw options.wrong(
        "--history records one run: name one --pace", "--history 只记录一次运行：请只用一个 --pace")
    }
    let scenario = try readScenario(options.operands[0])
    let output = try options["--json"].map(JSONFile.init)
    let history = try options["--history"].map {
      try SimulatedHistory($0, program: CommandTable.version)
    }
    let runs = contenders.compactMap { contender -> RunResult? in
      let progress = Progress(contender.name, controlName(contender.name).text(.chinese))
      defer { progress.end() }
      let hear = recorded.contains(contender) ? history.map { $0.hear } : nil
      let result = scenario.run(contender, seed: seed, hear: hear, progress: progress.show)
      if result == nil {
        complain(
          Phrase(
            "no plan of Webster's method keeps to the limits; left out of the comparison",
            "韦伯斯特法没有满足限值的方案；不参与对比"
          ).text(options.language))
      }
      return result
    }
    try history?.close()
    let comparison = Comparison(of: scenario, seed: seed ?? scenario.seed, runs: runs)
    try output?.write(comparison)
    let table = ComparisonTable(
      comparison, of: scenario.network.junctions, in: options.language)
    write(table.text, to: 1)
    return .success
  }

  private static func runPlant(_ command: String, _ options: Options) throws -> ExitStatus {
    guard options.operands.isEmpty, !options.all("--sites").isEmpty else {
      throw options.wrong(
        "--plant takes --sites and no scenario", "--plant 需要 --sites，且不带场景")
    }
    let pace = try options.value(
      "--pace", expected: Phrase("cycle, stage or second", "cycle、stage 或 second")
    ) {
      Pace(rawValue: $0)
    }
    let sequence = try options.value(
      "--sequence", expected: Phrase("fixed, skip or free", "fixed、skip 或 free")
    ) {
      Signals.Sequence(rawValue: $0)
    }
    let sites: [Intersection]
    switch readSites(options.all("--sites")) {
    case .success(let read): sites = read
    case .failure(let errors): throw Failure(errors.words)
    }
    let controlled = sites.map {
      $0.controlled(by: $0.control.with(pace: pace, sequence: sequence))
    }
    let output = try options["--json"].map(JSONFile.init)
    let progress = Progress("plant", "仿真器")
    let words = try words(for: options)
    let history = try options["--history"].map {
      try SimulatedHistory($0, program: CommandTable.version)
    }
    let hear = history.map { $0.hear }
    let seed = try options.value("--seed", expected: .wholeNumber) { UInt64($0) }
    let loopback: @Sendable (Int) throws -> any CabinetWire = { try LoopbackWire(cabinets: $0) }
    let run = PlantRun(
      command + words, sites: controlled, control: options["--as"], seed: seed, hear: hear,
      wire: options.has("--wire") ? loopback : nil)
    let result = run.run(progress: progress.show)
    progress.end()
    try history?.close()
    try output?.write(result)
    if !result.intersections.isEmpty { say(told(of: result).text(options.language)) }
    if let failure = result.failure { throw Failure(Phrase(recorded: failure), status: .plant) }
    return .success
  }

  /// A line about a run that has begun.
  private static func told(of result: PlantResult) -> Phrase {
    let seconds = decimal(result.end - result.begin, places: 0)
    let junctions = result.intersections.joined(separator: ", ")
    return Phrase(
      "\(result.name): \(seconds) s at \(junctions), \(result.plans) plans sent, "
        + "\(result.unusedRecords) records unused, decisions \(result.digest)",
      "\(result.name)：\(junctions) 运行 \(seconds) s，下发方案 \(result.plans) 次，"
        + "未采用的记录 \(result.unusedRecords) 条，决策摘要 \(result.digest)")
  }

  /// What the plant is to know of the run, as further words of its command.
  private static func words(for options: Options) throws(UsageError) -> String {
    var words = ""
    for name in ["--begin", "--end"] {
      if let seconds = try options.value(
        name, expected: Phrase("seconds", "秒数"), read: { Double($0) })
      {
        words += " \(name) \(seconds)"
      }
    }
    if let seed = try options.value("--seed", expected: .wholeNumber, read: { UInt64($0) }) {
      words += " --seed \(seed)"
    }
    return words
  }

  private static func paces(_ options: Options) throws(UsageError) -> [Contender] {
    let named = options.all("--pace")
    if named.isEmpty { return [.greensplit] }
    if named == ["all"] { return Pace.allCases.map { .paced($0) } }
    var contenders: [Contender] = []
    for name in named {
      guard let pace = Pace(rawValue: name) else {
        throw options.wrong(
          "--pace \(name): expected cycle, stage, second or all",
          "--pace \(name)：应为 cycle、stage、second 或 all")
      }
      contenders.append(.paced(pace))
    }
    return contenders
  }
}

/// Reads a scenario file with its site files, or fails with all their errors.
func readScenario(_ path: String) throws -> Scenario { try readScenarioFiles(path).scenario }

/// Reads a scenario file and tells which site files it names.
func readScenarioFiles(_ path: String) throws -> (scenario: Scenario, sites: [String]) {
  var sites: [String] = []
  let found = withoutActuallyEscaping({ (site: String) -> Result<Intersection, SiteErrors> in
    sites.append(site)
    return readSite(site)
  }) { ScenarioFile.read(path, site: $0) }
  switch found {
  case .success(let scenario): return (scenario, sites)
  case .failure(let errors):
    throw Failure(path, errors)
  }
}
