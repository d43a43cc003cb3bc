import Signals
import Support
import Testing

@testable import Control

@Suite("The degrade ladder")
struct DegradeLadderTests {
  @Test("A junction starts at the bottom and climbs after it has been well for a while")
  func starts() {
    var ladder = DegradeLadder()
    #expect(ladder.level == .local)
    ladder.move(to: .isolated, because: "well", at: seconds(0))
    #expect(ladder.level == .local)
    ladder.move(to: .isolated, because: "well", at: seconds(14))
    #expect(ladder.level == .local)
    ladder.move(to: .isolated, because: "well", at: seconds(15))
    #expect(ladder.level == .isolated)
    #expect(ladder.cause == "well")
  }

  @Test("It goes down at once, with the cause")
  func down() {
    var ladder = climbed()
    ladder.move(to: .timeOfDay, because: "blind", at: seconds(20))
    #expect(ladder.level == .timeOfDay)
    #expect(ladder.cause == "blind")
  }

  @Test("A link that comes and goes does not make control come and go")
  func flapping() {
    var ladder = climbed()
    for second in 20..<100 {
      let isDown = second % 10 == 0
      ladder.move(
        to: isDown ? .local : .isolated, because: isDown ? "lost" : "well",
        at: seconds(Double(second)))
      #expect(ladder.level == .local)
    }
  }

  @Test("It tells since when it has stood on a rung, whatever becomes of the cause")
  func since() {
    var ladder = climbed()
    #expect(ladder.since == seconds(15).utc)
    ladder.move(to: .onHistory, because: "one camera", at: seconds(20))
    ladder.move(to: .onHistory, because: "two cameras", at: seconds(30))
    #expect(ladder.since == seconds(20).utc)
    #expect(ladder.cause == "two cameras")
  }

  private func climbed() -> DegradeLadder {
    var ladder = DegradeLadder()
    ladder.move(to: .isolated, because: "well", at: seconds(0))
    ladder.move(to: .isolated, because: "well", at: seconds(DegradeLadder.patience))
    return ladder
  }
}

@Suite("What an image allows")
struct SituationTests {
  let junction = Sample.fourArm()

  @Test("Fresh counts and a willing cabinet: isolated adaptive")
  func well() {
    #expect(situation(.sample()).level == .isolated)
  }

  @Test("Without a fresh report nothing is sent")
  func noReport() {
    #expect(situation(nil).level == .local)
    #expect(situation(.sample(), age: 4).level == .local)
    #expect(situation(.sample(), age: 3).level == .isolated)
  }

  @Test(
    "A person at the cabinet, a flash or a priority vehicle is never fought",
    arguments: [ControlSource.manual, .flash, .preempt])
  func otherSource(source: ControlSource) {
    let found = situation(.sample(source: source))
    #expect(found.level == .local)
    #expect(found.cause == "the cabinet is under \(source) control")
  }

  @Test("A cabinet whose limits are unknown or that reports critical faults gets nothing")
  func unfit() {
    #expect(situation(.sample(), knowsLimits: false).level == .local)
    #expect(situation(.sample(criticalFaults: 2)).cause == "critical fault bits 2")
  }

  @Test(
    "Blind lane groups are put on history; when most are blind, optimisation stops",
    arguments: [
      (0.0, DegradeLevel.isolated), (0.1, .onHistory), (0.5, .onHistory), (0.6, .timeOfDay),
    ])
  func blind(share: Double, level: DegradeLevel) {
    #expect(situation(.sample(), blind: share).level == level)
  }

  @Test("The cause names the detectors that failed")
  func failed() {
    let image = ProcessImage(
      at: Sample.moment(0), records: [], report: .sample(), junction: junction)
    let words = "1 of 12 detectors on history: J001.N.T no record"
    let one = image.situation(blindShare: 0, failed: words)
    #expect(one.level == .onHistory && one.cause == words)
    let most = image.situation(blindShare: 0.75, failed: words)
    #expect(most.level == .timeOfDay)
    #expect(most.cause == "75 % of the lane groups without counts: \(words)")
  }

  private func situation(
    _ report: CabinetReport?, age: Double = 0, knowsLimits: Bool = true, blind: Double = 0
  ) -> Situation {
    ProcessImage(
      at: Sample.moment(age), records: [], report: report,
      junction: knowsLimits ? junction : nil
    ).situation(blindShare: blind)
  }
}

private func seconds(_ seconds: Double) -> Moment { Sample.moment(seconds) }
