import Counts
public import Demand
import Safety
public import Signals

/// The control of one junction: one pure step each tick.
///
/// The same images in the same order give the same decisions, bit for bit.
public struct IntersectionController: Sendable {
  private let site: Intersection
  private var demand: DemandEstimator
  private var redClock = RedClock()
  private var ladder = DegradeLadder()
  private var chooser: PlanChooser
  private var lastOrder: Instant?
  private var standing: StandingDecision?

  /// A controller that has seen nothing yet.
  ///
  /// - Parameters:
  ///   - site: The junction.
  ///   - inboundDetectors: Cameras of other junctions whose vehicles come here.
  ///   - former: What an earlier controller of the junction had gathered: of it what is usual is taken.
  public init(
    for site: Intersection, inboundDetectors: [InboundDetector] = [],
    knowing former: ControllerState? = nil
  ) {
    self.site = site
    demand = DemandEstimator(for: site, inboundDetectors: inboundDetectors)
    if let former { demand.adoptUsual(of: former.demand) }
    chooser = PlanChooser(for: site)
  }

  /// A controller of `site` that goes on where another one of it stood.
  public init(for site: Intersection, resuming state: ControllerState) {
    self.site = site
    demand = state.demand
    redClock = state.redClock
    ladder = state.ladder
    lastOrder = state.lastOrder
    standing = state.standing
    chooser = PlanChooser(for: site)
  }

  /// All that the next decisions depend on beside the site and what comes.
  public var state: ControllerState {
    ControllerState(
      demand: demand, redClock: redClock, ladder: ladder, lastOrder: lastOrder,
      standing: standing)
  }

  /// Decides on one process image.
  public mutating func step(_ image: ProcessImage) -> Decision {
    observe(image)
    return decide(meeting(image), image)
  }

  /// Decides for whoever keeps only what is new: at most ticks nothing is, and the estimate of demand
  /// alone would take a third of their time. What follows is the same as after `step(_:)`.
  ///
  /// - Parameters:
  ///   - image: The process image.
  ///   - level: The rung of the decision before; `nil` if there was none.
  ///   - cause: Its cause.
  /// - Returns: The decision; `nil` where nothing is decided and rung and cause are still the same.
  public mutating func step(
    _ image: ProcessImage, unlessStill level: DegradeLevel?, because cause: String
  ) -> Decision? {
    observe(image)
    guard ladder.level != level || ladder.cause != cause || isDue(image) else { return nil }
    return decide(meeting(image), image)
  }

  /// Whether something may be sent at this tick.
  private func isDue(_ image: ProcessImage) -> Bool {
    if image.override != nil { return true }
    switch ladder.level {
    case .local: return false
    case .timeOfDay: return true
    case .coordinated, .isolated, .onHistory: break
    }
    // Before the rest is taken out of the image, which is large.
    guard image.report?.subState == .green, let report = image.report,
      let running = report.plan, let junction = image.junction,
      let entry = report.runningEntry(at: junction)
    else { return false }
    return chooser.isTime(report, entry: entry, of: running) && !stands(report, image)
  }

  /// Whether what was decided last stands: nothing came since that could change it, and no person had
  /// anything else ordered. At pace `second` the running green itself is open, and is decided on at every tick.
  private func stands(_ report: CabinetReport, _ image: ProcessImage) -> Bool {
    guard site.control.pace != .second, let standing, image.records.isEmpty,
      image.releases.isEmpty
    else { return false }
    let isLast = lastOrder.map { $0 <= standing.at } ?? true
    return isLast && standing.isFor(report, at: image.at)
  }

  /// Takes in what is known now, and moves to the rung that it allows.
  private mutating func observe(_ image: ProcessImage) {
    demand.advance(
      with: image.records, releases: image.releases, to: image.at, stage: image.greenStage,
      isStageKnown: image.report != nil)
    if let report = image.report { redClock.observe(report, at: site) }
    let outage = demand.outage(at: image.at)
    let situation = image.situation(
      blindShare: outage.blindShare,
      failed: outage.failed.isEmpty ? nil : inWords(outage.failed, of: outage.detectors))
    ladder.move(to: situation.level, because: situation.cause, at: image.at)
  }

  /// What a plan would meet; `nil` where none is sent.
  private func meeting(_ image: ProcessImage) -> Meeting? {
    guard ladder.level != .local else { return nil }
    let waits = redClock.waits(
      at: image.at.monotonic, signalGroups: site.signalGroups.count)
    return Meeting(image, waits: waits, lastOrder: lastOrder)
  }

  private mutating func decide(_ meeting: Meeting?, _ image: ProcessImage) -> Decision {
    let estimate = demand.estimate(at: image.at)
    guard let meeting else {
      return decision(image, estimate, text: "Nothing is sent: \(ladder.cause).")
    }
    // A person needs no counts to decide; without a cabinet that takes plans he can do nothing either.
    if let override = image.override,
      let decision = overridden(by: override, meeting, image, estimate)
    {
      return decision
    }
    guard ladder.level == .timeOfDay else { return adaptive(meeting, image, estimate) }
    return timeOfDay(meeting, image, estimate)
  }

