import Signals

/// How the greens of a junction's stages ended, by the hour.
struct StageEndings: Sendable {
  /// What ends a green.
  enum Ending: Int, CaseIterable { case maxOut, minimum, early, fixedPlan }

  /// Greens of one stage.
  struct Stage: Sendable {
    var greens = Array(repeating: Ratio(), count: Figure.hours)
    var endings = Ending.allCases.map { _ in Array(repeating: 0.0, count: Figure.hours) }
    var skipped = Array(repeating: 0.0, count: Figure.hours)
  }

  private(set) var stages: [Stage]
  private var last: CabinetReport?
  /// The stage that is green, and for how long it has been, s.
  private var running: (stage: Int, green: Double)?
  /// The stage whose green ended last.
  private var ended: Int?

  init(stages: Int) { self.stages = (0..<stages).map { _ in Stage() } }

  /// Takes in a report.
  ///
  /// - Parameters:
  ///   - report: What the cabinet says.
  ///   - junction: The junction under the limits that hold.
  ///   - order: Stages in the order of the time-of-day plan.
  ///   - hour: The local hour.
  mutating func pass(
    _ report: CabinetReport, at junction: Intersection, order: [Int], in hour: Int
  ) {
    if let last, last.at == report.at { return }
    defer { last = report }
    let green = report.subState == .green ? report.timeInState.seconds : nil
    if let running, green == nil || report.stage != running.stage || green ?? 0 < running.green {
      end(running, report, at: junction, in: hour)
      self.running = nil
      ended = running.stage
    }
    guard let green, stages.indices.contains(report.stage) else { return }
    if running == nil, let ended { skip(from: ended, to: report.stage, order, in: hour) }
    running = (report.stage, green)
  }

  /// Nothing was known for a while.
  mutating func breakOff() { (last, running, ended) = (nil, nil, nil) }

  private mutating func end(
    _ running: (stage: Int, green: Double), _ report: CabinetReport, at junction: Intersection,
    in hour: Int
  ) {
    guard let last, last.source.offersControl else { return }
    var length = running.green
    if report.stage == running.stage, report.subState != .green {
      // The report tells how long ago the green ended.
      let since = report.at.monotonic.seconds(since: last.at.monotonic)
      length = max(length, length + since - report.timeInState.seconds)
    }
    stages[running.stage].greens[hour].above += length
    stages[running.stage].greens[hour].below += 1
    let ending = ending(of: length, of: junction.stages[running.stage], by: last.source)
    stages[running.stage].endings[ending.rawValue][hour] += 1
  }

  private func ending(of length: Double, of stage: Signals.Stage, by source: ControlSource)
    -> Ending
  {
    // Cabinets count in tenths, and reports come once a second.
    let tolerance = 0.5
    if length >= stage.maximumGreen.seconds - tolerance { return .maxOut }
    if source == .timeOfDay { return .fixedPlan }
    return length <= stage.shortestGreen.seconds + tolerance ? .minimum : .early
  }

  private mutating func skip(from: Int, to: Int, _ order: [Int], in hour: Int) {
    guard from != to, let begin = order.firstIndex(of: from), let end = order.firstIndex(of: to)
    else { return }
    var position = (begin + 1) % order.count
    while position != end {
      stages[order[position]].skipped[hour] += 1
      position = (position + 1) % order.count
    }
  }
}
