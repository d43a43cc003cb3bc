/// What the writer has to tell people, each once when it happens.
public enum HistoryReport: Sendable, Hashable {
  /// Writing failed for the `attempt`-th time in a row; `kept` records wait in memory and it is tried
  /// again in `retryMilliseconds`.
  case failed(HistoryError, attempt: Int, kept: Int, retryMilliseconds: Int)
  /// Writing works again after `attempts` failures, while which `waited` records came together.
  case recovered(attempts: Int, waited: Int)
  /// `records` were left out since the last report because too many were waiting.
  case lost(records: Int, because: HistoryError)
  /// One record was left out because it does not fit those before it.
  case misfit(HistoryError)
  /// Old records could not be deleted; it is tried again with the next call.
  case pruneFailed(HistoryError)
}

extension HistoryReport: CustomStringConvertible {
  /// For people, in one line.
  public var description: String {
    switch self {
    case .failed(let error, let attempt, let kept, let retry):
      "\(error); attempt \(attempt), \(kept) records wait, next attempt in \(retry) ms"
    case .recovered(let attempts, let waited):
      "history: written again after \(attempts) failed attempts; \(waited) records had waited"
    case .lost(let records, let error): "\(error); \(records) records lost"
    case .misfit(let error): "\(error)"
    case .pruneFailed(let error): "\(error); old records were not deleted"
    }
  }
}

/// What became of records whose writer wanted to know.
public enum HistoryOutcome: Sendable, Hashable {
  /// They are on the disk and survive a power cut.
  case committed
  /// At least one of them is not and will not be.
  case lost(HistoryError)
}

/// How the last flush went.
public enum HistoryClosing: Sendable, Hashable {
  /// Everything that was taken is on the disk.
  case complete
  /// `records` could not be written and are lost.
  case incomplete(HistoryError, records: Int)
}

/// The writer's figures since it was opened, for metrics.
public struct HistoryStatus: Sendable, Hashable {
  /// Records that wait to be written.
  public internal(set) var waiting = 0

  /// Memory they take, bytes.
  public internal(set) var waitingBytes = 0

  /// Records that are on the disk.
  public internal(set) var committed = 0

  /// Records that were left out for want of space in memory, or because the writer was closed.
  public internal(set) var lost = 0

  /// Records that were left out because they did not fit those before them.
  public internal(set) var misfits = 0

  /// Attempts to write that failed.
  public internal(set) var failures = 0

  /// Why nothing can be written at the moment; `nil` while all is well.
  public internal(set) var trouble: HistoryError?
}

/// How much the writer keeps and how long it waits.
public struct HistoryOptions: Sendable, Hashable {
  /// Most records that wait in memory.
  public var recordLimit = 200_000

  /// Most memory that they may take, bytes.
  public var byteLimit = 64 << 20

  /// How long records are gathered before they are committed together, milliseconds. Together with
  /// the commit itself it is what `kill -9` may cost: half of the second that is promised.
  public var gatherMilliseconds = 500

  /// How long one attempt waits for another program's lock, milliseconds.
  public var lockMilliseconds = 1000

  /// Wait after the first failure, milliseconds; it doubles with each further one.
  public var retryMilliseconds = 1000

  /// Longest wait after a failure, milliseconds.
  public var longestRetryMilliseconds = 30_000

  /// The largest size of the database in pages of 4 KiB: a disk of that size, for tests.
  var pageLimit: Int?

  /// The usual limits.
  public init() {}
}
