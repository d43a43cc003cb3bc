import JSONText
import Phrases
public import Signals

/// One junction in full, as `GET /v1/junctions/ID` tells it and `GET /v1/events?junction=ID` each second.
public struct JunctionDetail: Sendable {
  /// What `format` holds in this version.
  static let format = "greensplit-junction-1"

  private let row: JunctionRow
  private let site: Intersection
  private let picture: JunctionPicture?
  private let order: (sequence: UInt32, plan: TimingPlan)?

  /// The junction whose row is `row`.
  ///
  /// - Parameters:
  ///   - row: What is seen of it at a glance.
  ///   - site: The junction.
  ///   - picture: After its last decision; `nil` before the first.
  ///   - order: The plan that was sent last.
  public init(
    _ row: JunctionRow, _ site: Intersection, _ picture: JunctionPicture?,
    order: (sequence: UInt32, plan: TimingPlan)?
  ) {
    self.row = row
    self.site = site
    self.picture = picture
    self.order = order
  }

  /// As JSON.
  ///
  /// - Parameters:
  ///   - utc: Now.
  ///   - health: What is thought of its detectors, as JSON; `nil` to leave it out.
  /// - Returns: One line.
  public func json(at utc: UTC, health: String? = nil) -> String {
    var object = JSONObject()
    object.add("format", Self.format)
    object.add("at", utc)
    object.add("id", row.id)
    object.add("name", row.name)
    object.add("mode", row.mode.rawValue)
    object.add("mode_words", row.mode.name)
    object.add("cause", row.cause)
    object.add("cause_words", Phrase(recorded: row.cause))
    object.add("since", row.since)
    object.add("utc_offset_minutes", site.timeZoneMinutes)
    object.add("stages", list: site.stages.map { jsonString($0.name) })
    object.add("troubles", list: (picture?.troubles ?? []).map(trouble))
    if let report = picture?.second.report { object.add("running", json: running(report, at: utc)) }
    object.add("lane_groups", list: laneGroups)
    object.add("signal_groups", list: signalGroups)
    if let report = picture?.second.report, let plan = report.plan {
      object.add("plan", json: json(plan, report.activeSequence))
    }
    if let order { object.add("order", json: json(order.plan, order.sequence)) }
    if let why = picture?.why { object.add("why", json: json(why)) }
    if let why = picture?.orderWhy { object.add("order_why", json: json(why)) }
    if let health { object.add("health", json: health) }
    return object.closed
  }

  private func trouble(_ trouble: Trouble) -> String {
    var object = JSONObject()
    object.add("kind", trouble.kind.rawValue)
    object.add("name", trouble.kind.name)
    object.add("place", trouble.place)
    object.add("value", trouble.value, places: 2)
    object.add("since", trouble.since)
    object.add("words", trouble.words)
    return object.closed
  }

  /// The stage that runs; times are those of the cabinet's report, which is as old as `age_s`.
  private func running(_ report: CabinetReport, at utc: UTC) -> String {
    var object = JSONObject()
    object.add("stage", name(of: report.stage))
    object.add("state", state(report.subState))
    object.add("source", "\(report.source)")
    object.add("time_in_state_s", report.timeInState.seconds)
    object.add("least_left_s", report.leastLeft?.seconds)
    object.add("most_left_s", report.mostLeft?.seconds)
    if let next = report.nextStage { object.add("next_stage", name(of: next)) }
    object.add("time_in_cycle_s", report.timeInCycle.seconds)
    object.add("cycle_number", Int(report.cycleNumber))
    object.add("lease_left_s", report.leaseLeft)
    object.add("age_s", max(0, utc.seconds(since: report.at.utc)))
    return object.closed
  }

  private func state(_ state: SubState) -> String {
    switch state {
    case .green: "green"
    case .greenFlash: "green_flash"
    case .yellow: "yellow"
    case .allRed: "all_red"
    }
  }

  private func name(of stage: Int) -> String {
    site.stages.indices.contains(stage) ? site.stages[stage].name : "?"
  }

  private var laneGroups: [String] {
    site.laneGroups.enumerated().map { position, group in
      var object = JSONObject()
      object.add("name", group.name)
      object.add("approach", site.approaches[group.approach].name)
      object.add("lanes", group.lanes)
      object.add("storage_pcu", group.storage)
      object.add("signalled", group.isSignalled)
      if let picture {
        let state = picture.second.laneGroups[position]
        // What nothing was measured of is left out rather than guessed.
        let isSeen = state.trust > 0
        object.add("queue_pcu", isSeen ? state.queue : nil)
        object.add("approaching_pcu", isSeen ? state.approaching : nil)
        object.add("flow_pcu_h", isSeen ? state.flow : nil, places: 0)
        object.add("trust", state.trust, places: 2)
        object.add("saturation", picture.saturations[position], places: 2)
        if group.isSignalled, let report = picture.second.report {
          object.add("green", group.isGreen(under: report.lamps))
        }
      }
      return object.closed
    }
  }

  private var signalGroups: [String] {
    let lamps = picture?.second.report?.lamps ?? []
    return site.signalGroups.enumerated().map { position, group in
      var object = JSONObject()
      object.add("name", group.name)
      object.add("kind", group.kind.rawValue)
      if lamps.indices.contains(position) { object.add("lamp", "\(lamps[position])") }
      return object.closed
    }
  }

  private func json(_ plan: TimingPlan, _ sequence: UInt32) -> String {
    var object = JSONObject()
    object.add("sequence", Int(sequence))
    object.add("cycle_s", plan.cycle?.seconds)
    object.add("offset_s", plan.cycle == nil ? nil : plan.offset.seconds)
    object.add(
      "greens",
      list: plan.entries.map { entry in
        var object = JSONObject()
        object.add("stage", name(of: entry.stage))
        object.add("green_s", entry.green.seconds)
        return object.closed
      })
    return object.closed
  }

  private func json(_ why: Why) -> String {
    var object = JSONObject()
    object.add("text", why.text)
    object.add("words", Phrase(recorded: why.text))
    object.add("cost_veh_s", why.cost)
    if let other = why.alternative {
      object.add("alternative", other.text)
      object.add("alternative_words", Phrase(recorded: other.text))
      object.add("alternative_cost_veh_s", other.cost)
    }
    object.add("refused", list: why.refused.map(jsonString))
    object.add("refused_words", list: why.refused.map { both(Phrase(recorded: $0)) })
    return object.closed
  }
}
