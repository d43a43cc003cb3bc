import Dispatch
public import Signals

/// Writes the history into an SQLite database, on a queue of its own.
///
/// Nothing here makes control wait or fail: records are taken into a bounded space in memory and
/// committed together, at least once a second. While the disk is full or the database locked they
/// wait; what no longer fits is counted and reported.
public final class HistoryWriter: Sendable {
  private let store: HistoryStore
  private let intake: Intake

  /// Opens the database at `path`, creating it or bringing it up to date. Blocks while it does so:
  /// it belongs before control begins.
  ///
  /// - Parameters:
  ///   - path: The database file; SQLite keeps two more files of that name with -wal and -shm.
  ///   - options: How much is kept and how long is waited.
  ///   - report: Gets what people should know, on the writer's queue.
  /// - Throws: Why the file cannot be the history; a file of another kind stays as it is.
  public init(
    path: String, options: HistoryOptions = HistoryOptions(),
    report: @escaping @Sendable (HistoryReport) -> Void
  ) throws(HistoryError) {
    precondition(
      options.retryMilliseconds > 0 && options.longestRetryMilliseconds > 0
        && options.gatherMilliseconds >= 0 && options.lockMilliseconds >= 0, "waits forwards")
    intake = Intake(path: path, options: options)
    store = try HistoryStore(path: path, options: options, intake: intake, report: report)
  }

  /// A number that is higher than any that this history has given out, and than `seen`; it is on the
  /// disk before this returns. Blocks: it belongs before control begins.
  ///
  /// - Parameter seen: The highest epoch that a cabinet has told, if one did.
  /// - Returns: The epoch for this run, at least 1.
  /// - Throws: Why it could not be committed.
  public func nextEpoch(above seen: UInt32 = 0) throws(HistoryError) -> UInt32 {
    let store = store
    // From the writer's own queue, such as in a report, it would wait for itself for ever.
    dispatchPrecondition(condition: .notOnQueue(store.executor.queue))
    let result = store.executor.queue.sync { () -> Result<UInt32, HistoryError> in
      store.assumeIsolated { store in
        Result { () throws(HistoryError) in try store.nextEpoch(above: seen) }
      }
    }
    return try result.get()
  }

  /// Takes a record to be written within the second. Never waits and never fails.
  public func append(_ event: HistoryEvent) { enqueue([event], onCommitted: nil) }

  /// Takes records to be written within the second, in one transaction. Never waits and never fails.
  public func append(together events: [HistoryEvent]) {
    guard !events.isEmpty else { return }
    enqueue(events, onCommitted: nil)
  }

  /// Takes records to be written now, in one transaction: all of them wait or none. Never waits.
  ///
  /// - Parameters:
  ///   - events: The records, in order.
  ///   - onCommitted: Is called once, on the writer's queue, when they are on the disk or when it is
  ///     certain that they will not be. While writing is in trouble that may take long.
  public func append(
    _ events: [HistoryEvent], onCommitted: @escaping @Sendable (HistoryOutcome) -> Void
  ) {
    enqueue(events, onCommitted: onCommitted)
  }

  /// Deletes records older than `days` days before `utc`, in small pieces between other work; faults
  /// that last are kept. The file does not shrink: the space is used again.
  public func prune(olderThan days: Int, at utc: UTC) {
    precondition(days >= 0, "a retention in the past")
    let age = Int64(days).multipliedReportingOverflow(by: 86_400_000)
    guard !age.overflow else { return }
    let before = utc.milliseconds.subtractingReportingOverflow(age.partialValue)
    guard !before.overflow else { return }
    onStore { $0.prune(before: UTC(milliseconds: before.partialValue)) }
  }

  /// Writes what waits, moves the log into the database and closes it. Records that come later are
  /// lost, and counted.
  ///
  /// - Parameter done: Is called on the writer's queue when nothing more will be written.
  public func close(_ done: @escaping @Sendable (HistoryClosing) -> Void) {
    intake.close()
    onStore { done($0.close()) }
  }

  /// The figures so far; waits for nobody.
  public var status: HistoryStatus { intake.status }

  private func enqueue(
    _ events: [HistoryEvent], onCommitted: (@Sendable (HistoryOutcome) -> Void)?
  ) {
    switch intake.offer(events, onCommitted: onCommitted) {
    case .taken(let wake): store.schedule(wake)
    case .lost(let error, let first):
      if let onCommitted { store.executor.queue.async { onCommitted(.lost(error)) } }
      guard first else { return }
      // Losses come in floods: they are reported together, once a second.
      let store = store
      store.executor.queue.asyncAfter(deadline: .now() + .seconds(1)) {
        store.assumeIsolated { $0.reportLosses() }
      }
    }
  }

  private func onStore(_ work: @escaping @Sendable (isolated HistoryStore) -> Void) {
    let store = store
    store.executor.queue.async { store.assumeIsolated(work) }
  }

  /// The largest size of the database in pages, changed while it runs.
  func setPageLimit(_ pages: Int) { onStore { $0.setPageLimit(pages) } }
}
