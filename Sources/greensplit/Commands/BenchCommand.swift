import Phrases
import Bench
import Control
import Signals

/// Measures the numeric core, or the links to cabinets, on this machine: one table, every figure of
/// this run.
enum BenchCommand: Command {
  static let options = OptionList(
    command: "bench",
    purpose: Phrase(
      "Measure the numeric core, feeds or links here, what failing cameras cost, or how well "
        + "queues are estimated.",
      "测量本机上的核心、接入与链路，相机失效的代价，排队估计的误差。"),
    operands: "core|feeds|cabinets|once|answers|cameras|queues [SCENARIO.yaml]",
    options: [
      .init(
        name: "--seconds", value: "N",
        help: Phrase(
          "how long the city runs (core: 60, 0 for not; feeds: 5; cabinets: 30)",
          "城市运行多少秒（core：60，0 为不运行；feeds：5；cabinets：30）")),
      .init(
        name: "--junctions", value: "N",
        help: Phrase(
          "with core: how many the city has, 10000 unless told",
          "用于 core：城市有多少个路口（默认 10000）")),
      .init(
        name: "--instances", value: "N",
        help: Phrase("rolling horizons to solve, 1000 unless told", "求解多少个滚动时域问题（默认 1000）")),
      .init(
        name: "--of", value: "KIND",
        help: Phrase("with once: " + Self.kinds, "用于 once：" + Self.kinds)),
      .init(
        name: "--seeds", value: "N",
        help: Phrase(
          "with cameras and queues: so many seeds, 3 unless told",
          "用于 cameras 与 queues：多少个随机种子（默认 3）")),
    ] + CabinetBench.options)

  static func run(_ options: Options) throws -> ExitStatus {
    switch options.operands {
    case ["core"]:
      let seconds = try count(options, "--seconds", 0...3600) ?? 60
      let instances = try count(options, "--instances", 30...CoreBench.horizons)
      let junctions = try count(options, "--junctions", 1...100_000) ?? 10_000
      core(
        instances: instances ?? CoreBench.horizons, junctions: junctions, seconds: seconds)
    case ["feeds"]: try feeds(seconds: try count(options, "--seconds", 1...60) ?? 5)
    case ["once"]: try once(options)
    case ["answers"]: answers()
    case ["cabinets"], ["peers"], ["links"]: return try CabinetBench.run(options)
    case let operands where operands.count == 2 && operands[0] == "cameras":
      let bar = Progress("cameras", "相机")
      let seeds = try count(options, "--seeds", 1...100) ?? 3
      let bench = CameraBench(scenario: try readScenario(operands[1]), seeds: 1...UInt64(seeds))
      let text = bench.tables(progress: bar.show)
      bar.end()
      write(text, to: 1)
    case let operands where operands.count == 2 && operands[0] == "queues":
      let seeds = try count(options, "--seeds", 1...100) ?? 3
      let bench = QueueBench(scenario: try readScenario(operands[1]), seeds: 1...UInt64(seeds))
      let bar = Progress("queues")
      let text = bench.tables(progress: bar.show)
      bar.end()
      write(text, to: 1)
    default:
      throw options.wrong(
        "say core, feeds or cabinets for a table, once for a few solutions, or answers "
          + "for the reference's least costs; or cameras or queues, and a scenario",
        "请写 core、feeds 或 cabinets（给出表格）、once（少量求解）或 answers（参考解的最小代价）；"
          + "或写 cameras 或 queues，再写一个场景")
    }
    return .success
  }

  private static let kinds = "horizon, large-horizon, split, split-search or coming-cycle"

  /// A few problems of one kind, each solved once, for whoever counts instructions.
  private static func once(_ options: Options) throws {
    let solved = try options.value("--of", expected: Phrase(name: kinds)) { CoreBench.once($0) }
    guard let solved else {
      throw options.wrong("once: say --of \(kinds)", "once：请给出 --of \(kinds)")
    }
    say("\(solved) solved")
  }

