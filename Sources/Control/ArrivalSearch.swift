import Safety
import Signals

/// Plans that have one stage green at a moment that is still to come, and from then on for a while
/// (勤务路线).
///
/// Other stages fill the time until then, each within the limits of its green, so that the wanted one
/// neither comes late nor has passed before it is needed. Every plan that is found has passed the safety
/// check: who waits meanwhile, and behind the wanted green, waits within the limits.
struct ArrivalSearch {
  /// How long before the moment the stage becomes green: reports are a second old, and so may an order
  /// be.
  static let early = Tenths.seconds(2)
  /// The most sequences of stages that are looked at, shortest first: those of four stages after one
  /// another at a junction of five, which reach far beyond the time of a round.
  private static let wayLimit = 512
  /// The most that are tried: those that come next leave more people waiting, or come sooner than need be.
  private static let triedWays = 24

  let meeting: Meeting
  let reference: TimingPlan
  /// The stage that is wanted.
  let stage: Int
  /// The round in which it is green for as long as may be, and everybody else for as short as may be.
  let round: [PlanEntry]
  /// How late it may begin, after a moment that is `early` too soon: who decides takes a second of that, by
  /// which his report may be younger than that of who promised the moment; who promises does not.
  var tolerance = Tenths.seconds(1)

  /// A plan that brings the stage in time.
  struct Arrival {
    let plan: CheckedPlan
    /// How long the stage is green after the moment.
    let hold: Tenths
  }

  /// What is to be done now.
  enum Move {
    /// The plan that runs comes in time.
    case goOn
    /// This plan comes in time, or prepares for one that will.
    case order(CheckedPlan)
    /// No plan comes in time.
    case none
  }

  /// Stages from the end of what cannot be changed any more, and when the last of them may end.
  private struct Way {
    var stages: [Int]
    var ranges: [ClosedRange<Tenths>]
    var earliest: Tenths
    var latest: Tenths
  }

  private var junction: Intersection { meeting.junction }
  private var takeover: Takeover { junction.control.pace.takeover }

  /// How long the stage may be green at most in its round.
  var longestHold: Tenths { round[0].green }

  /// A plan that has the stage green `wait` from now and for `hold` from then on, or for as long as the
  /// limits allow; `nil` if none does.
  func arrival(in wait: Tenths, holding hold: Tenths) -> Arrival? {
    let ways = waysInTime(wait - Self.early)
    let shortest = min(hold, junction.stages[stage].shortestGreen)
    var held = hold
    while true {
      for (way, start) in ways {
        if let plan = plan(way, start: start, green: wait - start + held) {
          return Arrival(plan: plan, hold: held)
        }
      }
      if let plan = staying(for: wait + held) { return Arrival(plan: plan, hold: held) }
      guard held > shortest else { return nil }
      held = max(shortest, held - .seconds(5))
    }
  }

  /// What is to be done for `override` at `moment`: to come in time, or else as soon as may be; none once
  /// the stage has been green for it.
  func move(for override: Override, at moment: Moment) -> Move {
    let wait = Tenths(seconds: override.ready.monotonic.seconds(since: moment.monotonic))
    let end = Tenths(seconds: override.ends.monotonic.seconds(since: moment.monotonic))
    guard !hasCome(Tenths.zero - wait) else { return staying(until: end) }
    let inTime = move(in: max(.zero, wait), until: end)
    // While it is far, another second may bring a way.
    guard case .none = inTime, wait <= .seconds(60) else { return inTime }
    return soonest(from: wait, until: end)?.move ?? .none
  }

  /// Whether the stage has been green since it was wanted, `since` ago.
  private func hasCome(_ since: Tenths) -> Bool {
    guard since >= .zero else { return false }
    guard meeting.report.stage != stage else {
      return meeting.report.timeInState <= since + Self.early + Self.early
    }
    let red = junction.signalGroups.indices.filter { junction.serves($0, in: stage) }
      .map { meeting.circumstances.red[$0] }.max()
    return red.map { $0 <= since } ?? false
  }

