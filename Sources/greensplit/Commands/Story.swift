import Control
import History
import Phrases
import Signals

/// What a history tells of one junction: the plans that were written, and why.
struct Story {
  let junction: Intersection
  let history: String
  let language: Language

  /// Rows of the table: enough to see the hour go by, few enough to be read.
  private static let rows = 14

  /// How many plans a history holds of one junction.
  static func plans(of intersection: String, in history: String) throws -> Int {
    try HistoryReader(path: history).plans(in: everything(of: intersection), limit: .max).count
  }

  /// Prints the table.
  func tell() throws {
    let stories = try HistoryReader(path: history)
      .plans(in: Self.everything(of: junction.id), limit: .max)
    guard let first = stories.first, let last = stories.last else {
      return say(Phrase("No plan was written.", "没有写入任何方案。").text(language))
    }
    let span = last.plan.at.utc.seconds(since: first.plan.at.utc)
    let ran = stories.count { story in story.receipts.contains { $0.outcome == .running } }
    let each = Int(span) / Self.rows
    say(
      Phrase(
        "\nPlans that were written: \(stories.count). Until its stage comes a plan is replaced when newer "
          + "counts say better;\nthe cabinet confirmed \(ran) as running. One of each "
          + "\(each) s, its first stages with their greens in seconds, and why:\n",
        "\n写入的方案：\(stories.count) 个。阶段到来之前，方案可被更新计数得出的更好方案取代；\n"
          + "信号机确认运行 \(ran) 个。每 \(each) s 列一个：前几个阶段及其绿灯秒数，以及理由：\n"
      ).text(language))
    var due = first.plan.at.utc
    for story in stories where story.plan.at.utc >= due {
      due = story.plan.at.utc.advanced(bySeconds: span / Double(Self.rows))
      say(line(story.plan))
    }
  }

  private static func everything(of intersection: String) -> HistorySpan {
    HistorySpan(
      of: intersection, from: UTC(milliseconds: 0), until: UTC(milliseconds: .max))
  }

  private func line(_ plan: RecordedPlan) -> String {
    let local = plan.at.utc.advanced(bySeconds: Double(junction.timeZoneMinutes) * 60)
    let time = Log.timestamp(local).dropFirst(11).prefix(8)
    let stages = plan.plan.entries.prefix(4).map {
      "\(junction.stages[$0.stage].name) \(decimal($0.green.seconds, places: 0))"
    }
    let why = Phrase(recorded: plan.why).text(language)
    return "\(time)  \(stages.joined(separator: ", ").padded(to: 22))  \(why)"
  }
}
