import Signals

@testable import History

/// Records for tests.
enum Events {
  /// The whole of time.
  static func always(_ intersection: String?) -> HistorySpan {
    HistorySpan(
      of: intersection, from: UTC(milliseconds: .min), until: UTC(milliseconds: .max))
  }

  static func moment(_ seconds: Int64) -> Moment {
    Moment(
      monotonic: Instant(milliseconds: seconds * 1000 + 7),
      utc: UTC(milliseconds: 1_700_000_000_000 + seconds * 1000))
  }

  static func decision(
    _ tick: Int64, of intersection: String = "J001", body: String = "{}"
  ) -> RecordedDecision {
    RecordedDecision(
      intersection: intersection, at: moment(tick), epoch: 3, tick: tick, level: .isolated,
      body: body)
  }

  static func count(_ number: Int64, of intersection: String = "J001") -> RecordedCount {
    let end = moment(number).utc
    return RecordedCount(
      intersection: intersection, detector: "\(intersection).N.T",
      start: end.advanced(bySeconds: -5), end: end, received: end.advanced(bySeconds: 0.2),
      line: #"{"v":1,"det":"\#(intersection).N.T","count":\#(number)}"#)
  }

  static func plan(_ sequence: UInt32, epoch: UInt32 = 3) -> RecordedPlan {
    RecordedPlan(
      intersection: "J001", at: moment(Int64(sequence)), epoch: epoch, sequence: sequence,
      plan: TimingPlan(
        entries: [
          PlanEntry(stage: 0, green: Tenths(305), longestGreen: Tenths(400)),
          PlanEntry(stage: 3, green: .seconds(12)),
        ], cycle: .seconds(90), offset: Tenths(-15), takeover: .stageBoundary),
      why: "排队 12 vehicles in N.T")
  }

  static func receipt(
    _ sequence: UInt32, epoch: UInt32 = 3, _ outcome: PlanReceipt.Outcome, code: UInt16? = nil,
    after seconds: Int64 = 1
  ) -> PlanReceipt {
    PlanReceipt(
      intersection: "J001", epoch: epoch, sequence: sequence, at: moment(Int64(sequence) + seconds),
      outcome: outcome, code: code, detail: code == nil ? "" : "entry 2")
  }

  /// `count` records of every kind, whose whole content follows from `seed`; times rise or repeat.
  static func random(_ count: Int, seed: UInt64) -> [HistoryEvent] {
    var random = SeededGenerator(seed: seed)
    var time: Int64 = -5000
    return (0..<count).map { number in
      time += Int64.random(in: 0...3, using: &random) * 500
      return event(number, at: time, &random)
    }
  }

  private static func event(
    _ number: Int, at time: Int64, _ random: inout SeededGenerator
  ) -> HistoryEvent {
    let junction = "J\(Int.random(in: 0..<3, using: &random))"
    let at = Moment(
      monotonic: Instant(milliseconds: Int64.random(in: 0...1 << 40, using: &random)),
      utc: UTC(milliseconds: time))
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      return .count(
        RecordedCount(
          intersection: junction, detector: text(&random), start: UTC(milliseconds: time - 1),
          end: UTC(milliseconds: time + 1), received: at.utc, line: text(&random)))
    case 1:
      return .decision(
        RecordedDecision(
          intersection: junction, at: at, epoch: UInt32.random(in: 0 ... .max, using: &random),
          tick: Int64(number), level: DegradeLevel.allCases.randomElement(using: &random) ?? .local,
          body: text(&random)))
    case 2:
      return .plan(
        RecordedPlan(
          intersection: junction, at: at, epoch: .max, sequence: UInt32(number),
          plan: plan(&random), why: text(&random)))
    default:
      return .act(
        OperatorAct(
          intersection: Bool.random(using: &random) ? nil : junction, at: at, who: text(&random),
          act: text(&random), detail: text(&random)))
    }
  }

  private static func plan(_ random: inout SeededGenerator) -> TimingPlan {
    let entries = (0..<Int.random(in: 0...16, using: &random)).map { _ in
      PlanEntry(
        stage: Int.random(in: 0..<16, using: &random),
        green: Tenths(Int.random(in: 0...65_535, using: &random)),
        longestGreen: Tenths(Int.random(in: 0...65_535, using: &random)))
    }
    return TimingPlan(
      entries: entries,
      cycle: Bool.random(using: &random) ? nil : Tenths(Int.random(in: 0...9999, using: &random)),
      offset: Tenths(Int.random(in: -999...999, using: &random)),
      takeover: Takeover.allCases.randomElement(using: &random) ?? .now)
  }

  /// Texts with everything that is awkward in a database: nothing, quotes, NUL, other scripts.
  private static func text(_ random: inout SeededGenerator) -> String {
    let pieces = ["", "'", "\"", "\0", "路口", "\n", "a", "🚦", "; DROP TABLE counts; --", "\\"]
    return (0..<Int.random(in: 0...6, using: &random)).map { _ in
      pieces.randomElement(using: &random) ?? ""
    }.joined()
  }
}
