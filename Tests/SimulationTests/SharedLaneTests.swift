import Counts
import Signals
import Simulation
import Support
import Testing

@testable import Demand

@Suite("Turns of a shared lane, seen while one kind alone may go")
struct SharedLaneTests {
  /// What the site file says of right turns, wherever the truth lies.
  private static let configured = 0.2

  /// Two hours at a lane of which `share` turn right, reported every `interval` seconds; `hear` is called
  /// each second with the time, the stage that was green and the records. The end is returned.
  private func run(
    _ share: Double, arrow: Bool, flow: Double = 500, interval: Int = 1, lanes: Int = 1,
    seed: UInt64 = 1, hear: (Moment, Int?, [CountRecord]) -> Void
  ) throws -> Moment {
    let truth = Street.shared(right: share, arrow: arrow, lanes: lanes)
    let clock = try #require(PlanClock(Street.plan(30, 40), at: truth))
    var model = try TrafficModel([truth], [.constant(flow)], seed: seed)
    let start = simulatedMoment(0, timeZoneMinutes: 480)
    for second in 1...7200 {
      let lamps = clock.lamps(at: model.time)
      model.advance(under: [lamps])
      let records =
        second % interval == 0 ? model.takeCounts().map { $0.record(from: start, begin: 0) } : []
      hear(
        start.advanced(bySeconds: Double(second)),
        lamps[0] == .green ? 0 : lamps[1] == .green ? 1 : nil, records)
    }
    return start.advanced(bySeconds: 7200)
  }

  /// What is thought of such a lane in the end by somebody who believes `configured`.
  private func watch(
    _ share: Double, arrow: Bool, flow: Double = 500, interval: Int = 1, lanes: Int = 1,
    seed: UInt64 = 1
  ) throws -> TurnShares.Shares? {
    var shares = TurnShares(
      at: Street.shared(right: Self.configured, arrow: arrow, lanes: lanes))
    let end = try run(
      share, arrow: arrow, flow: flow, interval: interval, lanes: lanes, seed: seed
    ) { now, stage, records in
      shares.pass(from: now.utc.advanced(bySeconds: -1), to: now.utc, stage: stage)
      for record in records { shares.observe(record, at: 0, behind: 0) }
    }
    return shares.shares(of: 0, at: end.utc)
  }

  @Test(
    "are the simulation's own, to what chance allows, with an arrow and on red, at reports of 1 to 5 s",
    arguments: [0.05, 0.3, 0.6, 0.85], [(true, 1), (true, 5), (false, 1)])
  func truth(share: Double, site: (arrow: Bool, interval: Int)) throws {
    var sum = (share: 0.0, seen: 0.0)
    let runs = 4
    for seed in 1...runs {
      let found = try #require(
        try watch(share, arrow: site.arrow, interval: site.interval, seed: UInt64(seed)))
      // Of records that hold the begin of green, the first vehicle is a draw; else those behind him alone.
      #expect(found.isSeen || site.interval > 1, "\(found)")
      #expect(abs(found.shares[0] + found.shares[1] - 1) < 1e-9)
      // What the site file says is part of it, and known to be wrong here.
      let weight = TurnShares.weightOfPrior
      sum.share += found.shares[1] * (found.seen + weight) - Self.configured * weight
      sum.seen += found.seen
    }
    let deviation = (share * (1 - share) / sum.seen).squareRoot()
    #expect(abs(sum.share / sum.seen - share) < 3 * deviation + 0.02)
  }

  @Test("are left as configured, and not called seen, where nobody can tell")
  func unseen() throws {
    // Two lanes: nobody knows whose first vehicle holds up whom.
    #expect(try watch(0.6, arrow: true, lanes: 2) == nil)
    for found in [
      // A minute: nobody knows when somebody crossed.
      try watch(0.6, arrow: true, interval: 60),
      // Nobody comes.
      try watch(0.6, arrow: true, flow: 1e-9),
    ] {
      #expect(found?.isSeen == false && found?.seen == 0)
      #expect(abs((found?.shares[1] ?? 0) - Self.configured) < 1e-9)
    }
  }

  @Test("reach the estimate of demand, which keeps the site file's where it sees none")
  func estimate() throws {
    for (lanes, isSeen) in [(1, true), (2, false)] {
      let site = Street.shared(right: Self.configured, arrow: true, lanes: lanes)
      var demand = DemandEstimator(for: site)
      let end = try run(0.6, arrow: true, lanes: lanes) { now, stage, records in
        demand.advance(with: records, to: now, stage: stage)
      }
      let found = demand.turnShares(of: 0, at: end)
      #expect(found.isSeen == isSeen)
      #expect(abs(found.shares[1] - (isSeen ? 0.6 : Self.configured)) < (isSeen ? 0.2 : 1e-9))
    }
  }
}
