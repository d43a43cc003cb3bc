import Counts
import Dispatch
import Feeds
import Glibc
import History
import Modbus
import Phrases
import Settings
import Signals
import Locking
import Synchronization
import Web

/// The daemon: the fleet, what feeds it with counts, and what keeps its history.
final class Daemon: Sendable {
  private let configuration: Configuration
  private let clock: DaemonClock
  private let history: HistoryWriter?
  private let fleet: Fleet
  private let chronicle: Chronicle
  private let discipline: WriteDiscipline
  private let console: ConsoleHub
  private let desk: Desk
  private let control = Guarded<ControlSocket?>(nil)
  private let feeds = Guarded<FeedSet?>(nil)
  private let tallies = Tallies()
  /// Which junctions are controlled and which only advised on.
  private let modes = Guarded(JunctionModes())
  private let isStopping = Atomic<Bool>(false)
  /// Whether there are junctions that counts can go to.
  private let isTaking = Atomic<Bool>(false)

  /// A daemon that does nothing until `start`.
  init(_ configuration: Configuration) throws {
    self.configuration = configuration
    let clock = configuration.clock
    self.clock = clock
    history = try configuration.historyPath.map { path in
      try HistoryWriter(path: path) { Chronicle.tell($0, at: clock.now().utc) }
    }
    // The history remembers an epoch that was asked for: the next run must lie above it too.
    let above = configuration.epoch.map { $0 - 1 } ?? 0
    let epoch =
      try history?.nextEpoch(above: above) ?? configuration.epoch ?? Self.epochByTime(clock)
    let chronicle = Chronicle(history: history, epoch: epoch)
    self.chronicle = chronicle
    discipline = try WriteDiscipline(
      folder: configuration.stateFolder, limit: configuration.writeLimit,
      epoch: epoch, clock: clock)
    let path = configuration.historyPath
    fleet = try Fleet(
      queues: configuration.queues, clock: clock, epoch: epoch, discipline: discipline,
      recall: { junction in path.flatMap { Chronicle.recall(junction, from: $0) } },
      publish: { chronicle.hear($0) })
    console = ConsoleHub(fleet, clock: clock, tallies: tallies) { [history] in history?.status }
    desk = Desk(
      Desk.Rules(
        longest: configuration.longestOverride, historyPath: configuration.historyPath),
      fleet: fleet, history: history,
      discipline: discipline, clock: clock, epoch: epoch)
    Log.write(
      .notice, "starting", at: clock.now().utc,
      [("version", CommandTable.version), ("epoch", "\(epoch)")])
  }

  /// Without a history that remembers the last epoch, the hour serves: later runs have higher ones.
  private static func epochByTime(_ clock: DaemonClock) -> UInt32 {
    UInt32(clamping: Int(DaemonClock.realUTC))
  }

  /// Reads the sites, opens what counts come from, then starts every junction: whatever can fail
  /// comes before the first word to a cabinet.
  func start() throws {
    let assignments = try configuration.assignments(isReload: false).get()
    let modes = try configuration.modes(among: assignments.map(\.site), isReload: false)
    try DescriptorLimit.raise(forLinks: assignments.count)
    try openFeeds(for: assignments.map(\.site))
    if configuration.stateFolder == nil {
      Log.write(
        .warning, "no log of writes", at: clock.now().utc,
        [("what", "without --state or --history writes are not logged and cannot be stopped")])
    }
    desk.begin()
    discipline.lookFirst { [self] in tell($0, before: $1) }
    tell(modes, of: assignments)
    _ = try fleet.assign(assignments, modes)
    tellMakes(assignments)
    console.start()
    isTaking.store(true, ordering: .releasing)
    feeds.withLock { $0?.start() }
    try openControl()
    forgetOldHistory()
    Log.write(
      .notice, "controlling", at: clock.now().utc, [("junctions", "\(fleet.count)")])
    ServiceManager.ready("\(fleet.count) junctions")
  }

  /// Opens the socket that overrides come by.
  private func openControl() throws {
    guard let path = configuration.controlPath else { return }
    let socket = try ControlSocket(path: path, desk: desk)
    control.withLock { $0 = socket }
    Log.write(.notice, "listening for overrides", at: clock.now().utc, [("path", path)])
  }

  private func tellMakes(_ assignments: [Fleet.Assignment]) {
    for assignment in assignments {
      for lack in assignment.lacks {
        Log.write(
          .warning, "cabinet of another make", at: clock.now().utc,
          [("junction", assignment.site.id), ("what", lack.text(Log.language))])
      }
    }
  }

