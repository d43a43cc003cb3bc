import Counts
import Demand
import Signals
import Support
import Testing

@Suite("What a junction is about to let go is told to those downstream")
struct ComingReleaseTests {
  let junction = Sample.fourArm()
  let now = Sample.moment(0).utc

  /// Ten vehicles before N.T, none elsewhere; N.T discharges in stage A at a vehicle a second.
  private func estimate(trust: Double = 1, flow: Double = 0) -> DemandEstimate {
    DemandEstimate(
      laneGroups: junction.laneGroups.indices.map {
        LaneGroupEstimate(
          queue: $0 == 0 ? 10 : 0, approaching: 0, viewTime: 0, flow: $0 == 0 ? flow : 0,
          trust: trust)
      },
      discharge: junction.stages.indices.map { stage in
        junction.laneGroups.indices.map { stage == 0 && $0 == 0 ? 1 : 0 }
      })
  }

  private func crossings(_ greens: [Int?], _ estimate: DemandEstimate) -> [UInt8]? {
    estimate.releases(of: junction, during: greens, from: now)
      .first { $0.detector == "J001.N.T" }?.crossings
  }

  @Test("A queue leaves in its green as fast as it discharges, and nobody in another's")
  func queue() {
    let greens: [Int?] = Array(repeating: 0, count: 8) + Array(repeating: 2, count: 12)
    #expect(crossings(greens, estimate()) == [50, 30, 0, 0])
  }

  @Test(
    "A green that begins loses its first two seconds; whoever joins behind leaves when he comes")
  func beginning() {
    let greens: [Int?] = [nil, nil, nil, nil, nil] + Array(repeating: 0, count: 20)
    // One joins each 4 s: 11.25 stand when the green begins, and all have left in the last interval.
    #expect(crossings(greens, estimate(flow: 900)) == [0, 30, 50, 50, 33])
  }

  @Test("What is told ends with what is decided; an interval that it covers in part counts as one")
  func end() {
    #expect(crossings([], estimate()) == nil)
    #expect(crossings([0, 0, 0, 0, 0, 0], estimate()) == [50, 10])
    #expect(crossings(Array(repeating: 0, count: 500), estimate())?.count == 24)
  }

  @Test("A lane group that no camera sees tells nothing")
  func blind() {
    #expect(estimate(trust: 0).releases(of: junction, during: [0, 0], from: now).isEmpty)
  }

  @Test("Cameras of one lane group share its release by their lanes")
  func lanes() {
    let two = Intersection(
      id: "J001", name: "two cameras", timeZoneMinutes: 0, approaches: junction.approaches,
      signalGroups: junction.signalGroups, laneGroups: junction.laneGroups, crossings: [],
      stages: junction.stages, changes: junction.changes,
      detectors: [
        Detector(id: "one", laneGroup: 0, lanes: 1, view: 80),
        Detector(id: "three", laneGroup: 0, lanes: 3, view: 80),
      ], limits: junction.limits, plans: junction.plans, schedule: junction.schedule,
      control: junction.control)
    let releases = estimate().releases(
      of: two, during: Array(repeating: 0, count: 5), from: now)
    #expect(releases.map(\.detector) == ["one", "three"])
    #expect(releases.map(\.crossings) == [[13], [38]])
  }
}

@Suite("What stop lines upstream are about to let go is expected here")
struct ExpectedReleaseTests {
  let junction = Sample.fourArm()

  /// After two minutes in which a camera upstream saw a vehicle each 4 s.
  private func estimator(roads: [Double] = [20]) -> DemandEstimator {
    var estimator = DemandEstimator(
      for: junction,
      inboundDetectors: roads.enumerated().map {
        InboundDetector(detector: "up\($0)", laneGroup: 0, share: 0.5, travelTime: $1)
      })
    for second in 1...120 {
      advance(&estimator, to: second, count: second % 4 == 0 ? 1 : 0)
    }
    return estimator
  }

