import Phrases
import Counts
import Glibc
import History
import Replay
import Signals
import Sites

/// Decides a recorded day again.
enum ReplayCommand: Command {
  static let options = OptionList(
    command: "replay",
    purpose: Phrase(
      "Decide a recorded day again: the same, or what another configuration would do.",
      "对记录的一天重新决策：是否一致，或换一种配置会怎样。"),
    operands: "HISTORY.db",
    options: [
      .init(
        name: "--from", value: "TIME",
        help: Phrase(
          "compare from this time on: 2026-11-23T07:00:00+08:00, or 07:00 local time of the "
            + "first recorded day", "从此时刻起比较：2026-11-23T07:00:00+08:00，或记录首日的当地时间 07:00")),
      .init(name: "--to", value: "TIME", help: Phrase("compare before this time", "比较到此时刻为止")),
      .init(
        name: "--with", value: "PATH",
        help: Phrase(
          "a site file or a folder of them in place of the recorded configuration; several times",
          "用一个路口文件或文件夹代替记录的配置；可多次给出")),
      .init(
        name: "--pace", value: "PACE",
        help: Phrase(
          "cycle, stage or second in place of the recorded pace", "用 cycle、stage 或 second 代替记录的控制节奏"
        )),
      .init(
        name: "--seed", value: "N",
        help: Phrase("the seed of the model's estimate (1)", "模型估计的随机种子（1）")),
      .init(
        name: "--any-version", value: nil,
        help: Phrase(
          "replay what another version of greensplit recorded", "也重放其他版本的 greensplit 所作的记录")),
      .init(
        name: "--workers", value: "N",
        help: Phrase("sessions replayed at the same time (one a core)", "同时重放多少段记录（每核一段）")),
      .init(
        name: "--json", value: "FILE", help: Phrase("write all results to FILE", "把全部结果写入 FILE")),
    ])

  static func run(_ options: Options) throws -> ExitStatus {
    guard options.operands.count == 1 else {
      throw options.wrong("name one history", "请指定一个历史数据库")
    }
    let path = options.operands[0]
    var wanted = ReplayOptions(program: CommandTable.version)
    wanted.takesOtherPrograms = options.has("--any-version")
    wanted.pace = try options.value(
      "--pace", expected: Phrase("cycle, stage or second", "cycle、stage 或 second")
    ) {
      Pace(rawValue: $0)
    }
    wanted.workers =
      try options.value("--workers", expected: .number(in: 1...64)) { text in
        Int(text).flatMap { (1...64).contains($0) ? $0 : nil }
      } ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let seed =
      try options.value("--seed", expected: .wholeNumber) { UInt64($0) } ?? 1
    let span = (from: try time("--from", options), until: try time("--to", options))
    wanted.sites = try sites(options.all("--with"))
    let output = try options["--json"].map(JSONFile.init)
    return try usable {
      let replay = try bounded(path, wanted, span)
      let progress = Progress("replay", "重放")
      defer { progress.end() }
      let result = try replay.compare(seed: seed, progress: progress.show)
      progress.end()
      try output?.write(result)
      write(ReplayText(result, of: replay, in: options.language).text, to: 1)
      return status(result)
    }
  }

  private static func status(_ result: ReplayResult) -> ExitStatus {
    if result.firstDifference != nil || result.isChanged && !result.isIdentical { return .failure }
    return result.gaps.isEmpty ? .success : .usage
  }

  /// What cannot be replayed at all ends with the status of what cannot be understood.
  static func usable(_ body: () throws -> ExitStatus) throws -> ExitStatus {
    do {
      return try body()
    } catch let error where error is HistoryError || error is ReplayError {
      throw Failure(Phrase(of: error), status: .usage)
    }
  }

  // MARK: Time

  /// A time as it was said: at once, or on the first recorded day.
  private enum Time {
    case utc(UTC)
    case secondOfDay(Int)
  }

  private static func time(_ name: String, _ options: Options) throws(UsageError) -> Time? {
    try options.value(
      name,
      expected: Phrase(
        "a time such as 2026-11-23T07:00:00+08:00, or 07:00 of the first recorded day",
        "时刻，例如 2026-11-23T07:00:00+08:00，或记录首日的 07:00")
    ) { text in
      UTC(rfc3339: text).map { .utc($0) } ?? secondOfDay(text).map { .secondOfDay($0) }
    }
  }

  private static func secondOfDay(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { part in
      part.count == 2 ? Int(part) : nil
    }
    guard (2...3).contains(parts.count), let hour = parts[0], let minute = parts[1],
      let second = parts.count == 3 ? parts[2] : 0, (0...24).contains(hour),
      (0..<60).contains(minute), (0..<60).contains(second)
    else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  /// The replay within `span`; the first recorded day is looked up only if it is needed.
  private static func bounded(
    _ path: String, _ wanted: ReplayOptions, _ span: (from: Time?, until: Time?)
  ) throws -> HistoryReplay {
    guard span.from != nil || span.until != nil else {
      return try HistoryReplay(path: path, options: wanted)
    }
    let midnight = try HistoryReplay.firstMidnight(of: path)?.milliseconds ?? 0
    func utc(_ time: Time) -> UTC {
      switch time {
      case .utc(let utc): utc
      case .secondOfDay(let second): UTC(milliseconds: midnight + Int64(second) * 1000)
      }
    }
    var bounded = wanted
    bounded.from = span.from.map(utc)
    bounded.until = span.until.map(utc)
    if let from = bounded.from, let until = bounded.until, from >= until {
      throw UsageError(
        command: options.command,
        problem: Phrase("--from is not before --to", "--from 不早于 --to"))
    }
    return try HistoryReplay(path: path, options: bounded)
  }

  private static func sites(_ paths: [String]) throws(Failure) -> [Intersection] {
    guard !paths.isEmpty else { return [] }
    switch readSites(paths) {
    case .success(let sites): return sites
    case .failure(let errors): throw Failure(errors.words, status: .usage)
    }
  }
}
