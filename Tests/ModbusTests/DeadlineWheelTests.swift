import Signals
import Testing

@testable import Modbus

@Suite("A wheel of deadlines")
struct DeadlineWheelTests {
  private static let step = DeadlineWheel<Int>.step

  @Test("gives each member back once, never before it is due and never later than a step after")
  func punctual() {
    var random = SeededGenerator(seed: 11)
    var wheel = DeadlineWheel<Int>(at: 5_000_000_123)
    var now: UInt64 = 5_000_000_123
    var dues: [Int: UInt64] = [:]
    for number in 0..<5000 {
      // Some overdue already, most within a turn, some beyond it.
      let due = now &+ UInt64.random(in: 0...4_000_000_000, using: &random) &- 100_000_000
      dues[number] = due
      wheel.add(number, due: due)
      now += UInt64.random(in: 0...2_000_000, using: &random)
      for member in wheel.take(at: now) { take(member, at: now, slack: 2_000_000) }
    }
    while let next = wheel.next {
      now = max(now, next)
      for member in wheel.take(at: now) { take(member, at: now, slack: 0) }
    }
    #expect(dues.isEmpty, "\(dues.count) were never given back")

    func take(_ member: Int, at now: UInt64, slack: UInt64) {
      guard let due = dues.removeValue(forKey: member) else {
        Issue.record("\(member) came twice")
        return
      }
      #expect(due <= now)
      // What was overdue when it was added is due with the next step.
      #expect(now < due + 2 * Self.step + slack + 100_000_000)
    }
  }

  @Test("sleeps without members, and until the step of its first")
  func next() {
    var wheel = DeadlineWheel<Int>(at: 0)
    #expect(wheel.next == nil)
    wheel.add(1, due: 3 * Self.step + 1)
    #expect(wheel.next == 4 * Self.step)
    #expect(wheel.take(at: 4 * Self.step - 1).isEmpty)
    #expect(wheel.take(at: 4 * Self.step) == [1])
    #expect(wheel.next == nil)
  }
}