  /// What was thought of each lane group at the last tick, `moment`.
  public func estimate(at moment: Moment) -> DemandEstimate { demand.estimate(at: moment) }

  /// How the junction stood at the last tick: for people, and for whoever watches.
  public func status(at moment: Moment) -> ControlStatus {
    let failed = demand.outage(at: moment).failed
    return ControlStatus(
      level: ladder.level, cause: ladder.cause, since: ladder.since,
      detectors: site.detectors.indices.map { detector in
        ControlStatus.Detector(
          id: site.detectors[detector].id, camera: demand.health.camera(of: detector),
          verdict: demand.health.verdicts[detector], isFailed: failed.contains(detector))
      },
      drifts: demand.driftedSaturation,
      turns: site.laneGroups.indices.filter { site.laneGroups[$0].movements.count > 1 }.map {
        ControlStatus.Turns(laneGroup: $0, shares: demand.turnShares(of: $0, at: moment))
      })
  }

  /// "2 of 12 detectors on history: J001.N.T no record".
  private func inWords(_ failed: [Int], of count: Int) -> String {
    // Three tell where to look; a long list would tell nothing.
    let named = failed.prefix(3).map { detector in
      let why = demand.health.verdicts[detector].worst?.words ?? "no record"
      let camera = demand.health.camera(of: detector).map { " (camera \($0))" } ?? ""
      return "\(site.detectors[detector].id)\(camera) \(why)"
    }
    let more = failed.count > named.count ? " and \(failed.count - named.count) more" : ""
    return "\(failed.count) of \(count) detectors on history: "
      + named.joined(separator: ", ") + more
  }

  private mutating func adaptive(
    _ meeting: Meeting, _ image: ProcessImage, _ estimate: DemandEstimate
  ) -> Decision {
    guard !stands(meeting.report, image) else {
      return decision(
        image, estimate, text: "What was decided stands until counts come.", renewsLease: true)
    }
    guard let choice = chooser.choose(meeting, demand: estimate) else {
      return decision(image, estimate, text: chooser.waitingFor(meeting), renewsLease: true)
    }
    let (plan, refused) = firstPassing(choice, meeting)
    // A plan that was refused may pass in a second.
    standing = plan.map { _ in
      StandingDecision(stage: meeting.report.stage, at: image.at.monotonic)
    }
    return send(plan, of: choice, refused: refused, meeting, image, estimate)
  }

  /// Sends the plan that is due by the clock if another one of ours still runs; without counts, or when
  /// a person wants it so, the lease is not renewed, so that the cabinet soon runs that plan by itself.
  private mutating func timeOfDay(
    _ meeting: Meeting, _ image: ProcessImage, _ estimate: DemandEstimate,
    because cause: String? = nil
  ) -> Decision {
    let cause = cause ?? ladder.cause
    let due = site.timeOfDayPlan(at: image.at.utc)
    guard meeting.report.source == .central,
      meeting.circumstances.running.entries != due.plan.entries
    else { return decision(image, estimate, text: "The time-of-day plan runs: \(cause).") }
    let plan = TimingPlan(
      entries: due.plan.entries, cycle: nil, offset: due.plan.offset, takeover: .stageBoundary)
    let choice = Choice(plans: [plan], text: "Back to time-of-day plan \(due.name): \(cause).")
    return send(choice, meeting, image, estimate, renewsLease: false)
  }

  /// What a person wants, as far as the limits allow; `nil` while control still comes there in time by
  /// going on as usual.
  private mutating func overridden(
    by override: Override, _ meeting: Meeting, _ image: ProcessImage, _ estimate: DemandEstimate
  ) -> Decision? {
    guard override.action != .handOver else {
      return timeOfDay(meeting, image, estimate, because: override.title)
    }
    let reference = site.timeOfDayPlan(at: image.at.utc).plan
    guard override.isDue(meeting) else { return nil }
    switch override.action.outlook(at: meeting.junction, reference: reference) {
    case .failure(let rejection):
      return decision(
        image, estimate, text: "\(override.title) cannot be done; the plan that runs goes on.",
        renewsLease: true, refused: [rejection.description])
    case .success(let outlook):
      return turned(
        to: outlook, of: override, meeting, image, estimate, reference: reference)
    }
  }

