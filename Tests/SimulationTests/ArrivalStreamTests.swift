import Signals
import Testing

@testable import Simulation

@Suite("Streams of arrivals")
struct ArrivalStreamTests {
  private func stream(
    _ profile: FlowProfile, platoon: Int = 1, spacing: Double = 2, begin: Double = 0,
    seed: UInt64 = 1
  ) -> ArrivalStream {
    ArrivalStream(profile, platoon: platoon, spacing: spacing, begin: begin, seed: seed)
  }

  @Test("Arrivals never go back in time, whatever flow and platoon", arguments: 1...20)
  func order(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let points = (0..<6).map {
      FlowProfile.Point(at: Double($0) * 120, flow: random.unit() < 0.3 ? 0 : 2000 * random.unit())
    }
    var arrivals = stream(FlowProfile(points), platoon: Int(1 + seed % 5), seed: seed)
    var last = 0.0
    while arrivals.next < 1000 {
      let arrival = arrivals.take()
      #expect(arrival.at >= last)
      last = arrival.at
    }
  }

  @Test("Nobody comes without a flow, nor before there is one")
  func nobody() {
    #expect(stream(FlowProfile(constant: 0)).next == .infinity)
    let late = FlowProfile([.init(at: 600, flow: 0), .init(at: 601, flow: 900)])
    for seed in 1...50 as ClosedRange<UInt64> {
      #expect(stream(late, seed: seed).next > 600)
    }
    let early = FlowProfile([.init(at: 0, flow: 900), .init(at: 60, flow: 0)])
    var arrivals = stream(early)
    while arrivals.next.isFinite { #expect(arrivals.take().at < 60) }
  }

  @Test("Vehicles of a platoon follow each other at the spacing")
  func platoons() {
    var arrivals = stream(FlowProfile(constant: 60), platoon: 4, spacing: 1.5)
    for _ in 0..<50 {
      let first = arrivals.take().at
      for position in 1...3 {
        #expect(abs(arrivals.take().at - first - 1.5 * Double(position)) < 1e-9)
      }
    }
  }

  @Test("A stream that begins later has nobody from before")
  func begin() {
    var arrivals = stream(FlowProfile(constant: 3600), begin: 25_200)
    #expect(arrivals.take().at >= 25_200)
    #expect(arrivals.next < 25_300)
  }

  @Test("Each vehicle draws from a source of its own, the same for the same seed")
  func sources() {
    var (one, other) = (stream(FlowProfile(constant: 600)), stream(FlowProfile(constant: 600)))
    var drawn: [UInt64] = []
    for _ in 0..<100 {
      var (a, b) = (one.take(), other.take())
      #expect(a.at == b.at)
      let draw = a.random.next()
      #expect(draw == b.random.next())
      drawn.append(draw)
    }
    #expect(Set(drawn).count == 100)
  }

  @Test("Seeds of streams differ between streams and between runs")
  func seeds() {
    let seeds = (0..<50 as Range<UInt64>).flatMap { run in
      (0..<50 as Range<UInt64>).map { seed(run, stream: $0) }
    }
    #expect(Set(seeds).count == 2500)
  }
}
