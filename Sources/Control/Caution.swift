import Demand
import Signals

/// How far a plan may move a stage's green away from the time-of-day plan, for what is known of those whom
/// it serves.
///
/// A stage that serves somebody of whom nothing is known is not made shorter than in the time-of-day plan;
/// one that serves nobody of whom something is known is not made longer. In between, the bounds move with
/// the trust: distrusted demand moves plans less.
struct Caution: Sendable {
  /// Shortest green.
  let shortest: Tenths
  /// Longest green.
  let longest: Tenths

  /// The bounds of a stage.
  ///
  /// - Parameters:
  ///   - stage: Position of the stage.
  ///   - junction: The junction under the limits that hold.
  ///   - demand: What is thought of each lane group.
  ///   - reference: The time-of-day plan; a stage that is not in it keeps its own limits.
  init(
    of stage: Int, at junction: Intersection, demand: DemandEstimate, reference: TimingPlan
  ) {
    let limits = junction.stages[stage]
    let (least, most) = (limits.shortestGreen, max(limits.shortestGreen, limits.maximumGreen))
    let entries = reference.entries.filter { $0.stage == stage }
    let trusts = junction.laneGroups.indices.filter { junction.isServed($0, in: stage) }.map {
      demand.laneGroups[$0].trust
    }
    guard let usual = entries.map(\.green).max(), let low = trusts.min(), let high = trusts.max(),
      low < 1
    else {
      (shortest, longest) = (least, most)
      return
    }
    let plain = min(most, max(least, usual))
    shortest = least + Tenths(seconds: (plain - least).seconds * (1 - low))
    longest = most - Tenths(seconds: (most - plain).seconds * (1 - high))
  }
}

extension Intersection {
  /// Whether a signal lets a lane group go in a stage.
  func isServed(_ laneGroup: Int, in stage: Int) -> Bool {
    laneGroups[laneGroup].movements.contains { movement in
      movement.signalGroup.map { stages[stage].serves($0) } ?? false
    }
  }
}