  private func advance(
    _ estimator: inout DemandEstimator, to second: Int, count: Double = 0,
    _ releases: [ComingRelease] = []
  ) {
    let now = Sample.moment(Double(second))
    let record = CountRecord(
      detector: "up0", start: now.utc.advanced(bySeconds: -1), end: now.utc,
      count: VehicleCount(total: count))
    estimator.advance(with: [record], releases: releases, to: now, stage: nil)
  }

  private func release(
    _ crossings: [UInt8], of road: Int = 0, at second: Double = 121
  ) -> ComingRelease {
    ComingRelease(detector: "up\(road)", start: Sample.moment(second).utc, crossings: crossings)
  }

  private func coming(_ estimator: DemandEstimator, at second: Int) -> LaneGroupEstimate {
    estimator.estimate(at: Sample.moment(Double(second))).laneGroups[0]
  }

  @Test("It arrives behind those who have left, by its share, a travel time later")
  func arrives() {
    var estimator = estimator()
    advance(&estimator, to: 121, [release([100, 0, 0, 40])])
    let estimate = coming(estimator, at: 121)
    #expect(estimate.inbound.count == 20)
    let rest = (estimate.coming ?? []).min() ?? 0
    #expect((estimate.coming ?? []).map { (($0 - rest) * 1000).rounded() } == [1000, 0, 0, 400])
    #expect(estimate.arrivals(in: 22) == estimate.coming?[0])
    #expect(estimate.arrivals(in: 39) == estimate.coming?[3])
    #expect(estimate.arrivals(in: 40) == estimate.flow / 3600)
  }

  @Test(
    "It comes nearer as time passes, ends when it has all left, and gives way to what is told anew")
  func passes() {
    var estimator = estimator()
    advance(&estimator, to: 121, [release([0, 0, 100])])
    for second in 122...126 { advance(&estimator, to: second) }
    let near = coming(estimator, at: 126).coming
    #expect(near?.count == 2)
    #expect((near?[1] ?? 0) - (near?[0] ?? 0) > 0.99)
    for second in 127...136 { advance(&estimator, to: second) }
    #expect(coming(estimator, at: 136).coming == nil)
    advance(&estimator, to: 137, [release([10], at: 137)])
    #expect(coming(estimator, at: 137).coming?.count == 1)
  }

  @Test("Behind what is known of every road, the flow stands for arrivals")
  func roads() {
    var estimator = estimator(roads: [20, 30])
    advance(&estimator, to: 121, [release([100, 100, 100, 100])])
    // Of the second road nothing is told: who has passed there is known for half a minute.
    #expect(coming(estimator, at: 121).coming?.count == 2)
    advance(&estimator, to: 122, [release([0, 0], of: 1, at: 122)])
    #expect(coming(estimator, at: 122).coming?.count == 4)
    let alone = DemandEstimator(for: junction)
    #expect(coming(alone, at: 0).coming == nil)
  }

  @Test(
    "What was told by another clock, or of long ago, is no forecast", arguments: [122.0, 1, -1e9])
  func clock(start: Double) {
    var estimator = estimator()
    advance(&estimator, to: 121, [release([100, 100], at: start)])
    #expect(coming(estimator, at: 121).coming == nil)
  }

  @Test("Where stop lines upstream send more than ever arrives, fewer are expected")
  func sharesTooHigh() {
    var estimator = estimator()
    for second in 121...720 {
      let now = Sample.moment(Double(second))
      let records = [(junction.detectors[0].id, 10), ("up0", 2)].map { detector, period in
        CountRecord(
          detector: detector, start: now.utc.advanced(bySeconds: -1), end: now.utc,
          count: VehicleCount(total: second % period == 0 ? 1 : 0), inView: 0, queue: 0)
      }
      let releases = second == 720 ? [release([100], at: 720)] : []
      estimator.advance(with: records, releases: releases, to: now, stage: nil)
    }
    // A vehicle each 4 s by the site file's shares, each 10 s in truth.
    let most = coming(estimator, at: 720).coming?[0] ?? 0
    #expect(abs(most - 0.4) < 0.05)
  }
}
