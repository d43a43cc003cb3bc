import Phrases
import Cabinets
import Counts
import Dispatch
import Glibc
import Modbus
import Profiles
import Signals
import Simulation
import Sites

/// Virtual cabinets on Modbus TCP or a serial line, to try the daemon on before it meets a real one.
enum CabinetCommand: Command {
  static let options = OptionList(
    command: "cabinet",
    purpose: Phrase(
      "Serve a virtual cabinet on Modbus TCP or a serial line, with traffic if wanted.",
      "在 Modbus TCP 或串行线路上模拟一台信号机，可带交通流。"),
    operands: nil,
    options: [
      .init(
        name: "--site", value: "FILE", help: Phrase("the junction whose cabinet it is", "哪个路口的信号机")),
      .init(
        name: "--scenario", value: "FILE",
        help: Phrase(
          "its junctions instead, with their traffic; ends with the scenario",
          "改用场景中的路口及其交通流；场景结束即退出")),
      .init(
        name: "--profile", value: "FILE",
        help: Phrase(
          "speak the registers of another make (docs/cabinet-profiles.md)",
          "使用其他厂家的寄存器（docs/cabinet-profiles.md）")),
      .init(
        name: "--listen", value: "ADDRESS:PORT",
        help: Phrase(
          "where to listen (127.0.0.1:1502); further junctions on the ports after it",
          "监听地址（127.0.0.1:1502）；其余路口依次使用后面的端口")),
      .init(
        name: "--unit", value: "N",
        help: Phrase(
          "Modbus unit (1); on a serial line further junctions after it",
          "Modbus 单元号（1）；串行线路上其余路口依次往后")),
      .init(
        name: "--seed", value: "N",
        help: Phrase("another seed than the scenario's", "不用场景的随机种子，另用一个")),
      .init(
        name: "--counts", value: "FILE",
        help: Phrase(
          "write the cameras' count records to FILE, - for standard output",
          "把相机的计数记录写入 FILE，- 为标准输出")),
      .init(
        name: "--json", value: "FILE",
        help: Phrase("write the score to FILE at the end", "结束时把评分写入 FILE")),
      .init(
        name: "--stay", value: nil,
        help: Phrase(
          "go on without traffic when the scenario is over, until told to end",
          "场景结束后不带交通流继续运行，直到收到停止命令")),
      .init(
        name: "--cut-off", value: "S+LENGTH",
        help: Phrase(
          "cut the network off S seconds after the start, for LENGTH seconds",
          "启动 S 秒后断网，持续 LENGTH 秒")),
      .init(
        name: "--clock", value: "UTC@REALxSPEED",
        help: Phrase(
          "time runs SPEED times as fast and read UTC at REAL (both Unix time)",
          "时间以 SPEED 倍速运行，在 REAL 时刻读数为 UTC（均为 Unix 时间）")),
    ] + SerialOptions.list)

  static func run(_ options: Options) throws -> ExitStatus {
    let setup = try CabinetSetup(options)
    if let profile = setup.profile, !profile.isReferenceMap {
      try ProfiledService(profile, setup).run(setup)
    }
    // Lives as long as the process.
    let service = try CabinetService(setup)
    service.run()
  }
}

/// A cabinet of another make, until told to end.
private final class ProfiledService {
  private let service: CabinetProfileService
  private let servers: Servers
  private let timer: any DispatchSourceTimer

  init(_ profile: CabinetProfile, _ setup: CabinetSetup) throws {
    let service = CabinetProfileService(profile, at: setup.junctions[0], clock: setup.clock)
    self.service = service
    if let line = setup.line {
      servers = .serial(try service.serve(line, unit: setup.unit))
    } else {
      servers = .network([
        try service.serve(host: setup.address.host, port: setup.address.port, unit: setup.unit)
      ])
    }
    setup.tellListening(servers, [("profile", profile.name)])
    timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now(), repeating: 0.1)
    timer.setEventHandler(handler: DispatchWorkItem { @Sendable in service.advance() })
    timer.activate()
  }

  func run(_ setup: CabinetSetup) -> Never {
    if let cutOff = setup.cutOff { servers.cutOff(cutOff, clock: setup.clock) }
    for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
    sleepForEver(holding: self)
  }
}

