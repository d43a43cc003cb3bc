import Control
import Phrases
import Replay
import Signals
import Simulation

/// What a replay says to a traffic engineer: the verdict in words, the first difference, and, for another
/// configuration, how stages would have run and what the model makes of it.
struct ReplayText {
  private let result: ReplayResult
  private let replay: HistoryReplay
  private let language: Language

  init(_ result: ReplayResult, of replay: HistoryReplay, in language: Language) {
    self.result = result
    self.replay = replay
    self.language = language
  }

  var text: String {
    var parts = [head, verdict]
    if !result.gaps.isEmpty {
      let gaps = result.gaps.map { "  \($0.words.text(language))" }
      parts.append(said("Not replayed:", "未能重放：") + "\n" + gaps.joined(separator: "\n"))
    }
    if result.isChanged {
      parts.append(decisions)
      if let estimate = result.estimate {
        parts += [stages(estimate), worth(estimate)]
      } else {
        parts.append(
          said(
            "Nothing was counted, so that the model cannot say what it would be worth.",
            "没有任何计数，模型无法估计其效果。"))
      }
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private func said(_ english: String, _ chinese: String) -> String {
    Phrase(english, chinese).text(language)
  }

  /// Names in a row.
  private func list(_ names: [String]) -> String { names.joined(separator: ", ") }

  private var head: String {
    let (junctions, ticks) = (result.junctions.count, result.ticks)
    let sessions = result.junctions.reduce(0) { $0 + $1.sessions }
    return said(
      "\(count(junctions, "junction")), \(count(sessions, "session")), "
        + "\(count(ticks, "tick")) decided again, "
        + "\(count(result.decisions, "recorded decision")) compared",
      "\(junctions) 个路口，\(sessions) 段记录，重新决策 \(ticks) 步，比较所记录的决策 \(result.decisions) 次")
  }

  private var verdict: String {
    if result.isChanged { return changed }
    guard let first = result.firstDifference?.words else {
      return result.gaps.isEmpty
        ? said(
          "Identical: every recorded decision is made again, byte for byte.",
          "一致：所记录的每次决策均逐字节重现。")
        : said(
          "What could be replayed is identical, byte for byte.", "能够重放的部分逐字节一致。")
    }
    let differing = result.junctions.reduce(0) { $0 + $1.differing }
    return said(
      "Different: \(count(differing, "decision")) of \(result.decisions).\n"
        + "The first: \(first.text(.english))",
      "不一致：\(result.decisions) 次决策中有 \(differing) 次不同。\n第一处：\(first.text(.chinese))")
  }

  private var changed: String {
    let sites = list(replay.changedSites)
    var lines = [said("Another configuration at \(sites).", "\(sites) 采用另一配置。")]
    if !replay.unknownSites.isEmpty {
      let unknown = list(replay.unknownSites)
      lines.append(
        said("Not in the history, and left out: \(unknown).", "历史数据库中没有、未予考虑：\(unknown)。"))
    }
    if let first = result.firstDifference?.words {
      lines.append(
        said(
          "The first other decision: \(first.text(.english))", "第一次不同的决策：\(first.text(.chinese))"))
    } else if result.isIdentical {
      lines.append(
        said(
          "All decisions would have been the same, byte for byte.", "所有决策都会逐字节相同。"))
    }
    return lines.joined(separator: "\n")
  }

  /// Decisions made again on what the cabinets told then.
  private var decisions: String {
    let changed = result.junctions.filter(\.isChanged)
    let comparable = changed.filter(\.isComparable)
    let others = list(changed.filter { !$0.isComparable }.map(\.junction))
    var lines: [String] = []
    if !comparable.isEmpty {
      var table = TextTable(
        header: [
          Phrase("decided on what was read then", "按当时的读数决策"), Phrase("compared", "比较次数"),
          Phrase("other", "不同"), Phrase("other plan", "方案不同"),
        ], in: language)
      for junction in comparable {
        table.add([
          junction.junction, "\(junction.decisions)", "\(junction.differing)",
          "\(junction.otherPlans)",
        ])
      }
      lines.append(
        table.text
          + said(
            "other: anything of the record differs, estimates included; other plan: the "
              + "order to the cabinet does", "不同：记录有任何差别，包括估计值；方案不同：下发给信号机的方案有差别"))
    }
    if !others.isEmpty {
      lines.append(
        said(
          "Not decided on what was read then: \(others). Another pace decides at "
            + "other moments, and other stages are not those that the cabinet told of; how they run is "
            + "the model's answer.",
          "未按当时的读数决策：\(others)。控制粒度不同，决策时刻就不同；阶段不同，就不是信号机所报告的阶段；"
            + "其运行情况由模型给出。"))
    }
    return lines.joined(separator: "\n\n")
  }

  private func stages(_ estimate: ReplayEstimate) -> String {
    let mean = Phrase("mean s", "均值 s")
    var table = TextTable(
      header: [
        Phrase("green of each stage", "各阶段绿灯"), Phrase("street /h", "现场 次/h"), mean,
        Phrase("model then /h", "模型原配置 次/h"), mean, Phrase("model new /h", "模型新配置 次/h"), mean,
      ], in: language)
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
      + said(
        "street: as the cabinet told; model: the built-in traffic under the recorded configuration and "
          + "under the new one", "现场：信号机所报告；模型：内置交通模型分别在原配置和新配置下")
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
    let (stops, wait) = (Phrase("stops", "停车次数"), Phrase("95 % wait s", "95 % 等待 s"))
    var table = TextTable(
      header: [
        Phrase("the model's estimate", "模型估计"), Phrase("then: delay s", "原配置：延误 s"), stops, wait,
        Phrase("new: delay s", "新配置：延误 s"), stops, wait, Phrase("delay", "延误变化"),
      ], in: language)
    let all = (estimate.recorded.score.performance, estimate.new.score.performance)
    for (position, junction) in result.junctions.enumerated() {
      let before = estimate.recorded.score.junctions[position].performance
      let after = estimate.new.score.junctions[position].performance
      table.add(row(junction.junction, before, after))
    }
    table.add(row(said("all vehicles", "全部车辆"), all.0, all.1))
    let less = all.0.delay > 0 ? (all.0.delay - all.1.delay) / all.0.delay * 100 : 0
    let (percent, hours) = (
      decimal(abs(less), places: 1), decimal(estimate.seconds / 3600, places: 1)
    )
    let verdict = said(
      "By the model the new configuration means \(percent) % "
        + "\(less >= 0 ? "less" : "more") delay with the recorded demand. "
        + "This is an estimate of the built-in traffic model over "
        + "\(hours) h with seed \(estimate.seed), not a measurement.",
      "按模型，新配置在所记录的需求下使延误\(less >= 0 ? "减少" : "增加") \(percent) %。"
        + "这是内置交通模型在 \(hours) h 上、随机种子 \(estimate.seed) 的估计，不是实测。")
    let notes = estimate.notes.map { "\n- \(Phrase(recorded: $0).text(language))" }.joined()
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
