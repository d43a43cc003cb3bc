import Dispatch
import Testing

import Locking

@Suite("State behind a mutex")
struct GuardedTests {
  @Test("No addition of many threads is lost")
  func additions() {
    let sum = Guarded(0)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for _ in 0..<5000 { sum.withLock { $0 += thread } }
    }
    #expect(sum.withLock { $0 } == 28 * 5000)
  }

  @Test("A result leaves the lock open again")
  func results() {
    let state = Guarded(["a"])
    let before = state.withLock { names in
      defer { names.append("b") }
      return names.count
    }
    #expect(before == 1)
    #expect(state.withLock { $0 } == ["a", "b"])
  }
}
