import Signals
import Testing

@testable import Web

@Suite("The rate of each address")
struct RateLimitTests {
  private func at(_ seconds: Double) -> Instant {
    Instant(milliseconds: 0).advanced(bySeconds: seconds)
  }

  @Test("So many at once, then so many a second")
  func burstAndRate() {
    var limit = RateLimit(rate: 2, burst: 3)
    #expect((0..<3).allSatisfy { _ in limit.take("a", at: at(0)) == nil })
    #expect(limit.take("a", at: at(0)) == 0.5)
    #expect(limit.take("a", at: at(0.25)) == 0.25)
    #expect(limit.take("a", at: at(0.5)) == nil)
    #expect(limit.take("a", at: at(0.5)) == 0.5)
    #expect((0..<3).allSatisfy { _ in limit.take("a", at: at(100)) == nil })
    #expect(limit.take("a", at: at(100)) != nil)
  }

  @Test("One address does not use up another's share")
  func apart() {
    var limit = RateLimit(rate: 1, burst: 1)
    #expect(limit.take("a", at: at(0)) == nil)
    #expect(limit.take("b", at: at(0)) == nil)
    #expect(limit.take("a", at: at(0)) != nil)
  }

  @Test(
    "Over any time no more pass than burst and rate allow", arguments: 1...5 as ClosedRange<UInt64>)
  func bound(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var limit = RateLimit(rate: 5, burst: 10)
    var now = 0.0
    var passed = 0
    for _ in 0..<2000 {
      now += Double.random(in: 0...0.2, using: &generator)
      if limit.take("a", at: at(now)) == nil { passed += 1 }
    }
    #expect(Double(passed) <= 10 + 5 * now + 1)
    #expect(Double(passed) >= 5 * now * 0.95)
  }

  @Test("Memory is bounded: of too many addresses the one silent longest is forgotten")
  func bounded() {
    var limit = RateLimit(rate: 0.001, burst: 1)
    for number in 0...RateLimit.sourceLimit {
      #expect(limit.take("\(number)", at: at(Double(number) / 1000)) == nil)
    }
    #expect(limit.take("1", at: at(2)) != nil)
    #expect(limit.take("0", at: at(2)) == nil)
  }
}

@Suite("Loopback addresses")
struct LoopbackTests {
  @Test(
    "Only what never leaves the machine is loopback",
    arguments: [
      ("127.0.0.1", true), ("127.255.3.4", true), ("::1", true), ("0.0.0.0", false),
      ("126.255.255.255", false), ("::", false), ("fe80::1", false), ("::ffff:127.0.0.1", false),
    ])
  func numeric(_ address: String, _ expected: Bool) {
    #expect(ListeningSocket.isLoopback(address) == expected)
  }

  @Test("Names are no addresses", arguments: ["localhost", "", "127.0.0.1 ", "1.2.3", "::1%lo"])
  func names(_ name: String) { #expect(ListeningSocket.isLoopback(name) == nil) }
}
