import Signals
import Testing

@testable import Simulation

@Suite("Percentiles are nearest ranks")
struct PercentileTests {
  /// The definition itself: the smallest value that at least `share` of all do not exceed.
  private func oracle(_ percent: Int, of values: [Int]) -> Int? {
    values.filter { value in
      100 * values.filter { $0 <= value }.count >= percent * values.count
    }.min()
  }

  @Test("Random numbers agree with the definition, listed or tallied", arguments: 1...40)
  func definition(size: Int) {
    var random = SeededGenerator(seed: UInt64(size))
    let values = (0..<size).map { _ in Int.random(in: 0...30, using: &random) }
    var tally = Tally()
    for value in values { tally.add(value) }
    for percent in [1, 5, 50, 90, 95, 100] {
      let expected = oracle(percent, of: values).map(Double.init)
      #expect(percentile(Double(percent) / 100, of: values.map(Double.init)) == expected)
      #expect(tally.percentile(Double(percent) / 100) == expected)
    }
    #expect(abs(tally.mean - Double(values.reduce(0, +)) / Double(size)) < 1e-9)
  }

  @Test("The 95th of 1 ... 20 is 19, whatever 0.95 × 20 is in binary")
  func exact() {
    #expect(percentile(0.95, of: (1...20).map(Double.init)) == 19)
  }

  @Test("Of nothing, it is 0")
  func empty() {
    #expect(percentile(0.95, of: []) == 0)
    #expect(Tally().percentile(0.95) == 0)
    #expect(Tally().mean == 0)
  }
}

@Suite("A queue of vehicles")
struct VehicleQueueTests {
  @Test("Vehicles come out in the order in which they went in, however many")
  func order() {
    var queue = VehicleQueue()
    var random = SeededGenerator(seed: 3)
    var (next, first) = (0, 0)
    for _ in 0..<5000 {
      if random.unit() < 0.55 {
        queue.append(Vehicle(due: Double(next), random: random))
        next += 1
      } else if first < next {
        #expect(queue.first?.due == Double(first))
        #expect(queue.removeFirst().due == Double(first))
        first += 1
      }
      #expect(queue.count == next - first)
      #expect(queue.isEmpty == (next == first))
      if next > first { #expect(queue[queue.count - 1].due == Double(next - 1)) }
    }
  }
}

@Suite("Until when lamps may be passed")
struct SignalStateTests {
  private func state(_ shown: [(Lamp, Double)]) -> SignalState {
    var state = SignalState()
    for (lamp, time) in shown { state.show(lamp, at: time, extension: 2) }
    return state
  }

  @Test("Green and flashing green hold until they end, and then for 2 s of yellow")
  func green() {
    #expect(state([]).usableUntil == -.infinity)
    #expect(state([(.green, 10)]).usableUntil == .infinity)
    #expect(state([(.green, 10), (.flashingGreen, 30)]).usableUntil == .infinity)
    #expect(state([(.green, 10), (.yellow, 33)]).usableUntil == 35)
    #expect(state([(.green, 10), (.yellow, 33), (.yellow, 34)]).usableUntil == 35)
    #expect(state([(.green, 10), (.yellow, 33), (.red, 36)]).usableUntil == 35)
  }

  @Test("A yellow shorter than its use ends it, and so does green that turns red at once")
  func short() {
    #expect(state([(.green, 10), (.yellow, 33), (.red, 34)]).usableUntil == 34)
    #expect(state([(.green, 10), (.red, 30)]).usableUntil == 30)
  }

  @Test("Red with yellow opens nothing")
  func redYellow() {
    #expect(state([(.red, 0), (.redYellow, 10)]).usableUntil == -.infinity)
  }

  @Test("Who must give way must still do so while his green flashes and on yellow")
  func permissive() {
    #expect(state([(.permissiveGreen, 10)]).yields)
    #expect(state([(.permissiveGreen, 10), (.flashingGreen, 30)]).yields)
    #expect(state([(.permissiveGreen, 10), (.yellow, 30)]).yields)
    #expect(!state([(.permissiveGreen, 10), (.green, 30)]).yields)
    #expect(!state([(.permissiveGreen, 10), (.yellow, 30), (.red, 33)]).yields)
  }
}
