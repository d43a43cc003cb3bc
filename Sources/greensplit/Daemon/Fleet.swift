import Phrases
import Cabinets
import Control
import Counts
import Demand
import Dispatch
import Junctions
import Modbus
import Profiles
import Settings
import Signals
import Locking
import Synchronization

/// The junctions that this process controls, dealt to as many queues as there are cores.
final class Fleet: Sendable {
  /// What a junction is controlled with.
  struct Assignment: Sendable, Equatable {
    let site: Intersection
    let cabinet: CabinetAddress
    /// The cabinet's make; `nil` if it speaks the reference map.
    let profile: CabinetProfile?
    /// What that make does less than the reference map wants.
    let lacks: [Phrase]
  }

  /// What a change of configuration did.
  struct Change: Sendable, Equatable {
    var added: [String] = []
    var replaced: [String] = []
    var removed: [String] = []
    /// Junctions whose mode has changed: they go on, and are written to or no longer.
    var controlled: [String] = []
    var advised: [String] = []
  }

  private struct Members {
    var assignments: [Assignment] = []
    /// Where each junction is.
    var positions: [String: Int] = [:]
    /// For each junction, those whose counts tell what comes to it.
    var neighbours: [[Intersection]] = []
    var modes: [JunctionMode] = []
    var actors: [JunctionActor] = []
    /// Positions of the junctions that want a detector's records, its own first.
    var detectors: [String: [Int]] = [:]
  }

  private let executors: [QueueExecutor]
  /// One for each queue.
  private let tickers: [Ticker]
  private let discipline: WriteDiscipline
  private let clock: DaemonClock
  private let epoch: UInt32
  private let publish: @Sendable (JunctionNews) -> Void
  /// What was gathered of a junction before.
  private let recall: @Sendable (_ junction: String) -> ControllerState?
  private let members = Guarded(Members())
  private let lines = Links()
  /// Loops so far.
  private let loops = Atomic<Int>(0)

  /// An empty fleet on `queues` serial queues.
  init(
    queues: Int, clock: DaemonClock, epoch: UInt32, discipline: WriteDiscipline,
    recall: @escaping @Sendable (_ junction: String) -> ControllerState?,
    publish: @escaping @Sendable (JunctionNews) -> Void
  ) throws(LinkFailure) {
    let executors = (0..<max(1, queues)).map { QueueExecutor(label: "junctions \($0)") }
    self.executors = executors
    tickers = try executors.map { executor throws(LinkFailure) in
      try Ticker(on: executor.queue, period: clock.nanoseconds(1))
    }
    self.discipline = discipline
    self.clock = clock
    self.epoch = epoch
    self.recall = recall
    self.publish = publish
  }

  /// Number of junctions.
  var count: Int { members.withLock { $0.actors.count } }

  /// How each junction and its cabinet get on, in the order of the site files.
  var links: [LinkState] { members.withLock { $0.actors }.map { $0.state.withLock { $0 } } }

  /// How the junction `id` and its cabinet get on; `nil` if there is none.
  func link(of id: String) -> LinkState? { actor(of: id)?.state.withLock { $0 } }

  private func actor(of id: String) -> JunctionActor? {
    members.withLock { members in
      members.positions[id].map { members.actors[$0] }
    }
  }

  /// How the junction `id` stands, told on its queue; `nil` at once if there is none.
  func status(of id: String, done: @escaping @Sendable (JunctionReport?) -> Void) {
    guard let actor = actor(of: id) else { return done(nil) }
    actor.post { done($0.status()) }
  }

  /// Makes the fleet what `wanted` says. Junctions that stay as they are go on undisturbed; one that
  /// leaves is no longer written to, so that its lease lapses.
  func assign(_ wanted: [Assignment], _ modes: JunctionModes) throws -> Change {
    var change = Change()
    let before = members.withLock { $0 }
    var next = Members()
    for (position, assignment) in wanted.enumerated() {
      next.positions[assignment.site.id] = position
    }
    for (position, assignment) in wanted.enumerated() {
      let id = assignment.site.id
      let known = before.positions[id]
      let mode = modes.mode(of: id)
      let neighbours = neighbours(of: assignment.site, among: wanted, next.positions)
      if let known, before.assignments[known] == assignment,
        before.neighbours[known] == neighbours
      {
        next.actors.append(before.actors[known])
      } else {
        let queue = position % executors.count
        let actor = JunctionActor(
          assignment, neighbours: neighbours,
          link: try lines.link(to: assignment.cabinet, on: executors[queue].queue), epoch: epoch,
          number: loops.add(1, ordering: .relaxed).newValue, executor: executors[queue],
          ticker: tickers[queue], discipline: discipline, mode: mode, clock: clock,
          knowing: recall(id), publish: publish,
          announce: { [weak self] in self?.announce($0) })
        next.actors.append(actor)
        if known == nil { change.added.append(id) } else { change.replaced.append(id) }
      }
      next.assignments.append(assignment)
      next.neighbours.append(neighbours)
      next.modes.append(mode)
      for detector in assignment.site.detectors {
        next.detectors[detector.id, default: []].insert(position, at: 0)
      }
      for inbound in assignment.site.inboundDetectors(among: neighbours) {
        next.detectors[inbound.detector, default: []].append(position)
      }
    }
    retire(before, keeping: next, change: &change)
    turn(next, from: before, change: &change)
    members.withLock { $0 = next }
    launch(next, change: change)
    return change
  }