/// What `greensplit cabinet` was asked for.
private struct CabinetSetup {
  let junctions: [Intersection]
  let scenario: Scenario?
  let address: SocketText
  let line: SerialLine?
  let unit: UInt8
  let profile: CabinetProfile?
  let seed: UInt64?
  let countsPath: String?
  let score: JSONFile?
  let stays: Bool
  let cutOff: (after: Double, length: Double)?
  let clock: DaemonClock

  init(_ options: Options) throws {
    scenario = try options["--scenario"].map(readScenario)
    if let scenario {
      junctions = scenario.network.junctions
    } else {
      guard let path = options["--site"] else {
        throw options.wrong(
          "name a junction with --site, or a --scenario", "请用 --site 指定路口，或用 --scenario 指定场景")
      }
      switch readSite(path) {
      case .success(let site): junctions = [site]
      case .failure(let errors): throw Failure(path, errors)
      }
    }
    address =
      try options.value(
        "--listen",
        expected: Phrase(
          "a numeric address and a port, such as 127.0.0.1:1502", "数字地址和端口，例如 127.0.0.1:1502"),
        read: SocketText.init) ?? SocketText(host: "127.0.0.1", port: 1502)
    guard Int(address.port) + junctions.count - 1 <= Int(UInt16.max) else {
      throw options.wrong(
        "--listen: \(junctions.count) cabinets from port \(address.port) on would need "
          + "ports above \(UInt16.max); begin lower, or with 0 for ports of the system's choice",
        "--listen：从端口 \(address.port) 起的 \(junctions.count) 台信号机需要 \(UInt16.max) 以上的端口；"
          + "请从较小的端口开始，或写 0 由系统选择")
    }
    profile =
      options.has("--profile") ? try CabinetReadCommand.profile(of: options) : nil
    if profile != nil && scenario != nil {
      throw options.wrong(
        "--profile goes with --site, not with --scenario", "--profile 用于 --site，不用于 --scenario")
    }
    unit =
      try options.value("--unit", expected: unitNumbers, read: unitNumber)
      ?? profile?.unit ?? 1
    line = try SerialOptions.line(options)
    if line != nil {
      guard options["--listen"] == nil else {
        throw options.wrong(
          "--listen stands beside --serial", "--listen 与 --serial 不能同时使用")
      }
      guard Int(unit) + junctions.count - 1 <= 247 else {
        throw options.wrong(
          "\(junctions.count) cabinets from unit \(unit) on would need units above 247",
          "从单元号 \(unit) 起的 \(junctions.count) 台信号机需要 247 以上的单元号")
      }
    }
    seed = try options.value("--seed", expected: .wholeNumber) { UInt64($0) }
    countsPath = options["--counts"]
    score = try options["--json"].map(JSONFile.init)
    stays = options.has("--stay")
    cutOff = try options.value(
      "--cut-off",
      expected: Phrase(
        "seconds and a length, such as 1800+300", "秒数和时长，例如 1800+300"), read: span)
    let begin = scenario.map { simulatedBegin(of: $0) }
    let given = try options.value(
      "--clock", expected: DaemonClock.form, read: { DaemonClock($0) })
    clock =
      given
      ?? begin.map { DaemonClock(speed: 1, originReal: DaemonClock.realUTC, originUTC: $0) }
      ?? .real
  }
}

extension CabinetSetup {
  /// Says where each cabinet is reached.
  fileprivate func tellListening(_ servers: Servers, _ more: [(String, String)] = []) {
    for (position, junction) in junctions.enumerated() {
      let address: String =
        switch servers {
        case .network(let servers): "\(self.address.host):\(servers[position].port)"
        case .serial: "\(line?.device ?? ""):\(Int(unit) + position)"
        }
      Log.write(
        .notice, "cabinet is listening", at: clock.now().utc,
        [("junction", junction.id)] + more + [("address", address)])
    }
  }
}

/// "1800+300": from second 1800 on, for 300 s; both a year at most.
private func span(_ text: String) -> (after: Double, length: Double)? {
  let parts = text.split(separator: "+", omittingEmptySubsequences: false).map { Double($0) }
  guard parts.count == 2, let after = parts[0], let length = parts[1],
    [after, length].allSatisfy({ (0...31_536_000).contains($0) })
  else { return nil }
  return (after, length)
}

