import Counts
import Demand
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
