import Counts
import Demand
import FoundationEssentials
import Signals
import Support
import Testing

@Suite("Discharge as cameras see it")
struct MeasuredDischargeTests {
  /// The four-arm junction in whose stage A the left turns go too, and give way.
  let junction = Sample.fourArm().letting([1, 5], goIn: 0)

  /// N.L: stage A shows it permissive, stage B protected.
  private let laneGroup = 1
  private let permissive = 0
  private let protected = 1

  private func moment(_ second: Double) -> Moment {
    Moment(
      monotonic: Instant(milliseconds: Int64(second * 1000)), utc: UTC(seconds: 1000 + second))
  }

  /// Rounds of 10 s of red and 20 s of green of `stage`, in which `passed` vehicles cross N.L's
  /// stop line in each second from the third of green on, out of a queue of `queue`.
  private func seen(
    rounds: Int, stage: Int, passed: Double, queue: Double, interval: Int = 1
  ) -> DemandEstimator {
    var estimator = DemandEstimator(for: junction)
    let detector = junction.detectors[laneGroup].id
    var left = 0.0
    var crossed = 0.0
    for second in 0..<(rounds * 30) {
      let inRound = second % 30
      if inRound == 10 { left = queue }
      if inRound >= 12 {
        let going = min(passed, left)
        left -= going
        crossed += going
      }
      let end = second + 1
      guard end % interval == 0 else {
        estimator.advance(with: [], to: moment(Double(end)), stage: inRound >= 10 ? stage : nil)
        continue
      }
      let record = CountRecord(
        detector: detector, start: moment(Double(end - interval)).utc, end: moment(Double(end)).utc,
        count: VehicleCount(total: crossed), inView: inRound < 10 ? queue : left,
        queue: inRound < 10 ? queue : left)
      crossed = 0
      estimator.advance(
        with: [record], to: moment(Double(end)), stage: inRound >= 10 ? stage : nil)
    }
    return estimator
  }

  private func rate(_ estimator: DemandEstimator, at second: Double, stage: Int) -> Double {
    estimator.estimate(at: moment(second)).discharge[stage][laneGroup]
  }

  private var said: Double {
    DemandEstimator(for: junction).estimate(at: moment(0)).discharge[permissive][laneGroup]
  }

  @Test("Before anything is seen the rate is what the site file says, and none in red")
  func prior() {
    let discharge = DemandEstimator(for: junction).estimate(at: moment(0)).discharge
    #expect(discharge.count == junction.stages.count)
    #expect(discharge[protected][laneGroup] == 1550.0 / 3600)
    #expect(said > 0.2 && said < 1550.0 / 3600)
    #expect(discharge[2][laneGroup] == 0 && discharge[3][laneGroup] == 0)
  }

  @Test("A queue that leaves at half the rate pulls the estimate towards half", arguments: [1, 5])
  func slower(interval: Int) {
    let estimator = seen(
      rounds: 20, stage: permissive, passed: said / 2, queue: 60, interval: interval)
    #expect(abs(rate(estimator, at: 600, stage: permissive) - said / 2) < 0.12 * said)
  }

  @Test("Green after the queue has gone says nothing of the rate")
  func freeFlow() {
    let estimator = seen(rounds: 20, stage: permissive, passed: said, queue: 3)
    #expect(rate(estimator, at: 600, stage: permissive) > 0.85 * said)
  }

  @Test("Where all have right of way, the surveyed saturation flow holds")
  func rightOfWay() {
    let estimator = seen(rounds: 20, stage: protected, passed: said / 4, queue: 60)
    #expect(rate(estimator, at: 600, stage: protected) == 1550.0 / 3600)
  }

  @Test("What was seen is forgotten in time")
  func forgotten() {
    let estimator = seen(rounds: 20, stage: permissive, passed: said / 4, queue: 60)
    #expect(rate(estimator, at: 600, stage: permissive) < 0.5 * said)
    #expect(rate(estimator, at: 600 + 9000, stage: permissive) > 0.95 * said)
  }
}

@Suite("Discharge while stages change")
struct MeasuredChangesTests {
  /// N.L (1) gives way in stage A (0), has right of way in B (1) and waits in C (2).
  let junction = Sample.fourArm(pace: .stage).letting([1, 5], goIn: 0)

