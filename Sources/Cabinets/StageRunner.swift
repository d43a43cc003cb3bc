import Signals

/// How the stages of a cabinet follow each other.
extension VirtualCabinet {
  /// Lets things happen up to `target`: one step, or all that is due at the present scan.
  mutating func run(until target: Int64) {
    while let due = nextEvent, due <= target {
      course.tick = max(course.tick, due)
      if let leaseEnds, leaseEnds <= course.tick {
        lapse()
      } else {
        endState()
      }
      superviseConflicts()
    }
    course.tick = target
  }

  /// When something happens next by itself.
  private var nextEvent: Int64? {
    let isHeld = course.isGreen && held != nil
    let ends = isHeld || course.ends == .max ? nil : course.ends
    guard let leaseEnds else { return ends }
    return min(ends ?? .max, leaseEnds)
  }

  private mutating func endState() {
    noteGreens()
    switch course.show {
    case .flash:
      course.show = .allRed
      course.since = course.tick
      course.ends = course.tick + Self.startAllRed
    case .allRed:
      if held == .flash { held = nil }
      course.show = .stages
      beginOwnPlan()
    case .stages: endSubState()
    }
  }

  private mutating func endSubState() {
    let times = changeTimes(from: course.stage, to: course.stageToCome)
    switch course.subState {
    case .green: endGreen()
    case .greenFlash: enter(.yellow, for: times.yellow)
    case .yellow: enter(.allRed, for: times.allRed)
    case .allRed: beginGreen(runningOn: false)
    }
  }

  private mutating func enter(_ subState: SubState, for time: Tenths) {
    course.subState = subState
    course.since = course.tick
    course.ends = course.tick + Int64(time.count)
  }

  /// How long each part of a change takes: together `Intersection.changeTime`.
  func changeTimes(from: Int, to: Int) -> (flash: Tenths, yellow: Tenths, allRed: Tenths) {
    let ending = intersection.stages[from]
    let total = intersection.changeTime(from: from, to: to)
    guard from == to || intersection.losesGreen(from: from, to: to) else {
      return (.zero, .zero, total ?? .zero)
    }
    let amber = ending.greenFlash + ending.yellow
    return (
      ending.greenFlash, ending.yellow, max(total.map { $0 - amber } ?? .zero, ending.allRed)
    )
  }

  func mayFollow(_ stage: Int, _ next: Int) -> Bool {
    stage == next || intersection.changes.intergreen(from: stage, to: next) != nil
  }

  // MARK: - Green

  private mutating func endGreen() {
    let next = successor()
    if next.isTakeover { takeOver(next.programme) }
    course.position = next.position
    if course.stageToCome == course.stage && next.runsOn {
      // A plan of one stage has no other to end it: each round counts anew.
      beginGreen(runningOn: next.isTakeover)
    } else {
      enter(.greenFlash, for: changeTimes(from: course.stage, to: course.stageToCome).flash)
    }
  }

  /// Makes `programme` the one that runs, from whichever entry the caller chooses.
  mutating func takeOver(_ programme: Programme) {
    if let order = course.programme.order, programme.order == nil { finish(order) }
    course.programme = programme
    course.greens = programme.plan.entries.map(\.green)
    isReturning = false
    // A plan that waits for the cycle's start goes on waiting under the cabinet's own.
    guard let order = programme.order else { return }
    pending = nil
    conclude(order, .active)
  }

  /// What follows the entry that runs, all things as they are now.
  func successor() -> Successor {
    if let pending, pending.plan.takeover != .cycleStart,
      mayFollow(course.stage, pending.stage(0))
    {
      return Successor(programme: pending, position: 0, isTakeover: true)
    }
    let natural = naturalSuccessor()
    if let pending, natural.position == 0, pending.plan.takeover == .cycleStart,
      mayFollow(course.stage, pending.stage(0))
    {
      return Successor(programme: pending, position: 0, isTakeover: true)
    }
    return natural
  }

  /// What follows without a plan that waits.
  private func naturalSuccessor() -> Successor {
    let position = course.programme.next(after: course.position)
    let goesOn = Successor(programme: course.programme, position: position)
    if isReturning {
      let own = ownProgramme
      return entrance(to: own).map { Successor(programme: own, position: $0, isTakeover: true) }
        ?? goesOn
    }
    guard position == 0, course.programme.order == nil else { return goesOn }
    let due = ownProgramme
    guard due.plan != course.programme.plan else { return goesOn }
    let first = mayFollow(course.stage, due.stage(0)) ? 0 : entrance(to: due)
    return first.map { Successor(programme: due, position: $0, isTakeover: true) } ?? goesOn
  }

  /// Where to enter `programme` after the running stage: the entry after that stage's own, or the
  /// first after it that may follow.
  private func entrance(to programme: Programme) -> Int? {
    let entries = programme.plan.entries
    let own = entries.firstIndex { $0.stage == course.stage } ?? entries.count - 1
    return (1...entries.count).lazy.map { (own + $0) % entries.count }
      .first { mayFollow(course.stage, entries[$0].stage) }
  }

  /// Begins the green of the entry that the change led to. A stage that runs on under another plan
  /// has that plan's whole green, elapsed time included, so no plan makes it longer than its
  /// maximum.
  mutating func beginGreen(runningOn: Bool) {
    course.stage = course.stageToCome
    course.subState = .green
    if !runningOn {
      course.greenSince = course.tick
      course.since = course.tick
    }
    if course.position == 0 {
      course.cycleNumber &+= 1
      course.cycleSince = course.greenSince
      course.greens = greensInStep()
    }
    let green = Int64(course.greens[course.position].count)
    course.ends = max(course.tick, course.greenSince + green)
  }

  /// Begins the own plan that is due with its first entry.
  mutating func beginOwnPlan() {
    isReturning = false
    course.programme = ownProgramme
    course.greens = course.programme.plan.entries.map(\.green)
    course.position = 0
    beginGreen(runningOn: false)
  }

  // MARK: - Lamps

  /// What each signal group shows now.
  func shownLamps() -> [Lamp] {
    let junction = intersection
    let groups = junction.signalGroups
    let (stage, next, subState) = (course.stage, course.stageToCome, course.subState)
    switch course.show {
    case .flash: return groups.map { $0.kind == .vehicle ? .flashingYellow : .dark }
    case .allRed: return groups.map { _ in .red }
    case .stages where subState == .green:
      let running = junction.stages[stage]
      return groups.indices.map { running.lamp(of: $0) }
    case .stages:
      return groups.indices.map { junction.lamp(of: $0, from: stage, to: next, in: subState) }
    }
  }

  /// Remembers which groups have been green, or flashing, up to now.
  mutating func noteGreens() {
    for (group, lamp) in shownLamps().enumerated() where course.show == .flash || lamp.isGreen {
      redSince[group] = course.tick
    }
  }

  /// How long each signal group has been red, tenths; zero if it is not.
  func redTimes() -> [Int] {
    zip(shownLamps(), redSince).map { lamp, since in
      course.show == .flash || lamp.isGreen ? 0 : Int(clamping: course.tick - since)
    }
  }

  /// The cabinet's own plan that is due now.
  var ownProgramme: Programme {
    let due = intersection.timeOfDayPlan(at: utcNow).name
    return own[intersection.plans.firstIndex { $0.name == due } ?? 0]
  }

  /// The cabinet's clock at the present scan.
  var utcNow: UTC { UTC(milliseconds: max(milliseconds, course.tick * 100) + clockOffset) }
}
