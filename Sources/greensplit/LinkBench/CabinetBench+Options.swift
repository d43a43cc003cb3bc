import Phrases
import Modbus
import Signals
import Sites

extension CabinetBench {
  /// What can be said of the bench; the last is between its own processes.
  static let options: [OptionList.Option] = [
    .init(
      name: "--cabinets", value: "N",
      help: Phrase(
        "with cabinets: how many; several times (1000, 5000 and 10000)",
        "用于 cabinets：多少台；可多次给出（1000、5000 和 10000）")),
    .init(
      name: "--beside", value: "PROGRAM",
      help: Phrase(
        "with cabinets: the C client to compare with (make bench-cabinets builds it)",
        "用于 cabinets：用来对比的 C 客户端（由 make bench-cabinets 生成）")),
    .init(
      name: "--site", value: "FILE",
      help: Phrase(
        "with cabinets: the junction of all cabinets (intersections/J001.yaml)",
        "用于 cabinets：所有信号机所属的路口（intersections/J001.yaml）")),
    .init(
      name: "--queues", value: "N",
      help: Phrase("with cabinets: serial queues, 2 unless told", "用于 cabinets：串行队列数（默认 2）")),
    .init(
      name: "--port", value: "N",
      help: Phrase("between the processes of the bench", "供测试程序的各进程之间使用")),
  ]

  /// The bench, or one of the processes that it consists of: "peers" are its cabinets, "links" is what
  /// is measured.
  static func run(_ options: Options) throws -> ExitStatus {
    let path = options["--site"] ?? "intersections/J001.yaml"
    let junction: Intersection
    switch readSite(path) {
    case .success(let site): junction = site
    case .failure(let errors): throw Failure(path, errors)
    }
    let seconds = try BenchCommand.count(options, "--seconds", 1...3600) ?? 30
    let queues = try BenchCommand.count(options, "--queues", 1...64) ?? 2
    let sizes = try options.all("--cabinets").map { text in
      guard let size = Int(text), (1...largest).contains(size) else {
        throw options.wrong(
          "--cabinets \(text): expected 1 to \(largest)", "--cabinets \(text)：应为 1 至 \(largest)")
      }
      return size
    }
    switch options.operands {
    case ["peers"]:
      try DescriptorLimit.raise(forLinks: sizes.first ?? 1)
      let crowd = try CabinetCrowd(sizes.first ?? 1, of: junction)
      say("\(crowd.port)")
      crowd.run()
    case ["links"]:
      let port = try options.value("--port", expected: Phrase("a port", "端口")) { UInt16($0) } ?? 0
      say(
        try LinkRun(
          cabinets: sizes.first ?? 1, seconds: seconds, queues: queues, port: port,
          junction: junction
        ).measure())
    default:
      let bench = CabinetBench(
        sizes: sizes.isEmpty ? [1000, 5000, 10_000] : sizes, seconds: seconds, queues: queues,
        other: options["--beside"], junction: junction, sitePath: path)
      let (text, isGood) = try bench.run()
      say(text)
      return isGood ? .success : .failure
    }
    return .success
  }

  /// As many addresses as the crowd has, 200 cabinets at each.
  private static let largest = 50_000
}
