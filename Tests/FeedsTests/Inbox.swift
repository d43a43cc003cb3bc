import Counts
import Feeds
import Glibc
import Signals
import Locking

/// A receiver that keeps what it gets and answers as a test wants.
final class Inbox: Sendable {
  /// What it does with a batch.
  enum Manner: Sendable {
    case accept
    case overload
    /// Says nothing until `release`.
    case hold
    /// Is overloaded so many times, then accepts.
    case overloadFirst(Int)
  }

  private struct State {
    var manner: Manner
    var batches: [CountBatch] = []
    var offers = 0
    var held: [@Sendable (Acceptance) -> Void] = []
  }

  private let state: Guarded<State>

  init(_ manner: Manner = .accept) { state = Guarded(State(manner: manner)) }

  var receiver: CountReceiver {
    { batch, done in
      let answer = self.state.withLock { state -> Acceptance? in
        state.offers += 1
        switch state.manner {
        case .accept: break
        case .overload: return .overloaded
        case .overloadFirst(let times) where times > 0:
          state.manner = .overloadFirst(times - 1)
          return .overloaded
        case .overloadFirst: break
        case .hold:
          state.batches.append(batch)
          state.held.append(done)
          return nil
        }
        state.batches.append(batch)
        return .accepted
      }
      if let answer { done(answer) }
    }
  }

  var batches: [CountBatch] { state.withLock { $0.batches } }
  var records: [CountRecord] { batches.flatMap(\.records) }
  var errors: [CountError] { batches.flatMap(\.errors) }
  var detectors: [String] { records.map(\.detector) }
  var offers: Int { state.withLock { $0.offers } }

  func change(to manner: Manner) { state.withLock { $0.manner = manner } }

  /// Answers what is held.
  func release(_ acceptance: Acceptance = .accepted) {
    let held = state.withLock { state in
      defer { state.held = [] }
      return state.held
    }
    for done in held { done(acceptance) }
  }
}

/// A list that callbacks fill.
final class Heard<Element: Sendable>: Sendable {
  private let state = Guarded<[Element]>([])
  var all: [Element] { state.withLock { $0 } }
  func add(_ element: Element) { state.withLock { $0.append(element) } }
}

/// Whether `condition` comes true within `seconds`.
func eventually(
  within seconds: Double = 10, _ condition: @Sendable () -> Bool
) async throws -> Bool {
  let clock = ContinuousClock()
  let end = clock.now + .seconds(seconds)
  while clock.now < end {
    if condition() { return true }
    try await Task.sleep(for: .milliseconds(5))
  }
  return condition()
}

/// A line that counts one vehicle at the detector `name`.
func line(_ name: String) -> String {
  #"{"v":1,"det":"\#(name)","start":0,"end":5,"count":1}"#
}

/// The machine's time.
@Sendable func realUTC() -> UTC {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return UTC(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
}
