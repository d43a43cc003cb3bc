import Counts
import Demand
import Measures
import Phrases
import Reports
import Signals
import Support
import Testing

@Suite("The page of a day")
struct DayPageTests {
  let junction = Sample.fourArm()

  /// An hour from 08:00 on in which stage A is green half of each minute and every camera sees a vehicle come
  /// each ten seconds; the cameras of the last lane group say nothing.
  private func day(named name: String = "Sample J001") -> DayMeasures {
    let site = named(name)
    var tally = DayTally(of: site, midnight: Sample.moment(-8 * 3600).utc)
    var estimator = DemandEstimator(for: site)
    for second in 0..<3600 {
      let at = Sample.moment(Double(second))
      let records = second % 10 == 0 ? self.records(at, of: site) : []
      for record in records { tally.note(record) }
      estimator.advance(with: records, to: at, stage: 0)
      let report = CabinetReport.sample(
        at: Double(second), source: .central, subState: second % 60 < 30 ? .green : .allRed,
        timeInState: .seconds(second % 30), of: site)
      tally.pass(
        DayTick(
          at: at, number: Int64(second), report: report, junction: site,
          demand: estimator.estimate(at: at)))
      if second % 60 == 0 { tally.note(working: site.detectors.map { _ in true }, at: at.utc) }
    }
    return DayMeasures(
      begin: "2026-11-23T16:00:00.000Z", junctions: [tally.measures()],
      gaps: [DayGap(junction: site.id, at: "2026-11-24T01:00:00.000Z", reason: "<lost> & gone")])
  }

  private func named(_ name: String) -> Intersection {
    Intersection(
      id: junction.id, name: name, timeZoneMinutes: junction.timeZoneMinutes,
      approaches: junction.approaches, signalGroups: junction.signalGroups,
      laneGroups: junction.laneGroups, crossings: junction.crossings, stages: junction.stages,
      changes: junction.changes, detectors: junction.detectors, limits: junction.limits,
      plans: junction.plans, schedule: junction.schedule, control: junction.control)
  }

  private func records(_ at: Moment, of site: Intersection) -> [CountRecord] {
    site.detectors.dropLast().map { detector in
      CountRecord(
        detector: detector.id, start: at.utc.advanced(bySeconds: -10), end: at.utc,
        count: VehicleCount(total: 1), inView: 1, queue: 0)
    }
  }

  @Test("The same day gives the same bytes, in every language", arguments: Language.allCases)
  func deterministic(language: Language) {
    let page = DayReport(day(), date: "2026-11-24").page(in: language)
    #expect(DayReport(day(), date: "2026-11-24").page(in: language) == page)
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"\(language.rawValue)"))
  }

  @Test("Nothing runs and nothing is fetched, whatever a history holds")
  func selfContained() {
    let evil = #"<script>alert(1)</script>&"'"#
    for language in Language.allCases {
      let page = DayReport(day(named: evil), date: "2026-11-24").page(in: language)
      #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;"))
      #expect(page.contains("&lt;lost&gt; &amp; gone"))
      for word in ["<script", "<link", "<img", "src=", "href=", "@import", "url("] {
        #expect(!page.contains(word), "\(word)")
      }
    }
  }

  @Test("What was measured is shown; what was not is a dash with its reason, never zero")
  func missing() throws {
    let day = day()
    let page = DayReport(day, date: "2026-11-24").page(in: .english)
    let first = try #require(day.junctions.first)
    #expect(first.peakHours == [8])
    let vehicles = try #require(first.laneGroups[0].vehicles.day)
    #expect(abs(vehicles - 360) < 1)
    #expect(page.contains("<td data-is=\"vehicles/J001/N.T/8\">360</td>"))
    #expect(page.contains("<td data-is=\"manual/J001/8\">0</td>"))
    #expect(page.contains("<td data-is=\"vehicles/J001/W.L/8\">–</td>"))
    #expect(page.contains("W.L, vehicles: not measured; \(Missing.notCounted.rawValue)"))
    #expect(!page.contains("<td data-is=\"vehicles/J001/W.L/8\">0"))
  }

  @Test("Each arm with a view has its diagram, with a dot for each vehicle that came")
  func coordination() throws {
    let junction = try #require(day().junctions.first)
    #expect(junction.coordination.map(\.laneGroup) == ["N.T", "S.T"])
    let dots = junction.coordination[0].cycles.reduce(0) { $0 + $1.arrivals.count }
    // One each ten seconds, but for the cycles at both ends of the hour.
    #expect((330...360).contains(dots))
    #expect(junction.coordination[0].cycles.allSatisfy { $0.length == 60 && $0.green == 30 })
    let page = DayReport(day(), date: "2026-11-24").page(in: .chinese)
    #expect(page.contains("普渡协调图"))
  }
}
