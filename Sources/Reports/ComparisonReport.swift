import Measures
public import Phrases

/// A page about days under greensplit beside days under the fixed plan (`docs/day-report.md`).
public struct ComparisonReport: Sendable {
  private let comparison: DayComparison

  /// A report of `comparison`.
  public init(_ comparison: DayComparison) { self.comparison = comparison }

  /// One self-contained page of HTML that is well-formed XML too: no scripts, nothing to be fetched.
  public func page(in language: Language) -> String {
    let writer = ComparisonWriter(comparison: comparison, language: language)
    return writer.page(
      title: writer.title,
      [
        writer.heading, writer.verdict, writer.junctions, writer.days,
        writer.holes(comparison.gaps),
      ])
  }
}

/// Writes the parts of a comparison's page in one language.
struct ComparisonWriter: PageWriter {
  let comparison: DayComparison
  let language: Language

  private var all: DayComparison.Scope { comparison.scopes[0] }

  var title: String {
    let from = all.days.first?.date ?? ""
    let until = all.days.last?.date ?? ""
    return words(
      Phrase(
        "Greensplit beside the fixed plan, \(from) to \(until)", "自适应与固定配时对比，\(from) 至 \(until)"))
  }

  var heading: Markup {
    .element(
      "div", [:],
      [
        .element("h1", [:], title),
        paragraph(
          Phrase(
            "Each day under greensplit is paired with the next day of the same weekday under the fixed "
              + "plan, or the other way round. Values are means over the pairs, measured over the lane "
              + "groups, crossings and hours that are known on both days. A dash is what could not be "
              + "measured; it is never a zero.",
            "将 greensplit 控制的日子与相邻的同一星期几、固定配时运行的日子配对。数值为各对的平均值，"
              + "只计两天均测得的车道组、人行横道和小时。“–”表示未能测得，绝不代表零。")),
      ])
  }

  var verdict: Markup {
    let sentences = all.measures.map { words(sentence(about: $0)) }
    return section(
      all.junction == nil && comparison.scopes.count > 1
        ? Phrase("All junctions together", "全部路口合计") : Phrase("What changed", "变化"),
      [
        table(of: all),
        .element("ul", [:], sentences.map { .element("li", [:], $0) }),
        paragraph(
          Phrase(
            "Intervals: Student's t over the differences of pairs, 95 %. Of many comparisons one in twenty "
              + "leaves out zero by chance.",
            "区间：对各对之差采用 t 分布，置信水平 95 %。比较项目很多时，平均二十项中有一项会因偶然而不含零。")),
      ])
  }

  private func table(of scope: DayComparison.Scope) -> Markup {
    let header = [
      Phrase("measure", "指标"), Phrase("greensplit", "自适应"), Phrase("fixed plan", "固定配时"),
      Phrase("difference", "差值"), Phrase("95 % interval", "95 % 置信区间"), Phrase("pairs", "对数"),
      Phrase("what may be said", "结论"),
    ].map(words)
    let rows = scope.measures.map { measure in
      [Cell(words(name(of: measure.measure)))] + cells(of: measure, in: scope)
    }
    return scrolling(table(nil, header: header, rows: rows))
  }

  private func cells(
    of measure: DayComparison.Difference, in scope: DayComparison.Scope
  ) -> [Cell] {
    let scale = scale(of: measure.measure)
    let place = "\(scope.junction ?? "all")/\(measure.measure.rawValue)"
    return [
      Cell(measure.adaptive.map { $0 * scale }, field: "greensplit/\(place)"),
      Cell(measure.fixed.map { $0 * scale }, field: "fixed/\(place)"),
      Cell(measure.difference.map { signed($0 * scale) } ?? "–", field: "difference/\(place)"),
      Cell(interval(of: measure) ?? "–", field: "interval/\(place)"),
      Cell("\(measure.pairs)", field: "pairs/\(place)"),
      Cell(words(claim(of: measure)), field: "claim/\(place)"),
    ]
  }

  /// "−4.1 … −2.0"; `nil` without an interval.
  private func interval(of measure: DayComparison.Difference) -> String? {
    guard let mean = measure.difference, let half = measure.half else { return nil }
    let scale = scale(of: measure.measure)
    return "\(signed((mean - half) * scale)) … \(signed((mean + half) * scale))"
  }

  /// Delay at each junction.
  var junctions: Markup {
    let scopes = comparison.scopes.filter { $0.junction != nil }
    guard !scopes.isEmpty else { return .empty }
    let parts = [ComparedMeasure.delay, .splitFailures, .interventions].map { wanted -> Markup in
      let rows = scopes.map { scope -> [Cell] in
        let measure = scope.measures.first { $0.measure == wanted }
        return [Cell(scope.junction ?? "")] + (measure.map { cells(of: $0, in: scope) } ?? [])
      }
      let header = [
        Phrase("junction", "路口"), Phrase("greensplit", "自适应"), Phrase("fixed plan", "固定配时"),
        Phrase("difference", "差值"), Phrase("95 % interval", "95 % 置信区间"), Phrase("pairs", "对数"),
        Phrase("what may be said", "结论"),
      ].map(words)
      return scrolling(table(name(of: wanted), header: header, rows: rows))
    }
    return section(Phrase("Each junction", "各路口"), parts)
  }

  var days: Markup {
    let header = [
      Phrase("day", "日期"), Phrase("weekday", "星期"), Phrase("regime", "控制方式"),
      Phrase("under greensplit, % of the time under either", "自适应占两种方式时间的比例，%"),
      Phrase("paired with", "配对日期"),
    ].map(words)
    let rows = all.days.map { day -> [Cell] in
      let pair = all.pairs.first { $0.adaptive == day.date || $0.fixed == day.date }
      let other = pair.map { $0.adaptive == day.date ? $0.fixed : $0.adaptive }
      return [
        Cell(day.date), Cell(words(weekdayName(day.weekday))),
        Cell(words(regimeName(day)), field: "regime/\(day.date)"),
        Cell(day.adaptiveShare.map { $0 * 100 }, field: "share/\(day.date)"),
        Cell(other ?? "–", field: "pair/\(day.date)"),
      ]
    }
    return section(Phrase("The days", "各日"), [scrolling(table(nil, header: header, rows: rows))])
  }
}
