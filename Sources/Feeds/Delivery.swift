import Dispatch
import Synchronization

/// Hands batches to the receiver, one at a time, and tries again while it is overloaded.
struct Delivery: Sendable {
  /// Waits between tries, milliseconds: a tick of the control loop is a second.
  static let firstWait = 50
  /// See `firstWait`.
  static let longestWait = 1000

  let queue: DispatchQueue
  let receive: CountReceiver

  /// Hands `batch` over and calls `then` on `queue` when it was accepted; an empty one is at once.
  func send(_ batch: CountBatch, then: @escaping @Sendable () -> Void) {
    guard !batch.records.isEmpty || !batch.errors.isEmpty else { return queue.async(execute: then) }
    send(batch, waiting: Self.firstWait, then: then)
  }

  private func send(
    _ batch: CountBatch, waiting milliseconds: Int, then: @escaping @Sendable () -> Void
  ) {
    receive(
      batch,
      once { acceptance in
        switch acceptance {
        case .accepted: queue.async(execute: then)
        case .overloaded:
          queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
            send(batch, waiting: min(2 * milliseconds, Self.longestWait), then: then)
          }
        }
      })
  }
}

/// `body`, which hears the first call alone: a receiver that answers twice must not make a feed
/// read on twice.
func once(
  _ body: @escaping @Sendable (Acceptance) -> Void
) -> @Sendable (Acceptance) -> Void {
  let isAnswered = Flag()
  return { acceptance in
    guard isAnswered.raise() else { return }
    body(acceptance)
  }
}

/// A flag that is raised once.
private final class Flag: Sendable {
  private let isRaised = Atomic(false)

  /// Whether this call raised it.
  func raise() -> Bool { !isRaised.exchange(true, ordering: .relaxed) }
}
