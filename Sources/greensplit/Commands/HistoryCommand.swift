import History
import Phrases
import Signals

/// Copies of the history: made while the daemon runs, put back, checked.
enum HistoryCommand: Command {
  /// Where the Debian package's service keeps it (`systemd/greensplit.service`).
  static let usualPath = "/var/lib/greensplit/history.db"

  static let options = OptionList(
    command: "history",
    purpose: Phrase(
      "Back up the history while the daemon runs, restore a copy, or check one.",
      "在守护进程运行时备份历史数据、恢复备份或检查其完好性。"),
    operands: "backup|restore|check [FILE]",
    options: [
      .init(
        name: "--history", value: "DATABASE",
        help: Phrase(
          "the daemon's history (\(usualPath))", "守护进程的历史数据库（\(usualPath)）")),
      .init(
        name: "--json", value: nil,
        help: Phrase(
          "with check: what it holds, as JSON (docs/json.md)", "用于 check：以 JSON 给出内容（docs/json.md）")
      ),
    ])

  static func run(_ options: Options) throws -> ExitStatus {
    guard let word = options.operands.first, ["backup", "restore", "check"].contains(word) else {
      throw options.wrong("say backup, restore or check", "请写 backup、restore 或 check")
    }
    let history = options["--history"] ?? usualPath
    let files = options.operands.dropFirst()
    guard files.count <= 1, let file = files.first ?? (word == "check" ? history : nil) else {
      throw options.wrong(
        "\(word) needs one FILE, the copy of the history", "\(word) 需要一个 FILE，即历史数据库的副本")
    }
    let language = options.language
    switch word {
    case "backup": try backUp(history, to: file, language)
    case "restore": try restore(file, to: history, language)
    default:
      let summary = try HistorySummary(checking: file)
      guard !options.has("--json") else {
        say(jsonText(CheckedHistory(summary, at: file)))
        return .success
      }
      say(Phrase("\(file) is sound", "\(file) 完好").text(language))
      say(words(of: summary).text(language))
    }
    return .success
  }

  private static func backUp(
    _ history: String, to file: String, _ language: Language
  ) throws(HistoryError) {
    let bar = CopyBar()
    defer { bar.end() }
    let summary = try HistoryCopy.make(of: history, at: file) { bar.show($0) }
    bar.end()
    say(
      Phrase("\(file): a checked copy of \(history)", "\(file)：\(history) 的备份，已检查")
        .text(language))
    say(words(of: summary).text(language))
  }

  private static func restore(
    _ file: String, to history: String, _ language: Language
  ) throws(HistoryError) {
    let bar = CopyBar()
    defer { bar.end() }
    let stamp = Log.timestamp(DaemonClock.real.now().utc).filter { $0 != ":" && $0 != "-" }
    let result = try HistoryRestore.restore(file, to: history, stamp: stamp) { bar.show($0) }
    bar.end()
    say(Phrase("\(history) is now \(file)", "\(history) 已恢复为 \(file)").text(language))
    say(words(of: result.history).text(language))
    if let kept = result.kept {
      say(Phrase("the one before is kept as \(kept)", "原有数据保留为 \(kept)").text(language))
    }
    guard !result.knowsEpoch else { return }
    complain(
      Phrase(
        "greensplit history: the one before could not tell its epoch; if the log says that another "
          + "controller gives orders, start once with the --epoch that it names",
        "greensplit history：原有数据无法给出任期号；如果日志提示另一套系统正在控制，"
          + "请用其给出的 --epoch 启动一次"
      ).text(language))
  }

  /// What a history holds, one line.
  private static func words(of history: HistorySummary) -> Phrase {
    let megabytes = "\((history.bytes + 999_999) / 1_000_000) MB"
    let current = HistorySummary.currentSchema
    let isOlder = history.schema < current
    let newest = history.newest.map(Log.timestamp)
    return Phrase(
      "schema \(history.schema)\(isOlder ? " (the daemon will bring it up to \(current))" : ""), "
        + "\(history.junctions) junctions, epoch \(history.epoch), \(megabytes), "
        + (newest.map { "newest record \($0)" } ?? "no records"),
      "结构版本 \(history.schema)\(isOlder ? "（守护进程将升级到 \(current)）" : "")，"
        + "路口 \(history.junctions) 个，任期号 \(history.epoch)，\(megabytes)，"
        + (newest.map { "最新记录 \($0)" } ?? "无记录"))
  }
}

/// What a sound history holds, as `check --json` tells it.
private struct CheckedHistory: Encodable {
  let format = "greensplit-history-1"
  let path: String
  let schema: Int
  /// The schema that this program writes; an older history is brought up to it.
  let current_schema: Int
  let junctions: Int
  let epoch: Int64
  let bytes: Int64
  /// When the newest record was made, RFC 3339; left out if there is none.
  let newest: String?

  init(_ summary: HistorySummary, at path: String) {
    self.path = path
    schema = summary.schema
    current_schema = HistorySummary.currentSchema
    junctions = summary.junctions
    epoch = summary.epoch
    bytes = summary.bytes
    newest = summary.newest.map(Log.timestamp)
  }
}

/// The bar of a copy on a terminal.
private struct CopyBar {
  private let copying: Progress
  private let checking: Progress

  init() {
    copying = Progress("copying", "复制")
    checking = Progress("checking", "检查")
  }

  func show(_ progress: HistoryCopy.Progress) {
    switch progress {
    case .copying(let share): copying.show(share)
    case .checking: checking.show(0)
    }
  }

  func end() { copying.end() }
}