  /// The stage, which is green for what is wanted, held until `end` or as far as may be.
  private func staying(until end: Tenths) -> Move {
    guard takeover == .now, meeting.report.stage == stage else { return .none }
    let left = longestHold - meeting.report.timeInState
    var held = min(left, end)
    while held > meeting.greenLeft {
      if let plan = staying(for: held) { return .order(plan) }
      held = held - .seconds(5)
    }
    return meeting.greenLeft > .zero && meeting.report.source == .central ? .goOn : .none
  }

  /// What is to be done now so that the stage is green `wait` from now and, if it may, until `end`.
  func move(in wait: Tenths, until end: Tenths) -> Move {
    let hold = hold(from: wait, until: end)
    // Until the end is enough, be it less than a shortest green.
    let asked = end > wait ? min(hold, end - wait) : hold
    let standing = standing(in: wait, holding: asked)
    if let standing, standing >= asked { return .goOn }
    if let arrival = arrival(in: wait, holding: hold) {
      return standing.map { $0 >= arrival.hold } ?? false ? .goOn : .order(arrival.plan)
    }
    if standing != nil { return .goOn }
    return approach(in: wait).map { .order($0) } ?? .none
  }

  /// How soon the stage can be green at `wait` or after it, in steps of 5 s up to 5 min, so that the same
  /// moment is found from second to second; and what is to be done for it. `nil` if it cannot.
  func soonest(from wait: Tenths, until end: Tenths) -> (wait: Tenths, move: Move)? {
    for time in stride(from: wait.count, through: 3000, by: 50).lazy.map({ Tenths($0) })
    where time >= .zero {
      let hold = hold(from: time, until: end)
      let standing = standing(in: time, holding: hold)
      if let arrival = arrival(in: time, holding: hold) {
        let isBetter = standing.map { $0 < arrival.hold } ?? true
        return (time, isBetter ? .order(arrival.plan) : .goOn)
      }
      if standing != nil { return (time, .goOn) }
    }
    return nil
  }

  /// For how long the stage is to be green from `wait` on: until `end` if it may.
  private func hold(from wait: Tenths, until end: Tenths) -> Tenths {
    min(longestHold - Self.early, max(junction.stages[stage].shortestGreen, end - wait))
  }

  /// For how long after `wait` the stage is green if the plan that runs, ours, goes on; `nil` if it is not
  /// green then, or was so long before that it may be green for longer by another.
  private func standing(in wait: Tenths, holding hold: Tenths) -> Tenths? {
    let running = meeting.circumstances.running.entries
    guard meeting.report.source == .central, meeting.report.subState == .green else { return nil }
    var start = Tenths.zero - meeting.report.timeInState
    var position = meeting.circumstances.entry
    for _ in 0...(2 * running.count) {
      let end = max(.zero, start + running[position].green)
      if start <= wait, end > wait, running[position].stage == stage {
        let isFresh = start >= wait - Self.early - Self.early
        return isFresh || end - wait >= hold ? end - wait : nil
      }
      let next = (position + 1) % running.count
      guard
        let change = junction.changeTime(from: running[position].stage, to: running[next].stage)
      else { return nil }
      start = end + change
      position = next
    }
    return nil
  }

  /// At pace `cycle`, a round in the reference plan's order after which the time is neither too long nor too
  /// short for the wanted stage to come in the next; `nil` if that is still far, or none fits.
  private func approach(in wait: Tenths) -> CheckedPlan? {
    let (limits, entries) = (junction.limits, reference.entries)
    guard takeover == .cycleStart, let fixed = junction.length(of: entries) else { return nil }
    let changes = fixed - entries.reduce(Tenths.zero) { $0 + $1.green }
    let ranges = entries.compactMap { green(of: $0.stage) }
    guard ranges.count == entries.count else { return nil }
    // Every other stage once, as short as may be, with as much again as one of them may need.
    let rest = (junction.length(of: round) ?? .zero) - longestHold + .seconds(10)
    let time = wait - beginning().way.earliest - rest
    guard time > .zero, time <= limits.maximumCycle else { return nil }
    let way = Way(
      stages: entries.map(\.stage), ranges: ranges,
      earliest: ranges.reduce(changes) { $0 + $1.lowerBound },
      latest: ranges.reduce(changes) { $0 + $1.upperBound })
    let cycle = min(
      way.latest, limits.maximumCycle, max(way.earliest, limits.minimumCycle, time))
    guard cycle >= way.earliest else { return nil }
    let plan = TimingPlan(entries: filled(way, by: cycle - way.earliest), takeover: takeover)
    return try? check(plan, at: junction, under: meeting.circumstances)
  }