  /// Brings the junction to what an override wants; `nil` while that is still far and cannot be prepared
  /// yet.
  private mutating func turned(
    to outlook: OverrideOutlook, of override: Override, _ meeting: Meeting, _ image: ProcessImage,
    _ estimate: DemandEstimate, reference: TimingPlan
  ) -> Decision? {
    let text = "\(override.title): \(outlook.words(at: meeting.junction))."
    let asItRuns = decision(image, estimate, text: text, renewsLease: true)
    let chooser = OverrideChooser(meeting, toward: outlook, reference: reference)
    guard self.chooser.isTime(meeting) else { return asItRuns }
    if let stage = outlook.held, override.isRoute {
      let search = ArrivalSearch(
        meeting: meeting, reference: reference, stage: stage, round: outlook.entries)
      switch search.move(for: override, at: image.at) {
      case .goOn: return asItRuns
      case .order(let checked):
        return send(Choice(plans: [checked.plan], text: text), meeting, image, estimate)
      case .none:
        let wait = Tenths(seconds: override.ready.monotonic.seconds(since: image.at.monotonic))
        if wait > outlook.latestStart + meeting.greenLeft { return nil }
      }
    }
    guard !chooser.isReached else { return asItRuns }
    return send(Choice(plans: chooser.plans(), text: text), meeting, image, estimate)
  }

  /// Seconds after `image` at which `stage` can be green if it is wanted `wait` s after it: sooner than
  /// that is not asked for. `nil` while that cannot be told: without a cabinet that takes plans, when a
  /// change of stages is under way or so near that no order comes before it, or if it cannot be green
  /// within 5 min.
  public func soonestGreen(of stage: Int, in wait: Double, _ image: ProcessImage) -> Double? {
    guard let meeting = meeting(image), meeting.greenLeft > ArrivalSearch.early else { return nil }
    // A green that no plan can end sooner is there, if for a short while.
    if meeting.report.stage == stage, meeting.junction.control.pace != .second,
      meeting.greenLeft.seconds > wait + 2
    {
      return wait
    }
    let reference = site.timeOfDayPlan(at: image.at.utc).plan
    guard
      case .success(let outlook) = Override.Action.stage(stage).outlook(
        at: meeting.junction, reference: reference)
    else { return nil }
    let search = ArrivalSearch(
      meeting: meeting, reference: reference, stage: stage, round: outlook.entries,
      tolerance: .zero)
    return search.soonest(from: Tenths(seconds: wait), until: .zero)?.wait.seconds
  }

  /// The first of the choice's plans that passes the safety check, and what was wrong with those before it.
  private func firstPassing(
    _ choice: Choice, _ meeting: Meeting
  ) -> (plan: CheckedPlan?, refused: [String]) {
    var refused: [String] = []
    let tries: [@Sendable () -> [TimingPlan]] = [{ choice.plans }, choice.others]
    for plan in tries.lazy.flatMap({ $0() }) {
      do {
        let checked = try check(plan, at: meeting.junction, under: meeting.circumstances)
        return (checked, refused)
      } catch {
        refused.append(error.description)
      }
    }
    return (nil, refused)
  }

  private mutating func send(
    _ choice: Choice, _ meeting: Meeting, _ image: ProcessImage, _ estimate: DemandEstimate,
    renewsLease: Bool = true
  ) -> Decision {
    let (plan, refused) = firstPassing(choice, meeting)
    return send(
      plan, of: choice, refused: refused, meeting, image, estimate, renewsLease: renewsLease)
  }

  private mutating func send(
    _ plan: CheckedPlan?, of choice: Choice, refused: [String], _ meeting: Meeting,
    _ image: ProcessImage, _ estimate: DemandEstimate, renewsLease: Bool = true
  ) -> Decision {
    guard let plan else {
      return decision(
        image, estimate, text: "No plan passed the safety check; the one that runs goes on.",
        renewsLease: renewsLease, choice: choice, refused: refused)
    }
    let isNew = !plan.plan.means(the: meeting.circumstances.running, from: meeting)
    guard isNew else {
      return decision(
        image, estimate, text: choice.text, renewsLease: renewsLease, choice: choice,
        refused: refused)
    }
    lastOrder = image.at.monotonic
    return decision(
      image, estimate, text: choice.text, order: plan, renewsLease: renewsLease, choice: choice,
      refused: refused,
      releases: estimate.releases(
        of: site, during: meeting.greens(under: plan.plan), from: image.at.utc))
  }

  private func decision(
    _ image: ProcessImage, _ estimate: DemandEstimate, text: String, order: CheckedPlan? = nil,
    renewsLease: Bool = false, choice: Choice? = nil, refused: [String] = [],
    releases: [ComingRelease] = []
  ) -> Decision {
    Decision(
      at: image.at, level: ladder.level, cause: ladder.cause, order: order,
      renewsLease: renewsLease,
      reason: Reason(
        text: text, demand: estimate, cost: choice?.cost, alternative: choice?.alternative,
        refused: refused), releases: releases)
  }
}

extension ProcessImage {
  /// The stage that is green according to the report; `nil` during a change or without a report.
  fileprivate var greenStage: Int? {
    guard report?.subState == .green || report?.subState == .greenFlash else { return nil }
    return report?.stage
  }
}
