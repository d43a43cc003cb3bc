import Cabinets
import Signals

/// What a cabinet runs that tells no more than its stage and who decides.
///
/// How far a stage has come follows from when it was first seen, and which plan runs from what was
/// ordered. What does not follow is left unknown.
struct CourseTracker: Sendable {
  /// A plan that was taken and waits for its moment.
  struct Pending: Sendable {
    let plan: TimingPlan
    let sequence: UInt32
    let deadline: Instant
  }

  let site: Intersection
  /// The plan that runs; `nil` while that is unknown.
  private(set) var running: TimingPlan?
  /// Its number, 0 for the cabinet's own.
  private(set) var sequence: UInt32 = 0
  private(set) var pending: Pending?
  private(set) var stage: Int?
  private(set) var source: ControlSource?
  /// When the stage was seen to begin; `nil` if it had begun before.
  private(set) var since: Instant?
  private(set) var cycles: UInt32 = 0
  private var cycleBegan: Instant?

  init(site: Intersection) { self.site = site }

  /// A plan was taken at `now`: it runs within two of the longer of its own cycle and the longest.
  mutating func await(_ plan: TimingPlan, _ sequence: UInt32, at now: Instant) {
    let cycle = max(site.length(of: plan.entries) ?? .zero, site.limits.maximumCycle)
    pending = Pending(
      plan: plan, sequence: sequence, deadline: now.advanced(bySeconds: 2 * cycle.seconds))
  }

  /// Nobody knows any more which plan runs.
  mutating func lose() { (running, sequence, pending) = (nil, 0, nil) }

  /// What was ordered is over.
  mutating func forgetOrders() { pending = nil }

  /// Stages may have come and gone unseen.
  mutating func forgetTime() {
    since = nil
    stage = nil
  }

  /// Takes in what the cabinet shows at `now`, and tells what that means for what was ordered.
  mutating func observe(
    stage found: Int, source told: ControlSource, at now: Moment
  ) -> [ExchangeEvent] {
    let before = (stage: stage, source: source)
    let isNew = before.stage != nil && before.stage != found
    if before.stage != found { since = isNew ? now.monotonic : nil }
    (stage, source) = (found, told)
    var events: [ExchangeEvent] = []
    switch told {
    case .timeOfDay:
      (running, sequence) = (site.timeOfDayPlan(at: now.utc).plan, 0)
    case .central where isTakeover(from: before, to: found, isNew: isNew):
      if let taken = pending {
        (running, sequence, pending) = (taken.plan, taken.sequence, nil)
        (cycles, cycleBegan) = (cycles &+ 1, now.monotonic)
        events.append(.running(sequence: taken.sequence))
      }
    case .central where sequence == 0:
      // Somebody else's, or ours of an earlier run.
      running = nil
    case .central: break
    case .manual, .flash, .preempt: lose()
    }
    if isNew, events.isEmpty, found == running?.entries.first?.stage,
      before.stage == running?.entries.last?.stage
    {
      (cycles, cycleBegan) = (cycles &+ 1, now.monotonic)
    }
    if let waiting = pending, now.monotonic > waiting.deadline {
      events.append(.overdue(sequence: waiting.sequence))
      lose()
    }
    return events
  }

  /// Whether the plan that waits has taken over just now: control has come to us, or a stage has ended
  /// at which it could, and its first has begun.
  private func isTakeover(
    from before: (stage: Int?, source: ControlSource?), to found: Int, isNew: Bool
  ) -> Bool {
    guard let pending else { return false }
    if before.source == .timeOfDay { return true }
    guard isNew, found == pending.plan.entries.first?.stage else { return false }
    switch pending.plan.takeover {
    case .cycleStart:
      return running.map { $0.entries.last?.stage == before.stage } ?? true
    case .stageBoundary, .now: return true
    }
  }

  /// What is known of the cabinet, with `leaseLeft` seconds of its lease; `nil` while it is unknown
  /// which plan runs or how long its stage has.
  func report(at now: Moment, leaseLeft: Int) -> CabinetReport? {
    guard let stage, let source else { return nil }
    let entries = running?.entries ?? []
    guard !source.offersControl || (since != nil && running != nil) else { return nil }
    let entry = entries.firstIndex { $0.stage == stage }
    let elapsed = Tenths(seconds: now.monotonic.seconds(since: since ?? now.monotonic))
    let state = subState(of: stage, green: entry.map { entries[$0].green }, elapsed)
    let isGreen = state.0 == .green || state.0 == .greenFlash
    return CabinetReport(
      at: now, source: source, stage: stage, subState: state.0, timeInState: state.since,
      leastLeft: nil, mostLeft: nil,
      nextStage: entry.map { entries[($0 + 1) % entries.count].stage }, cycleNumber: cycles,
      timeInCycle: Tenths(seconds: now.monotonic.seconds(since: cycleBegan ?? now.monotonic)),
      activeSequence: sequence, leaseLeft: leaseLeft, criticalFaults: 0, otherFaults: 0,
      // What is not green by the stage is at least not green, and more is not claimed.
      lamps: site.signalGroups.indices.map {
        isGreen && site.stages[stage].serves($0) ? .green : .dark
      }, plan: running)
  }

  /// Where the stage is after `elapsed`, and for how long, if it has its planned green.
  private func subState(
    of stage: Int, green: Tenths?, _ elapsed: Tenths
  ) -> (SubState, since: Tenths) {
    guard let green else { return (.green, elapsed) }
    let times = site.stages[stage]
    var rest = elapsed
    for (state, length) in [
      (SubState.green, green), (.greenFlash, times.greenFlash), (.yellow, times.yellow),
    ] {
      guard rest >= length else { return (state, rest) }
      rest = rest - length
    }
    return (.allRed, rest)
  }
}
