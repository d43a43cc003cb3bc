import Demand
import Safety
import Signals

/// Time from now until each stage must have begun, so that nobody waits beyond the longest wait and
/// nothing is red beyond the longest red.
///
/// A signal group that several stages serve counts for the one that comes first in the reference
/// plan. Crossings and lane groups count alike: nobody may be forgotten because no camera sees him.
///
/// - Parameters:
///   - meeting: The cabinet and what a plan meets there.
///   - reference: The time-of-day plan.
///   - isDeserted: Whether it is seen, signal group by signal group, that nobody waits.
/// - Returns: A time for each stage, negative if it has passed; `nil` for a stage that need not come for
///   anybody's sake.
func deadlines(
  _ meeting: Meeting, reference: TimingPlan, isDeserted: [Bool]
) -> [Tenths?] {
  let junction = meeting.junction
  var deadlines: [Tenths?] = junction.stages.map { _ in nil }
  for group in junction.signalGroups.indices {
    guard let stage = usualStage(of: group, at: junction, reference: reference) else { continue }
    let longest = isDeserted[group] ? junction.limits.longestRed : junction.longestWait
    let left = longest - meeting.circumstances.red[group] - margin
    deadlines[stage] = min(deadlines[stage] ?? left, left)
  }
  for stage in junction.stages.indices where junction.stages[stage].recall {
    let red = junction.stages[stage].green.map { meeting.circumstances.red[$0] }.max() ?? .zero
    let left = min(junction.limits.maximumCycle, junction.longestWait) - red - margin
    deadlines[stage] = min(deadlines[stage] ?? left, left)
  }
  return deadlines
}

/// What reports of one second, and a plan that comes a second late, can add to a wait.
private let margin = Tenths.seconds(3)

/// Whether it is seen, signal group by signal group, that nobody waits there or comes into view. Of
/// crossings it never is.
///
/// It takes fresh cameras that can be believed, with a view of every lane of the junction that a signal
/// holds: where some have failed, greens go to who is thought to wait, and whom that shuts in nobody sees
/// (docs/sumo.md, "Longest red and longest wait").
func desertedGroups(at junction: Intersection, _ demand: DemandEstimate) -> [Bool] {
  var isDeserted = junction.signalGroups.map { _ in false }
  let isSeen = junction.laneGroups.indices.allSatisfy {
    demand.laneGroups[$0].trust >= 1 || !junction.isSignalled(laneGroup: $0)
  }
  guard isSeen else { return isDeserted }
  for group in junction.signalGroups.indices
  where !junction.crossings.contains(where: { $0.signalGroup == group }) {
    let held = junction.laneGroups.indices.filter { laneGroup in
      junction.laneGroups[laneGroup].movements.contains { $0.signalGroup == group }
    }
    isDeserted[group] =
      !held.isEmpty
      && held.allSatisfy { laneGroup in
        let estimate = demand.laneGroups[laneGroup]
        return estimate.queue + estimate.approaching < nobody
          && !junction.detectors.contains { $0.laneGroup == laneGroup && $0.view <= 0 }
      }
  }
  return isDeserted
}

/// Less than the least vehicle, a motorcycle or bicycle of 0.3, and more than what corrections for misses
/// leave of one that has gone, pcu.
private let nobody = 0.2

/// The stage in which a group is served in the ordinary course of things.
func usualStage(of group: Int, at junction: Intersection, reference: TimingPlan) -> Int? {
  reference.entries.first { junction.serves(group, in: $0.stage) }?.stage
    ?? junction.stages.indices.first { junction.serves(group, in: $0) }
}

/// The stages that wait for green, those that must come soonest first, each as short as it may be:
/// what is left to do when somebody has waited too long.
func urgentStages(_ meeting: Meeting, reference: TimingPlan) -> [PlanEntry] {
  let everybody = meeting.junction.signalGroups.map { _ in false }
  let due = deadlines(meeting, reference: reference, isDeserted: everybody)
  let waiting = due.indices.filter { $0 != meeting.report.stage && due[$0] != nil }
  let ordered = waiting.sorted { a, b in
    (due[a] ?? .zero, a) < (due[b] ?? .zero, b)
  }
  return ordered.map {
    PlanEntry(stage: $0, green: meeting.junction.stages[$0].shortestGreen)
  }
}
