import Signals
import Testing

@testable import Optimisation

@Suite("A queue that chance moves")
struct QueueChainTests {
  /// What lengths too unlikely to be followed come to in some dozens of steps.
  private static let dropped = 1e-7

  /// What comes and goes in some steps of two s, of four lanes; some of it more than counts.
  private func chances(seed: Int) -> [QueueChain.Chances] {
    var random = SeededGenerator(seed: UInt64(seed))
    func four(_ range: ClosedRange<Double>) -> Four {
      Four((0..<4).map { _ in Double.random(in: range, using: &random) })
    }
    return (0..<30).map { step in
      let isGreen = step % 10 > 5
      return QueueChain.Chances(
        arriving: four(0...0.6), going: isGreen ? four(0.2...1.4) : Four())
    }
  }

  @Test("has arrivals with the mean and the variance of Poisson's", arguments: [0, 0.1, 0.45, 1])
  func arrivals(mean: Double) {
    let chances = QueueChain.Chances(arriving: Four(repeating: mean), going: Four())
    let (none, one, two) = (chances.none.x, chances.one.x, chances.two.x)
    #expect(abs(none + one + two - 1) < 1e-12)
    #expect([none, one, two].allSatisfy { $0 >= 0 })
    #expect(abs(one + 2 * two - mean) < 1e-12)
    #expect(abs(one + 4 * two - mean * mean - mean) < 1e-12)
  }

  @Test("is as long as if each length were followed by itself", arguments: 0..<20)
  func lengths(seed: Int) {
    let steps = chances(seed: seed)
    let begin = Four(0, 2, 3.5, 11)
    var chain = QueueChain()
    chain.start(at: begin)
    for step in steps { _ = chain.advance(step) }
    for lane in 0..<4 {
      var likely = [Int(begin[lane]): 1 - begin[lane].truncatingRemainder(dividingBy: 1)]
      likely[Int(begin[lane]) + 1, default: 0] += begin[lane].truncatingRemainder(dividingBy: 1)
      for step in steps { likely = followed(likely, step, lane) }
      for length in 0...QueueChain.longest {
        var only = Array(repeating: Four(), count: QueueChain.longest + 1)
        only[length] = Four(repeating: 1)
        #expect(abs(chain.mean(of: only)[lane] - likely[length, default: 0]) < Self.dropped)
      }
    }
  }

  private func followed(
    _ likely: [Int: Double], _ step: QueueChain.Chances, _ lane: Int
  ) -> [Int: Double] {
    var after: [Int: Double] = [:]
    let going = [step.stays[lane], step.oneGoes[lane], step.twoGo[lane]]
    let coming = [step.none[lane], step.one[lane], step.two[lane]]
    for (length, share) in likely {
      for (gone, goes) in going.enumerated() {
        for (come, comes) in coming.enumerated() {
          let length = min(QueueChain.longest, max(0, length - gone) + come)
          after[length, default: 0] += share * goes * comes
        }
      }
    }
    return after
  }

  @Test("costs forwards what it is worth backwards", arguments: 0..<20)
  func duality(seed: Int) {
    let steps = chances(seed: seed)
    var worth = (0...QueueChain.longest).map { Four(repeating: Double($0 * $0)) }
    let after = worth
    for step in steps.reversed() { QueueChain.before(step, wait: 2, &worth) }
    for length in [0, 1, 5, 12] {
      var chain = QueueChain()
      chain.start(at: Four(repeating: Double(length)))
      var queue = Four(repeating: Double(length))
      var waiting = Four()
      for step in steps {
        queue += step.arriving - chain.advance(step)
        waiting += 2 * queue
      }
      let cost = waiting + chain.mean(of: after)
      for lane in 0..<4 {
        let difference = abs(cost[lane] - worth[length][lane])
        #expect(difference < Self.dropped * cost[lane], "\(length) in \(lane)")
      }
    }
  }

  @Test("that is longer than it can be told apart is one of the longest")
  func longest() {
    var chain = QueueChain()
    chain.start(at: Four(repeating: 1e6))
    for _ in 0..<100 {
      _ = chain.advance(QueueChain.Chances(arriving: Four(repeating: 0.9), going: Four()))
    }
    let all = Array(repeating: Four(repeating: 1), count: QueueChain.longest + 1)
    #expect(abs(chain.mean(of: all).x - 1) < 1e-9)
  }
}