  // MARK: Ways

  /// What the first stage follows, and when that ends.
  private func beginning() -> (stage: Int, way: Way) {
    let report = meeting.report
    let running = meeting.circumstances.running.entries
    var way = Way(stages: [], ranges: [], earliest: meeting.greenLeft, latest: meeting.greenLeft)
    switch takeover {
    case .now:
      let range = runningGreen()
      way.stages = [report.stage]
      way.ranges = [range]
      way.earliest = range.lowerBound - report.timeInState
      way.latest = range.upperBound - report.timeInState
      return (report.stage, way)
    case .stageBoundary: return (report.stage, way)
    case .cycleStart:
      for position in running.indices where position > meeting.circumstances.entry {
        let change = junction.changeTime(
          from: running[position - 1].stage, to: running[position].stage)
        way.earliest += (change ?? .zero) + running[position].green
      }
      way.latest = way.earliest
      return (running[running.count - 1].stage, way)
    }
  }

  /// The green that the running stage may still have, what has gone by of it included. What was announced
  /// stays.
  private func runningGreen() -> ClosedRange<Tenths> {
    let running = junction.stages[meeting.report.stage]
    let announced = min(
      meeting.entry.green, meeting.report.timeInState + junction.limits.notice)
    let least = max(running.shortestGreen, announced, meeting.report.timeInState)
    return least...max(least, running.maximumGreen)
  }

  /// The green that another stage may have; at a cycle's start no further from what runs than the largest
  /// change.
  private func green(of stage: Int) -> ClosedRange<Tenths>? {
    let limits = junction.stages[stage]
    var (least, most) = (limits.shortestGreen, limits.maximumGreen)
    let largest = junction.limits.largestChange
    if takeover == .cycleStart, largest > .zero {
      let before = meeting.circumstances.running.entries.filter { $0.stage == stage }
        .reduce(Tenths.zero) { $0 + $1.green }
      if before > .zero {
        least = max(least, before - largest)
        most = min(most, before + largest)
      }
    }
    return least <= most ? least...most : nil
  }

  /// Ways after which the stage begins at `target`, and then those after which it begins a little sooner
  /// at best; each with that moment.
  private func waysInTime(_ target: Tenths) -> [(way: Way, start: Tenths)] {
    let beginning = beginning()
    var queue = [beginning.way]
    var found: [(way: Way, start: Tenths)] = []
    var next = 0
    while next < queue.count {
      let way = queue[next]
      next += 1
      let last = way.stages.last ?? beginning.stage
      if last != stage, let change = junction.changeTime(from: last, to: stage) {
        let (earliest, latest) = (way.earliest + change, way.latest + change)
        if earliest <= target + tolerance {
          found.append((way, max(earliest, min(target, latest))))
        }
      }
      guard queue.count < Self.wayLimit, way.stages.count < TimingPlan.entryLimit - 2 else {
        continue
      }
      queue += following(last).compactMap { longer(way, by: $0, after: last, until: target) }
    }
    // In time, then with nobody left out who would wait until the wanted stage is over.
    func badness(_ position: Int) -> (Tenths, Int, Int) {
      let (way, start) = found[position]
      let missing = round.dropFirst().count { !way.stages.contains($0.stage) }
      return (max(target - start, start - target), missing, position)
    }
    return found.indices.sorted { badness($0) < badness($1) }.prefix(Self.triedWays)
      .map { found[$0] }
  }

