import Counts
import FoundationEssentials
import Phrases
import Signals

/// What a person asks for, as it comes from a command line, the console or a program of the bureau
/// (`docs/override.md`). Whatever it holds, reading it never traps.
struct OverrideRequest: Sendable, Equatable {
  /// What is to be done.
  enum Action: String, Sendable, CaseIterable {
    /// Hold a stage.
    case stage
    /// Run a plan of given greens.
    case plan
    /// Run a plan of the site file, or hand over to the time-of-day plan that is due.
    case dayPlan = "day-plan"
    /// Flashing yellow.
    case flash
    /// All lamps red.
    case allRed = "all-red"
    /// Write to no cabinet.
    case writes
    /// Green along a list of junctions at given times.
    case route
  }

  /// A stage and its green.
  struct Green: Sendable, Equatable, Codable {
    let stage: String
    /// Seconds.
    let green: Double
  }

  /// One junction of a route.
  struct Leg: Sendable, Equatable {
    let junction: String
    let stage: String
    let from: UTC
    let until: UTC
  }

  /// Most bytes of a request.
  static let byteLimit = 65_536
  /// Most junctions of a request.
  static let junctionLimit = 1000
  /// Longest reason, characters: what fits into a line of the log of the next shift.
  static let reasonLimit = 200
  /// Longest name of a junction, stage or plan, bytes.
  static let nameLimit = 200
  /// How long it lasts if nothing is said, minutes.
  static let usualMinutes = 30.0

  let action: Action
  let junctions: [String]
  let stage: String?
  let plan: [Green]
  let dayPlan: String?
  let route: [Leg]
  let reason: String
  let minutes: Double?
  let until: UTC?
  let isDryRun: Bool
  let takesOver: Bool

  /// The junctions that it concerns, those of a route included.
  var concerned: [String] { action == .route ? route.map(\.junction) : junctions }

  /// The same, done or only shown.
  func dry(_ isDryRun: Bool) -> OverrideRequest {
    OverrideRequest(
      action: action, junctions: junctions, stage: stage, plan: plan, dayPlan: dayPlan,
      route: route, reason: reason, minutes: minutes, until: until, isDryRun: isDryRun,
      takesOver: takesOver)
  }
}

extension OverrideRequest {
  /// The request as JSON has it.
  fileprivate struct Body: Codable {
    struct Leg: Codable {
      let junction: String
      let stage: String
      let from: String
      let until: String
    }
    var action: String
    var junctions: [String]?
    var stage: String?
    var plan: [Green]?
    var day_plan: String?
    var route: [Leg]?
    var reason: String
    var minutes: Double?
    var until: String?
    var dry_run: Bool?
    var take_over: Bool?
  }

  /// The keys of a request: a word that is written wrongly must not pass for one that is left out.
  private static let keys = [
    "action", "junctions", "stage", "plan", "day_plan", "route", "reason", "minutes", "until",
    "dry_run", "take_over",
  ]

  /// Reads a request, in whose object `other` keys belong to somebody else.
  static func read(
    _ bytes: [UInt8], beside other: [String] = []
  ) throws(DeskProblem) -> OverrideRequest {
    guard bytes.count <= byteLimit else {
      throw DeskProblem(400, Phrase("the request is too long", "请求过长"))
    }
    let data = Data(bytes)
    do {
      let names = try JSONDecoder().decode([String: Anything].self, from: data).keys.sorted()
      for name in names where !(keys + other).contains(name) {
        throw DeskProblem(
          400,
          Phrase(
            "unknown key \(visible(name)); known are \(keys.joined(separator: ", "))",
            "未知键 \(visible(name))；已知键为 \(keys.joined(separator: "、"))"))
      }
      return try OverrideRequest(try JSONDecoder().decode(Body.self, from: data))
    } catch let problem as DeskProblem {
      throw problem
    } catch {
      throw DeskProblem(
        400,
        Phrase(
          "the request is no JSON object of an override (docs/override.md)",
          "请求不是干预的 JSON 对象（docs/override.md）"))
    }
  }

  /// The request as JSON.
  var json: String {
    let body = Body(
      action: action.rawValue, junctions: junctions.isEmpty ? nil : junctions, stage: stage,
      plan: plan.isEmpty ? nil : plan, day_plan: dayPlan,
      route: route.isEmpty
        ? nil
        : route.map {
          Body.Leg(
            junction: $0.junction, stage: $0.stage, from: $0.from.rfc3339, until: $0.until.rfc3339)
        }, reason: reason, minutes: minutes, until: until?.rfc3339, dry_run: isDryRun,
      take_over: takesOver)
    return jsonText(body)
  }