  /// Hands each record to its junction; `done` is told how many belong to none when the next
  /// decisions will see the others.
  func receive(_ records: [CountRecord], done: @escaping @Sendable (_ unknown: Int) -> Void) {
    let members = members.withLock { $0 }
    var shares: [Int: [CountRecord]] = [:]
    var unknown = 0
    for record in records {
      guard let junctions = members.detectors[record.detector] else {
        unknown += 1
        continue
      }
      for junction in junctions { shares[junction, default: []].append(record) }
    }
    let left = Countdown(shares.count) { [unknown] in done(unknown) }
    for junction in shares.keys.sorted() {
      let share = shares[junction] ?? []
      members.actors[junction].post { $0.receive(share, done: left.step) }
    }
  }

  /// Tells each junction downstream what is about to be let go upstream.
  private func announce(_ releases: [ComingRelease]) {
    let members = members.withLock { $0 }
    let concerned = releases.flatMap { members.detectors[$0.detector] ?? [] }
    for junction in Set(concerned).sorted() {
      members.actors[junction].post { $0.expect(releases) }
    }
  }

  /// How every junction stands, in the order of the site files; each tells it on its own queue.
  func status(done: @escaping @Sendable ([JunctionReport]) -> Void) {
    let actors = members.withLock { $0.actors }
    let reports = Guarded<[JunctionReport?]>(actors.map { _ in nil })
    let left = Countdown(actors.count) { done(reports.withLock { $0.compactMap(\.self) }) }
    for (position, actor) in actors.enumerated() {
      actor.post { actor in
        let report = actor.status()
        reports.withLock { $0[position] = report }
        left.step()
      }
    }
  }

  /// The actor of each of `junctions`; `nil` for one that is not controlled here.
  func actors(of junctions: [String]) -> [JunctionActor?] {
    let members = members.withLock { $0 }
    return junctions.map { id in members.positions[id].map { members.actors[$0] } }
  }

  /// Calls `done` when every queue has come to what was posted on it just now: a queue that hangs
  /// keeps it from being called.
  func prove(done: @escaping @Sendable () -> Void) {
    let left = Countdown(executors.count, done: done)
    for executor in executors { executor.queue.async(execute: left.step) }
  }

  /// Ends all ticks; `done` is called when every exchange in hand has ended.
  func stop(done: @escaping @Sendable () -> Void) {
    let actors = members.withLock { $0.actors }
    let left = Countdown(actors.count, done: done)
    for actor in actors { actor.post { $0.stop(done: left.step) } }
  }

  /// Junctions that `site` names as its neighbours, in the order of `all`, whose `positions` are given.
  private func neighbours(
    of site: Intersection, among all: [Assignment], _ positions: [String: Int]
  ) -> [Intersection] {
    let named = site.laneGroups.flatMap(\.upstream).compactMap { positions[$0.intersection] }
    return Set(named).sorted().map { all[$0].site }
  }

  /// Tells those that were there before which mode they have now, if it is another.
  private func turn(_ next: Members, from before: Members, change: inout Change) {
    for (position, mode) in next.modes.enumerated() {
      let id = next.assignments[position].site.id
      guard let known = before.positions[id], before.modes[known] != mode else { continue }
      switch mode {
      case .control: change.controlled.append(id)
      case .advise: change.advised.append(id)
      }
      // One that is replaced knows its mode from its beginning.
      guard next.actors[position] === before.actors[known] else { continue }
      next.actors[position].post { $0.turn(to: mode) }
    }
  }

  private func retire(_ before: Members, keeping next: Members, change: inout Change) {
    var begun = 0
    for (position, actor) in before.actors.enumerated() {
      let id = before.assignments[position].site.id
      guard let successor = next.positions[id] else {
        change.removed.append(id)
        actor.post { $0.stop {} }
        continue
      }
      guard next.actors[successor] !== actor else { continue }
      // Two that write to one cabinet would take each other's sequence numbers.
      let delay = delay(of: begun, among: change.replaced)
      begun += 1
      actor.post { $0.stop { self.start(successor, of: next, after: delay) } }
    }
  }

  /// Starts what was not there before.
  private func launch(_ next: Members, change: Change) {
    for (rank, id) in change.added.enumerated() {
      guard let position = next.positions[id] else { continue }
      start(position, of: next, after: delay(of: rank, among: change.added))
    }
  }

  private func delay(of rank: Int, among ids: [String]) -> Double {
    Introductions.delay(of: rank, among: ids.count, on: executors.count)
  }

  /// Starts one junction after `delay` seconds, the ticks of all spread evenly over the second.
  private func start(_ position: Int, of members: Members, after delay: Double) {
    let phase = Double(position) / Double(members.assignments.count)
    members.actors[position].post { $0.start(phase: phase, after: delay) }
  }
}

/// Calls `done` when it has been stepped so many times; at once if that is none.
final class Countdown: Sendable {
  private let left: Atomic<Int>
  private let done: @Sendable () -> Void

  init(_ count: Int, done: @escaping @Sendable () -> Void) {
    left = Atomic(count)
    self.done = done
    if count == 0 { done() }
  }

  /// One of the expected events has happened.
  @Sendable func step() {
    if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { done() }
  }
}
