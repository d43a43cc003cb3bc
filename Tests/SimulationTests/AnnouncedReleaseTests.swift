import Control
import Counts
import Demand
import Junctions
import Locking
import Signals
import Simulation
import Support
import Testing

@Suite("Junctions tell those downstream what they are about to let go")
struct AnnouncedReleaseTests {
  /// What J002, which N.T of J001 leads to, is told in ten minutes, and what J001 decides: a vehicle comes each 4 s
  /// on every lane group.
  private func run(_ pace: Pace) -> (told: [ComingRelease], decisions: [Decision]) {
    let sites = [Sample.fourArm(pace: pace), Self.fed(pace)]
    let start = Sample.moment(0)
    let heard = Guarded((told: [ComingRelease](), decisions: [Decision]()))
    var junctions = ControlledJunctions(sites, isControlled: true, at: start) { news in
      guard case .decision(let decision, let input) = news.what else { return }
      heard.withLock {
        if news.junction == "J001" {
          $0.decisions.append(decision)
        } else {
          $0.told += input.releases
        }
      }
    }
    for second in 1...600 {
      let now = start.advanced(bySeconds: Double(second))
      junctions.advance(to: now)
      junctions.receive(
        sites.flatMap(\.detectors).enumerated().map { position, detector in
          let waiting = Double((second / 3 + position) % 5)
          return CountRecord(
            detector: detector.id, start: now.utc.advanced(bySeconds: -1), end: now.utc,
            count: VehicleCount(total: (second + position) % 4 == 0 ? 1 : 0), inView: waiting,
            queue: waiting)
        })
      junctions.tick { _, _ in }
    }
    return heard.withLock { $0 }
  }

  private static func fed(_ pace: Pace) -> Intersection {
    let site = Sample.fourArm(id: "J002", pace: pace)
    let link = UpstreamLink(intersection: "J001", laneGroup: "N.T", share: 1, travelTime: 20)
    return Intersection(
      id: site.id, name: site.name, timeZoneMinutes: 480, approaches: site.approaches,
      signalGroups: site.signalGroups,
      laneGroups: site.laneGroups.map {
        LaneGroup(
          name: $0.name, approach: $0.approach, lanes: $0.lanes, length: $0.length,
          saturationFlow: $0.saturationFlow, movements: $0.movements,
          upstream: $0.name == "S.T" ? [link] : [])
      }, crossings: site.crossings, stages: site.stages, changes: site.changes,
      detectors: site.detectors, limits: site.limits, plans: site.plans, schedule: site.schedule,
      control: site.control)
  }

  @Test("At pace stage each order tells it, of the stop lines that lead there alone")
  func stage() throws {
    let (told, decisions) = run(.stage)
    let orders = decisions.filter { $0.order != nil }
    #expect(orders.count > 10)
    #expect(orders.allSatisfy { $0.releases.count == 8 })
    #expect(told.map(\.detector) == Array(repeating: "J001.N.T", count: orders.count))
    #expect(told.map(\.start) == orders.map(\.at.utc))
    // N.T is green in stage A alone: it leaves in some of the intervals, and in some releases not at all.
    #expect(told.contains { $0.crossings.contains { $0 > 0 } })
    #expect(told.contains { $0.crossings.allSatisfy { $0 == 0 } })
    #expect(decisions.allSatisfy { $0.order != nil || $0.releases.isEmpty })
  }

  @Test("At pace second, where the running green is open, nothing is told")
  func second() {
    let (told, decisions) = run(.second)
    #expect(told.isEmpty && decisions.contains { $0.order != nil })
  }
}
