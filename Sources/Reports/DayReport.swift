public import Measures
public import Phrases

/// A page about one day out of a history (`docs/day-report.md`).
public struct DayReport: Sendable {
  private let day: DayMeasures
  private let date: String

  /// A report of `day`, whose local date people call `date`.
  public init(_ day: DayMeasures, date: String) {
    self.day = day
    self.date = date
  }

  /// One self-contained page of HTML that is well-formed XML too: no scripts, nothing to be fetched.
  public func page(in language: Language) -> String {
    let writer = DayWriter(day: day, date: date, language: language)
    let body =
      [writer.heading, writer.overview, writer.roads] + day.junctions.map(writer.junction) + [
        writer.holes(day.gaps)
      ]
    return writer.page(title: writer.title, body)
  }
}

/// Writes the parts of a day's page in one language.
struct DayWriter: PageWriter {
  let day: DayMeasures
  let date: String
  let language: Language

  var title: String {
    words(Phrase("Signals on \(date)", "\(date) 信号运行日报"))
  }

  var heading: Markup {
    .element(
      "div", [:],
      [
        .element("h1", [:], title),
        paragraph(
          Phrase(
            "What the cabinets said of themselves and the cameras counted, as the history has it; "
              + "queues as the control loop worked them out from the counts. A dash is what could "
              + "not be measured, and why stands below; it is never a zero.",
            "依据历史库中信号机自报的状态和摄像机的计数；排队由控制程序按计数推算。"
              + "“–”表示未能测得，原因写在其后，绝不代表零。")),
      ])
  }

  /// All junctions in one table.
  var overview: Markup {
    let header = [
      Phrase("junction", "路口"), Phrase("recorded, h", "记录，小时"),
      Phrase("peak hours", "高峰小时"),
      Phrase("manual interventions in the peak hours", "高峰小时人工干预次数"),
      Phrase("by hand, min in the day", "全天手控，分钟"),
      Phrase("greens that did not clear the queue, %", "未放空排队的绿灯，%"),
      Phrase("least detector uptime, %", "检测器最低可用率，%"),
    ].map(words)
    let rows = day.junctions.map { junction in
      [
        Cell(junction.junction),
        Cell(junction.recorded.day.map { $0 / 3600 }, field: "recorded/\(junction.junction)"),
        Cell(
          junction.peakHours.isEmpty ? "–" : junction.peakHours.map(hour).joined(separator: ", ")),
        Cell(
          junction.peakHours.map { hour in
            junction.manual.interventions.hours[hour].map { number($0, places: 0) } ?? "–"
          }.joined(separator: ", "), field: "manual/\(junction.junction)"),
        Cell(
          junction.manual.seconds.day.map { $0 / 60 }, field: "by hand/\(junction.junction)"),
        Cell(
          junction.splitFailureShare.map { $0 * 100 }, field: "failures/\(junction.junction)"),
        Cell(
          junction.detectors.compactMap(\.uptime.day).min().map { $0 * 100 },
          field: "uptime/\(junction.junction)"),
      ]
    }
    return section(
      Phrase("All junctions", "全部路口"), [scrolling(table(nil, header: header, rows: rows))])
  }

  func junction(_ junction: JunctionMeasures) -> Markup {
    let name =
      junction.name == junction.junction
      ? junction.name : "\(junction.junction) \(junction.name)"
    return section(
      Phrase("Junction \(name)", "路口 \(name)"),
      [manual(junction), laneGroups(junction), approaches(junction), delays(junction)]
        + [stages(junction), people(junction), detectors(junction), coordination(junction)]
        + [missing(junction)])
  }

  /// "07:00–08:00".
  func hour(_ hour: Int) -> String {
    "\(clock(Double(hour) * 3600))–\(hour == 23 ? "24:00" : clock(Double(hour + 1) * 3600))"
  }

  /// A part of a junction under its own heading.
  func part(_ heading: Phrase, _ content: [Markup]) -> Markup {
    .element("div", [:], [.element("h3", [:], words(heading))] + content)
  }
}

extension PageWriter {
  /// What the record lacks, where it lacks anything.
  func holes(_ gaps: [DayGap]) -> Markup {
    guard !gaps.isEmpty else { return .empty }
    return section(
      Phrase("Holes in the record", "记录缺口"),
      [.element("ul", [:], gaps.map { .element("li", [:], words($0.words)) })])
  }
}

extension DayGap {
  /// One line.
  fileprivate var words: Phrase {
    Phrase(
      "\(junction), \(at): \(reason)",
      "\(junction)，\(at)：\(Phrase(recorded: reason).text(.chinese))")
  }
}

extension JunctionMeasures {
  /// Mean of its lane groups' shares of greens that did not clear the queue; `nil` if no queue was known.
  var splitFailureShare: Double? {
    let known = laneGroups.compactMap(\.splitFailures.day)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }
}
