import Control
import Counts
import History
import Junctions
import Locking
import Replay
import Signals

/// Turns what junctions tell into history and into log lines for people.
final class Chronicle: Sendable {
  private let history: HistoryWriter?
  private let epoch: UInt32
  /// What is told of counts that are not taken as they come.
  let troubles = CountTroubles()
  /// What was told of each junction last.
  private let told = Guarded<[String: Told]>([:])

  private struct Told {
    var level: DegradeLevel?
    var cause = ""
    /// Makes its records. A lock of its own: one junction does not wait for another's.
    let recorder: Guarded<JunctionRecorder>
  }

  init(history: HistoryWriter?, epoch: UInt32) {
    self.history = history
    self.epoch = epoch
  }

  /// Keeps one piece of news and tells what an operator must know.
  func hear(_ news: JunctionNews) {
    keep(news)
    switch news.what {
    case .stands, .ended: break
    case .decision(let decision, _): tell(decision, of: news.junction)
    case .exchange(let event):
      guard let level = event.logLevel else { return }
      Log.write(
        level, "cabinet", at: news.at.utc,
        [("junction", news.junction), ("what", event.words)])
    case .counts(let records, let verdicts):
      for (record, verdict) in zip(records, verdicts) {
        troubles.tell(verdict, of: record, at: news.junction, news.at.utc)
      }
    }
  }

  /// Tells what the history has to say of itself.
  static func tell(_ report: HistoryReport, at utc: UTC) {
    let level: Log.Level =
      switch report {
      case .recovered: .notice
      case .pruneFailed, .misfit: .warning
      case .failed, .lost: .error
      }
    Log.write(
      level, "history", at: utc, [("what", report.description), ("control", "goes on")])
  }

  /// What control had gathered of `junction` according to the history at `path`; `nil` if that is nothing,
  /// or was gathered by a program that gathers something else.
  static func recall(_ junction: String, from path: String) -> ControllerState? {
    let state = try? HistoryReader(path: path).lastState(of: junction)
    return (state ?? nil).flatMap { ControllerState(text: $0) }
  }

  private func keep(_ news: JunctionNews) {
    guard let history else { return }
    // Under its lock: records of a junction go into the history in the order of its news.
    recorder(of: news.junction).withLock { history.append(together: $0.hear(news)) }
  }

  private func recorder(of junction: String) -> Guarded<JunctionRecorder> {
    told.withLock { told in
      if let known = told[junction] { return known.recorder }
      let new = begun(junction)
      told[junction] = new
      return new.recorder
    }
  }

  private func begun(_ junction: String) -> Told {
    Told(
      recorder: Guarded(
        JunctionRecorder(junction: junction, epoch: epoch, program: CommandTable.version)))
  }

  private func tell(_ decision: Decision, of junction: String) {
    let isNew = told.withLock { told -> Bool in
      let before = told[junction]
      told[junction, default: begun(junction)].level = decision.level
      told[junction, default: begun(junction)].cause = decision.cause
      return before?.level != decision.level || before?.cause != decision.cause
    }
    guard isNew else { return }
    Log.write(
      decision.level <= .isolated ? .notice : .warning, "control level", at: decision.at.utc,
      [
        ("junction", junction), ("rung", "\(decision.level)"), ("cause", decision.cause),
      ])
  }
}
