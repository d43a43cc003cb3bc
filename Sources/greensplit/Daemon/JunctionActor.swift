import Cabinets
import Console
import Control
import Counts
import Demand
import Dispatch
import Junctions
import Locking
import Modbus
import Profiles
import Safety
import Settings
import Signals

/// One junction on its queue: the queue's ticker ticks it, a link carries its requests.
///
/// Junctions share queues, as many as there are cores; every call and every handler of a junction is
/// on its own queue, so nothing of it is locked.
actor JunctionActor {
  private let executor: QueueExecutor
  private let clock: DaemonClock
  private let publish: @Sendable (JunctionNews) -> Void
  /// Tells the junctions downstream what is about to be let go.
  private let announce: @Sendable ([ComingRelease]) -> Void
  /// Number of this loop among all that the process has had.
  private let number: Int
  private var loop: JunctionLoop
  private let link: any ModbusLink
  /// How the link is, for whoever asks, on any queue.
  nonisolated let state: Guarded<LinkState>
  /// When the request that is outstanding was sent.
  private var asked = DispatchTime.now()
  private let ticker: Ticker
  private var tickets: [Ticker.Ticket] = []
  private let discipline: WriteDiscipline
  /// Whether its cabinet is written to, or it is only advised on.
  private var mode: JunctionMode
  /// Where the cabinet is, for people.
  private let cabinet: String
  /// Why the last plan was ordered.
  private var orderReason = ""
  /// Number of the write that is outstanding.
  private var write: Int?
  private var isRequesting = false
  private var isDeciding = false
  /// Whether it will come back before the next tick.
  private var isWaiting = false
  private var isStopping = false
  private var stopped: (@Sendable () -> Void)?
  /// The last decision that ordered a plan, or the last at all before the first.
  private var explained: Explained?
  /// Decisions since it was last told where the loop stands; `nil` before it was told at all.
  private var sinceStanding: Int?

  /// What is explained when somebody asks.
  private struct Explained {
    let decision: Decision
    let report: CabinetReport?
    /// The plan before it.
    let before: TimingPlan?
    let delivery: Explanation.Delivery
  }

  /// How long after the tick the decision is made even if the cabinet has not answered, in seconds of
  /// the daemon's clock, which are the ticker's periods.
  private static let patience = 0.5

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// A junction that does nothing until `start`; `link` is one of the executor's queue.
  init(
    _ assignment: Fleet.Assignment, neighbours: [Intersection], link: any ModbusLink, epoch: UInt32,
    number: Int, executor: QueueExecutor, ticker: Ticker, discipline: WriteDiscipline,
    mode: JunctionMode, clock: DaemonClock, knowing former: ControllerState?,
    publish: @escaping @Sendable (JunctionNews) -> Void,
    announce: @escaping @Sendable ([ComingRelease]) -> Void
  ) {
    self.number = number
    self.executor = executor
    self.ticker = ticker
    self.discipline = discipline
    self.mode = mode
    self.clock = clock
    self.publish = publish
    self.announce = announce
    let site = assignment.site
    cabinet = "\(assignment.cabinet)"
    loop = JunctionLoop(
      site: site, neighbours: neighbours, epoch: epoch,
      exchange: assignment.profile.map { ProfileExchange($0, at: site, epoch: epoch) },
      writeLimit: discipline.limit, at: clock.now(), knowing: former)
    self.link = link
    state = Guarded(LinkState(assignment, mode, at: clock.now().utc))
  }

  /// Does `work` on this junction's queue, after what was posted before.
  nonisolated func post(_ work: @escaping @Sendable (isolated JunctionActor) -> Void) {
    executor.queue.async { @Sendable in self.assumeIsolated { work($0) } }
  }

  /// Begins after `delay` seconds of the daemon's clock.
  func start(phase: Double, after delay: Double) {
    guard delay > 0 else { return begin(phase: phase) }
    executor.queue.asyncAfter(deadline: .now() + .nanoseconds(clock.nanoseconds(delay))) {
      @Sendable [weak self] in self?.assumeIsolated { $0.begin(phase: phase) }
    }
  }

  /// Ticks once a second of the daemon's clock, `phase` seconds into it.
  private func begin(phase: Double) {
    guard !isStopping else { return }
    let late = (phase + Self.patience).truncatingRemainder(dividingBy: 1)
    tickets = [
      ticker.add(phase: phase) { [weak self] in self?.assumeIsolated { $0.beginTick() } },
      ticker.add(phase: late) { [weak self] in
        self?.assumeIsolated { if $0.isDeciding { $0.decide() } }
      },
    ]
  }

  /// Takes in records of this junction; `done` is called when the next decision will see them.
  func receive(_ records: [CountRecord], done: @Sendable () -> Void) {
    let now = clock.now()
    if sinceStanding == nil, !isStopping { tellStanding(at: now) }
    let verdicts = loop.receive(records, at: now)
    // A neighbour's records are told of by the neighbour.
    let own = records.indices.filter { position in
      loop.site.detectors.contains { $0.id == records[position].detector }
    }
    if !own.isEmpty {
      tell(.counts(own.map { records[$0] }, own.map { verdicts[$0] }), at: now)
    }
    done()
  }

  /// Takes in what stop lines upstream are about to let go.
  func expect(_ releases: [ComingRelease]) { loop.expect(releases) }

  /// How the junction stands now.
  func status() -> JunctionReport {
    let now = clock.now()
    return JunctionReport(loop.status(at: now), mode: mode)
  }

  /// What an override would do here.
  func view(of request: OverrideRequest) -> Result<OverrideView, DeskProblem> {
    do throws(DeskProblem) {
      return .success(try loop.view(of: request, at: clock.now()))
    } catch {
      return .failure(error)
    }
  }

  /// Takes over what persons want of this junction.
  func override(by wanted: [Override]) { loop.override(by: wanted) }

  /// Writes to its cabinet from now on, or only advises: then the lease of what was written lapses.
  func turn(to mode: JunctionMode) {
    self.mode = mode
    state.withLock { $0.mode = mode }
    obeySwitches()
  }

  private func obeySwitches() { loop.allowWrites(discipline.mayWrite && mode == .control) }

  /// Why its plan is as it is; `nil` before the first decision.
  func explanation() -> Explanation? {
    explained.map { explained in
      let decision = explained.decision
      return Explanation(
        of: loop.site, at: decision.at.utc, level: decision.level, cause: decision.cause,
        plan: decision.order?.plan, reason: decision.reason, stage: explained.report?.stage,
        timeInState: explained.report?.timeInState, before: explained.before,
        delivery: explained.delivery)
    }
  }

  /// Offset of its local time from UTC, minutes.
  var zone: Int { loop.site.timeZoneMinutes }

  /// Ends the ticks; `done` is called when the exchange in hand has ended.
  func stop(done: @escaping @Sendable () -> Void) {
    for ticket in tickets { ticker.remove(ticket) }
    tickets = []
    isStopping = true
    isDeciding = false
    stopped = done
    if !isRequesting { finish() }
  }

  private func finish() {
    link.close()
    if sinceStanding != nil { tell(.ended, at: clock.now()) }
    sinceStanding = nil
    stopped?()
    stopped = nil
  }

  private func beginTick() {
    guard !isStopping else { return }
    obeySwitches()
    if isDeciding {
      // The one before has not ended: its answer is late. Decide on what is known, then go on.
      decide()
    }
    isDeciding = true
    pump()
  }

  /// Sends what is due; when nothing more is, decides if the tick still waits for it.
  private func pump() {
    guard !isRequesting, !isStopping else { return }
    guard let request = loop.nextRequest(at: clock.now()) else {
      reportEvents()
      if isDeciding { decide() }
      return goOnLater()
    }
    isRequesting = true
    guard case .write(let address, let values) = request else { return send(request) }
    write = discipline.admit(
      .init(
        site: loop.site, cabinet: cabinet, address: address, values: values, before: loop.report,
        reason: reason(of: address)), on: executor.queue
    ) { [self] in assumeIsolated { $0.send(request) } }
  }

  private func send(_ request: CabinetRequest) {
    asked = .now()
    // The answer holds this junction: after a reload nobody else does, and its successor waits for it.
    link.send(request.onTheWire) { @Sendable [self] result in
      assumeIsolated { $0.answered(result) }
    }
  }

  /// Comes back between two ticks where a make wants its rests between requests.
  private func goOnLater() {
    guard !isWaiting, let rest = loop.wait(at: clock.now()) else { return }
    isWaiting = true
    let due = DispatchTime.now() + .nanoseconds(max(1_000_000, clock.nanoseconds(rest)))
    executor.queue.asyncAfter(deadline: due) { @Sendable [weak self] in
      self?.assumeIsolated {
        $0.isWaiting = false
        $0.pump()
      }
    }
  }

  private func reason(of address: UInt16) -> String {
    switch address {
    case RegisterMap.heartbeat.address: "the plan is still wanted: its lease is kept up"
    case RegisterMap.setClock.address: "the cabinet's clock was off by more than a second"
    default: orderReason
    }
  }

  private func answered(_ result: Result<[UInt16], LinkFailure>) {
    isRequesting = false
    if let write {
      var failure: LinkFailure?
      if case .failure(let found) = result { failure = found }
      discipline.conclude(write, loop.site.id, cabinet, failure)
    }
    write = nil
    let now = clock.now()
    let took = Double(DispatchTime.now().uptimeNanoseconds - asked.uptimeNanoseconds) * 1e-9
    if let other = state.withLock({ $0.note(result, after: took, at: now.utc) }) {
      Log.write(
        .warning, "cabinet", at: now.utc,
        [("junction", loop.site.id), ("what", "still no link: \(other)")])
    }
    switch result {
    case .success(let registers):
      loop.received(registers, at: now)
      tellLoops(at: now)
    case .failure(let failure): loop.failed(failure.forCabinet, at: now)
    }
    if isStopping {
      reportEvents()
      finish()
    } else {
      pump()
    }
  }

  private func tellLoops(at moment: Moment) {
    let (records, verdicts) = loop.takeLoops(at: moment)
    guard !records.isEmpty else { return }
    if sinceStanding == nil, !isStopping { tellStanding(at: moment) }
    tell(.counts(records, verdicts), at: moment)
  }

  private func decide() {
    isDeciding = false
    let now = clock.now()
    if sinceStanding == nil { tellStanding(at: now) }
    let decision = loop.decide(at: now)
    show(decision)
    if let input = loop.input { tell(.decision(decision, input), at: now) }
    remember(decision)
    let decisions = (sinceStanding ?? 0) + 1
    sinceStanding = decisions
    // No record waits now: what comes from here on is for the next decision.
    if decisions >= JunctionStanding.interval { tellStanding(at: now) }
    reportEvents()
    guard decision.order != nil else { return }
    // An order that is not written decides nothing of what comes.
    if !decision.releases.isEmpty, mode == .control, discipline.mayWrite {
      announce(decision.releases)
    }
    orderReason = "\(decision.cause): \(decision.reason.text)"
    pump()
  }

  /// Lets the console see what was decided, and on what.
  private func show(_ decision: Decision) {
    let second = JunctionSecond(decision, at: loop.site, seeing: loop.report)
    state.withLock {
      $0.watch.look(
        at: second, level: decision.level, cause: decision.cause, why: Why(decision.reason),
        isOrder: decision.order != nil)
    }
  }

  private func remember(_ decision: Decision) {
    let ordered = explained?.decision.order?.plan
    guard decision.order != nil || ordered == nil else { return }
    explained = Explained(
      decision: decision, report: loop.input?.report, before: ordered,
      delivery: mode == .advise ? .advise : discipline.mayWrite ? .control : .stopped)
  }

  private func reportEvents() {
    let now = clock.now()
    let events = loop.takeEvents()
    state.withLock { state in
      state.report = loop.report
      for event in events { state.note(event, at: now.utc) }
    }
    for event in events { tell(.exchange(event), at: now) }
  }

  private func tellStanding(at moment: Moment) {
    sinceStanding = 0
    tell(.stands(loop.standing), at: moment)
  }

  private func tell(_ what: JunctionNews.What, at moment: Moment) {
    publish(JunctionNews(junction: loop.site.id, loop: number, at: moment, what: what))
  }
}

extension CabinetRequest {
  /// The request as Modbus says it.
  var onTheWire: ModbusRequest {
    switch self {
    case .read(let address, let count): .read(address: address, count: count)
    case .write(let address, let values): .write(address: address, values: values)
    }
  }
}

extension LinkFailure {
  /// The failure as the exchange understands it.
  var forCabinet: CabinetFailure {
    switch self {
    case .exception(let code): .exception(code: code)
    case .timedOut: .timedOut
    case .address, .refused, .closed, .malformed, .busy, .system: .linkLost(reason: description)
    }
  }
}