  private init(_ body: Body) throws(DeskProblem) {
    guard let action = Action(rawValue: body.action) else {
      let known = Action.allCases.map(\.rawValue).joined(separator: ", ")
      throw DeskProblem(
        400,
        Phrase(
          "unknown action \(visible(body.action)); known are \(known)",
          "未知操作 \(visible(body.action))；已知操作为 \(known)"))
    }
    var legs: [Leg] = []
    for leg in body.route ?? [] {
      guard let from = UTC(rfc3339: leg.from), let until = UTC(rfc3339: leg.until), from < until
      else {
        throw DeskProblem(
          400,
          Phrase(
            "route: from and until are times such as 2026-11-25T00:10:00Z, until after from",
            "route：from 和 until 为时间，如 2026-11-25T00:10:00Z，且 until 晚于 from"))
      }
      legs.append(Leg(junction: leg.junction, stage: leg.stage, from: from, until: until))
    }
    let until = body.until.map { UTC(rfc3339: $0) }
    guard until != .some(nil) else {
      throw DeskProblem(
        400,
        Phrase("until is a time such as 2026-11-25T00:30:00Z", "until 为时间，如 2026-11-25T00:30:00Z"))
    }
    self.init(
      action: action, junctions: body.junctions ?? [], stage: body.stage, plan: body.plan ?? [],
      dayPlan: body.day_plan, route: legs, reason: body.reason.trimmed, minutes: body.minutes,
      until: until ?? nil, isDryRun: body.dry_run ?? false, takesOver: body.take_over ?? false)
    try check()
  }

  /// What is wrong with it whatever the junctions are.
  func check() throws(DeskProblem) {
    guard !reason.isEmpty, reason.count <= Self.reasonLimit, reason.isPlain else {
      throw DeskProblem(
        400,
        Phrase(
          "a reason is needed: 1 to \(Self.reasonLimit) characters in one line",
          "必须给出原因：一行，1 至 \(Self.reasonLimit) 个字符"))
    }
    let names =
      concerned + [stage, dayPlan].compactMap(\.self) + plan.map(\.stage)
      + route.map(\.stage)
    guard names.allSatisfy({ !$0.isEmpty && $0.utf8.count <= Self.nameLimit && $0.isPlain }) else {
      throw DeskProblem(400, Phrase("a name is empty, too long or no plain text", "名称为空、过长或不是普通文本"))
    }
    guard minutes == nil || until == nil else {
      throw DeskProblem(400, Phrase("give minutes or until, not both", "minutes 和 until 只能给出一个"))
    }
    try checkFields()
  }

  /// Each action has its own fields and no others.
  private func checkFields() throws(DeskProblem) {
    let given = [
      ("stage", stage != nil), ("plan", !plan.isEmpty), ("day_plan", dayPlan != nil),
      ("route", !route.isEmpty), ("junctions", !junctions.isEmpty),
      ("minutes", minutes != nil || until != nil),
    ].filter(\.1).map(\.0)
    let (needed, allowed): ([String], [String]) =
      switch action {
      case .stage: (["stage", "junctions"], ["minutes"])
      case .plan: (["plan", "junctions"], ["minutes"])
      case .dayPlan: (["junctions"], ["day_plan", "minutes"])
      case .flash, .allRed: (["junctions"], ["minutes"])
      case .writes: ([], ["minutes"])
      case .route: (["route"], [])
      }
    for field in needed where !given.contains(field) {
      throw DeskProblem(
        400, Phrase("\(action.rawValue) needs \(field)", "\(action.rawValue) 需要 \(field)"))
    }
    for field in given where !needed.contains(field) && !allowed.contains(field) {
      throw DeskProblem(
        400, Phrase("\(action.rawValue) takes no \(field)", "\(action.rawValue) 不接受 \(field)"))
    }
    guard concerned.count <= Self.junctionLimit, Set(concerned).count == concerned.count else {
      throw DeskProblem(
        400,
        Phrase(
          "each junction once, \(Self.junctionLimit) at most", "每个路口一次，最多 \(Self.junctionLimit) 个"))
    }
    guard plan.count <= TimingPlan.entryLimit, plan.allSatisfy({ (0.1...3600).contains($0.green) })
    else {
      throw DeskProblem(
        400,
        Phrase(
          "a plan has 1 to \(TimingPlan.entryLimit) stages with greens of 0.1 to 3600 s",
          "方案含 1 至 \(TimingPlan.entryLimit) 个阶段，绿灯 0.1 至 3600 s"))
    }
  }
}

/// Any value of JSON.
private struct Anything: Decodable {
  init(from decoder: any Decoder) throws {}
}

extension String {
  /// Without blanks at either end.
  fileprivate var trimmed: String {
    let start = drop { $0.isWhitespace }
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }

  /// Whether it is one line of characters that show: nothing in it can forge a line, or turn the order in
  /// which the rest is read.
  var isPlain: Bool {
    unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
        .unassigned:
        false
      default: true
      }
    }
  }
}

/// A text from outside as an answer may repeat it.
func visible(_ text: String) -> String {
  let short = String(text.prefix(40))
  return short.isPlain ? "'\(short)'" : "that is no plain text"
}
