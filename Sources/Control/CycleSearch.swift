import Demand
import Optimisation
import Safety
import Signals

/// Which stages a cycle has, in which order, so that its split has the least delay for the flows of now.
///
/// From the order of the time-of-day plan on, one stage at a time is left out, and in free order one is put in or takes
/// the place of another, while that makes the delay less. Each order serves all signal groups that the
/// time-of-day plan serves: a plan may be left running, and nobody sees who waits to walk. No stage comes behind one
/// after which it could shut in turners.
struct CycleSearch {
  /// How many of the orders one step from another are looked at closely: those of least delay at its greens.
  private static let closely = 3

  /// Orders that were divided, that of the time-of-day plan first.
  private(set) var tried: [CycleSplit]

  /// The one of least delay.
  private(set) var best: CycleSplit

  /// Searches from the order of `reference` on, the time-of-day plan.
  ///
  /// - Throws: Which limits clash in that order.
  init(
    _ meeting: Meeting, demand: DemandEstimate, reference: TimingPlan
  ) throws(NoCycle) {
    func stages(_ order: [Int]) -> CycleStages {
      CycleStages(of: order, in: meeting, demand: demand, reference: reference)
    }
    best = try CycleSplit(stages(reference.entries.map(\.stage)), in: meeting)
    tried = [best]
    let orders = CycleOrders(meeting, demand: demand, reference: best.stages.order)
    var known = [best.stages.order]
    var solver = SplitSolver()
    var from: [Int]
    repeat {
      from = best.stages.order
      let besides = orders.besides(from).filter { !known.contains($0) }
      known += besides
      let greens = best.split.greens.reduce(.zero, +)
      // Costs can be compared where the same lane groups are served.
      let comparable = besides.map(stages).filter { $0.served == best.stages.served }
      let promising = comparable.map { ($0, $0.delay(greens: greens, &solver)) }
        .sorted { $0.1 < $1.1 }.prefix(Self.closely)
      for (stages, _) in promising {
        // What limits leave no cycle for is no loss: the order of the time-of-day plan is there.
        guard let split = try? CycleSplit(stages, in: meeting), split.keepsReds else { continue }
        tried.append(split)
      }
      best = tried.min { $0.split.objective < $1.split.objective } ?? best
    } while best.stages.order != from
  }
}

/// The orders that the stages of a cycle may have.
private struct CycleOrders {
  let junction: Intersection
  /// The stage that runs until the cycle begins.
  let running: Int
  /// The order of the time-of-day plan.
  let reference: [Int]
  /// The stages to choose from.
  let choice: [Int]
  /// Signal groups that every cycle serves.
  let served: [Int]
  /// Stages that serve somebody of whom too little is known to do without them.
  let isDoubted: [Bool]

  init(_ meeting: Meeting, demand: DemandEstimate, reference: [Int]) {
    junction = meeting.junction
    running = meeting.circumstances.running.entries.last?.stage ?? meeting.circumstances.stage
    self.reference = reference
    let (junction, laneGroups) = (junction, demand.laneGroups)
    choice = junction.control.sequence == .free ? Array(junction.stages.indices) : reference
    served = junction.signalGroups.indices.filter { group in
      reference.contains { junction.serves(group, in: $0) }
    }
    isDoubted = junction.stages.indices.map { stage in
      laneGroups.indices.contains {
        laneGroups[$0].trust < 1 && junction.isServed($0, in: stage)
      }
    }
  }

  /// Allowed orders that are one step from `order`.
  func besides(_ order: [Int]) -> [[Int]] {
    guard junction.control.sequence != .fixed else { return [] }
    let dispensable = order.indices.filter { !isDoubted[order[$0]] }
    var orders = dispensable.map { Array(order[..<$0] + order[($0 + 1)...]) }
    guard junction.control.sequence == .free else { return orders.filter(isAllowed) }
    for stage in choice where !order.contains(stage) {
      orders += order.indices.map { Array(order[...$0] + [stage] + order[($0 + 1)...]) }
      orders += dispensable.map { Array(order[..<$0] + [stage] + order[($0 + 1)...]) }
    }
    return orders.filter(isAllowed)
  }

  private func isAllowed(_ order: [Int]) -> Bool {
    // Of a single stage no green ends, and no cycle would ever begin anew.
    guard (2...TimingPlan.entryLimit).contains(order.count) else { return false }
    return zip([running] + order, order + [order[0]]).allSatisfy(mayFollow)
      // So that the order of the time-of-day plan can come again.
      && mayFollow(order[order.count - 1], reference[0])
      && served.allSatisfy { group in order.contains { junction.serves(group, in: $0) } }
  }

  /// Whether a change is one of the time-of-day plan's, or allowed and shuts nobody in.
  private func mayFollow(_ before: Int, _ stage: Int) -> Bool {
    if zip(reference, reference[1...] + reference[..<1]).contains(where: { $0 == (before, stage) })
    {
      return true
    }
    return before != stage && junction.changes.intergreen(from: before, to: stage) != nil
      && keepsWayOut(from: before, to: stage, among: choice, at: junction)
  }
}
