import Phrases
import Dispatch
import Feeds
import Glibc
import Junctions
import Settings
import Signals
import Web

/// The daemon.
enum RunCommand: Command {
  static let options = OptionList(
    command: "run",
    purpose: Phrase("The daemon: counts in, timing plans out.", "守护进程：输入计数，输出配时方案。"), operands: nil,
    options: [
      .init(
        name: "--config", value: "FILE",
        help: Phrase(
          "sites, history and what counts come from; other options add to it or go before it",
          "路口、历史和计数来源；其他选项对其补充或优先于它")),
      .init(
        name: "--sites", value: "PATH",
        help: Phrase("a site file or a folder of them; several times", "路口文件或其文件夹；可多次给出")),
      .init(
        name: "--cabinets", value: "ID=ADDRESS:PORT[/UNIT]",
        help: Phrase(
          "where a junction's cabinet listens, instead of the site file; several times",
          "路口信号机的监听地址，代替路口文件中的地址；可多次给出")),
      .init(
        name: "--counts", value: "FILE",
        help: Phrase("read count records from FILE, - for standard input", "从 FILE 读取计数记录，- 为标准输入")),
      .init(
        name: "--follow", value: "FILE",
        help: Phrase("read what is written to FILE from now on", "读取从现在起写入 FILE 的内容")),
      .init(
        name: "--http", value: "ADDRESS:PORT",
        help: Phrase(
          "take POST /v1/counts and show the console (not without a token unless on loopback)",
          "接收 POST /v1/counts 并提供控制台（除本机回环地址外必须有令牌）")),
      .init(
        name: "--token-file", value: "FILE",
        help: Phrase("the bearer token that senders must show", "发送方必须出示的持有者令牌")),
      .init(
        name: "--history", value: "FILE",
        help: Phrase("keep everything in this SQLite database", "把全部数据保存在此 SQLite 数据库")),
      .init(
        name: "--retention", value: "DAYS",
        help: Phrase("how long history is kept (30)", "历史数据保留多少天（30）")),
      .init(
        name: "--epoch", value: "N",
        help: Phrase(
          "take over from a controller with a lower epoch than N (the next of the history)",
          "从纪元号低于 N 的控制方接管（默认取历史中的下一个）")),
      .init(
        name: "--state", value: "FOLDER",
        help: Phrase(
          "where the log of writes and their switch are (the history's folder)",
          "写入日志及其开关所在处（历史数据的文件夹）")),
      .init(
        name: "--writes-per-minute", value: "N",
        help: Phrase("writes to one cabinet, in the long run (60)", "长期平均每分钟对一台信号机的写入次数（60）")
      ),
      .init(
        name: "--advise", value: nil,
        help: Phrase(
          "decide and record everything, write nothing to any cabinet", "计算并记录一切，但不写入任何信号机")),
      .init(
        name: "--control", value: "PATH",
        help: Phrase(
          "the Unix socket that overrides come by (control.sock in RUNTIME_DIRECTORY or the state folder)",
          "接收干预命令的 Unix 套接字（RUNTIME_DIRECTORY 或状态文件夹中的 control.sock）")),
      .init(
        name: "--queues", value: "N",
        help: Phrase("serial queues for junctions (one a core)", "路口的串行队列数（每核一个）")),
      .init(
        name: "--clock", value: "UTC@REALxSPEED",
        help: Phrase("for demonstrations: time runs SPEED times as fast", "供演示：时间以 SPEED 倍速运行")),
    ])

  static func run(_ options: Options) throws -> ExitStatus {
    // First of all: a thread that is there before would take a signal that is held back.
    DaemonService.holdReloads()
    let daemon = try Daemon(try configuration(options))
    let service = DaemonService(daemon)
    try daemon.start()
    service.run()
  }

