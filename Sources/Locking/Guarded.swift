import Glibc

/// State behind a POSIX mutex. The library's `Mutex` is a bare futex on Linux, whose hand-over in the
/// kernel ThreadSanitizer does not see: under contention it reports races that are none.
public final class Guarded<State> {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var state: State

  /// Guards `state`.
  public init(_ state: State) {
    self.state = state
    mutex = .allocate(capacity: 1)
    let code = pthread_mutex_init(mutex, nil)
    precondition(code == 0, "a default mutex needs nothing but memory")
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Does `body` while no other thread is at the state.
  public func withLock<Result: Sendable, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }
}

// The state is reached under the mutex alone, and what leaves it is Sendable.
extension Guarded: @unchecked Sendable where State: Sendable {}