  static func count(
    _ options: Options, _ name: String, _ range: ClosedRange<Int>
  ) throws -> Int? {
    try options.value(name, expected: .number(in: range)) { text in
      Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  private static func core(instances: Int, junctions: Int, seconds: Int) {
    var table = TextTable(header: ["one core, µs", "median", "99 %", "mark", "solved"])
    let seeds = Array(0..<instances)
    func horizons(_ name: String, _ seeds: [Int], mark: Int? = nil) {
      let times = CoreBench.times(seeds.map(CoreBench.horizon))
      table.add(row(name, times, mark: mark))
    }
    horizons("horizon, 12 lane groups, 4 stages, 90 s", seeds, mark: 100)
    for sequence in Signals.Sequence.allCases {
      horizons("  \(sequence.rawValue) order", seeds.filter { isOf(sequence, $0) })
    }
    let large = CoreBench.times((0..<min(300, instances)).map(CoreBench.largeHorizon))
    table.add(row("horizon, 24 lane groups, 8 stages, 90 s", large, mark: 400))
    let split = CoreBench.splits(cycle: 90...90)
    table.add(row("split, 12 lane groups, 4 stages, one cycle", split.times, mark: 5))
    let search = CoreBench.splits(cycle: 40...180)
    table.add(row("split, cycle search 40-180 s", search.times, mark: 300))
    table.add(row("coming cycle, 12 lane groups, 4 stages", CoreBench.comingCycles(), mark: nil))
    say(table.text)
    say(quality(seeds))
    let gap = max(split.worstGap, search.worstGap)
    say("split: greatest relative duality gap \(scientific(gap)), mark 1e-6\n")
    if seconds > 0 { say(city(junctions: junctions, seconds: seconds)) }
  }

  private static func row(_ name: String, _ times: Sample, mark: Int?) -> [String] {
    [
      name, decimal(times.median, places: 1), decimal(times.quantile(0.99), places: 1),
      mark.map { "\($0)" } ?? "", "\(times.count)",
    ]
  }

  private static func isOf(_ sequence: Signals.Sequence, _ seed: Int) -> Bool {
    Signals.Sequence.allCases[seed % 3] == sequence
  }

  /// How far the horizon's plans are from the best there is.
  private static func quality(_ seeds: [Int]) -> String {
    var table = TextTable(header: [
      "horizon, cost above the reference, %", "mean", "99 %", "worst", "instances", "proved",
    ])
    func add(_ name: String, _ seeds: [Int]) {
      let excess = CoreBench.excess(seeds)
      let proved = seeds.filter { HorizonAnswers.dropped[$0] == 0 }.count
      table.add(
        [name]
          + [excess.mean, excess.quantile(0.99), excess.most].map {
            decimal(100 * $0, places: 2)
          } + ["\(seeds.count)", "\(proved)"])
    }
    add("all (mark: mean 1, worst 5)", seeds)
    for sequence in Signals.Sequence.allCases {
      add("  \(sequence.rawValue) order", seeds.filter { isOf(sequence, $0) })
    }
    return table.text
  }

  private static func city(junctions: Int, seconds: Int) -> String {
    let bar = Progress("city", "城市")
    let outcome = CityBench(junctions: junctions, seconds: seconds).run { second in
      bar.show(Double(second) / Double(seconds))
    }
    bar.end()
    let late = outcome.lateSeconds == 0 ? "keeps up" : "late in \(outcome.lateSeconds) of them"
    return "a city of \(junctions) junctions, each solved every second for \(seconds) s on two "
      + "queues: \(late); \(decimal(100 * outcome.share, places: 0)) % of two cores, longest "
      + "second \(decimal(outcome.longest, places: 2)) s"
  }

  /// A small number as a power of ten.
  private static func scientific(_ value: Double) -> String {
    guard value > 0 else { return "0" }
    var exponent = 0
    var digits = value
    while digits < 1 {
      digits *= 10
      exponent += 1
    }
    return "\(decimal(digits, places: 1))e-\(exponent)"
  }

  private static func answers() {
    let bar = Progress("reference", "参考解")
    let source = HorizonAnswers.source { bar.show($0) }
    bar.end()
    say(source)
  }
}
