public import Control
import FoundationEssentials
public import History
import Phrases
public import Signals

/// Explains the plan that a junction's history has for `moment`: of the decisions up to then that ordered
/// one the last, or the last at all if none did.
///
/// - Parameters:
///   - junction: Identifier of the junction.
///   - moment: When; the newest decision if it is left out.
///   - reader: The history.
/// - Returns: The explanation; `nil` if nothing was decided within a day before.
/// - Throws: Why the history cannot be read.
public func explanation(
  of junction: String, at moment: UTC?, in reader: HistoryReader
) throws(ReplayError) -> Explanation? {
  do throws(HistoryError) {
    let end = moment ?? UTC(milliseconds: .max - 1)
    let sessions = try reader.sessions(of: junction).filter { $0.session.at.utc <= end }
    guard let stored = sessions.last,
      let snapshot = SiteSnapshot(text: stored.session.configuration)
    else { return nil }
    var story = Story()
    // Decisions of a day at most: at pace second as many as it has seconds.
    let from = moment?.advanced(bySeconds: -86_400) ?? stored.session.at.utc
    try reader.decisions(
      in: HistorySpan(
        of: junction, from: from, until: UTC(milliseconds: end.milliseconds + 1))
    ) { decision in
      story.hear(decision)
      return true
    }
    return try story.explanation(at: snapshot.site, in: reader)
  } catch {
    throw ReplayError(Phrase(of: error))
  }
}

/// What of many decisions matters for the last of them.
private struct Story {
  private var last: RecordedDecision?
  private var lastPlan: RecordedDecision?
  private var before: RecordedDecision?

  mutating func hear(_ decision: RecordedDecision) {
    last = decision
    // The key is there only with a plan; the text is parsed once it is known which is wanted.
    guard decision.body.contains("\"plan\":{") else { return }
    before = lastPlan
    lastPlan = decision
  }

  func explanation(
    at site: Intersection, in reader: HistoryReader
  ) throws(HistoryError) -> Explanation? {
    guard let decision = lastPlan ?? last, let body = body(decision) else { return nil }
    return Explanation(
      of: site, at: decision.at.utc, level: decision.level, cause: body.cause, plan: body.plan,
      reason: body.reason, stage: body.stage, timeInState: body.timeInState,
      before: before.flatMap { self.body($0)?.plan },
      delivery: try delivery(at: site, decision.at.utc, in: reader))
  }

  private func delivery(
    at site: Intersection, _ moment: UTC, in reader: HistoryReader
  ) throws(HistoryError) -> Explanation.Delivery? {
    let isAdvising = try reader.isAdvising(site.id, at: moment)
    if isAdvising == true { return .advise }
    if try reader.isWritingStopped(at: moment) == true { return .stopped }
    return isAdvising.map { _ in .control }
  }

  private func body(_ decision: RecordedDecision) -> DecisionBody? {
    try? JSONDecoder().decode(DecisionBody.self, from: Data(decision.body.utf8))
  }
}