  /// Reads the site files again. If anything is wrong with them, all stays as it is. A daemon that
  /// is going down does nothing.
  func reload() {
    guard !isStopping.load(ordering: .acquiring) else { return }
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    ServiceManager.reloading(monotonic: UInt64(time.tv_sec * 1_000_000 + time.tv_nsec / 1000))
    let now = clock.now().utc
    var trouble = ""
    do {
      discipline.reopen()
      let assignments = try configuration.assignments(isReload: true).get()
      try DescriptorLimit.raise(forLinks: assignments.count)
      let modes = try configuration.modes(among: assignments.map(\.site), isReload: true)
      let change = try fleet.assign(assignments, modes)
      desk.forget(change.replaced + change.removed)
      let new = Set(change.added + change.replaced)
      tellMakes(assignments.filter { new.contains($0.site.id) })
      Log.write(
        .notice, "configuration read again", at: now,
        [
          ("added", change.added.joined(separator: ",")),
          ("replaced", change.replaced.joined(separator: ",")),
          ("removed", change.removed.joined(separator: ",")),
          ("controlled", change.controlled.joined(separator: ",")),
          ("advised", change.advised.joined(separator: ",")),
        ])
      if self.modes.withLock({ $0 != modes }) { tell(modes, of: assignments) }
    } catch {
      trouble = "; the configuration was not taken over, the old one stays: see the log"
      Log.write(
        .error, "configuration not taken over, the old one stays", at: now,
        [("reason", Phrase(of: error).text(Log.language))])
    }
    ServiceManager.ready("\(fleet.count) junctions\(trouble)")
  }

  /// Stops feeds, lets every exchange in hand end, closes the history, then calls `done`. Only the
  /// first call does so: who is impatient and asks twice gets what was promised once.
  func stop(done: @escaping @Sendable () -> Void) {
    guard !isStopping.exchange(true, ordering: .acquiringAndReleasing) else { return }
    ServiceManager.stopping()
    Log.write(.notice, "stopping", at: clock.now().utc)
    console.stop()
    feeds.withLock { $0?.stop() }
    control.withLock { $0 }?.stop()
    desk.close()
    fleet.stop { [self] in
      chronicle.troubles.summarise(at: clock.now().utc)
      guard let history else { return discipline.close(done: done) }
      history.close { [self] closing in
        if case .incomplete(let error, let records) = closing {
          Log.write(
            .error, "history", at: clock.now().utc,
            [("what", "\(records) records could not be written: \(error)")])
        }
        self.discipline.close(done: done)
      }
    }
  }

  private func openFeeds(for sites: [Intersection]) throws {
    let strangers = configuration.feeds.camerasWithoutDetector(among: sites)
    guard strangers.isEmpty else {
      throw Failure(.joined(strangers, separator: Phrase(name: "\n")))
    }
    let opened = try FeedSet(
      configuration.feeds, clock: clock, routes: routes, refused: { [self] in tell($0) }
    ) { [self] in receive($0, $1) }
    feeds.withLock { $0 = opened }
  }

  /// Hands a batch to the junctions. A request is answered when its records are on disk; while the
  /// disk fails, when control has them.
  private func receive(
    _ batch: CountBatch, _ done: @escaping @Sendable (Acceptance) -> Void
  ) {
    guard isTaking.load(ordering: .acquiring) else { return done(.overloaded) }
    let now = clock.now().utc
    tallies.records.add(batch.records.count, ordering: .relaxed)
    tallies.unreadable.add(batch.errors.count, ordering: .relaxed)
    for error in batch.errors {
      chronicle.troubles.tell(error, from: "\(batch.origin)", at: now)
    }
    let lostBefore = history?.status.lost
    fleet.receive(batch.records) { [self] unknown in
      noteUnknown(unknown, of: batch, at: now)
      guard case .http = batch.origin, let history, history.status.trouble == nil else {
        return done(.accepted)
      }
      // The junctions have appended their records before this: what is committed now has them, unless
      // there was no room for one. Whose it was is not known; sending again does no harm.
      history.append([]) { outcome in
        switch outcome {
        case .committed where history.status.lost == lostBefore: done(.accepted)
        case .committed, .lost: done(.overloaded)
        }
      }
    }
  }

  /// What can be asked over HTTP beside sending counts.
  private var routes: [Route] {
    let (fleet, clock) = (fleet, clock)
    return console.routes + [
      .get("/v1/cabinets", needs: .viewer) { _ in
        HTTPAnswer(200, body: LinkReport(fleet.links, at: clock.now()).json)
      },
      Route(.get, "/v1/status", needs: .viewer) { [self] _, done in
        status { done(HTTPAnswer(200, body: $0)) }
      },
    ] + DeskRoutes.routes(desk)
  }

