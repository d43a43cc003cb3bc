import Phrases
import Glibc
import Signals

/// The switch that stops all writing to cabinets.
enum WritesCommand: Command {
  /// Where the Debian package's service keeps it (`systemd/greensplit.service`).
  private static let usualFolder = "/var/lib/greensplit"

  static let options = OptionList(
    command: "writes",
    purpose: Phrase(
      "Stop all writing to cabinets, allow it again, or show which.", "停止对信号机的一切写入、恢复写入或显示当前状态。"),
    operands: "stop|allow|show",
    options: [
      .init(
        name: "--state", value: "FOLDER",
        help: Phrase(
          "the daemon's: its --state, or the folder of its history (\(usualFolder))",
          "守护进程的 --state，或其历史数据的文件夹（\(usualFolder)）")),
      .init(
        name: "--reason", value: "TEXT",
        help: Phrase("with stop: why, for the log and the next shift", "用于 stop：原因，供日志和下一班查看")),
    ])

  static func run(_ options: Options) throws -> ExitStatus {
    let folder = options["--state"] ?? usualFolder
    guard let word = options.operands.first, options.operands.count == 1 else {
      throw options.wrong("say stop, allow or show", "请写 stop、allow 或 show")
    }
    let lever = try WriteSwitch(in: folder)
    func tell(_ english: String, _ chinese: String) {
      say(Phrase(english, chinese).text(options.language))
    }
    switch word {
    case "stop":
      try lever.stop(note(options["--reason"]))
      tell(
        "writing is stopped: within a second or two the daemon only reads, and leases lapse",
        "已停止写入：一两秒内守护进程只读取，租约将到期")
    case "allow":
      try lever.allow()
      tell("writing is allowed", "允许写入")
    case "show":
      switch lever.position {
      case .allowed: tell("writing is allowed", "允许写入")
      case .stopped(let why):
        let chinese = Phrase(recorded: why).text(.chinese)
        tell("writing is stopped: \(why)", "已停止写入：\(chinese)")
      }
    default:
      throw options.wrong(
        "\(word): expected stop, allow or show", "\(word)：应为 stop、allow 或 show")
    }
    return .success
  }

  /// One line: who, when and why.
  private static func note(_ reason: String?) -> String {
    let who = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "user \(getuid())"
    let time = Log.timestamp(DaemonClock.real.now().utc)
    let why = reason.map { ": \($0.split(separator: "\n").joined(separator: " "))" } ?? ""
    return "by \(who) at \(time)\(why)"
  }
}
