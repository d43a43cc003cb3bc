package import Signals

/// Whether the moment that a plan was decided for is over, by what the cabinet has shown since.
///
/// The cabinet would refuse a plan for a stage that has ended, and one for a boundary or a cycle's start
/// would take over at the next, for which it was not decided.
package struct MomentWatch: Sendable {
  private var stage: Int?
  private var isGreen = false
  private var timeInGreen = Tenths.zero
  private var cycle: UInt32?
  /// When the stage that shows was first seen, its end, and the cycle; `nil` if they came first of all.
  private var stageSeen: Instant?
  private var endSeen: Instant?
  private var cycleSeen: Instant?

  /// A watch that has seen nothing.
  package init() {}

  /// The cabinet shows `stage` at `now`, and its green for `time` if `isGreen`; `cycle` differs from
  /// cycle to cycle.
  package mutating func see(
    stage found: Int, isGreen isFoundGreen: Bool, for time: Tenths, cycle number: UInt32,
    at now: Instant
  ) {
    // The same stage may have come again unseen; a cabinet's tenths may go back by one or two.
    let isAgain = isFoundGreen && (!isGreen || time + .seconds(1) < timeInGreen)
    if stage != nil, stage != found || isAgain { (stageSeen, endSeen) = (now, nil) }
    if stage != nil, isGreen, !isFoundGreen { endSeen = now }
    if cycle != nil, cycle != number { cycleSeen = now }
    (stage, isGreen, cycle) = (found, isFoundGreen, number)
    timeInGreen = isFoundGreen ? time : .zero
  }

  /// Whether the moment of `plan`, decided at `then`, is over. While a change is under way, `next` is
  /// the stage that comes, if known: a plan that begins with it takes over at once.
  package func isOver(for plan: TimingPlan, since then: Instant, next: Int?) -> Bool {
    func isLater(_ seen: Instant?) -> Bool { seen.map { $0 > then } ?? false }
    switch plan.takeover {
    case .now: return isLater(stageSeen) || isLater(endSeen)
    case .stageBoundary:
      return isLater(stageSeen) || isLater(endSeen) && next != plan.entries.first?.stage
    case .cycleStart: return isLater(cycleSeen)
    }
  }
}
