import Optimisation
import Safety
import Signals

/// What the greens of a cycle that runs the stages of `order` may add up to, so that no signal group is red for
/// longer than the junction's longest wait: until the cycle first serves it, and from round to round.
func redLimits(of order: [Int], in meeting: Meeting) -> [RedLimit] {
  let junction = meeting.junction
  return junction.signalGroups.indices.flatMap { group -> [RedLimit] in
    let served = order.indices.filter { junction.serves(group, in: order[$0]) }
    guard let first = served.first else { return [] }
    let untilServed = redLimit(
      stages: Array(0..<first), after: redAtEnd(of: group, before: order[0], in: meeting), order,
      junction)
    let untilServedAgain = served.map { position in
      let next = order[(position + 1) % order.count]
      let gap = (1..<order.count).map { (position + $0) % order.count }
        .prefix { !junction.serves(group, in: order[$0]) }
      let red = junction.serves(group, in: next) ? .zero : change(order[position], next, junction)
      return redLimit(stages: Array(gap), after: red, order, junction)
    }
    return ([untilServed] + untilServedAgain).filter { !$0.stages.isEmpty }
  }
}

/// The limit of a red that has lasted for `red` when the first of `stages` begins.
private func redLimit(
  stages: [Int], after red: Tenths, _ order: [Int], _ junction: Intersection
) -> RedLimit {
  let changes = stages.reduce(Tenths.zero) { sum, position in
    let stage = junction.stages[order[position]]
    let next = order[(position + 1) % order.count]
    // The flash after a green belongs to the split's green.
    return sum + change(order[position], next, junction) - stage.greenFlash
  }
  return RedLimit(stages: stages, longest: junction.longestWait - red - changes)
}

/// How long `group` has been red when the running cycle is over and `next` begins.
private func redAtEnd(of group: Int, before next: Int, in meeting: Meeting) -> Tenths {
  let (junction, rest) = (meeting.junction, meeting.restOfCycle)
  let followers = rest.dropFirst().map(\.stage) + [next]
  return zip(rest, followers).reduce(meeting.circumstances.red[group]) { red, turn in
    let (entry, follower) = turn
    let change = change(entry.stage, follower, junction)
    guard junction.serves(group, in: entry.stage) else { return red + entry.green + change }
    return junction.serves(group, in: follower) ? .zero : change
  }
}

private func change(_ stage: Int, _ next: Int, _ junction: Intersection) -> Tenths {
  stage == next ? .zero : junction.changeTime(from: stage, to: next) ?? .zero
}
