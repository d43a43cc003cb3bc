import Counts
import Demand
import Signals
import Support
import Testing

@Suite("Saturation flow as greens show it")
struct LearnedSaturationTests {
  /// Its first lane group: 2 lanes of 1650 pcu/h, green in stage 0.
  let junction = Sample.fourArm()
  private let surveyed = 3300.0

  /// What a camera makes of a second: who crossed, who stands, and what it says of itself.
  private struct Seen {
    var crossed: Double
    var standing: Double
    var status = CountQuality.Status.ok
  }

  /// Rounds of 40 s of red and 40 s of green of stage 0, as `camera` sees them: it is told the second of the
  /// green (below zero: of red) and the round.
  private func after(rounds: Int, _ camera: (Int, Int) -> Seen) -> (DemandEstimator, Moment) {
    var estimator = DemandEstimator(for: junction)
    var now = Sample.moment(0)
    for second in 0..<(rounds * 80) {
      now = Sample.moment(Double(second + 1))
      let inGreen = second % 80 - 40
      let seen = camera(inGreen, second / 80)
      let record = CountRecord(
        detector: junction.detectors[0].id, start: now.utc.advanced(bySeconds: -1), end: now.utc,
        count: VehicleCount(total: seen.crossed), inView: max(22, seen.standing),
        queue: seen.standing, quality: CountQuality(status: seen.status))
      estimator.advance(with: [record], to: now, stage: inGreen >= 0 ? 0 : nil)
    }
    return (estimator, now)
  }

  /// Sixty vehicles stand when green begins; from its third second on they leave at `rate` pcu/h.
  private func queue(leavingAt rate: Double, _ second: Int) -> Seen {
    guard second >= 0 else { return Seen(crossed: 0, standing: 60) }
    let gone = { (second: Int) in (Double(max(0, second - 1)) * rate / 3600).rounded(.down) }
    return Seen(crossed: gone(second) - gone(second - 1), standing: 60 - gone(second))
  }

  private func learned(_ estimator: DemandEstimator, at now: Moment) -> Double {
    estimator.estimate(at: now).discharge[0][0] * 3600
  }

  @Test(
    "A road that lets others through than its site file says is learned, and told",
    arguments: [2600.0, 3900])
  func learns(rate: Double) throws {
    let (estimator, now) = after(rounds: 150) { second, _ in queue(leavingAt: rate, second) }
    #expect(abs(learned(estimator, at: now) - rate) < 0.05 * rate)
    let drift = try #require(estimator.driftedSaturation.first)
    #expect(drift.laneGroup == 0 && drift.surveyed == surveyed)
    #expect(abs(drift.learned - learned(estimator, at: now)) < 1e-6)
  }

  @Test("A few greens change little: a survey takes as many as fifteen")
  func slowly() {
    let (estimator, now) = after(rounds: 4) { second, _ in queue(leavingAt: 2600, second) }
    #expect(learned(estimator, at: now) > 0.93 * surveyed)
    #expect(estimator.driftedSaturation.isEmpty)
  }

  @Test("A road as surveyed stays so, and nothing is told of it")
  func asSurveyed() {
    let (estimator, now) = after(rounds: 100) { second, _ in queue(leavingAt: surveyed, second) }
    #expect(abs(learned(estimator, at: now) - surveyed) < 0.03 * surveyed)
    #expect(estimator.driftedSaturation.isEmpty)
  }

  @Test("Nothing beyond 1000 to 2000 pcu/h a lane is learned", arguments: [1500.0, 4600])
  func bounds(rate: Double) {
    let (estimator, now) = after(rounds: 100) { second, _ in queue(leavingAt: rate, second) }
    #expect(learned(estimator, at: now) == surveyed)
  }

  @Test("A way out that is blocked now and then teaches nothing of the road")
  func spillback() {
    // Every green it stands still for eight seconds in its middle.
    let (estimator, now) = after(rounds: 100) { second, _ in
      let running = second < 16 ? second : max(16, second - 8)
      return (16..<24).contains(second)
        ? Seen(crossed: 0, standing: queue(leavingAt: surveyed, 16).standing)
        : queue(leavingAt: surveyed, running)
    }
    #expect(learned(estimator, at: now) == surveyed)
    let (never, then) = after(rounds: 100) { second, _ in
      Seen(crossed: second == 10 ? 1 : 0, standing: 60)
    }
    #expect(learned(never, at: then) == surveyed)
  }

  @Test("Cameras that are stuck, frozen, or doubted by themselves teach nothing of the road")
  func spoiled() {
    for camera in [
      { _, _ in Seen(crossed: 0, standing: 60) },
      { _, _ in Seen(crossed: 1, standing: 60) },
      { second, _ in
        var seen = queue(leavingAt: 2600, second)
        seen.status = .suspect
        return seen
      },
    ] as [(Int, Int) -> Seen] {
      let (estimator, now) = after(rounds: 60, camera)
      #expect(abs(learned(estimator, at: now) - surveyed) < 0.04 * surveyed)
    }
  }

  @Test("Green after the queue has gone teaches nothing, however few drive through")
  func freeFlow() {
    let (estimator, now) = after(rounds: 100) { second, _ in
      guard second >= 0 else { return Seen(crossed: 0, standing: 6) }
      return Seen(crossed: second % 4 == 0 ? 1 : 0, standing: max(0, Double(6 - second)))
    }
    #expect(learned(estimator, at: now) == surveyed)
  }

  @Test(
    "A daemon that starts knows what the last one had learned, unless the road was surveyed anew")
  func adopted() {
    let (estimator, now) = after(rounds: 150) { second, _ in queue(leavingAt: 2600, second) }
    var next = DemandEstimator(for: junction)
    next.adoptUsual(of: estimator)
    #expect(learned(next, at: now) == learned(estimator, at: now))
    var surveyedAnew = DemandEstimator(for: junction.surveyed(at: 0.8))
    surveyedAnew.adoptUsual(of: estimator)
    #expect(learned(surveyedAnew, at: now) == 0.8 * surveyed)
  }
}
