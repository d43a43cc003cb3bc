import Safety
import Signals

/// Time from now until each stage must have begun, so that nobody waits beyond the longest red;
/// `nil` for a stage that need not come for anybody's sake.
///
/// A signal group that several stages serve counts for the one that comes first in the reference
/// plan. Crossings and lane groups count alike: nobody may be forgotten because no camera sees him.
func deadlines(_ meeting: Meeting, reference: TimingPlan) -> [Tenths?] {
  let junction = meeting.junction
  var deadlines: [Tenths?] = junction.stages.map { _ in nil }
  for group in junction.signalGroups.indices {
    guard let stage = usualStage(of: group, at: junction, reference: reference) else { continue }
    let left = junction.limits.longestRed - meeting.circumstances.red[group] - margin
    deadlines[stage] = min(deadlines[stage] ?? left, left)
  }
  for stage in junction.stages.indices where junction.stages[stage].recall {
    let red = junction.stages[stage].green.map { meeting.circumstances.red[$0] }.max() ?? .zero
    let left = min(junction.limits.maximumCycle, junction.limits.longestRed) - red - margin
    deadlines[stage] = min(deadlines[stage] ?? left, left)
  }
  return deadlines
}

/// What reports of one second, and a plan that comes a second late, can add to a wait.
private let margin = Tenths.seconds(3)

/// The stage in which a group is served in the ordinary course of things.
func usualStage(of group: Int, at junction: Intersection, reference: TimingPlan) -> Int? {
  reference.entries.first { junction.serves(group, in: $0.stage) }?.stage
    ?? junction.stages.indices.first { junction.serves(group, in: $0) }
}

/// The stages that wait for green, those that must come soonest first, each as short as it may be:
/// what is left to do when somebody has waited too long.
func urgentStages(_ meeting: Meeting, reference: TimingPlan) -> [PlanEntry] {
  let due = deadlines(meeting, reference: reference)
  let waiting = due.indices.filter { $0 != meeting.report.stage && due[$0] != nil }
  let ordered = waiting.sorted { a, b in
    (due[a] ?? .zero, a) < (due[b] ?? .zero, b)
  }
  return ordered.map {
    PlanEntry(stage: $0, green: meeting.junction.stages[$0].shortestGreen)
  }
}
