import Dispatch

/// Lets an actor live on a serial dispatch queue, which the library does not offer on Linux.
final class QueueExecutor: SerialExecutor {
  /// The queue.
  let queue: DispatchQueue

  init(label: String) { queue = DispatchQueue(label: label, qos: .utility) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
