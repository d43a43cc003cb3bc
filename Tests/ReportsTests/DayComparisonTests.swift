import Phrases
import Reports
import Signals
import Testing

@testable import Measures

/// Days of one junction or several with so much time in the queue each, s a vehicle.
private struct Days {
  /// Weekday of the first day, 1 for Monday.
  var first = 1
  var junctions = ["J001"]

  func day(_ position: Int, _ regime: Regime?, delay: Double, said: Regime? = nil)
    -> DayComparison.Day
  {
    let weekday = (first - 1 + position) % 7 + 1
    let day = position + 1
    return DayComparison.Day(
      date: "2026-11-\(day < 10 ? "0" : "")\(day)", weekday: weekday, said: said,
      junctions: junctions.map { junction in
        JunctionDay(
          junction: junction, adaptive: regime == .fixed ? 100 : 80_000,
          fixed: regime == .adaptive ? 100 : 80_000, peakHours: [8],
          cells: [.delay: [(0..<24).map { $0 == 8 ? Ratio(above: delay * 500, below: 500) : nil }]])
      })
  }

  /// Alternating days from greensplit on.
  func alternating(_ delays: [Double]) -> [DayComparison.Day] {
    delays.enumerated().map { day($0, $0 % 2 == 0 ? .adaptive : .fixed, delay: $1) }
  }
}

@Suite("Days under greensplit beside days under the fixed plan")
struct DayComparisonTests {
  private func delay(_ days: [DayComparison.Day]) throws -> DayComparison.Difference {
    let comparison = DayComparison(days, gaps: [])
    return try #require(comparison.scopes[0].measures.first { $0.measure == .delay })
  }

  @Test("A fortnight of alternating days gives a pair for each weekday, and Student's interval")
  func fortnight() throws {
    // Under greensplit: 20 s; under the fixed plan so much more.
    let more = [5.0, 6, 7, 8, 9, 10, 4]
    let delays = (0..<14).map { day -> Double in day % 2 == 0 ? 20 : 20 + more[day % 7] }
    let days = Days().alternating(delays)
    let found = try delay(days)
    #expect(found.pairs == 7 && found.adaptive == 20 && found.fixed == 27)
    #expect(found.difference == -7)
    // t(0.975, 6) from tables, standard deviation of 4 ... 10.
    let expected = 2.446_912 * (14.0 / 3).squareRoot() / 7.0.squareRoot()
    #expect(abs(try #require(found.half) - expected) < 1e-3)
    #expect(found.claim == .less)
    let pairs = DayComparison(days, gaps: []).scopes[0].pairs
    #expect(pairs[0].adaptive == "2026-11-01" && pairs[0].fixed == "2026-11-08")
    #expect(pairs[1].adaptive == "2026-11-09" && pairs[1].fixed == "2026-11-02")
  }

  @Test("Of fewer than six pairs nothing is claimed, however large the difference")
  func few() throws {
    let days = (0..<12).map { Days().day($0, $0 % 2 == 0 ? .adaptive : .fixed, delay: 10) }
    let found = try delay(days)
    #expect(found.pairs == 5 && found.claim == .tooFewPairs && found.half == nil)
    #expect(try delay([]).claim == .notMeasured)
  }

  @Test("A week of one after a week of the other tells nothing that time could not have done")
  func notAlternated() throws {
    let days = (0..<14).map { position in
      Days().day(
        position, position < 7 ? .fixed : .adaptive,
        delay: position < 7 ? 30 + Double(position) / 10 : 20)
    }
    let found = try delay(days)
    #expect(found.pairs == 7 && found.claim == .notAlternated)
  }

  @Test("Mixed days are left out, unless somebody says what they were")
  func mixed() throws {
    var days = Days().alternating(Array(repeating: 20, count: 14))
    days[0] = Days().day(0, nil, delay: 20)
    let scope = DayComparison(days, gaps: []).scopes[0]
    #expect(scope.days[0].regime == nil && scope.days[0].adaptiveShare == 0.5)
    #expect(scope.pairs.count == 6)
    days[0] = Days().day(0, nil, delay: 20, said: .adaptive)
    let told = DayComparison(days, gaps: []).scopes[0]
    #expect(told.days[0].regime == .adaptive && told.days[0].isSaid && told.pairs.count == 7)
  }

  @Test("Pairs are of one weekday and both regimes, and no day is in two", arguments: 1...20)
  func pairs(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let days = (0..<28).map { position -> DayComparison.Day in
      let regime: Regime? = [.adaptive, .fixed, nil].randomElement(using: &random) ?? nil
      return Days(first: Int(seed % 7) + 1).day(position, regime, delay: 20)
    }
    let scope = DayComparison(days, gaps: []).scopes[0]
    var used: [String] = []
    for pair in scope.pairs {
      let one = try #require(scope.days.first { $0.date == pair.adaptive })
      let other = try #require(scope.days.first { $0.date == pair.fixed })
      #expect(one.regime == .adaptive && other.regime == .fixed && one.weekday == other.weekday)
      used += [pair.adaptive, pair.fixed]
    }
    #expect(Set(used).count == used.count)
  }

  @Test("In 95 of 100 studies the interval holds the true difference")
  func coverage() throws {
    var random = SeededGenerator(seed: 7)
    var held = 0
    for _ in 0..<1000 {
      // Weekdays differ by as much as a minute, which pairing takes out; noise is a sum of twelve.
      let weekdays = (0..<7).map { _ in Double.random(in: 20...80, using: &random) }
      let delays = (0..<14).map { day -> Double in
        var noise = -6.0
        for _ in 0..<12 { noise += Double.random(in: 0...1, using: &random) }
        let less: Double = day % 2 == 0 ? 3 : 0
        return weekdays[day % 7] + noise - less
      }
      let found = try delay(Days().alternating(delays))
      let half = try #require(found.half)
      if abs(try #require(found.difference) + 3) <= half { held += 1 }
    }
    #expect((930...970).contains(held), "\(held)")
  }

  @Test("Several junctions are compared together and each by itself; the page says so")
  func page() throws {
    let delays = (0..<14).map { day -> Double in
      day % 2 == 0 ? 20 : 25 + Double(day % 7) / 2
    }
    let comparison = DayComparison(
      Days(junctions: ["J001", "<J002>"]).alternating(delays), gaps: [])
    #expect(comparison.scopes.map { $0.junction ?? "all" } == ["all", "J001", "<J002>"])
    for language in Language.allCases {
      let page = ComparisonReport(comparison).page(in: language)
      #expect(page == ComparisonReport(comparison).page(in: language))
      #expect(page.contains("&lt;J002&gt;") && !page.contains("<J002>"))
      #expect(page.contains("<td data-is=\"difference/all/delay\">−6.5</td>"))
      #expect(page.contains("<td data-is=\"fixed/all/vehicles\">–</td>"))
    }
    let page = ComparisonReport(comparison).page(in: .english)
    #expect(page.contains("time in the queue, s/veh: less under greensplit, by"))
    #expect(
      page.contains("vehicles, pcu/h a junction: it was not measured on both days of any pair."))
  }
}
