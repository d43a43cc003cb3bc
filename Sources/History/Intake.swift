import Locking

/// Records that belong together: they are committed in one transaction.
struct Pending: Sendable {
  let events: [HistoryEvent]
  let bytes: Int
  let onCommitted: (@Sendable (HistoryOutcome) -> Void)?
}

/// The bounded space in which records wait, open to every thread.
final class Intake: Sendable {
  /// When the writer's queue must look after the records.
  enum Wake: Sendable {
    /// It will anyway.
    case none
    /// After the time of gathering.
    case later
    /// Now: somebody waits.
    case soon
  }

  /// What became of an offer.
  enum Verdict: Sendable {
    case taken(Wake)
    /// `first`: no loss is waiting to be reported yet.
    case lost(HistoryError, first: Bool)
  }

  private struct State: Sendable {
    var pending: [Pending] = []
    var wake = Wake.none
    var isClosed = false
    var unreported = 0
    var status = HistoryStatus()
  }

  private let path: String
  private let recordLimit: Int
  private let byteLimit: Int

  /// How long records gather before they are committed, milliseconds.
  let gathering: Int
  private let state = Guarded(State())

  init(path: String, options: HistoryOptions) {
    precondition(options.recordLimit > 0 && options.byteLimit > 0, "room for records")
    self.path = path
    recordLimit = options.recordLimit
    byteLimit = options.byteLimit
    gathering = options.gatherMilliseconds
  }

  /// The figures so far.
  var status: HistoryStatus { state.withLock { $0.status } }

  /// Takes records in, all of them or none.
  func offer(
    _ events: [HistoryEvent], onCommitted: (@Sendable (HistoryOutcome) -> Void)?
  ) -> Verdict {
    let bytes = events.reduce(0) { $0 + $1.bytes }
    return state.withLock { state in
      let isFull =
        state.status.waiting + events.count > recordLimit
        || state.status.waitingBytes + bytes > byteLimit
      if state.isClosed || isFull {
        state.status.lost += events.count
        state.unreported += events.count
        let first = state.unreported == events.count && !events.isEmpty
        return .lost(HistoryError(state.isClosed ? .closed : .overflow, path: path), first: first)
      }
      state.status.waiting += events.count
      state.status.waitingBytes += bytes
      state.pending.append(Pending(events: events, bytes: bytes, onCommitted: onCommitted))
      return .taken(Self.wake(&state, isUrgent: onCommitted != nil))
    }
  }

  /// Hands out what waits, about `limit` records of it; they count as waiting until `settle`.
  func take(limit: Int) -> [Pending] {
    state.withLock { state in
      state.wake = .none
      var records = 0
      let end = state.pending.firstIndex { pending in
        defer { records += pending.events.count }
        return records >= limit
      }
      let taken = Array(state.pending[..<(end ?? state.pending.count)])
      state.pending.removeFirst(taken.count)
      return taken
    }
  }

  /// Notes that nobody is going to look after the records, so that the next one wakes somebody.
  func sleep() { state.withLock { $0.wake = .none } }

  /// Notes what became of `batch`, and tells when to come again for what has arrived since.
  func settle(_ batch: [Pending], committed: Int, misfits: Int, lost: Int) -> Wake {
    state.withLock { state in
      state.status.waiting -= batch.reduce(0) { $0 + $1.events.count }
      state.status.waitingBytes -= batch.reduce(0) { $0 + $1.bytes }
      state.status.committed += committed
      state.status.misfits += misfits
      state.status.lost += lost
      state.status.trouble = nil
      guard !state.pending.isEmpty else { return .none }
      return Self.wake(&state, isUrgent: state.pending.contains { $0.onCommitted != nil })
    }
  }

  /// Notes that writing failed.
  func failed(_ error: HistoryError) {
    state.withLock { state in
      state.status.failures += 1
      state.status.trouble = error
    }
  }

  /// Takes nothing more.
  func close() { state.withLock { $0.isClosed = true } }

  /// Losses since the last call, and whether they are due to closing.
  func takeLosses() -> (records: Int, isClosed: Bool) {
    state.withLock { state in
      defer { state.unreported = 0 }
      return (state.unreported, state.isClosed)
    }
  }

  /// Raises the state's wake to what is needed; `.none` if that was asked for already.
  private static func wake(_ state: inout State, isUrgent: Bool) -> Wake {
    switch (state.wake, isUrgent) {
    case (.none, false):
      state.wake = .later
      return .later
    case (.none, true), (.later, true):
      state.wake = .soon
      return .soon
    default: return .none
    }
  }
}
