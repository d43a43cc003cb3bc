import Control
import Optimisation
import Phrases
import Signals

/// Time-of-day plans as YAML to put into the site file; what they are worth stands in comments.
struct DayPlanText {
  let junction: Intersection
  let plans: [DayPlan]
  /// The files they come from, as the command line names them.
  let site: String
  let flows: String
  /// Share of the day's delay that a change of plan must save, per cent.
  let worth: Double
  /// In which the comments are.
  let language: Language

  var text: String {
    let blocks = plans.map { "\(comments($0))\(entry($0))" }.joined()
    return head + "plans:\n" + blocks + "\nschedule:\n" + schedule
  }

  private var head: String {
    let (id, name, site, flows) = (
      line(junction.id), line(junction.name), line(site), line(flows)
    )
    let (worth, delay) = (decimal(worth, places: 1), decimal(meanDelay(plans), places: 1))
    return said(
      """
      # Time-of-day plans (时段方案) for \(id) \(name).
      # Put them in the place of `plans` and `schedule` in \(site).
      # From \(flows): \(plans.count) plans, for a change of plan must save \
      \(worth) % of the day's delay.
      # The day's mean control delay is \(delay) s/veh (HCM, T = 1 h).
      # Offsets are 0 s: plans with new cycles are to be coordinated anew.

      """,
      """
      # \(id) \(name) 的时段方案。
      # 请用其代替 \(site) 中的 `plans` 和 `schedule`。
      # 依据 \(flows)：\(plans.count) 个方案，因为更换方案至少须节省全天延误的 \(worth) %。
      # 全天平均控制延误为 \(delay) s/辆（HCM，T = 1 h）。
      # 相位差均为 0 s：周期改变的方案须重新协调。

      """)
  }

  private func said(_ english: String, _ chinese: String) -> String {
    Phrase(english, chinese).text(language)
  }

  // MARK: YAML

  private func entry(_ day: DayPlan) -> String {
    let greens = day.plan.entries.map { entry in
      "      - {stage: \(quoted(junction.stages[entry.stage].name)), green: \(entry.green)}\n"
    }
    let cycle = day.plan.cycle ?? day.split.cycle
    return "  - name: \(quoted(name(day)))\n    cycle: \(cycle)\n    greens:\n" + greens.joined()
  }

  private var schedule: String {
    plans.map {
      "  - {from: \(quoted(clock($0.hours[0]))), plan: \(quoted(name($0)))}\n"
    }.joined()
  }

  private func name(_ day: DayPlan) -> String {
    "\(clock(day.hours[0]))-\(clock((day.hours[day.hours.count - 1] + 1) % 24))"
  }

  private func clock(_ hour: Int) -> String { (hour < 10 ? "0" : "") + "\(hour):00" }

  /// Text in double quotes, which YAML takes for text whatever is in it.
  private func quoted(_ text: String) -> String {
    let escaped = text.flatMap { character -> [Character] in
      character == "\"" || character == "\\" ? ["\\", character] : [character]
    }
    return "\"\(String(escaped))\""
  }

  /// Text for a comment: nothing in it may end the line.
  private func line(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }

  // MARK: Comments

  private func comments(_ day: DayPlan) -> String {
    let split = day.split
    let hours = Double(day.hours.count)
    let loss = 100 * split.roundingLoss / max(split.objective, .leastNormalMagnitude)
    let (mean, lost) = (decimal(meanDelay([day]), places: 1), decimal(loss, places: 3))
    let gap = decimal(split.dualityGap / hours, places: 3)
    let all = decimal(split.objective / hours, places: 0)
    let lines =
      [
        said("\(name(day)): mean delay \(mean) s/veh", "\(name(day))：平均延误 \(mean) s/辆"),
        said(
          "Certificate: no greens at this cycle save more than \(gap) of \(all) vehicle seconds an hour;",
          "最优性证明：在此周期下，任何绿灯分配至多再节省每小时 \(all) 车秒中的 \(gap)；"),
        said(
          "whole units of \(split.resolution) cost \(lost) % of them.",
          "取 \(split.resolution) 的整数倍使其增加 \(lost) %。"),
      ] + binding(day) + [""] + table(day)
    return "\n" + lines.map { $0.isEmpty ? "  #\n" : "  # \($0)\n" }.joined()
  }

  /// Limits that bind, and what they cost an hour.
  private func binding(_ day: DayPlan) -> [String] {
    let prices = day.split.shadowPrices.compactMap { price -> String? in
      guard case .green(let stage, let limit) = price.limit else { return nil }
      let name = line(junction.stages[day.plan.entries[stage].stage].name)
      let saving = decimal(price.saving / Double(day.hours.count), places: 0)
      let sentence =
        "The \(limit) of \(name) binds: a second of it costs \(saving) vehicle seconds an hour."
      return Phrase(recorded: sentence).text(language)
    }
    return prices.isEmpty ? [said("No limit of a green binds.", "没有起约束作用的绿灯限值。")] : prices
  }

  /// Each lane group that has traffic, in the hour in which it is worst off.
  private func table(_ day: DayPlan) -> [String] {
    let worst = junction.laneGroups.indices.compactMap { group in
      day.rows.indices.filter { day.rows[$0].laneGroup == group && day.rows[$0].flow > 0 }.max {
        day.split.performance[$0].saturation < day.split.performance[$1].saturation
      }
    }
    var table = TextTable(
      header: [
        Phrase("lane group", "车道组"), Phrase("hour", "小时"), Phrase(name: "pcu/h"),
        Phrase(name: "X"), Phrase("delay s", "延误 s"), Phrase("LOS", "服务水平"),
        Phrase("back of queue", "排队长度"),
      ], in: language)
    for row in worst {
      let (hour, group, flow) = day.rows[row]
      let performance = day.split.performance[row]
      table.add([
        line(junction.laneGroups[group].name), "\(hour)", decimal(flow, places: 0),
        decimal(performance.saturation, places: 2), decimal(performance.delay, places: 1),
        performance.levelOfService.rawValue, decimal(performance.backOfQueue, places: 1),
      ])
    }
    return table.text.split(separator: "\n").map(String.init)
  }

  /// Delay of all vehicles of some plans by their number, s/veh.
  private func meanDelay(_ days: [DayPlan]) -> Double {
    var delay = 0.0
    var vehicles = 0.0
    for day in days {
      for (row, performance) in zip(day.rows, day.split.performance) {
        delay += row.flow * performance.delay
        vehicles += row.flow
      }
    }
    return vehicles > 0 ? delay / vehicles : 0
  }
}
