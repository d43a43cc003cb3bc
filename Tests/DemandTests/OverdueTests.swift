import Counts
import Demand
import Signals
import Support
import Testing

@Suite("The queue: who should have crossed by now")
struct OverdueTests {
  /// Its first lane group: 2 lanes, a view of 80 m, 5.8 s at free flow.
  let junction = Sample.fourArm()

  /// What one second's record of the first detector tells.
  private struct Second {
    var inView: Double
    var standing = 0.0
    var crossed = 0.0
  }

  private func estimate(
    after seconds: [Second], stage: Int? = nil
  ) -> LaneGroupEstimate {
    var estimator = DemandEstimator(for: junction)
    var now = Sample.moment(0)
    for (position, seen) in seconds.enumerated() {
      now = Sample.moment(Double(position + 1))
      let record = CountRecord(
        detector: junction.detectors[0].id, start: now.utc.advanced(bySeconds: -1), end: now.utc,
        count: VehicleCount(total: seen.crossed), inView: seen.inView, queue: seen.standing)
      estimator.advance(with: [record], to: now, stage: stage)
    }
    return estimator.estimate(at: now).laneGroups[0]
  }

  /// A vehicle comes into view, and one crosses, every other second, in turn: the same figures time and again
  /// would be a frozen camera's.
  private func everyOther(_ count: Int) -> [Second] {
    (0..<count).map { Second(inView: 3 - Double($0 % 2), crossed: Double($0 % 2)) }
  }

  @Test("Those who roll on in a queue that discharges are still in it")
  func discharging() {
    // Ten stood, all move now, three have crossed.
    var seconds = Array(repeating: Second(inView: 10, standing: 10), count: 10)
    for crossed in 1...3 {
      seconds.append(Second(inView: 10 - Double(crossed), standing: 0, crossed: 1))
    }
    let estimate = estimate(after: seconds, stage: 0)
    #expect(abs(estimate.queue - 7) < 0.01)
    #expect(estimate.approaching < 0.01)
  }

  @Test("Those who came into view a moment ago and move are not, as long as nothing holds them up")
  func moving() {
    let seconds =
      Array(repeating: Second(inView: 0), count: 10)
      + Array(repeating: Second(inView: 4), count: 3)
    let estimate = estimate(after: seconds)
    #expect(estimate.queue < 0.01)
    #expect(abs(estimate.approaching - 4) < 0.01)
  }

  @Test("A steady stream through green is no queue")
  func stream() {
    #expect(estimate(after: everyOther(60), stage: 0).queue < 0.5)
  }

  @Test("Whether they stand yet or not, all who came stand before red in the end")
  func red() {
    let seconds = (0..<30).map { Second(inView: min(8, Double($0) / 2)) }
    #expect(abs(estimate(after: seconds).queue - 8) < 0.01)
  }

  @Test("The queue and those who approach are all whom the camera sees", arguments: 1...30)
  func sum(seconds: Int) {
    var random = SeededGenerator(seed: UInt64(seconds))
    var inView = 0.0
    let seen = (0..<seconds).map { _ -> Second in
      let crossed = min(inView, (random.unit() * 2).rounded(.down))
      // The view holds 22.
      inView = min(15, inView - crossed + (random.unit() * 3).rounded(.down))
      return Second(inView: inView, standing: min(inView, 2), crossed: crossed)
    }
    let estimate = estimate(after: seen, stage: 0)
    #expect(estimate.queue >= 0 && estimate.approaching >= 0)
    #expect(abs(estimate.queue + estimate.approaching - inView) < 1.5)
  }

  /// Five minutes of a vehicle every other second, then a minute of red in which as many come: the view
  /// is full with 22 after 38 s, and 11 more stand behind it at the end.
  private var queueBeyond: [Second] {
    let red = (1...60).map { second -> Second in
      let inView = min(22, 3 + Double(second) / 2)
      return Second(inView: inView, standing: inView)
    }
    return everyOther(300) + red
  }

  /// The view stays full while one crosses in each second.
  private func full(_ seconds: Int) -> [Second] {
    (1...seconds).map { Second(inView: 22 - Double($0 % 2), standing: 10, crossed: 1) }
  }

