import Phrases
import Cabinets
import Glibc
import Modbus
import Profiles

/// Holds a cabinet to the register map, before it meets a street.
enum CabinetTestCommand: Command {
  static let options = OptionList(
    command: "cabinet-test",
    purpose: Phrase(
      "Hold a cabinet to the register map, check by check (docs/cabinet-map.md).",
      "按寄存器表逐项检查信号机（docs/cabinet-map.md）。"),
    operands: nil,
    options: [
      .init(
        name: "--profile", value: "FILE", help: Phrase("the reference map's profile", "参考寄存器表的描述文件")
      ),
      .init(
        name: "--connect", value: "ADDRESS:PORT",
        help: Phrase("where the cabinet listens, in numbers", "信号机的监听地址，用数字表示")),
      .init(
        name: "--unit", value: "N",
        help: Phrase("another Modbus unit than the profile's", "不用描述文件的 Modbus 单元号，另用一个")),
      .init(
        name: "--deadline", value: "SECONDS",
        help: Phrase("longest time for an answer (2)", "等待应答的最长时间（2）")),
      .init(name: "--read-only", value: nil, help: Phrase("write nothing", "不写入任何内容")),
      .init(name: "--yes", value: nil, help: Phrase("activate without asking", "不经询问即启用方案")),
      .init(
        name: "--json", value: "FILE", help: Phrase("write what came out to FILE", "把检查结果写入 FILE")),
    ] + SerialOptions.list)

  static func run(_ options: Options) throws -> ExitStatus {
    let profile = try CabinetReadCommand.profile(of: options)
    guard profile.isReferenceMap else {
      throw Failure(
        "\(profile.name) is another make's profile: only cabinets of the reference map (tsc-mb) can "
          + "be held to it",
        "\(profile.name) 是其他厂家的描述文件：只有采用参考寄存器表（tsc-mb）的信号机可按其检查")
    }
    let file = try options["--json"].map(JSONFile.init)
    let master = try CabinetReadCommand.master(of: options, profile)
    let reach = reach(options)
    var conformance = Conformance(
      send: { master.ask($0) }, wait: { usleep(UInt32($0 * 1_000_000)) },
      ask: somebodyIsThere(options) ? { ask($0, in: options.language) } : nil)
    let checks = conformance.run(reach)
    for check in checks { say(line(check, in: options.language)) }
    if conformance.epoch > 1 {
      let epoch = conformance.epoch
      say(
        Phrase(
          "the cabinet's epoch is now \(epoch); a daemon needs a higher one",
          "信号机的任期号现为 \(epoch)；守护进程需要更高的任期号"
        ).text(options.language))
    }
    try file?.write(Written(checks: checks.map(Written.Check.init)))
    let failed = checks.contains { if case .failed = $0.outcome { true } else { false } }
    return failed ? .failure : .success
  }

  /// How far the checks may go; asks whoever sits there.
  private static func reach(_ options: Options) -> Conformance.Reach {
    if options.has("--read-only") { return .reading }
    if options.has("--yes") { return .activating }
    guard somebodyIsThere(options) else { return .ordering }
    say(
      Phrase(
        "May the cabinet's own plan be activated as an order, and its lease lapse? The lamps follow "
          + "their plan all the while. Type yes:",
        "是否可以把信号机自身的方案作为下发方案启用，并让其租约到期？其间灯色始终按该方案运行。请键入 yes："
      ).text(options.language))
    return readLine() == "yes" ? .activating : .ordering
  }

  /// Whether anybody can be asked: `--yes` answers for nobody at the cabinet.
  private static func somebodyIsThere(_ options: Options) -> Bool {
    isatty(STDIN_FILENO) == 1 && !options.has("--yes")
  }

  /// Has whoever sits there do something at the cabinet.
  private static func ask(_ work: Conformance.HandWork, in language: Language) -> Bool {
    let chinese = Phrase(recorded: work.words).text(.chinese)
    say(
      Phrase(
        "\(work.words) Type done, or anything else if it is not to be done:",
        "\(chinese)完成后键入 done；如不做，键入其他内容："
      ).text(language))
    return readLine() == "done"
  }

  private static func line(_ check: Conformance.Check, in language: Language) -> String {
    let (word, detail) = words(check.outcome)
    func said(_ text: String) -> String { Phrase(recorded: text).text(language) }
    let colon = Phrase(": ", "：").text(language)
    let why = detail.isEmpty ? "" : colon + said(detail)
    return said(word).padded(to: 14) + said(check.name) + why
  }

  fileprivate static func words(_ outcome: Conformance.Outcome) -> (String, String) {
    switch outcome {
    case .passed: ("passed", "")
    case .failed(let words): ("failed", words)
    case .notSupported(let words): ("not supported", words)
    case .notTried(let words): ("not tried", words)
    }
  }

  /// The JSON file (`docs/json.md`).
  private struct Written: Encodable {
    let format = "greensplit-conformance-1"
    let checks: [Check]

    struct Check: Encodable {
      let check: String
      let outcome: String
      let detail: String

      init(_ check: Conformance.Check) {
        self.check = check.name
        (outcome, detail) = CabinetTestCommand.words(check.outcome)
      }
    }
  }
}
