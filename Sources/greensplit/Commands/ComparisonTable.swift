import Control
import Signals
import Simulation

/// What a comparison says to an operator: the verdict in words, all traffic, then the side streets
/// and people on foot beside every gain.
struct ComparisonTable {
  private let comparison: Comparison
  private let junctions: [Intersection]

  init(_ comparison: Comparison, of junctions: [Intersection]) {
    self.comparison = comparison
    self.junctions = junctions
  }

  var text: String {
    "\(comparison.scenario), seed \(comparison.seed)\n\n\(whole)\n\(longestWaits)\n\(verdict)\n"
  }

  private var whole: String {
    var table = TextTable(header: [
      "control", "vehicles", "delay s", "95 % s", "stops", "queue", "95 %", "people wait s", "95 %",
      "plans",
    ])
    for run in comparison.runs {
      let all = run.score.performance
      let groups = run.score.junctions.flatMap(\.laneGroups)
      let crossings = run.score.junctions.flatMap(\.crossings)
      let people = crossings.reduce(0) { $0 + $1.people }
      let wait = crossings.reduce(0.0) { $0 + $1.wait * Double($1.people) }
      table.add([
        run.contender, "\(all.due)", number(all.delay), number(all.delay95),
        decimal(all.stops, places: 2),
        number(groups.map(\.queue).reduce(0, +) / Double(max(1, groups.count))),
        number(groups.map(\.queue95).max() ?? 0),
        people == 0 ? "-" : number(wait / Double(people)),
        people == 0 ? "-" : number(crossings.map(\.wait95).max() ?? 0), "\(run.plans)",
      ])
    }
    return table.text + "delay: mean over all vehicles, those never let in counted; "
      + "queue: mean of the lane groups, and the longest\n"
  }

  /// For each junction, the lane group that is worst off, beside the limit.
  private var longestWaits: String {
    var table = TextTable(
      header: ["95 % wait, worst lane group"] + comparison.runs.map(\.contender)
        + ["longest red"])
    for (position, junction) in junctions.enumerated() {
      let worst = comparison.runs.map { run -> String in
        let group = run.score.junctions[position].laneGroups.max {
          $0.performance.wait95 < $1.performance.wait95
        }
        return group.map { "\(number($0.performance.wait95)) s \($0.name)" } ?? "-"
      }
      table.add([junction.id] + worst + ["\(junction.limits.longestRed)"])
    }
    return table.text
  }

  private var verdict: String {
    guard let fixed = comparison.runs.first, fixed.score.performance.delay > 0 else { return "" }
    let lines = comparison.runs.dropFirst().map { run in
      let before = fixed.score.performance.delay
      let saved = (before - run.score.performance.delay) / before * 100
      let word = saved >= 0 ? "less" : "more"
      return "\(run.contender): \(decimal(abs(saved), places: 1)) % \(word) delay than the "
        + "fixed plan"
    }
    return lines.joined(separator: "\n")
  }

  private func number(_ value: Double) -> String { decimal(value, places: 1) }
}