  @Test("Behind a full view those are counted on who should have come; they come into view first")
  func hidden() {
    let before = estimate(after: queueBeyond)
    // 33 are there, of whom those of the last 6 s are not due yet.
    #expect(abs(before.queue - 30) < 3, "\(before.queue)")
    #expect(abs(before.flow - 1800) < 100, "\(before.flow)")
    let during = estimate(after: queueBeyond + full(16), stage: 0)
    #expect(abs(during.queue - 22) < 3, "\(during.queue)")
  }

  @Test("A queue on the move thins out: as long as it presses into view, more of it is behind")
  func thinning() {
    // Ten cross before the last of those in view moves off; then others come into view behind him.
    let head = (1...12).map { second -> Second in
      let crossed = Double(max(0, second - 2))
      return Second(
        inView: 22 - crossed, standing: 12 - Double(second), crossed: second > 2 ? 1 : 0)
    }
    let behind = (1...14).map { second -> Second in
      let thinned = 0.4 * Double(max(0, second - 4))
      return Second(inView: 12 - thinned, standing: Double(second % 2), crossed: 1)
    }
    #expect(estimate(after: queueBeyond + head + behind, stage: 0).queue > 14)
    // Nobody presses in any more: what is in view is all.
    let tail = (1...8).map { Second(inView: 8 - Double($0), crossed: 1) }
    #expect(estimate(after: queueBeyond + head + behind + tail, stage: 0).queue < 4)
  }

  @Test("What a queue lets into view is no flow: over queue and discharge it is those who came")
  func flow() {
    // As many come into view as cross until the last of those hidden has; then as many as before.
    let emptying = (1...38).map { second -> Second in
      Second(inView: max(3, 22 - Double(second) / 2), crossed: 1)
    }
    let estimate = estimate(after: queueBeyond + full(22) + emptying, stage: 0)
    #expect(abs(estimate.flow - 1800) < 150, "\(estimate.flow)")
  }

  @Test("Records longer than the way through the view: what the camera calls standing is the queue")
  func longIntervals() {
    var estimator = DemandEstimator(for: junction)
    var now = Sample.moment(0)
    for minute in 1...3 {
      now = Sample.moment(Double(minute) * 60)
      let record = CountRecord(
        detector: junction.detectors[0].id, start: now.utc.advanced(bySeconds: -60), end: now.utc,
        count: VehicleCount(total: 8), inView: 9, queue: 6)
      estimator.advance(with: [record], to: now, stage: nil)
    }
    let estimate = estimator.estimate(at: now).laneGroups[0]
    #expect(estimate.queue == 6 && estimate.approaching == 3)
  }
}

@Suite("Counts at the stop line alone")
struct StopLineTests {
  /// One detector that sees nobody before the stop line, at 2 lanes of 3300 pcu/h.
  let junction = Sample.fourArm().seen(by: [
    Detector(id: "J001.N.T", laneGroup: 0, lanes: 2, view: 0)
  ])

  /// 60 s of red and `green` seconds of green, each with so many who cross in each second of green.
  private func queue(green: Int, crossed: (Int) -> Double) -> Double {
    var estimator = DemandEstimator(for: junction)
    var now = Sample.moment(0)
    for second in 1...(60 + green) {
      now = Sample.moment(Double(second))
      let record = CountRecord(
        detector: "J001.N.T", start: now.utc.advanced(bySeconds: -1), end: now.utc,
        count: VehicleCount(total: second <= 60 ? 0 : crossed(second - 61)))
      estimator.advance(with: [record], to: now, stage: second <= 60 ? nil : 0)
    }
    return estimator.estimate(at: now).laneGroups[0].queue
  }

  @Test("Who comes in red waits, as many as usually come")
  func red() {
    // Nothing is known yet: 60 % of what the fixed plan gives.
    let queue = queue(green: 0) { _ in 0 }
    #expect(queue > 5 && queue < 12, "\(queue)")
  }

  @Test("Green in which hardly anybody crosses shows that nobody was waiting")
  func empty() {
    #expect(queue(green: 12) { $0 == 4 ? 1 : 0 } < 0.5)
  }

  @Test("The first seconds of green, in which no queue moves yet, show nothing")
  func startUp() {
    #expect(queue(green: 4) { _ in 0 } > 5)
  }

  @Test("A queue that discharges at the saturation flow stays until it has gone")
  func discharging() {
    let queue = queue(green: 8) { $0 < 3 ? 0 : 0.9 }
    #expect(queue > 1, "\(queue)")
  }
}
