import Counts
import Demand
import Signals
import Support
import Testing

@testable import Measures

/// An hour of a junction from 08:00 on whose stages are green in turn, half a minute of each minute.
private struct Hours {
  /// Vehicles that each camera counts in ten seconds, and how many stand before each stop line.
  var vehicles = 1.0
  var standing = 0.0
  var regime: Regime? = .adaptive
  /// Cameras that say nothing.
  var silent: [String] = []
  /// Who sets the signals in second `second`.
  var source: (_ second: Int) -> ControlSource = { _ in .central }

  func tally(of site: Intersection = Sample.fourArm()) -> DayTally {
    var tally = DayTally(of: site, midnight: Sample.moment(-8 * 3600).utc)
    let discharge = DemandEstimator(for: site).estimate(at: Sample.moment(0)).discharge
    // What control thinks of queues is given, so that the sums can be told beforehand.
    let demand = DemandEstimate(
      laneGroups: site.laneGroups.indices.map { group in
        LaneGroupEstimate(
          queue: standing, approaching: 0, viewTime: 0, flow: 0,
          trust: site.detectors.contains { $0.laneGroup == group && !silent.contains($0.id) }
            ? 1 : 0)
      }, discharge: discharge)
    for second in 0..<3600 {
      let at = Sample.moment(Double(second))
      if second % 10 == 0 {
        for record in records(at, of: site) { tally.note(record) }
      }
      let report = CabinetReport.sample(
        at: Double(second), source: source(second), stage: second / 60 % site.stages.count,
        subState: second % 60 < 30 ? .green : .allRed, timeInState: .seconds(second % 30),
        of: site)
      tally.pass(
        DayTick(
          at: at, number: Int64(second), report: report, junction: site, demand: demand,
          regime: regime))
    }
    return tally
  }

  private func records(_ at: Moment, of site: Intersection) -> [CountRecord] {
    site.detectors.filter { !silent.contains($0.id) }.map { detector in
      CountRecord(
        detector: detector.id, start: at.utc.advanced(bySeconds: -10), end: at.utc,
        count: VehicleCount(total: vehicles), inView: standing, queue: standing)
    }
  }
}

@Suite("A day as it is compared with others")
struct JunctionDayTests {
  @Test("Values are those of the page where all was measured on both days")
  func agreement() throws {
    let tally = Hours(standing: 4).tally()
    let measures = tally.measures()
    let day = tally.compared()
    func value(_ measure: ComparedMeasure) -> Double? {
      JunctionDay.values(of: measure, on: [day], and: [day])?.one
    }
    let groups = measures.laneGroups.filter { $0.delay.day != nil }
    #expect(groups.count == 8)
    let flow = groups.compactMap(\.vehicles.day).reduce(0, +)
    #expect(abs(try #require(value(.vehicles)) - flow) < 0.01)
    // The mean over vehicles of what each lane group has.
    let spent = groups.reduce(0) { $0 + ($1.delay.day ?? 0) * ($1.vehicles.day ?? 0) }
    #expect(abs(try #require(value(.delay)) - spent / flow) < 0.01)
    #expect(value(.interventions) == 0)
    #expect(day.adaptive == measures.control.adaptive.day && day.fixed == 0)
  }

  @Test("What one of the days lacks is left out of both")
  func common() throws {
    let site = Sample.fourArm()
    let whole = Hours(standing: 4).tally()
    let names = site.detectors.filter { $0.laneGroup != 0 }.map(\.id)
    let alone = Hours(standing: 4, silent: names).tally().compared()
    let values = try #require(
      JunctionDay.values(of: .delay, on: [whole.compared()], and: [alone]))
    #expect(values.one == values.other)
    let first = try #require(whole.measures().laneGroups[0].delay.day)
    #expect(abs(values.one - first) < 0.01)
    let none = Hours(silent: site.detectors.map(\.id)).tally().compared()
    #expect(JunctionDay.values(of: .delay, on: [whole.compared()], and: [none]) == nil)
  }

  @Test("Interventions are those of the peak hours; time by hand belongs to neither regime")
  func manual() throws {
    let day = Hours(regime: .fixed, source: { $0 / 600 % 2 == 1 ? .manual : .timeOfDay }).tally()
    #expect(day.peakHours == [8])
    let compared = day.compared()
    let values = JunctionDay.values(of: .interventions, on: [compared], and: [compared])
    #expect(values?.one == 3)
    let byHand = JunctionDay.values(of: .byHand, on: [compared], and: [compared])
    #expect(byHand?.one == 1800)
  }
}

@Suite("Arms of a junction")
struct ApproachTests {
  @Test(
    "An arm's saturation is its lane groups', weighted by vehicles; its level goes by delay alone")
  func weighted() throws {
    let site = Sample.fourArm()
    let measures = Hours(vehicles: 3, standing: 4).tally().measures()
    for approach in measures.approaches {
      let groups = measures.laneGroups.filter { $0.approach == approach.name }
      var (sum, vehicles) = (0.0, 0.0)
      for group in groups {
        guard let degree = group.saturation.hours[8], let flow = group.vehicles.hours[8] else {
          continue
        }
        sum += degree * flow
        vehicles += flow
      }
      // Only arms with green for every lane group can be told.
      let whole = groups.allSatisfy { $0.saturation.hours[8] != nil }
      #expect((approach.saturation.hours[8] != nil) == whole)
      if whole, let degree = approach.saturation.hours[8] {
        #expect(abs(degree - sum / vehicles) < 0.002)
      }
      #expect(abs(try #require(approach.vehicles.hours[8]) - vehicles) < 0.01 || !whole)
      let delay = try #require(approach.delay.hours[8])
      let expected = [10.0, 20, 35, 55, 80].firstIndex { delay <= $0 } ?? 5
      let level = try #require(approach.level.hours[8])
      #expect("\(level)" == ["a", "b", "c", "d", "e", "f"][expected])
    }
    #expect(measures.approaches.count == site.approaches.count)
  }
}

@Suite("Days that follow each other")
struct DaySeriesTests {
  @Test("Each tick and record goes to its own day, what is outside to none")
  func split() {
    let site = Sample.fourArm()
    let midnight = Sample.moment(-8 * 3600).utc
    var series = DaySeries(of: site, midnight: midnight, days: 2)
    let estimator = DemandEstimator(for: site)
    // From two minutes before the second day's midnight to two minutes after it.
    for second in (16 * 3600 - 120)..<(16 * 3600 + 120) {
      let at = Sample.moment(Double(second))
      series.pass(
        DayTick(
          at: at, number: Int64(second), report: .sample(at: Double(second), of: site),
          junction: site, demand: estimator.estimate(at: at), regime: .adaptive))
    }
    #expect(series.days[0].recorded[23] == 119)
    #expect(series.days[1].recorded[0] == 119)
    #expect(series.days[1].regimes.adaptive[0] == 119)
    let late = Sample.moment(48 * 3600)
    series.note(working: site.detectors.map { _ in true }, at: late.utc)
    #expect(series.days.allSatisfy { $0.uptime.allSatisfy { $0.allSatisfy { $0.below == 0 } } })
  }
}
