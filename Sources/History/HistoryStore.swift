import Dispatch
import Signals

/// The writing side of the database, confined to its own serial queue.
actor HistoryStore {
  /// Records of one transaction: enough to make the cost of a commit small, few enough that other
  /// work of the queue and other programs get their turn (about 50 ms).
  private static let batchLimit = 4096

  /// Rows of each table that one piece of pruning deletes.
  static let pruneLimit = 500

  nonisolated let executor: QueueExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let path: String
  private let intake: Intake
  private let report: @Sendable (HistoryReport) -> Void
  private var options: HistoryOptions
  private var database: Database?
  private var batch: [Pending] = []
  private var attempts = 0
  private var isBackingOff = false
  private var closing: HistoryClosing?
  private var epoch: UInt32 = 0
  private var pruneBefore: UTC?

  /// Opens or creates the database at `path`.
  init(
    path: String, options: HistoryOptions, intake: Intake,
    report: @escaping @Sendable (HistoryReport) -> Void
  ) throws(HistoryError) {
    executor = QueueExecutor(label: "history")
    self.path = path
    self.options = options
    self.intake = intake
    self.report = report
    database = try Database(path: path, options: options)
  }

  // MARK: Writing

  /// Commits what waits, unless a retry is due later.
  func flush() {
    guard !isBackingOff, closing == nil else { return intake.sleep() }
    while true {
      if batch.isEmpty { batch = intake.take(limit: Self.batchLimit) }
      guard !batch.isEmpty else { return }
      let records = batch.reduce(0) { $0 + $1.events.count }
      do throws(HistoryError) {
        let wake = try commitBatch()
        // A batch that was not full leaves only what has arrived meanwhile, which may gather.
        guard records >= Self.batchLimit else { return schedule(wake) }
      } catch {
        return backOff(error)
      }
    }
  }

  /// Commits `batch` and tells everybody.
  private func commitBatch() throws(HistoryError) -> Intake.Wake {
    let misfits = try opened().commit(batch)
    let written = batch
    batch = []
    let records = written.reduce(0) { $0 + $1.events.count }
    let count = misfits.reduce(0) { $0 + $1.errors.count }
    let waited = intake.status.waiting
    let wake = intake.settle(written, committed: records - count, misfits: count, lost: 0)
    if attempts > 0 { report(.recovered(attempts: attempts, waited: waited)) }
    attempts = 0
    var remaining = misfits[...]
    for (position, pending) in written.enumerated() {
      var outcome = HistoryOutcome.committed
      if let misfit = remaining.first, misfit.position == position {
        remaining.removeFirst()
        misfit.errors.forEach { report(.misfit($0)) }
        outcome = misfit.errors.first.map(HistoryOutcome.lost) ?? outcome
      }
      pending.onCommitted?(outcome)
    }
    return wake
  }

  /// The database, opened again if the connection was given up.
  private func opened() throws(HistoryError) -> Database {
    if let database {
      guard database.isInPlace else { throw HistoryError(.removed, path: path) }
      return database
    }
    let opened = try Database(path: path, options: options)
    // A new file must not give out again what cabinets know as our epoch.
    try opened.raiseEpoch(to: epoch)
    database = opened
    return opened
  }

  private func backOff(_ error: HistoryError) {
    if !error.problem.keepsConnection { database = nil }
    attempts += 1
    intake.failed(error)
    let doublings = min(attempts - 1, 16)
    let wait = min(options.retryMilliseconds << doublings, options.longestRetryMilliseconds)
    report(
      .failed(
        error, attempt: attempts, kept: intake.status.waiting, retryMilliseconds: wait))
    isBackingOff = true
    executor.queue.asyncAfter(deadline: .now() + .milliseconds(wait)) {
      self.assumeIsolated { store in
        store.isBackingOff = false
        store.flush()
      }
    }
  }

  /// Sees to it that `flush` runs when `wake` says.
  nonisolated func schedule(_ wake: Intake.Wake) {
    let work: @Sendable () -> Void = { self.assumeIsolated { $0.flush() } }
    switch wake {
    case .none: break
    case .soon: executor.queue.async(execute: work)
    case .later: executor.queue.asyncAfter(deadline: .now() + gathering, execute: work)
    }
  }

  // MARK: Epochs

  /// A number above all that were given out and above `seen`, committed.
  func nextEpoch(above seen: UInt32) throws(HistoryError) -> UInt32 {
    epoch = try opened().nextEpoch(above: max(seen, epoch))
    return epoch
  }

  // MARK: Pruning

  /// Deletes what is older than `before`, piece by piece.
  func prune(before: UTC) {
    let isRunning = pruneBefore != nil
    pruneBefore = max(before, pruneBefore ?? before)
    if !isRunning { prunePiece() }
  }

  private func prunePiece() {
    guard let before = pruneBefore, closing == nil else { return }
    do throws(HistoryError) {
      guard try opened().prune(before: before, limit: Self.pruneLimit) else {
        pruneBefore = nil
        return
      }
    } catch {
      pruneBefore = nil
      return report(.pruneFailed(error))
    }
    // Between pieces others have their turn: at this pace some 10,000 rows of a table go in a second.
    executor.queue.asyncAfter(deadline: .now() + .milliseconds(50)) {
      self.assumeIsolated { $0.prunePiece() }
    }
  }

  // MARK: Losses and the end

  /// Reports what was lost since the last report.
  func reportLosses() {
    let losses = intake.takeLosses()
    guard losses.records > 0 else { return }
    let error = HistoryError(losses.isClosed ? .closed : .overflow, path: path)
    report(.lost(records: losses.records, because: error))
  }

  /// Writes what waits, at once and for the last time, and moves the log into the database.
  func close() -> HistoryClosing {
    if let closing { return closing }
    var result = HistoryClosing.complete
    while result == .complete {
      if batch.isEmpty { batch = intake.take(limit: Self.batchLimit) }
      guard !batch.isEmpty else { break }
      do throws(HistoryError) {
        _ = try commitBatch()
      } catch {
        result = giveUp(error)
      }
    }
    closing = result
    reportLosses()
    // A checkpoint that fails costs nothing: the next start reads the log.
    try? database?.checkpoint()
    database = nil
    return result
  }

  private func giveUp(_ error: HistoryError) -> HistoryClosing {
    let rest = batch + intake.take(limit: .max)
    batch = []
    let records = rest.reduce(0) { $0 + $1.events.count }
    intake.failed(error)
    _ = intake.settle(rest, committed: 0, misfits: 0, lost: records)
    rest.forEach { $0.onCommitted?(.lost(error)) }
    return .incomplete(error, records: records)
  }

  private nonisolated var gathering: DispatchTimeInterval { .milliseconds(intake.gathering) }

  /// Makes the disk that tests imagine larger.
  func setPageLimit(_ pages: Int) {
    options.pageLimit = pages
    try? database?.limit(pages: pages)
  }
}