  private let laneGroup = 1

  /// Rounds of 20 s of green of `from`, 5 s of change, 20 s of green of `to`, in which a queue of `queue` stands at
  /// N.L's stop line, of which a vehicle crosses in five seconds of the first green, and `passed` in each second of the
  /// change.
  private func seen(
    rounds: Int, from: Int, to: Int, passed: Double, queue: Double, at junction: Intersection
  ) -> DemandEstimate {
    var estimator = DemandEstimator(for: junction)
    var now = Sample.moment(0)
    var left = queue
    for second in 0..<(rounds * 45) {
      let inRound = second % 45
      let isChange = (20..<25).contains(inRound)
      if inRound == 0 { left = queue }
      let going = isChange ? passed : (2..<20).contains(inRound) ? 0.2 : 0
      let crossed = min(going, left)
      left -= crossed
      now = Sample.moment(Double(second + 1))
      let record = CountRecord(
        detector: junction.detectors[laneGroup].id, start: Sample.moment(Double(second)).utc,
        end: now.utc, count: VehicleCount(total: crossed), inView: left, queue: left)
      estimator.advance(
        with: [record], to: now, stage: isChange ? nil : inRound < 20 ? from : to)
    }
    return estimator.estimate(at: now)
  }

  @Test("Who goes in the yellow and just after it is counted on, the more the oftener it was seen")
  func faster() throws {
    var last = 0.0
    for rounds in [1, 5, 20] {
      let demand = seen(rounds: rounds, from: 0, to: 1, passed: 0.5, queue: 20, at: junction)
      let change = try #require(demand.changes?.first)
      #expect((change.from, change.to, change.laneGroup) == (0, 1, laneGroup))
      #expect(change.rate > last && change.rate < 0.5)
      last = change.rate
    }
    #expect(last > 0.36)
  }

  @Test("Nobody goes though many stand: nor is he counted on")
  func slower() throws {
    let demand = seen(rounds: 20, from: 0, to: 1, passed: 0, queue: 20, at: junction)
    let lesser = min(demand.discharge[0][laneGroup], demand.discharge[1][laneGroup])
    #expect(try #require(demand.changes?.first).rate < lesser / 3)
  }

  @Test(
    "Nothing is learned without a queue, from a change to red, or where nobody gives way",
    arguments: [(0, 1, 0.5), (0, 2, 20), (3, 1, 20), (1, 1, 20)])
  func nothing(from: Int, to: Int, queue: Double) {
    #expect(
      seen(rounds: 3, from: from, to: to, passed: 0.5, queue: queue, at: junction).changes == nil)
  }

  @Test("It is told where greens are announced ahead, at pace stage")
  func pace() {
    for pace in [Pace.cycle, .second] {
      let junction = Sample.fourArm(pace: pace).letting([1, 5], goIn: 0)
      #expect(
        seen(rounds: 3, from: 0, to: 1, passed: 0.5, queue: 20, at: junction).changes == nil)
    }
  }

  @Test("Kept and read again it is the same")
  func kept() throws {
    let demand = seen(rounds: 3, from: 0, to: 1, passed: 0.5, queue: 20, at: junction)
    let again = try JSONDecoder().decode(DemandEstimate.self, from: JSONEncoder().encode(demand))
    #expect(again == demand)
  }
}

extension Intersection {
  /// The same junction with signal groups permissive in a stage too.
  fileprivate func letting(_ groups: [Int], goIn place: Int) -> Intersection {
    let changed = stages.enumerated().map { position, stage in
      guard position == place else { return stage }
      return Stage(
        name: stage.name, green: stage.green, permissive: groups,
        minimumGreen: stage.minimumGreen, maximumGreen: stage.maximumGreen,
        pedestrian: stage.pedestrian, yellow: stage.yellow, allRed: stage.allRed)
    }
    return Intersection(
      id: id, name: name, timeZoneMinutes: timeZoneMinutes, approaches: approaches,
      signalGroups: signalGroups, laneGroups: laneGroups, crossings: crossings, stages: changed,
      changes: changes, detectors: detectors, limits: limits, plans: plans, schedule: schedule,
      control: control)
  }
}
