import Signals

/// How a plan with a cycle comes back into step with multiples of that cycle in UTC: by a tenth of
/// the cycle each round at most, the short way round (NTCIP 1202 coordCorrectionMode "shortway").
extension VirtualCabinet {
  /// Greens of the round that begins now.
  func greensInStep() -> [Tenths] {
    let plan = course.programme.plan
    let planned = plan.entries.map(\.green)
    guard let cycle = plan.cycle?.count, cycle > 0, plan.entries.count > 1 else { return planned }
    let now = utcNow.milliseconds / 100 - Int64(plan.offset.count)
    let length = Int64(cycle)
    let late = Int(((now % length) + length) % length)
    guard late != 0 else { return planned }
    let most = cycle / 10
    return late <= cycle / 2
      ? changed(planned, by: -min(late, most)) : changed(planned, by: min(cycle - late, most))
  }

  /// Greens changed by `wanted` tenths together, as far as their stages and the longest red allow;
  /// each by its share of the room there is.
  private func changed(_ planned: [Tenths], by wanted: Int) -> [Tenths] {
    let rooms = zip(course.programme.plan.entries, planned).map { entry, green -> Int in
      let stage = intersection.stages[entry.stage]
      let limit = wanted > 0 ? stage.maximumGreen : max(stage.shortestGreen, Tenths(1))
      return wanted > 0 ? max(0, (limit - green).count) : max(0, (green - limit).count)
    }
    let room = rooms.reduce(0, +)
    let step = wanted > 0 ? min(wanted, room, redRoom) : min(-wanted, room)
    guard step > 0 else { return planned }
    // Shares of running sums, so that they add up to the step.
    var sum = 0
    return zip(planned, rooms).map { green, own in
      let before = step * sum / room
      sum += own
      let share = step * sum / room - before
      return Tenths(green.count + (wanted > 0 ? share : -share))
    }
  }

  /// How much longer a round may be. A wait can lie in two rounds, so each takes half.
  private var redRoom: Int {
    let slack = intersection.limits.longestRed.count - longestGap(course.programme.plan.entries)
    return max(0, slack / 2)
  }
}
