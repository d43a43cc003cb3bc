import Control
import Counts
import Phrases
import Settings
import Signals

/// An explanation as JSON (`docs/explain.md`).
struct ExplanationReport: Codable {
  /// Version of the format.
  static let format = "greensplit-explanation-1"

  /// One lane group.
  struct Seen: Codable {
    let lane_group: String
    let queue: Double
    let expected_30_s: Double
    let flow: Double
    let trust: Double
  }

  /// One entry of the plan.
  struct Green: Codable {
    let stage: String
    let green: Double
    let bound: String?
    let worth_of_a_second: Double?
  }

  /// What else there was.
  struct Alternative: Codable {
    let text: String
    let more: Double
  }

  let format: String
  let junction: String
  let at: String
  /// `control`; `advise` or `stopped` where nothing was written; nothing where that is not known.
  let mode: String?
  let level: String
  let cause: String
  let stage: String?
  let time_in_stage: Double?
  let seen: [Seen]
  let plan: [Green]
  let takeover: String?
  let reason: String
  let cost: Double?
  let alternative: Alternative?
  let time_of_day: Alternative?
  let refused: [String]
  let changes: [Explanation.Change]?
  /// The paragraph.
  let words: Told

  init(_ it: Explanation) {
    format = Self.format
    junction = it.junction
    at = it.at.rfc3339
    mode = it.delivery?.rawValue
    level = "\(it.level)"
    cause = it.cause
    stage = it.stage
    time_in_stage = it.timeInStage
    seen = it.seen.map {
      Seen(
        lane_group: $0.laneGroup, queue: Self.rounded($0.queue),
        expected_30_s: Self.rounded($0.expected), flow: Self.rounded($0.flow),
        trust: Self.rounded($0.trust))
    }
    plan = it.plan.map {
      Green(
        stage: $0.stage, green: $0.green, bound: $0.bound?.rawValue,
        worth_of_a_second: $0.worth.map(Self.rounded))
    }
    takeover = it.takeover.map { "\($0)" }
    reason = it.reason
    cost = it.cost.map(Self.rounded)
    alternative = it.alternative.map {
      Alternative(text: $0.text, more: Self.rounded($0.more))
    }
    time_of_day = it.timeOfDay.map {
      Alternative(text: "time-of-day plan", more: Self.rounded($0.more))
    }
    refused = it.refused
    changes = it.changes
    words = Told(
      Phrase(
        ExplanationWords(it, in: .english).paragraph, ExplanationWords(it, in: .chinese).paragraph)
    )
  }

  /// To hundredths: what lies beyond says nothing.
  private static func rounded(_ value: Double) -> Double {
    abs(value) < 1e12 ? (value * 100).rounded() / 100 : value
  }
}
