import Counts
import Demand
import Signals
import Support
import Testing

@testable import Measures

@Suite("Time-space diagrams")
struct TimeSpaceTests {
  /// Greens of random length, one after the other.
  private func greens(_ random: inout SeededGenerator) -> [GreenTime] {
    var time = Double(Int.random(in: 0...40, using: &random))
    var greens: [GreenTime] = []
    while time < 1200 {
      let end = time + Double(Int.random(in: 5...50, using: &random))
      greens.append(GreenTime(begin: time, end: end))
      time = end + Double(Int.random(in: 5...50, using: &random))
    }
    return greens
  }

  @Test(
    "Within a band every vehicle at free flow meets green, outside none does", arguments: 1...20)
  func bands(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let stops = (0..<Int.random(in: 1...5, using: &random)).map { _ in greens(&random) }
    let times = stops.indices.map { Double($0) * 27 }
    let bands = TimeSpaceRoute.bands(stops, times, from: 100, until: 1000)
    for half in 200..<2000 {
      // Halfway between two whole seconds, at which greens begin and end.
      let start = Double(half) / 2 + 0.25
      let passes = zip(stops, times).allSatisfy { greens, travel in
        greens.contains { $0.begin <= start + travel && start + travel < $0.end }
      }
      #expect(bands.contains { $0.begin <= start && start < $0.end } == passes, "\(start)")
    }
  }

  private func fed(_ id: String, _ links: [String: UpstreamLink]) -> Intersection {
    let site = Sample.fourArm(id: id)
    return Intersection(
      id: site.id, name: site.name, timeZoneMinutes: site.timeZoneMinutes,
      approaches: site.approaches, signalGroups: site.signalGroups,
      laneGroups: site.laneGroups.map { group in
        LaneGroup(
          name: group.name, approach: group.approach, lanes: group.lanes, length: group.length,
          saturationFlow: group.saturationFlow, movements: group.movements, weight: group.weight,
          upstream: links[group.name].map { [$0] } ?? [])
      }, crossings: site.crossings, stages: site.stages, changes: site.changes,
      detectors: site.detectors, limits: site.limits, plans: site.plans, schedule: site.schedule,
      control: site.control)
  }

  private func link(_ junction: String, _ group: String, _ share: Double) -> UpstreamLink {
    UpstreamLink(intersection: junction, laneGroup: group, share: share, travelTime: 25)
  }

  /// A street of three, W to E and back.
  private var street: [Intersection] {
    [
      fed("J001", ["E.T": link("J002", "E.T", 0.7)]),
      fed(
        "J002",
        [
          "W.T": link("J001", "W.T", 0.8), "W.L": link("J001", "W.T", 0.2),
          "E.T": link("J003", "E.T", 0.7),
        ]),
      fed("J003", ["W.T": link("J002", "W.T", 0.8)]),
    ]
  }

  @Test("A road goes on where most vehicles do, in each direction by itself")
  func roads() {
    let none = street.map { $0.laneGroups.map { _ in 0.0 } }
    let names = routes(through: street, vehicles: none).map { road in
      road.map { "\(street[$0.junction].id) \(street[$0.junction].laneGroups[$0.laneGroup].name)" }
    }
    #expect(
      Set(names) == [
        ["J001 W.T", "J002 W.T", "J003 W.T"], ["J003 E.T", "J002 E.T", "J001 E.T"],
      ])
    #expect(routes(through: [street[0]], vehicles: [none[0]]).isEmpty)
    // A third street that sends a greater share of much fewer vehicles is no part of the road.
    let fork = [
      fed("J001", [:]), fed("J003", [:]),
      street[1].taking("W.T", also: link("J003", "S.L", 0.9)),
    ]
    let some = fork.map { $0.laneGroups.map { $0.name == "S.L" ? 100.0 : 500 } }
    #expect(routes(through: fork, vehicles: some).contains { $0[0].junction == 0 })
    #expect(routes(through: fork, vehicles: none).contains { $0[0].junction == 1 })
  }

  /// Half a minute of green for stage A in each minute, later by `shift` seconds; nothing is known of seconds
  /// in `hole`.
  private func tally(_ site: Intersection, shift: Int, hole: Range<Int>) -> DayTally {
    var tally = DayTally(of: site, midnight: Sample.moment(-8 * 3600).utc)
    let estimator = DemandEstimator(for: site)
    for second in 0..<3600 where !hole.contains(second) {
      let at = Sample.moment(Double(second))
      let inCycle = (second - shift + 60) % 60
      tally.pass(
        DayTick(
          at: at, number: Int64(second),
          report: .sample(
            at: Double(second), subState: inCycle < 30 ? .green : .allRed,
            timeInState: .seconds(inCycle % 30), of: site),
          junction: site, demand: estimator.estimate(at: at)))
    }
    return tally
  }

  private func diagrams(hole: Range<Int> = 0..<0) -> [TimeSpaceRoute] {
    // Stage A serves north and south: a road from north to south.
    let sites = [fed("J001", [:]), fed("J002", ["N.T": link("J001", "N.T", 0.9)])]
    let tallies = [tally(sites[0], shift: 0, hole: 0..<0), tally(sites[1], shift: 10, hole: hole)]
    return TimeSpaceRoute.all(tallies, from: 8 * 3600 + 600)
  }

  @Test("Greens are the recorded ones; 15 s of them are in step where they come 15 s too early")
  func measured() throws {
    let road = try #require(diagrams().first)
    #expect(road.missing == nil && road.until - road.from == 925)
    #expect(road.stops.map(\.junction) == ["J001", "J002"])
    let speed = Sample.fourArm().approaches[0].speed
    #expect(abs(road.stops[1].distance - 25 * speed) < 0.1)
    #expect(road.stops[0].greens[0] == [29_400, 29_430])
    #expect(road.stops[1].greens.contains([29_410, 29_440]))
    // Who leaves from 0 to 30 arrives from 25 to 55 of the cycle, and 10 to 40 is green.
    #expect(road.bands[0] == [29_400, 29_415])
    #expect(road.efficiency == 0.25)
  }

  @Test("A road of which a signal was not known for a while is not drawn, and says why")
  func hole() throws {
    let road = try #require(diagrams(hole: 900..<930).first)
    #expect(road.missing == .notRecorded && road.efficiency == nil && road.bands == [])
    #expect(diagrams(hole: 3000..<3100).first?.missing == nil)
  }
}

extension Intersection {
  /// The same junction one of whose lane groups is fed from elsewhere too.
  fileprivate func taking(_ name: String, also link: UpstreamLink) -> Intersection {
    Intersection(
      id: id, name: self.name, timeZoneMinutes: timeZoneMinutes, approaches: approaches,
      signalGroups: signalGroups,
      laneGroups: laneGroups.map { group in
        LaneGroup(
          name: group.name, approach: group.approach, lanes: group.lanes, length: group.length,
          saturationFlow: group.saturationFlow, movements: group.movements, weight: group.weight,
          upstream: group.upstream + (group.name == name ? [link] : []))
      }, crossings: crossings, stages: stages, changes: changes, detectors: detectors,
      limits: limits, plans: plans, schedule: schedule, control: control)
  }
}