  /// All stages but `last`, in the order of the reference plan from there on: the wanted one too, which
  /// may not wait for longer than others.
  private func following(_ last: Int) -> [Int] {
    let order = reference.entries.map(\.stage)
    let start = (order.firstIndex(of: last) ?? -1) + 1
    let known = order.indices.map { order[(start + $0) % order.count] }
    let all = known + junction.stages.indices.filter { !order.contains($0) }
    return all.indices.filter { all.firstIndex(of: all[$0]) == $0 }.map { all[$0] }
      .filter { $0 != last }
  }

  /// `way` and behind it `other`; `nil` if the wanted stage would come after `target` then.
  private func longer(_ way: Way, by other: Int, after last: Int, until target: Tenths) -> Way? {
    guard let change = junction.changeTime(from: last, to: other), let range = green(of: other)
    else { return nil }
    var way = way
    way.stages.append(other)
    way.ranges.append(range)
    way.earliest += change + range.lowerBound
    way.latest += change + range.upperBound
    return way.earliest < target + tolerance ? way : nil
  }

  // MARK: Plans

  /// The plan that goes `way`, begins the wanted stage at `start` and has it green for `green`; `nil` if
  /// no stages behind it keep everybody within the limits.
  private func plan(_ way: Way, start: Tenths, green wanted: Tenths) -> CheckedPlan? {
    guard let limits = green(of: stage), wanted <= min(longestHold, limits.upperBound) else {
      return nil
    }
    let last = way.stages.last ?? beginning().stage
    let change = junction.changeTime(from: last, to: stage) ?? .zero
    let head =
      filled(way, by: start - change - way.earliest)
      + [PlanEntry(stage: stage, green: max(limits.lowerBound, wanted))]
    return checked(head)
  }

  /// The running stage, if it is the wanted one, held for `time` more; `nil` if it cannot be held so long,
  /// or cannot be changed any more.
  private func staying(for time: Tenths) -> CheckedPlan? {
    guard takeover == .now, meeting.report.stage == stage,
      time <= longestHold - meeting.report.timeInState
    else { return nil }
    let range = runningGreen()
    return checked([
      PlanEntry(stage: stage, green: max(range.lowerBound, meeting.report.timeInState + time))
    ])
  }

  /// `head` and the first of the ends that the safety check lets pass.
  private func checked(_ head: [PlanEntry]) -> CheckedPlan? {
    let others = Array(round.dropFirst())
    let missing = others.filter { other in !head.contains { $0.stage == other.stage } }
    let tails = rotations(missing) + (missing == others ? [] : rotations(others))
    for tail in tails where head.count + tail.count <= TimingPlan.entryLimit {
      let plan = TimingPlan(entries: head + tail, takeover: takeover)
      if let checked = try? check(plan, at: junction, under: meeting.circumstances) {
        return checked
      }
    }
    return nil
  }

  private func rotations(_ entries: [PlanEntry]) -> [[PlanEntry]] {
    entries.isEmpty
      ? [[]] : entries.indices.map { Array(entries[$0...] + entries[..<$0]) }
  }

  /// The stages of `way` with their shortest greens and `time` on top, spread over them by what each may
  /// take, in whole seconds but for the first that has room for the rest.
  private func filled(_ way: Way, by time: Tenths) -> [PlanEntry] {
    let room = way.ranges.map { ($0.upperBound - $0.lowerBound).count }
    let sum = max(1, room.reduce(0, +))
    var greens = room.map { time.count * $0 / sum / 10 * 10 }
    var rest = time.count - greens.reduce(0, +)
    for position in greens.indices where rest > 0 {
      let added = min(rest, room[position] - greens[position])
      greens[position] += added
      rest -= added
    }
    return greens.indices.map {
      PlanEntry(stage: way.stages[$0], green: way.ranges[$0].lowerBound + Tenths(greens[$0]))
    }
  }
}
