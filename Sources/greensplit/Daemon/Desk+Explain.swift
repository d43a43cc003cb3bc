import Control
import Dispatch
import History
import Phrases
import Replay
import Signals

extension Desk {
  /// Files are read beside everything else: a disk that does not answer holds up this queue alone.
  private static let reading = DispatchQueue(label: "explanations")

  /// Why `junction`'s plan is as it is, or was at `text`; `done` is called once, on any queue.
  func explain(
    _ junction: String, at text: String?, done: @escaping @Sendable (DeskAnswer) -> Void
  ) {
    guard let actor = fleet.actors(of: [junction])[0] else {
      return done(
        DeskAnswer(
          DeskProblem(
            404,
            Phrase(
              "no junction \(visible(junction)) is controlled here",
              "此处未控制路口 \(visible(junction))"))))
    }
    actor.post { [self] actor in
      guard let text else { return done(answer(actor.explanation())) }
      guard let moment = DayTime(text, zone: actor.zone, notAfter: clock.now().utc) else {
        return done(
          DeskAnswer(
            DeskProblem(
              400,
              Phrase(
                "at is a time such as 08:14:30 or 2026-11-25T00:14:30Z",
                "at 为时间，如 08:14:30 或 2026-11-25T00:14:30Z"))))
      }
      guard let path = rules.historyPath else {
        return done(
          DeskAnswer(
            DeskProblem(
              404, Phrase("this daemon keeps no history", "该守护进程未保存历史数据"))))
      }
      Self.reading.async { [self] in done(past(junction, moment.utc, path)) }
    }
  }

  private func past(_ junction: String, _ moment: UTC, _ path: String) -> DeskAnswer {
    do {
      return answer(try explanation(of: junction, at: moment, in: try HistoryReader(path: path)))
    } catch {
      return DeskAnswer(DeskProblem(503, Phrase(of: error)))
    }
  }

  private func answer(_ found: Explanation?) -> DeskAnswer {
    guard let found else {
      return DeskAnswer(
        DeskProblem(404, Phrase("nothing was decided then", "当时没有决策")))
    }
    return DeskAnswer(200, ExplanationReport(found))
  }
}
