public import Signals

/// The lamps of one junction under a plan that runs round and round, undisturbed: what the
/// comparison plans are judged with.
public struct PlanClock: Sendable {
  private struct Piece: Sendable {
    let until: Tenths
    let lamps: [Lamp]
  }

  private let pieces: [Piece]
  /// Of one round.
  private let length: Tenths
  private let offset: Tenths

  /// A clock of `plan`, or `nil` if the plan contains a forbidden change, is empty or takes no time.
  ///
  /// Rounds begin at `plan.offset` after multiples of their length on the clock that is asked for.
  public init?(_ plan: TimingPlan, at junction: Intersection) {
    guard let length = junction.length(of: plan.entries), length > .zero else { return nil }
    self.length = length
    offset = plan.offset
    var pieces: [Piece] = []
    var end = Tenths.zero
    // A plan of one entry never changes.
    let isSteady = plan.entries.count == 1
    for (position, entry) in plan.entries.enumerated() {
      let next = plan.entries[(position + 1) % plan.entries.count].stage
      let times =
        isSteady
        ? [(.green, entry.green)] : PlanClock.times(of: entry, before: next, at: junction)
      for (subState, time) in times {
        end += time
        let lamps = junction.signalGroups.indices.map {
          junction.lamp(of: $0, from: entry.stage, to: next, in: subState)
        }
        if time > .zero { pieces.append(Piece(until: end, lamps: lamps)) }
      }
    }
    self.pieces = pieces
  }

  /// What each signal group shows at `time` seconds since local midnight.
  public func lamps(at time: Double) -> [Lamp] {
    let moved = (Tenths(seconds: time) - offset).count % length.count
    let inRound = Tenths(moved < 0 ? moved + length.count : moved)
    let piece = pieces.first { inRound < $0.until } ?? pieces[pieces.count - 1]
    return piece.lamps
  }

  /// The parts of one entry and the change after it, in order.
  private static func times(
    of entry: PlanEntry, before next: Int, at junction: Intersection
  ) -> [(SubState, Tenths)] {
    guard let change = junction.changeTime(from: entry.stage, to: next) else {
      return [(.green, entry.green)]
    }
    let stage = junction.stages[entry.stage]
    guard entry.stage == next || junction.losesGreen(from: entry.stage, to: next) else {
      // Nobody loses green: nothing to clear, only the wait for those who gain it.
      return [(.green, entry.green), (.allRed, change)]
    }
    return [
      (.green, entry.green), (.greenFlash, stage.greenFlash), (.yellow, stage.yellow),
      (.allRed, change - stage.greenFlash - stage.yellow),
    ]
  }
}