  private static func configuration(_ options: Options) throws -> Configuration {
    let feeds = try feeds(options)
    let sites = options.all("--sites").isEmpty ? feeds.sites : options.all("--sites")
    guard !sites.isEmpty else {
      let place = options["--config"].map {
        (english: ", and so is sites in \($0)", chinese: "，\($0) 中也没有 sites")
      }
      throw options.wrong(
        "--sites is missing\(place?.english ?? "")", "缺少 --sites\(place?.chinese ?? "")")
    }
    let clock = try options.value(
      "--clock", expected: DaemonClock.form, read: { DaemonClock($0) })
    let state = options["--state"] ?? (options["--history"] ?? feeds.history).map(folder(of:))
    return Configuration(
      file: options["--config"], sites: sites, cabinets: try cabinets(options), feeds: feeds,
      historyPath: options["--history"] ?? feeds.history,
      epoch: try options.value("--epoch", expected: .number(in: 1...Int(UInt32.max))) { text in
        UInt32(text).flatMap { $0 > 0 ? $0 : nil }
      },
      retentionDays: try options.value(
        "--retention", expected: Phrase("1 to 3650 days", "1 至 3650 天")
      ) { text in
        Int(text).flatMap { (1...3650).contains($0) ? $0 : nil }
      } ?? feeds.retentionDays ?? 30,
      stateFolder: state,
      writeLimit: WriteLimit(
        perMinute: try options.value("--writes-per-minute", expected: .number(in: WriteLimit.range))
        { text in
          Int(text).flatMap { WriteLimit.range.contains($0) ? $0 : nil }
        } ?? 60),
      isAdvising: options.has("--advise"),
      controlPath: options["--control"]
        ?? (ControlQuestion.runtimeFolder ?? state).map {
          "\($0)/\(ControlQuestion.socketName)"
        }, longestOverride: Double(feeds.longestOverrideMinutes ?? 240) * 60,
      queues: try options.value("--queues", expected: .number(in: 1...64)) { text in
        Int(text).flatMap { (1...64).contains($0) ? $0 : nil }
      } ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), clock: clock ?? .real)
  }

  /// The folder that a file is in.
  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// What the configuration file says, with what the command line adds.
  private static func feeds(_ options: Options) throws -> DaemonSettings {
    var settings = try options["--config"].map { try DaemonFile.read($0).get() } ?? DaemonSettings()
    settings.lines += options.all("--counts").map { .read(path: $0) }
    settings.lines += options.all("--follow").map { .follow(path: $0) }
    let listen = try options.value(
      "--http",
      expected: Phrase(
        "a numeric address and a port, such as 127.0.0.1:8017", "数字地址和端口，例如 127.0.0.1:8017"),
      read: SocketText.init)
    if let listen {
      var http = settings.http ?? HTTPSettings()
      (http.address, http.port) = (listen.host, listen.port)
      settings.http = http
    }
    if let token = options["--token-file"] {
      guard settings.http != nil else {
        throw options.wrong(
          "--token-file is for --http, which is missing", "--token-file 用于 --http，而未给出 --http")
      }
      settings.http?.tokenFile = token
    }
    return settings
  }

  /// Reads "J001=127.0.0.1:1502/1" of each `--cabinets`, several of them separated by commas too.
  private static func cabinets(_ options: Options) throws(UsageError) -> [String: CabinetAddress] {
    var cabinets: [String: CabinetAddress] = [:]
    for text in options.all("--cabinets").flatMap({ $0.split(separator: ",") }) {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      let place = parts.count == 2 ? parts[1].split(separator: "/").map(String.init) : []
      guard (1...2).contains(place.count), let address = SocketText(place[0]), address.port > 0,
        let unit = place.count == 2 ? unitNumber(place[1]) : 1
      else {
        throw options.wrong(
          "--cabinets \(text): expected a junction and its cabinet, such as "
            + "J001=127.0.0.1:1502 or J001=127.0.0.1:1502/2",
          "--cabinets \(text)：应为路口及其信号机，例如 J001=127.0.0.1:1502 或 J001=127.0.0.1:1502/2")
      }
      cabinets[parts[0]] = CabinetAddress(host: address.host, port: address.port, unit: unit)
    }
    return cabinets
  }
}

/// Signals of the operating system and the service manager's watchdog.
private final class DaemonService {
  private let queue = DispatchQueue(label: "service")
  private let daemon: Daemon
  private var sources: [any DispatchSourceProtocol] = []

  /// Has `SIGHUP` wait until `run`, in this thread and all that it makes: by default it would end the daemon.
  static func holdReloads() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGHUP)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Listens to who wants an end. Dispatch begins to some time later; until then the signal ends the process by
  /// itself, so that a start that hangs can be ended too. It must not be ignored meanwhile: it would be lost.
  init(_ daemon: Daemon) {
    self.daemon = daemon
    for number in [SIGTERM, SIGINT] {
      on(number) { daemon.stop { exit(ExitStatus.success.rawValue) } }
    }
  }

  func run() -> Never {
    let daemon = daemon
    on(SIGHUP) { daemon.reload() }
    if let interval = ServiceManager.watchdogInterval {
      repeatedly(every: .microseconds(Int(interval))) { daemon.proveAlive() }
    }
    repeatedly(every: .seconds(1)) { daemon.lookAtSwitch() }
    repeatedly(every: .seconds(60)) { daemon.summarise() }
    repeatedly(every: .seconds(86_400)) { daemon.housekeeping() }
    sleepForEver(holding: self)
  }

  private func on(_ number: Int32, _ work: @escaping @Sendable () -> Void) {
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler(handler: DispatchWorkItem { @Sendable in work() })
    source.activate()
    sources.append(source)
  }

  private func repeatedly(
    every interval: DispatchTimeInterval, _ work: @escaping @Sendable () -> Void
  ) {
    let timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now() + interval, repeating: interval)
    timer.setEventHandler(handler: DispatchWorkItem { @Sendable in work() })
    timer.activate()
    sources.append(timer)
  }
}
