import Control
import Junctions
import Signals
import Support
import Testing

@Suite("A green route at one junction, tick by tick")
struct RouteTests {
  private func route(_ stage: Int, from begin: Double, ready: Int, until end: Int) -> Override {
    Override(
      id: "1-1", action: .stage(stage), who: "wang", reason: "escort", begins: Sample.moment(begin),
      ready: Sample.moment(Double(ready)), ends: Sample.moment(Double(end)))
  }

  private func isGreen(_ stage: Int, _ street: Street) -> Bool {
    street.loop.report?.stage == stage && street.loop.report?.subState == .green
  }

  @Test(
    "has its stage green from the asked time on, wherever in the round that is, within every limit",
    arguments: Pace.allCases, [Sequence.fixed, .free])
  func inTime(pace: Pace, sequence: Sequence) {
    let site = Sample.fourArm(pace: pace, sequence: sequence)
    var warm = Street(site)
    warm.run(0..<260)
    // Times over more than a cycle of the time-of-day plan, each with another stage.
    for (number, ready) in stride(from: 620, to: 740, by: 15).enumerated() {
      var street = warm
      let stage = number % 4
      let begin = Double(ready) - 2 * site.limits.maximumCycle.seconds
      street.loop.override(by: [route(stage, from: begin, ready: ready, until: ready + 20)])
      street.run(260..<ready)
      var greens = 0
      for second in ready..<ready + 20 {
        street.tick(second, counting: true)
        greens += isGreen(stage, street) ? 1 : 0
      }
      #expect(greens == 20, "\(pace), \(sequence): stage \(stage) at \(ready)")
      street.run(ready + 20..<ready + 100)
      #expect(street.watch.faults == [])
      #expect((street.watch.longestReds.max() ?? 0) <= 1500)
    }
  }

  @Test(
    "is prepared for a while before, and until then control goes on",
    arguments: [Pace.second, .stage])
  func prepared(pace: Pace) {
    for ready in [520, 553, 586] {
      var street = Street(Sample.fourArm(pace: pace))
      street.run(0..<300)
      street.loop.override(by: [route(3, from: 300, ready: ready, until: ready + 30)])
      let told = street.decisions.count
      street.run(300..<ready - 10)
      let prepared = street.decisions[told...].count { $0.reason.text.contains("Override ") }
      #expect(prepared < (pace == .second ? 60 : 140), "\(prepared) s before \(ready)")
    }
  }

  @Test(
    "that is asked for too late is told from when on it can be green, and then it is",
    arguments: Pace.allCases)
  func late(pace: Pace) {
    var street = Street(Sample.fourArm(pace: pace))
    street.run(0..<300)
    var (told, late) = (0, 0)
    for (number, begin) in stride(from: 300, to: 1000, by: 19).enumerated() {
      street.run(begin..<begin + 19)
      let (now, stage) = (begin + 18, number % 4)
      let notice = 1 + number * 7 % 30
      var tried = street
      let moment = Sample.moment(Double(now))
      guard let soonest = tried.loop.soonestGreen(of: stage, in: Double(notice), at: moment)
      else { continue }
      told += 1
      late += Int(soonest) > notice ? 1 : 0
      tried.loop.override(by: [
        route(stage, from: Double(now), ready: now + notice, until: now + Int(soonest) + 30)
      ])
      tried.run(now + 1..<now + Int(soonest) + 2)
      let isThere = isGreen(stage, tried)
      #expect(
        isThere, "stage \(stage) at \(now), \(notice) s ahead: told \(soonest)")
      #expect(tried.watch.faults == [])
      #expect((tried.watch.longestReds.max() ?? 0) <= 1500)
    }
    #expect(told > 12)
    #expect(late > 6)
  }
}
