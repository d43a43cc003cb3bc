import Signals
import Testing

@testable import Cabinets

@Suite("The pause after a lost link")
struct BackOffTests {
  private func delays(_ name: String, count: Int) -> [Double] {
    var backOff = BackOff(name: name)
    var now = Instant(milliseconds: 0)
    return (0..<count).map { _ in
      let delay = backOff.fail(at: now)
      now = now.advanced(bySeconds: delay)
      return delay
    }
  }

  @Test("It doubles from 1 s, stays below 5 s in the first minute and below a minute ever after")
  func growth() {
    let delays = delays("J001", count: 40)
    for (delay, nominal) in zip(delays, [1.0, 2, 4, 4, 4]) {
      #expect(delay >= 0.8 * nominal && delay <= 1.2 * nominal)
    }
    var elapsed = 0.0
    for delay in delays {
      #expect(delay <= (elapsed < 60 ? 5 : 60))
      elapsed += delay
    }
    #expect((delays.last ?? 0) >= 40)
  }

  @Test("It is the same for the same junction and another for another")
  func jitter() {
    #expect(delays("J001", count: 10) == delays("J001", count: 10))
    #expect(delays("J001", count: 10) != delays("J002", count: 10))
  }

  @Test("An answer ends it, tells how long it was, and the next fault begins anew")
  func recovery() {
    var backOff = BackOff(name: "J001")
    #expect(backOff.succeed(at: Instant(milliseconds: 0)) == nil)
    for second in [1, 2, 4, 8] as [Int64] {
      _ = backOff.fail(at: Instant(milliseconds: second * 1000))
    }
    #expect(backOff.succeed(at: Instant(milliseconds: 9500)) == 8.5)
    #expect(backOff.retry == nil)
    #expect(backOff.fail(at: Instant(milliseconds: 10_000)) <= 1.2)
  }
}
