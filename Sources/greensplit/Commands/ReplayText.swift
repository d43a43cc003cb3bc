import Control
import Replay
import Signals
import Simulation

/// What a replay says to a traffic engineer: the verdict in words, the first difference, and, for another
/// configuration, how stages would have run and what the model makes of it.
struct ReplayText {
  private let result: ReplayResult
  private let replay: HistoryReplay

  init(_ result: ReplayResult, of replay: HistoryReplay) {
    self.result = result
    self.replay = replay
  }

  var text: String {
    var parts = [head, verdict]
    if !result.gaps.isEmpty {
      parts.append(
        "Not replayed:\n" + result.gaps.map { "  \($0)" }.joined(separator: "\n"))
    }
    if result.isChanged {
      parts.append(decisions)
      if let estimate = result.estimate {
        parts += [stages(estimate), worth(estimate)]
      } else {
        parts.append("Nothing was counted, so that the model cannot say what it would be worth.")
      }
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private var head: String {
    let sessions = result.junctions.reduce(0) { $0 + $1.sessions }
    return "\(count(result.junctions.count, "junction")), \(count(sessions, "session")), "
      + "\(count(result.ticks, "tick")) decided again, "
      + "\(count(result.decisions, "recorded decision")) compared"
  }

  private var verdict: String {
    if result.isChanged { return changed }
    guard let first = result.firstDifference else {
      return result.gaps.isEmpty
        ? "Identical: every recorded decision is made again, byte for byte."
        : "What could be replayed is identical, byte for byte."
    }
    let differing = result.junctions.reduce(0) { $0 + $1.differing }
    return "Different: \(count(differing, "decision")) of \(result.decisions).\n"
      + "The first: \(first)"
  }

  private var changed: String {
    var lines = ["Another configuration at \(replay.changedSites.joined(separator: ", "))."]
    if !replay.unknownSites.isEmpty {
      lines.append(
        "Not in the history, and left out: \(replay.unknownSites.joined(separator: ", ")).")
    }
    if let first = result.firstDifference {
      lines.append("The first other decision: \(first)")
    } else if result.isIdentical {
      lines.append("All decisions would have been the same, byte for byte.")
    }
    return lines.joined(separator: "\n")
  }

  /// Decisions made again on what the cabinets told then.
  private var decisions: String {
    let changed = result.junctions.filter(\.isChanged)
    let comparable = changed.filter(\.isComparable)
    let others = changed.filter { !$0.isComparable }.map(\.junction)
    var lines: [String] = []
    if !comparable.isEmpty {
      var table = TextTable(
        header: ["decided on what was read then", "compared", "other", "other plan"])
      for junction in comparable {
        table.add([
          junction.junction, "\(junction.decisions)", "\(junction.differing)",
          "\(junction.otherPlans)",
        ])
      }
      lines.append(
        table.text + "other: anything of the record differs, estimates included; other plan: the "
          + "order to the cabinet does")
    }
    if !others.isEmpty {
      lines.append(
        "Not decided on what was read then: \(others.joined(separator: ", ")). Another pace decides at "
          + "other moments, and other stages are not those that the cabinet told of; how they run is "
          + "the model's answer.")
    }
    return lines.joined(separator: "\n\n")
  }

  private func stages(_ estimate: ReplayEstimate) -> String {
    var table = TextTable(header: [
      "green of each stage", "street /h", "mean s", "model then /h", "mean s", "model new /h",
      "mean s",
    ])
    for (position, junction) in result.junctions.enumerated() {
      let new = estimate.new.stages[position]
      for stage in new.stages {
        let rows = [junction.stages, estimate.recorded.stages[position], new].flatMap {
          cells(of: stage.name, in: $0)
        }
        table.add(["\(junction.junction) \(stage.name)"] + rows)
      }
    }
    return table.text
      + "street: as the cabinet told; model: the built-in traffic under the recorded configuration and "
      + "under the new one"
  }

  private func cells(of stage: String, in tally: StageTally) -> [String] {
    guard let found = tally.stages.first(where: { $0.name == stage }), tally.seconds > 0 else {
      return ["-", "-"]
    }
    let hourly = Double(found.runs) / tally.seconds * 3600
    return [
      decimal(hourly, places: 1), found.runs == 0 ? "-" : decimal(found.mean, places: 1),
    ]
  }

  private func worth(_ estimate: ReplayEstimate) -> String {
    var table = TextTable(header: [
      "the model's estimate", "then: delay s", "stops", "95 % wait s", "new: delay s", "stops",
      "95 % wait s", "delay",
    ])
    let all = (estimate.recorded.score.performance, estimate.new.score.performance)
    for (position, junction) in result.junctions.enumerated() {
      let before = estimate.recorded.score.junctions[position].performance
      let after = estimate.new.score.junctions[position].performance
      table.add(row(junction.junction, before, after))
    }
    table.add(row("all vehicles", all.0, all.1))
    let less = all.0.delay > 0 ? (all.0.delay - all.1.delay) / all.0.delay * 100 : 0
    let verdict =
      "By the model the new configuration means \(decimal(abs(less), places: 1)) % "
      + "\(less >= 0 ? "less" : "more") delay with the recorded demand. "
      + "This is an estimate of the built-in traffic model over "
      + "\(decimal(estimate.seconds / 3600, places: 1)) h with seed \(estimate.seed), not a measurement."
    let notes = estimate.notes.map { "\n- \($0)" }.joined()
    return table.text + verdict + notes
  }

  private func row(_ name: String, _ before: Performance, _ after: Performance) -> [String] {
    let change = before.delay > 0 ? (after.delay - before.delay) / before.delay * 100 : 0
    return [
      name, decimal(before.delay, places: 1), decimal(before.stops, places: 2),
      decimal(before.wait95, places: 0), decimal(after.delay, places: 1),
      decimal(after.stops, places: 2), decimal(after.wait95, places: 0),
      "\(change > 0 ? "+" : "")\(decimal(change, places: 0)) %",
    ]
  }

  private func count(_ number: Int, _ what: String) -> String {
    "\(number) \(what)\(number == 1 ? "" : "s")"
  }
}