  /// How everything stands, as JSON.
  private func status(_ done: @escaping @Sendable (String) -> Void) {
    let now = clock.now().utc
    let unknown = tallies.unknownDetectors.load(ordering: .relaxed)
    fleet.status { done(StatusReport(at: now, junctions: $0, unknownDetectors: unknown).json) }
  }

  /// Tells of records for unknown detectors when their number doubles, not each time.
  private func noteUnknown(_ count: Int, of batch: CountBatch, at now: UTC) {
    guard count > 0 else { return }
    let total = tallies.unknownDetectors.add(count, ordering: .relaxed).newValue
    guard (total - count).leadingZeroBitCount != total.leadingZeroBitCount else { return }
    Log.write(
      .warning, "counts for detectors that no site file has", at: now,
      [("origin", "\(batch.origin)"), ("so_far", "\(total)")])
  }

  private func forgetOldHistory() {
    history?.prune(olderThan: configuration.retentionDays, at: clock.now().utc)
  }

  /// Tells the service manager that the daemon lives, once every junction queue has answered.
  func proveAlive() { fleet.prove { ServiceManager.alive() } }

  /// What is to be done once a second.
  func lookAtSwitch() {
    desk.look()
    discipline.look { [self] in tell($0, before: $1) }
  }

  /// Tells of the switch of all writes, in the log and in the history; of one that is found open at the start
  /// in the history alone.
  private func tell(_ position: WriteSwitch.Position, before: WriteSwitch.Position?) {
    let now = clock.now()
    let act: (name: String, detail: String)
    switch position {
    case .stopped(let why):
      act = (OperatorAct.writingStopped, why)
      Log.write(
        .warning, "writing stopped", at: now.utc,
        [("why", why), ("what", "cabinets are only read; their leases lapse")])
    case .allowed:
      act = (OperatorAct.writingAllowed, "")
      if before != nil { Log.write(.notice, "writing allowed", at: now.utc) }
    }
    history?.append(
      .act(OperatorAct(intersection: nil, at: now, who: "", act: act.name, detail: act.detail)))
  }

  /// Tells of a token that was shown for what its role does not allow, in the log and in the history.
  private func tell(_ refusal: HTTPRefusal) {
    let now = clock.now()
    let who = refusal.caller.name ?? ""
    tallies.refused.add(1 + refusal.untold, ordering: .relaxed)
    let more = refusal.untold == 0 ? "" : ", and \(refusal.untold) more like it"
    Log.write(
      .warning, "request refused", at: now.utc,
      [
        ("who", who), ("from", refusal.caller.peer), ("what", refusal.what),
        ("why", "the role \(refusal.needed.rawValue) is needed\(more)"),
      ])
    history?.append(
      .act(
        OperatorAct(
          intersection: nil, at: now, who: who, act: "request refused",
          detail: "\(refusal.what) from \(refusal.caller.peer): the role "
            + "\(refusal.needed.rawValue) is needed\(more)")))
  }

  /// What is to be done once a minute.
  func summarise() { chronicle.troubles.summarise(at: clock.now().utc) }

  /// What is to be done once a day.
  func housekeeping() {
    // Told again before what was told long ago is forgotten: explanations of the past ask for it.
    record(modes.withLock { $0 })
    forgetOldHistory()
  }

  /// Tells which junctions are only advised on, in the log and in the history.
  private func tell(_ modes: JunctionModes, of assignments: [Fleet.Assignment]) {
    self.modes.withLock { $0 = modes }
    record(modes)
    let advised = assignments.map(\.site.id).filter { modes.mode(of: $0) == .advise }
    guard !advised.isEmpty else { return }
    let isAll = advised.count == assignments.count
    let place = isAll ? "any cabinet" : "their cabinets"
    // A line of a log, not a list of the city.
    let named = isAll ? [] : [("junctions", advised.prefix(100).joined(separator: ","))]
    Log.write(
      .warning, "advisory mode", at: clock.now().utc,
      named + [
        ("count", "\(advised.count)"),
        ("what", "everything is decided and recorded, and nothing is written to \(place)"),
      ])
  }

  /// Writes the modes into the history: first the usual one, then the exceptions from it.
  private func record(_ modes: JunctionModes) {
    let now = clock.now()
    func record(_ mode: JunctionMode, at junction: String?) {
      history?.append(
        .act(OperatorAct(intersection: junction, at: now, who: "", act: mode.act)))
    }
    record(modes.usual, at: nil)
    for (junction, mode) in modes.exceptions.sorted(by: { $0.key < $1.key }) {
      record(mode, at: junction)
    }
  }
}

extension JunctionMode {
  /// What the history calls a turn to it.
  fileprivate var act: String {
    switch self {
    case .control: OperatorAct.controlMode
    case .advise: OperatorAct.advisoryMode
    }
  }
}
