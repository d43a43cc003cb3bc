import Control
import Optimisation
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

  var text: String {
    let blocks = plans.map { "\(comments($0))\(entry($0))" }.joined()
    return head + "plans:\n" + blocks + "\nschedule:\n" + schedule
  }

  private var head: String {
    """
    # Time-of-day plans (时段方案) for \(line(junction.id)) \(line(junction.name)).
    # Put them in the place of `plans` and `schedule` in \(line(site)).
    # From \(line(flows)): \(plans.count) plans, for a change of plan must save \
    \(decimal(worth, places: 1)) % of the day's delay.
    # The day's mean control delay is \(decimal(meanDelay(plans), places: 1)) s/veh (HCM, T = 1 h).
    # Offsets are 0 s: plans with new cycles are to be coordinated anew.

    """
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
    let lines =
      [
        "\(name(day)): mean delay \(decimal(meanDelay([day]), places: 1)) s/veh",
        "Certificate: no greens at this cycle save more than "
          + "\(decimal(split.dualityGap / hours, places: 3)) of "
          + "\(decimal(split.objective / hours, places: 0)) vehicle seconds an hour;",
        "whole units of \(split.resolution) cost \(decimal(loss, places: 3)) % of them.",
      ] + binding(day) + [""] + table(day)
    return "\n" + lines.map { $0.isEmpty ? "  #\n" : "  # \($0)\n" }.joined()
  }

  /// Limits that bind, and what they cost an hour.
  private func binding(_ day: DayPlan) -> [String] {
    let prices = day.split.shadowPrices.compactMap { price -> String? in
      guard case .green(let stage, let limit) = price.limit else { return nil }
      let name = line(junction.stages[day.plan.entries[stage].stage].name)
      let saving = decimal(price.saving / Double(day.hours.count), places: 0)
      return
        "The \(limit) of \(name) binds: a second of it costs \(saving) vehicle seconds an hour."
    }
    return prices.isEmpty ? ["No limit of a green binds."] : prices
  }

  /// Each lane group that has traffic, in the hour in which it is worst off.
  private func table(_ day: DayPlan) -> [String] {
    let worst = junction.laneGroups.indices.compactMap { group in
      day.rows.indices.filter { day.rows[$0].laneGroup == group && day.rows[$0].flow > 0 }.max {
        day.split.performance[$0].saturation < day.split.performance[$1].saturation
      }
    }
    var table = TextTable(
      header: ["lane group", "hour", "pcu/h", "X", "delay s", "LOS", "back of queue"])
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
