import Dispatch
import Glibc
import Junctions
import Locking
import Modbus
import Phrases
import Signals
import Synchronization

/// What every write to a cabinet is held to: the switch that stops them all, the limit for each
/// cabinet, and the log of what was written in place of what, and why.
final class WriteDiscipline: Sendable {
  /// A write that is about to go out.
  struct Write: Sendable {
    let site: Intersection
    let cabinet: String
    let address: UInt16
    let values: [UInt16]
    let before: CabinetReport?
    let reason: String
  }

  /// How much each cabinet is written to.
  let limit: WriteLimit
  private let lever: WriteSwitch?
  private let log: WriteLog?
  private let clock: DaemonClock
  private let epoch: UInt32
  private let position = Guarded<WriteSwitch.Position?>(nil)
  private let isAllowed = Atomic<Bool>(true)
  private let writes = Atomic<Int>(0)
  private let queue = DispatchQueue(label: "switch of writes")

  /// A discipline that has not looked at its switch yet.
  ///
  /// - Parameters:
  ///   - folder: Where switch and log are; `nil` for neither.
  ///   - limit: How much each cabinet is written to.
  ///   - epoch: Epoch of this daemon.
  ///   - clock: Its clock.
  /// - Throws: What is wrong with the folder.
  init(folder: String?, limit: WriteLimit, epoch: UInt32, clock: DaemonClock) throws {
    self.limit = limit
    self.epoch = epoch
    self.clock = clock
    lever = try folder.map { folder throws(Failure) in try WriteSwitch(in: folder) }
    log = try folder.map { folder throws(Failure) in
      try WriteLog(path: "\(folder)/\(WriteLog.name)") { Self.tell($0, at: clock.now().utc) }
    }
  }

  /// Whether anything may be written now.
  var mayWrite: Bool { isAllowed.load(ordering: .acquiring) }

  /// What the switch says, in words.
  var words: Phrase {
    switch lever?.position ?? .allowed {
    case .allowed: return Phrase("writing was allowed", "原允许写入")
    case .stopped(let why): return Phrase("writing was stopped \(why)", "写入已停止：\(why)")
    }
  }

  /// Sets the switch for the override `id`. What a person has set is left to that person.
  func stop(for id: String, _ why: String) throws(DeskProblem) {
    guard let lever else {
      throw DeskProblem(
        422,
        Phrase(
          "without --state or --history the daemon has no switch of writes",
          "未给出 --state 或 --history，守护进程没有写入开关"))
    }
    if case .stopped(let before) = lever.position, lever.override == nil {
      throw DeskProblem(
        409, Phrase("writing is stopped already \(before)", "写入已停止：\(before)"))
    }
    do throws(Failure) {
      try lever.stop("\(why)\n\(WriteSwitch.mark)\(id)")
    } catch {
      throw DeskProblem(503, error.words)
    }
  }

  /// Takes away the switch of the override `id`, if it is still that override's.
  func allow(after id: String) {
    guard let lever, lever.override == id else { return }
    do throws(Failure) { try lever.allow() } catch { tell(error) }
  }

  /// Takes away the switch of an override that an earlier process has left.
  func dropOverride() {
    guard let lever, lever.override != nil else { return }
    do throws(Failure) { try lever.allow() } catch { tell(error) }
  }

  private func tell(_ failure: Failure) {
    Log.write(
      .error, "writing stays stopped", at: clock.now().utc,
      [("why", failure.words.text(Log.language)), ("what", "the override that stopped it is over")])
  }

  /// Looks at the switch, and brings the log to disk; to be called once a second. `changed` is told of what
  /// is found first and of each change: where the switch stands and where it stood before.
  func look(
    changed: @escaping @Sendable (WriteSwitch.Position, _ before: WriteSwitch.Position?) -> Void
  ) {
    log?.sync()
    guard let lever else { return }
    // A disk that does not answer holds up this queue alone.
    queue.async { [self] in
      let now = lever.position
      let before = position.withLock { position in
        defer { position = now }
        return position
      }
      guard now != before else { return }
      isAllowed.store(now == .allowed, ordering: .releasing)
      changed(now, before)
    }
  }

  /// The same before the first word to a cabinet: waits for the answer.
  func lookFirst(
    changed: @escaping @Sendable (WriteSwitch.Position, _ before: WriteSwitch.Position?) -> Void
  ) {
    let isDone = DispatchSemaphore(value: 0)
    look(changed: changed)
    queue.async { isDone.signal() }
    isDone.wait()
  }

  /// Logs a write, then has it sent on `caller`.
  ///
  /// - Returns: Its number, for `conclude`.
  func admit(_ write: Write, on caller: DispatchQueue, send: @escaping @Sendable () -> Void) -> Int
  {
    let number = writes.add(1, ordering: .relaxed).newValue
    guard let log else {
      caller.async(execute: send)
      return number
    }
    let now = clock.now().utc
    log.append(on: caller) { [self] in
      var line = line(number, write.site.id, write.cabinet, now)
      line.tell(
        write.values, at: write.address, to: write.site, before: write.before,
        reason: write.reason)
      return line.text
    } done: {
      send()
    }
    return number
  }

  /// Logs what came of write `number`.
  func conclude(_ number: Int, _ junction: String, _ cabinet: String, _ failure: LinkFailure?) {
    let now = clock.now().utc
    log?.append { [self] in
      var line = line(number, junction, cabinet, now)
      line.outcome =
        failure.map { $0.leavesOutcomeUnknown ? "unknown: \($0)" : "failed: \($0)" } ?? "confirmed"
      return line.text
    }
  }

  /// Goes on in a new file if the log was moved away.
  func reopen() { log?.reopen() }

  /// Calls `done` when the log is on disk as far as it can be.
  func close(done: @escaping @Sendable () -> Void) {
    guard let log else { return done() }
    log.close(done: done)
  }

  private func line(_ number: Int, _ junction: String, _ cabinet: String, _ at: UTC) -> WriteLine {
    WriteLine(
      time: Log.timestamp(at), junction: junction, cabinet: cabinet, epoch: epoch, write: number)
  }

  private static func tell(_ report: WriteLog.Report, at utc: UTC) {
    switch report {
    case .failed(let reason):
      Log.write(
        .error, "log of writes", at: utc,
        [("what", "lines cannot be written and wait: \(reason)"), ("control", "goes on")])
    case .recovered(let lost):
      Log.write(
        lost == 0 ? .notice : .error, "log of writes", at: utc,
        [("what", "written again; \(lost) lines found no room and are lost")])
    }
  }
}
