import Signals

/// Writes a junction as a site file: the other direction, so that reading can be checked against
/// junctions that were never a file.
struct SiteWriter {
  let junction: Intersection

  var text: String {
    ([head] + [approaches, signalGroups, laneGroups, crossings, stages, changes] + [limits, rest])
      .joined(separator: "\n") + "\n"
  }

  private func name(_ text: String) -> String { "\"\(text)\"" }

  private func groups(_ positions: [Int]) -> String {
    "[" + positions.map { name(junction.signalGroups[$0].name) }.joined(separator: ", ") + "]"
  }

  private func clock(_ minutes: Int) -> String {
    func two(_ value: Int) -> String { (value < 10 ? "0" : "") + "\(value)" }
    return "\(two(minutes / 60)):\(two(minutes % 60))"
  }

  private var head: String {
    let zone = junction.timeZoneMinutes
    return """
      version: 1
      id: \(name(junction.id))
      name: \(name(junction.name))
      time_zone: "\(zone < 0 ? "-" : "+")\(clock(abs(zone)))"
      """
  }

  private func section(_ key: String, _ entries: [String]) -> String {
    entries.isEmpty
      ? "\(key): []" : "\(key):\n" + entries.map { "  - {\($0)}" }.joined(separator: "\n")
  }

  private var approaches: String {
    section(
      "approaches",
      junction.approaches.map {
        // Speeds of files are km/h; what is read is m/s.
        "name: \(name($0.name)), heading: \($0.heading) deg, speed: \($0.speed * 3.6) km/h"
      })
  }

  private var signalGroups: String {
    let groups = junction.signalGroups
    let listed = section(
      "signal_groups",
      groups.map {
        "name: \(name($0.name)), kind: \($0.kind.rawValue), "
          + "gives_way_to: \(self.groups($0.givesWayTo))"
      })
    let conflicts = groups.enumerated().map { position, group in
      "  \(name(group.name)): \(self.groups(group.conflicts.filter { $0 > position }))"
    }
    return listed + "\nconflicts:\n" + conflicts.joined(separator: "\n")
  }

  private var laneGroups: String {
    section(
      "lane_groups",
      junction.laneGroups.map { group in
        let movements = group.movements.map { movement in
          let signal = movement.signalGroup.map { name(junction.signalGroups[$0].name) } ?? "none"
          return "{turn: \(movement.turn.rawValue), signal: \(signal), share: \(movement.share)}"
        }
        let upstream = group.upstream.map {
          "{junction: \(name($0.intersection)), lane_group: \(name($0.laneGroup)), "
            + "share: \($0.share), travel_time: \($0.travelTime) s}"
        }
        return
          "name: \(name(group.name)), approach: \(name(junction.approaches[group.approach].name)), "
          + "lanes: \(group.lanes), length: \(group.length) m, "
          + "saturation_flow: \(group.saturationFlow) pcu/h, weight: \(group.weight), "
          + "movements: [\(movements.joined(separator: ", "))], "
          + "upstream: [\(upstream.joined(separator: ", "))]"
      })
  }

  private var crossings: String {
    section(
      "crossings",
      junction.crossings.map {
        "name: \(name($0.name)), signal: \(name(junction.signalGroups[$0.signalGroup].name)), "
          + "length: \($0.length) m, walk: \($0.walk), clearance: \($0.clearance)"
      })
  }

  private var stages: String {
    section(
      "stages",
      junction.stages.map {
        "name: \(name($0.name)), green: \(groups($0.green)), permissive: \(groups($0.permissive)), "
          + "min_green: \($0.minimumGreen), max_green: \($0.maximumGreen), "
          + "green_flash: \($0.greenFlash), yellow: \($0.yellow), all_red: \($0.allRed), "
          + "recall: \($0.recall)"
      })
  }

  private var changes: String {
    let pairs = junction.stages.indices.flatMap { from in
      junction.stages.indices.filter { $0 != from }.map { (from, $0) }
    }
    let names = junction.stages.map { name($0.name) }
    let forbidden = pairs.filter { junction.changes.intergreen(from: $0, to: $1) == nil }
    let times = pairs.compactMap { from, to in
      junction.changes.intergreen(from: from, to: to).map {
        "{from: \(names[from]), to: \(names[to]), time: \($0)}"
      }
    }
    let listed = forbidden.map { "[\(names[$0]), \(names[$1])]" }
    return "changes:\n  forbidden: [\(listed.joined(separator: ", "))]\n"
      + "  intergreens: [\(times.joined(separator: ", "))]"
  }

  private var limits: String {
    let limits = junction.limits
    return "limits: {min_cycle: \(limits.minimumCycle), max_cycle: \(limits.maximumCycle), "
      + "longest_red: \(limits.longestRed), largest_change: \(limits.largestChange), "
      + "plan_interval: \(limits.planInterval), notice: \(limits.notice)}"
  }

  private func way(to cabinet: CabinetAddress) -> String {
    switch cabinet.way {
    case .network(let host, let port):
      let host = host.contains(":") ? "[\(host)]" : host
      return "connect: \"\(host):\(port)\""
    case .serial(let line, let turnaround):
      return "serial: \(line.device), baud: \(line.baud), parity: \(line.parity.rawValue), "
        + "stop_bits: \(line.stopBits), turnaround: \(turnaround) s"
    }
  }

  private var rest: String {
    let detectors = section(
      "detectors",
      junction.detectors.map {
        "id: \(name($0.id)), lane_group: \(name(junction.laneGroups[$0.laneGroup].name)), "
          + "lanes: \($0.lanes), view: \($0.view) m"
      })
    let plans = junction.plans.map { named in
      let greens = named.plan.entries.map {
        "{stage: \(name(junction.stages[$0.stage].name)), green: \($0.green)}"
      }
      return "name: \(name(named.name)), cycle: \(named.plan.cycle ?? .zero), "
        + "offset: \(named.plan.offset), greens: [\(greens.joined(separator: ", "))]"
    }
    let schedule = junction.schedule.map {
      "from: \"\(clock($0.fromMinute))\", plan: \(name(junction.plans[$0.plan].name))"
    }
    let control = junction.control
    let cabinet = junction.cabinet.map { "\ncabinet: {\(way(to: $0)), unit: \($0.unit)}" }
    return [detectors, section("plans", plans), section("schedule", schedule)]
      .joined(separator: "\n")
      + "\ncontrol: {pace: \(control.pace.rawValue), sequence: \(control.sequence.rawValue), "
      + "lease: \(control.lease)"
      + (control.longestWait.map { ", longest_wait: \($0)" } ?? "") + "}" + (cabinet ?? "")
  }
}
