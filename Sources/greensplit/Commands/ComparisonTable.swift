import Control
import Phrases
import Reports
import Signals
import Simulation

/// What a comparison says to an operator: the verdict in words, all traffic, then the side streets
/// and people on foot beside every gain.
struct ComparisonTable {
  private let comparison: Comparison
  private let junctions: [Intersection]
  private let language: Language

  init(_ comparison: Comparison, of junctions: [Intersection], in language: Language) {
    self.comparison = comparison
    self.junctions = junctions
    self.language = language
  }

  var text: String {
    let seed = Phrase(", seed \(comparison.seed)", "，随机种子 \(comparison.seed)").text(language)
    return "\(comparison.scenario)\(seed)\n\n\(whole)\n\(longestWaits)\n\(verdict)\n"
  }

  /// What who sets the signals in a run is called.
  private func name(of run: RunResult) -> Phrase {
    Phrase(run.contender, controlName(run.contender).text(.chinese))
  }

  private var whole: String {
    var table = TextTable(
      header: [
        Phrase("control", "控制"), Phrase("vehicles", "车辆"), Phrase("delay s", "延误 s"),
        Phrase(name: "95 % s"), Phrase("stops", "停车次数"), Phrase("queue", "排队"),
        Phrase(name: "95 %"),
        Phrase("people wait s", "行人等待 s"), Phrase(name: "95 %"), Phrase("plans", "方案数"),
      ], in: language)
    for run in comparison.runs {
      let all = run.score.performance
      let groups = run.score.junctions.flatMap(\.laneGroups)
      let crossings = run.score.junctions.flatMap(\.crossings)
      let people = crossings.reduce(0) { $0 + $1.people }
      let wait = crossings.reduce(0.0) { $0 + $1.wait * Double($1.people) }
      table.add([
        name(of: run).text(language), "\(all.due)", number(all.delay), number(all.delay95),
        decimal(all.stops, places: 2),
        number(groups.map(\.queue).reduce(0, +) / Double(max(1, groups.count))),
        number(groups.map(\.queue95).max() ?? 0),
        people == 0 ? "-" : number(wait / Double(people)),
        people == 0 ? "-" : number(crossings.map(\.wait95).max() ?? 0), "\(run.plans)",
      ])
    }
    let legend = Phrase(
      "delay: mean over all vehicles, those never let in counted; "
        + "queue: mean of the lane groups, and the longest",
      "延误：全部车辆的平均值，包括始终未能驶入的车辆；排队：各车道组的平均值和最长者")
    return table.text + legend.text(language) + "\n"
  }

  /// For each junction, the lane group that is worst off, beside the limit.
  private var longestWaits: String {
    var table = TextTable(
      header: [Phrase("95 % wait, worst lane group", "95 % 等待，最差车道组")]
        + comparison.runs.map(name) + [Phrase("longest red", "最长红灯")], in: language)
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
      let percent = decimal(abs(saved), places: 1)
      let name = name(of: run)
      return Phrase(
        "\(name.text(.english)): \(percent) % \(saved >= 0 ? "less" : "more") delay than the fixed plan",
        "\(name.text(.chinese))：延误比固定配时\(saved >= 0 ? "减少" : "增加") \(percent) %")
    }
    return lines.map { $0.text(language) }.joined(separator: "\n")
  }

  private func number(_ value: Double) -> String { decimal(value, places: 1) }
}