/// Unix time at which a scenario begins, on the simulation's day.
func simulatedBegin(of scenario: Scenario) -> Double {
  simulatedMoment(
    scenario.begin, timeZoneMinutes: scenario.network.junctions.first?.timeZoneMinutes ?? 0
  ).utc.seconds
}

/// The Modbus units that may be addressed.
let unitNumbers = Phrase("1 to 247, or 255", "1 至 247，或 255")

/// A Modbus unit that may be addressed.
func unitNumber(_ text: String) -> UInt8? {
  UInt8(text).flatMap { (1...247).contains($0) || $0 == 255 ? $0 : nil }
}

/// The cabinets being served.
private final class CabinetService {
  private let setup: CabinetSetup
  private let host: CabinetHost
  private let servers: Servers
  private var timers: [any DispatchSourceTimer] = []

  init(_ setup: CabinetSetup) throws {
    self.setup = setup
    let output = try Self.output(setup)
    let start = setup.clock.now()
    let street = CabinetHost.Street(
      cabinets: setup.junctions.enumerated().map { position, junction in
        VirtualCabinet(
          intersection: junction, settings: CabinetSettings(id: UInt32(position + 1)), at: start)
      }, model: setup.scenario?.model(seed: setup.seed),
      step: setup.scenario?.step ?? Tenths(1), stepBegins: start, start: start,
      begin: setup.scenario?.begin ?? 0, end: setup.scenario?.end,
      interval: setup.scenario?.cameraInterval ?? .seconds(1))
    let host = CabinetHost(street, clock: setup.clock, output: output)
    self.host = host
    if let line = setup.line {
      servers = .serial(try host.serve(line, unit: setup.unit))
    } else {
      servers = .network(
        try setup.junctions.indices.map { position in
          let port = setup.address.port == 0 ? 0 : setup.address.port + UInt16(position)
          return try host.serve(position, host: setup.address.host, port: port, unit: setup.unit)
        })
    }
    setup.tellListening(servers)
  }

  func run() -> Never {
    repeatedly(every: 0.1) { [host] in host.advance() }
    if let cutOff = setup.cutOff { servers.cutOff(cutOff, clock: setup.clock) }
    for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
    sleepForEver(holding: self)
  }

  private func repeatedly(every seconds: Double, _ work: @escaping @Sendable () -> Void) {
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(
      deadline: .now(), repeating: .nanoseconds(max(1_000_000, setup.clock.nanoseconds(seconds))))
    timer.setEventHandler(handler: DispatchWorkItem { @Sendable in work() })
    timer.activate()
    timers.append(timer)
  }

  private static func output(_ setup: CabinetSetup) throws -> CabinetHost.Output {
    let descriptor = try setup.countsPath.map { path -> Int32 in
      guard path != "-" else { return STDOUT_FILENO }
      let opened = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
      guard opened >= 0 else {
        let reason = String(cString: strerror(errno))
        throw Failure(
          "cannot write counts to \(path): \(reason)", "无法把计数写入 \(path)：\(reason)")
      }
      return opened
    }
    let writing = DispatchQueue(label: "counts")
    let (file, stays, clock) = (setup.score, setup.stays, setup.clock)
    return CabinetHost.Output(
      counts: { records in
        guard let descriptor else { return }
        let text = records.map { $0.line + "\n" }.joined()
        writing.async { write(text, to: descriptor) }
      },
      source: { junction, from, to, utc in
        let isOver = from == .central && to == .timeOfDay
        Log.write(
          to == .central ? .notice : .warning,
          isOver ? "lease over, the cabinet runs its own plan" : "control source changed", at: utc,
          [("junction", junction), ("from", "\(from)"), ("to", "\(to)")])
      },
      over: { score in
        writing.async {
          do {
            try file?.write(score)
            Log.write(.notice, "scenario is over", at: clock.now().utc)
            if !stays { exit(ExitStatus.success.rawValue) }
          } catch {
            complain("greensplit cabinet: \(Phrase(of: error).text(Log.language))")
            exit(ExitStatus.failure.rawValue)
          }
        }
      })
  }
}
