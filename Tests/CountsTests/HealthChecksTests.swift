import Signals
import Support
import Testing

@testable import Counts

@Suite("Each check by itself")
struct HealthChecksTests {
  private let now = Sample.moment(3600)

  private func context(
    isNight: Bool = false, usual: UsualFlow.Value? = nil, scale: Double = 1,
    limits: HealthLimits = HealthLimits()
  ) -> HealthContext {
    HealthContext(
      limits: limits, lanes: 1, capacity: 0.5, now: now, begin: Sample.moment(0).utc,
      isNight: isNight, usual: usual, scale: scale)
  }

  private func ago(_ seconds: Double) -> UTC { now.utc.advanced(bySeconds: -seconds) }

  @Test(
    "Nobody for a quarter of an hour by day, for an hour at night; only if sixteen should have come"
  )
  func zero() {
    let usual = UsualFlow.Value(flow: 60, deviation: 5)
    var watch = DetectorWatch()
    (watch.zeroSince, watch.awaited, watch.beside) = (ago(901), 17, 20)
    #expect(HealthChecks.zero(watch, context(usual: usual))?.grade == .fault)
    #expect(HealthChecks.zero(watch, context(isNight: true, usual: usual)) == nil)
    watch.zeroSince = ago(3601)
    #expect(HealthChecks.zero(watch, context(isNight: true, usual: usual))?.grade == .fault)
    watch.awaited = 15
    #expect(HealthChecks.zero(watch, context(usual: usual)) == nil)
  }

  @Test("An empty approach is a suspicion alone, an empty junction none")
  func approach() {
    var watch = DetectorWatch()
    (watch.zeroSince, watch.awaited, watch.elsewhere) = (ago(1800), 40, 100)
    #expect(HealthChecks.zero(watch, context())?.grade == .suspect)
    watch.elsewhere = 0
    #expect(HealthChecks.zero(watch, context()) == nil)
  }

  @Test("Occupancy, speed and count come to a vehicle of 2 to 20 m", arguments: [1.9, 2, 20, 20.1])
  func ratio(length: Double) {
    var watch = DetectorWatch()
    watch.quarter.passing = 40
    watch.quarter.passed = 40 * length
    let isRight = (2...20).contains(length)
    #expect((HealthChecks.ratio(watch, context()) == nil) == isRight)
    watch.quarter.passing = 19
    #expect(HealthChecks.ratio(watch, context()) == nil)
  }

  @Test("What crosses here fits what came off upstream, as it usually does")
  func balance() {
    var watch = DetectorWatch()
    (watch.quarter.seconds, watch.quarter.sent, watch.quarter.pcu) = (900, 200, 200)
    (watch.balance, watch.balances) = (1, 8)
    HealthChecks.noteBalance(&watch, context())
    #expect(HealthChecks.balance(watch, context()) == nil)
    watch.quarter.pcu = 80
    // Who is as usual has nothing to answer for, whatever a camera upstream counts.
    HealthChecks.noteBalance(&watch, context(usual: UsualFlow.Value(flow: 320, deviation: 20)))
    #expect(HealthChecks.balance(watch, context()) == nil)
    HealthChecks.noteBalance(&watch, context())
    #expect(HealthChecks.balance(watch, context())?.grade == .suspect)
    // Where only two fifths ever arrive, that is as it should be.
    watch.balance = 0.4
    for _ in 0..<4 { HealthChecks.noteBalance(&watch, context()) }
    #expect(HealthChecks.balance(watch, context()) == nil)
  }

  @Test("No road has such speeds, or vehicles where the zone is never occupied")
  func range() {
    var watch = DetectorWatch()
    watch.minute.fastest = 120
    #expect(HealthChecks.range(watch, context()) == nil)
    watch.minute.fastest = 121
    #expect(HealthChecks.range(watch, context())?.words == "speed of 121 km/h")
    watch = DetectorWatch()
    (watch.minute.seconds, watch.minute.watched, watch.minute.vehicles) = (60, 60, 3)
    #expect(HealthChecks.range(watch, context())?.grade == .suspect)
    watch.minute.occupied = 1
    #expect(HealthChecks.range(watch, context()) == nil)
  }

  @Test("A holiday is set against the whole junction, a camera that counts half is not")
  func profile() {
    let usual = UsualFlow.Value(flow: 600, deviation: 30)
    var watch = DetectorWatch()
    (watch.quarter.seconds, watch.quarter.pcu) = (900, 75)
    #expect(!HealthChecks.isOdd(watch, context(usual: usual, scale: 0.5)))
    #expect(HealthChecks.isOdd(watch, context(usual: usual)))
    watch.oddQuarters = 3
    #expect(HealthChecks.profile(watch, context(usual: usual)) == nil)
    watch.oddQuarters = 4
    #expect(HealthChecks.profile(watch, context(usual: usual))?.since == ago(3600))
  }

  @Test("Thresholds of the site file are the ones that count")
  func thresholds() {
    var limits = HealthLimits()
    limits.rangeSpeed = 80
    var watch = DetectorWatch()
    watch.minute.fastest = 90
    #expect(HealthChecks.range(watch, context()) == nil)
    #expect(HealthChecks.range(watch, context(limits: limits)) != nil)
  }
}
