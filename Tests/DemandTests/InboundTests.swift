import Counts
import Demand
import Signals
import Support
import Testing

@Suite("What stop lines upstream have let go arrives here")
struct InboundTests {
  let junction = Sample.fourArm()

  @Test("Vehicles counted upstream are expected after the travel time, by their share")
  func platoon() {
    var estimator = estimator()
    run(&estimator, seconds: 0...10) { second in second == 10 ? 4 : 0 }
    let estimate = estimator.estimate(at: Sample.moment(10)).laneGroups[0]
    let arrivals = (6..<30).map { estimate.arrivals(in: $0) }
    let rest = estimate.arrivals(in: 8)
    let peak = arrivals.indices.max { arrivals[$0] < arrivals[$1] }.map { $0 + 6 }
    #expect(peak == 19)
    #expect(abs((arrivals.max() ?? 0) - rest - 4 * 0.75) < 1e-9)
  }

  @Test("The platoon comes nearer as time passes, and is forgotten when it should be here")
  func nearer() {
    var estimator = estimator()
    run(&estimator, seconds: 0...10) { second in second == 10 ? 4 : 0 }
    run(&estimator, seconds: 11...18) { _ in 0 }
    let near = estimator.estimate(at: Sample.moment(18)).laneGroups[0]
    #expect(near.inbound[11] - near.inbound[5] > 2.9)
    run(&estimator, seconds: 19...40) { _ in 0 }
    let past = estimator.estimate(at: Sample.moment(40)).laneGroups[0]
    #expect((past.inbound.max() ?? 1) < 0.5)
  }

  @Test("Without upstream knowledge, and beyond what it tells, the flow stands for arrivals")
  func beyond() {
    var estimator = estimator()
    run(&estimator, seconds: 0...10) { _ in 1 }
    let estimate = estimator.estimate(at: Sample.moment(10)).laneGroups[0]
    #expect(estimate.arrivals(in: 60) == estimate.flow / 3600)
  }

  @Test("What several roads bring is told once: the flow seen here is no more on top of it")
  func severalRoads() {
    let estimate = fed(by: 4, everySeconds: 24, arrivals: 600)
    #expect(abs(estimate.inbound.reduce(0, +) - estimate.flow / 3600 * 20) < 1)
  }

  @Test("Where stop lines upstream send more than ever arrives, fewer are expected")
  func sharesTooHigh() {
    let estimate = fed(by: 4, everySeconds: 12, arrivals: 600)
    #expect(abs(estimate.inbound.reduce(0, +) - estimate.flow / 3600 * 20) < 1)
  }

  /// The first lane group after ten minutes in which each of `roads` brings a vehicle in so many seconds,
  /// and its own camera sees `arrivals` vehicles an hour come.
  private func fed(by roads: Int, everySeconds period: Int, arrivals: Int) -> LaneGroupEstimate {
    var estimator = DemandEstimator(
      for: junction,
      inboundDetectors: (0..<roads).map {
        InboundDetector(detector: "up\($0)", laneGroup: 0, share: 1, travelTime: 20)
      })
    for second in 0...600 {
      let now = Sample.moment(Double(second))
      func record(_ detector: String, _ count: Int) -> CountRecord {
        CountRecord(
          detector: detector, start: now.utc.advanced(bySeconds: -1), end: now.utc,
          count: VehicleCount(total: Double(count)), inView: 0, queue: 0)
      }
      let own = record(junction.detectors[0].id, second % (3600 / arrivals) == 0 ? 1 : 0)
      let told = (0..<roads).map {
        record("up\($0)", (second + $0 * period / roads) % period == 0 ? 1 : 0)
      }
      estimator.advance(with: [own] + told, to: now, stage: nil)
    }
    return estimator.estimate(at: Sample.moment(600)).laneGroups[0]
  }

  @Test(
    "A camera upstream that calls itself faulty tells nothing of who comes; one that doubts, half")
  func doubted() {
    for (status, part) in [(CountQuality.Status.ok, 1.0), (.suspect, 0.5), (.fault, 0)] {
      var estimator = estimator()
      run(&estimator, seconds: 0...10, status: status) { second in second == 10 ? 4 : 0 }
      let inbound = estimator.estimate(at: Sample.moment(10)).laneGroups[0].inbound
      #expect(
        abs((inbound.max() ?? 0) - (inbound.min() ?? 0) - part * 4 * 0.75) < 1e-9, "\(status)")
    }
  }

  @Test(
    "A frozen camera upstream is believed no more once chance cannot repeat its figures, until it moves"
  )
  func frozen() {
    var estimator = estimator()
    run(&estimator, seconds: 0...40) { _ in 2 }
    run(&estimator, seconds: 41...70) { _ in 2 }
    let inbound = estimator.estimate(at: Sample.moment(70)).laneGroups[0].inbound
    #expect((inbound.max() ?? 1) - (inbound.min() ?? 0) < 1e-9)
    run(&estimator, seconds: 71...150) { Double($0 % 2) }
    run(&estimator, seconds: 151...160) { second in second == 160 ? 4 : 0 }
    let again = estimator.estimate(at: Sample.moment(160)).laneGroups[0].inbound
    // Fewer than 4 × 0.75: what it told before is more than ever arrives.
    #expect((again.max() ?? 0) - (again.min() ?? 0) > 1)
  }

  @Test("Links to junctions that are not there, and lane groups without cameras, tell nothing")
  func links() {
    #expect(junction.inboundDetectors(among: []).isEmpty)
    let fed = fedFromJ002()
    #expect(fed.inboundDetectors(among: [junction]).isEmpty)
    let found = fed.inboundDetectors(among: [junction, Sample.fourArm(id: "J002")])
    #expect(
      found == [
        InboundDetector(detector: "J002.N.T", laneGroup: 0, share: 0.75, travelTime: 20)
      ])
  }

  private func estimator() -> DemandEstimator {
    DemandEstimator(
      for: junction,
      inboundDetectors: [
        InboundDetector(detector: "up", laneGroup: 0, share: 0.75, travelTime: 20)
      ])
  }

  private func run(
    _ estimator: inout DemandEstimator, seconds: ClosedRange<Int>,
    status: CountQuality.Status = .ok, count: (Int) -> Double
  ) {
    for second in seconds {
      let now = Sample.moment(Double(second))
      let record = CountRecord(
        detector: "up", start: now.utc.advanced(bySeconds: -1), end: now.utc,
        count: VehicleCount(total: count(second)), quality: CountQuality(status: status))
      estimator.advance(with: [record], to: now, stage: nil)
    }
  }

  private func fedFromJ002() -> Intersection {
    let link = UpstreamLink(
      intersection: "J002", laneGroup: "N.T", share: 0.75, travelTime: 20)
    let groups = junction.laneGroups.enumerated().map { position, group in
      LaneGroup(
        name: group.name, approach: group.approach, lanes: group.lanes, length: group.length,
        saturationFlow: group.saturationFlow, movements: group.movements,
        upstream: position == 0 ? [link] : [])
    }
    return Intersection(
      id: "J001", name: "fed", timeZoneMinutes: 0, approaches: junction.approaches,
      signalGroups: junction.signalGroups, laneGroups: groups, crossings: junction.crossings,
      stages: junction.stages, changes: junction.changes, detectors: junction.detectors,
      limits: junction.limits, plans: junction.plans, schedule: junction.schedule,
      control: junction.control)
  }
}
