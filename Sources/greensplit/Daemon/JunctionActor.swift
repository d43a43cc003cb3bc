import Cabinets
import Control
import Counts
import Dispatch
import Junctions
import Modbus
import Signals

/// One junction on its queue: a strict timer ticks it, its Modbus client carries its requests.
///
/// Junctions share queues, as many as there are cores; every call and every handler of a junction is
/// on its own queue, so nothing of it is locked.
actor JunctionActor {
  private let executor: QueueExecutor
  private let clock: DaemonClock
  private let publish: @Sendable (JunctionNews) -> Void
  /// Number of this loop among all that the process has had.
  private let number: Int
  private var loop: JunctionLoop
  private let client: ModbusTCPClient
  private var timer: (any DispatchSourceTimer)?
  private var isRequesting = false
  private var isDeciding = false
  private var isStopping = false
  private var stopped: (@Sendable () -> Void)?
  /// Ticks, so that the deadline of an older one is recognised.
  private var tick = 0
  /// Decisions since it was last told where the loop stands; `nil` before it was told at all.
  private var sinceStanding: Int?

  /// How long after the tick the decision is made even if the cabinet has not answered, s of the
  /// daemon's clock.
  private static let patience = 0.5

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// A junction that does nothing until `start`.
  init(
    site: Intersection, neighbours: [Intersection], cabinet: CabinetAddress, epoch: UInt32,
    number: Int, executor: QueueExecutor,
    clock: DaemonClock, knowing former: ControllerState?,
    publish: @escaping @Sendable (JunctionNews) -> Void
  ) throws(LinkFailure) {
    self.number = number
    self.executor = executor
    self.clock = clock
    self.publish = publish
    loop = JunctionLoop(
      site: site, neighbours: neighbours, epoch: epoch, at: clock.now(), knowing: former)
    client = try ModbusTCPClient(
      host: cabinet.host, port: cabinet.port, unit: cabinet.unit,
      deadline: linkDeadline, queue: executor.queue)
  }

  /// Does `work` on this junction's queue, after what was posted before.
  nonisolated func post(_ work: @escaping @Sendable (isolated JunctionActor) -> Void) {
    executor.queue.async { @Sendable in self.assumeIsolated { work($0) } }
  }

  /// Ticks once a second of the daemon's clock, `phase` seconds into it.
  func start(phase: Double) {
    guard !isStopping else { return }
    let timer = DispatchSource.makeTimerSource(flags: .strict, queue: executor.queue)
    let first = DispatchTime.now() + .nanoseconds(clock.nanoseconds(phase))
    timer.schedule(
      deadline: first, repeating: .nanoseconds(clock.nanoseconds(1)), leeway: .nanoseconds(0))
    timer.setEventHandler { @Sendable [weak self] in
      self?.assumeIsolated { $0.beginTick() }
    }
    timer.activate()
    self.timer = timer
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

  /// How the junction stands now.
  func status() -> JunctionReport {
    let now = clock.now()
    return JunctionReport(loop.status(at: now))
  }

  /// Ends the ticks; `done` is called when the exchange in hand has ended.
  func stop(done: @escaping @Sendable () -> Void) {
    timer?.cancel()
    timer = nil
    isStopping = true
    isDeciding = false
    stopped = done
    if !isRequesting { finish() }
  }

  private func finish() {
    client.close()
    if sinceStanding != nil { tell(.ended, at: clock.now()) }
    sinceStanding = nil
    stopped?()
    stopped = nil
  }

  private func beginTick() {
    guard !isStopping else { return }
    tick += 1
    if isDeciding {
      // The one before has not ended: its answer is late. Decide on what is known, then go on.
      decide()
    }
    isDeciding = true
    let current = tick
    let deadline = DispatchTime.now() + .nanoseconds(clock.nanoseconds(Self.patience))
    executor.queue.asyncAfter(deadline: deadline) { @Sendable [weak self] in
      self?.assumeIsolated { if $0.tick == current, $0.isDeciding { $0.decide() } }
    }
    pump()
  }

  /// Sends what is due; when nothing more is, decides if the tick still waits for it.
  private func pump() {
    guard !isRequesting else { return }
    guard let request = loop.nextRequest(at: clock.now()) else {
      reportEvents()
      if isDeciding { decide() }
      return
    }
    isRequesting = true
    // The answer holds this junction: after a reload nobody else does, and its successor waits for it.
    client.send(request.onTheWire) { @Sendable [self] result in
      assumeIsolated { $0.answered(result) }
    }
  }

  private func answered(_ result: Result<[UInt16], LinkFailure>) {
    isRequesting = false
    let now = clock.now()
    switch result {
    case .success(let registers): loop.received(registers, at: now)
    case .failure(let failure): loop.failed(failure.forCabinet, at: now)
    }
    if isStopping {
      reportEvents()
      finish()
    } else {
      pump()
    }
  }

  private func decide() {
    isDeciding = false
    let now = clock.now()
    if sinceStanding == nil { tellStanding(at: now) }
    let decision = loop.decide(at: now)
    if let input = loop.input { tell(.decision(decision, input), at: now) }
    let decisions = (sinceStanding ?? 0) + 1
    sinceStanding = decisions
    // No record waits now: what comes from here on is for the next decision.
    if decisions >= JunctionStanding.interval { tellStanding(at: now) }
    reportEvents()
    if decision.order != nil { pump() }
  }

  private func reportEvents() {
    let now = clock.now()
    for event in loop.takeEvents() { tell(.exchange(event), at: now) }
  }

  private func tellStanding(at moment: Moment) {
    sinceStanding = 0
    tell(.stands(loop.standing), at: moment)
  }

  private func tell(_ what: JunctionNews.What, at moment: Moment) {
    publish(JunctionNews(junction: loop.site.id, loop: number, at: moment, what: what))
  }
}

/// Longest time for a connection or an answer, real seconds: a serial gateway takes a quarter of a
/// second for the longest frame at 9600 baud.
private let linkDeadline = 1.0

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
