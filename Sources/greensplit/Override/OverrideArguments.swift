import Counts
import Glibc
import Phrases
import Signals

/// An override as the command line has it.
struct OverrideArguments {
  private let options: Options
  private let words: [String]

  init(_ options: Options) {
    self.options = options
    words = Array(options.operands.dropFirst())
  }

  /// The request for `action`.
  func request(_ action: OverrideRequest.Action) throws -> OverrideRequest {
    let isRoute = action == .route
    guard isRoute || words.count <= (action.takesWord ? 1 : 0) else {
      let word = words[action.takesWord ? 1 : 0]
      throw options.wrong(
        "\(action.rawValue): unexpected \(word)", "\(action.rawValue)：多余的参数 \(word)")
    }
    let request = OverrideRequest(
      action: action,
      junctions: options.all("--junction").flatMap { $0.split(separator: ",").map(String.init) },
      stage: action == .stage ? words.first : nil, plan: action == .plan ? try greens() : [],
      dayPlan: action == .dayPlan ? words.first : nil,
      route: isRoute ? try words.map(leg) : [], reason: options["--reason"] ?? "",
      minutes: try options.value("--minutes", expected: Phrase("minutes, such as 30", "分钟数，例如 30"))
      { Double($0) },
      until: try options.value(
        "--until",
        expected: Phrase("08:30, or 2026-11-25T00:30:00Z", "08:30，或 2026-11-25T00:30:00Z"),
        read: time),
      isDryRun: options.has("--dry-run"), takesOver: options.has("--take-over"))
    do throws(DeskProblem) {
      try request.check()
    } catch {
      throw UsageError(command: options.command, problem: error.words)
    }
    return request
  }

  /// "A=30,B=12.5"
  private func greens() throws -> [OverrideRequest.Green] {
    try (words.first ?? "").split(separator: ",").map { part in
      let halves = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard halves.count == 2, let green = Double(halves[1]) else {
        throw options.wrong(
          "plan \(part): expected a stage and its green in seconds, such as A=30",
          "plan \(part)：应为阶段及其绿灯秒数，例如 A=30")
      }
      return OverrideRequest.Green(stage: halves[0], green: green)
    }
  }

  /// "J017:A:08:10-08:14"
  private func leg(_ text: String) throws -> OverrideRequest.Leg {
    let parts = text.split(separator: ":", maxSplits: 2).map(String.init)
    let times =
      parts.count == 3 ? parts[2].split(separator: "-", maxSplits: 1).map(String.init) : []
    let span = times.count == 2 ? times : parts.count == 3 ? halves(parts[2]) : []
    guard span.count == 2, let from = time(span[0]), let until = time(span[1], after: from) else {
      throw options.wrong(
        "route \(text): expected junction, stage and times, such as J017:A:08:10-08:14:30",
        "route \(text)：应为路口、阶段和时间，例如 J017:A:08:10-08:14:30")
    }
    return OverrideRequest.Leg(junction: parts[0], stage: parts[1], from: from, until: until)
  }

  /// Two whole times, whose dates have dashes too: "2026-11-25T00:10:00Z/2026-11-25T00:14:00Z".
  private func halves(_ text: String) -> [String] {
    text.split(separator: "/", maxSplits: 1).map(String.init)
  }

  private func time(_ text: String) -> UTC? {
    time(text, after: UTC(seconds: DaemonClock.realUTC.rounded(.down)))
  }

  /// A whole time, or the next time at which this machine's clock shows "08:30" or "08:30:15".
  private func time(_ text: String, after start: UTC) -> UTC? {
    if let whole = UTC(rfc3339: text) { return whole }
    let parts = text.split(separator: ":").map { Int32($0) }
    guard (2...3).contains(parts.count), let hour = parts[0], let minute = parts[1],
      let second = parts.count == 3 ? parts[2] : 0, (0..<24).contains(hour),
      (0..<60).contains(minute), (0..<60).contains(second)
    else { return nil }
    var seconds = time_t(start.milliseconds / 1000)
    var local = tm()
    localtime_r(&seconds, &local)
    (local.tm_hour, local.tm_min, local.tm_sec, local.tm_isdst) = (hour, minute, second, -1)
    let today = mktime(&local)
    guard today <= seconds else { return UTC(milliseconds: Int64(today) * 1000) }
    local.tm_mday += 1
    (local.tm_hour, local.tm_min, local.tm_sec, local.tm_isdst) = (hour, minute, second, -1)
    return UTC(milliseconds: Int64(mktime(&local)) * 1000)
  }
}

extension OverrideRequest.Action {
  /// Whether a word follows it on the command line.
  fileprivate var takesWord: Bool { [.stage, .plan, .dayPlan].contains(self) }
}
