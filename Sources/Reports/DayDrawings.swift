import Measures
import Phrases

/// The drawings of one junction's day, and why figures are missing.
extension DayWriter {
  /// Time in the queue of each arm by the hour.
  func delays(_ junction: JunctionMeasures) -> Markup {
    let known = junction.approaches.enumerated().filter { _, approach in
      approach.delay.hours.contains { $0 != nil }
    }
    let heading = Phrase(
      "Time in the queue of each approach, s a vehicle, by the hour", "各进口道排队时间，秒/辆，每小时")
    guard !known.isEmpty else {
      return part(heading, [paragraph(Phrase("It could not be measured.", "未能测得。"))])
    }
    let chart = LineChart(
      begin: 0, interval: 3600, warmUp: 0, length: 86_400,
      axis: Axis(known.flatMap { $1.delay.hours.compactMap(\.self) }),
      lines: known.map { .init(name: $1.name, style: $0, values: $1.delay.hours) })
    let rows = (0..<Figure.hours).map { hour in
      [Cell(self.hour(hour))]
        + known.map { _, approach in
          Cell(
            approach.delay.hours[hour],
            field: "approach/\(junction.junction)/\(approach.name)/\(hour)")
        }
    }
    return part(
      heading,
      [
        key(of: known.map { (style: $0, name: $1.name) }),
        gallery([
          figure(
            words(Phrase("s a vehicle", "秒/辆")),
            chart.markup(label: words(heading), notScored: ""),
            table: table(
              nil, header: [words(Phrase("hour", "小时"))] + known.map(\.element.name), rows: rows))
        ]),
      ])
  }

  func coordination(_ junction: JunctionMeasures) -> Markup {
    let heading = Phrase(
      "Arrivals in the cycle (Purdue coordination diagram)", "周期内到达（普渡协调图）")
    guard let first = junction.coordination.first else {
      return part(
        heading,
        [
          paragraph(
            Phrase(
              "Nothing can be drawn: no camera that sees back from its stop line was heard of in a "
                + "peak hour.",
              "无法绘制：高峰小时内没有能看到停止线上游的摄像机的记录。"))
        ])
    }
    return part(
      heading,
      [
        paragraph(
          Phrase(
            "Each dot is a vehicle that reached the stop line: across, when; up, how many seconds "
              + "after the begin of red. Green stands behind. \(hour(first.hour)).",
            "每个点为一辆到达停止线的车：横轴为时刻，纵轴为红灯开始后的秒数，背景为绿灯。\(hour(first.hour))。")),
        gallery(
          junction.coordination.map { measures in
            figure(
              measures.laneGroup,
              CoordinationChart(measures: measures).markup(
                label: words(
                  Phrase(
                    "Arrivals at \(measures.laneGroup)", "\(measures.laneGroup) 的到达")),
                green: words(Phrase("green", "绿灯")),
                arrivals: words(Phrase("arrivals", "到达"))))
          }),
      ])
  }

  /// Time-space diagrams of all roads.
  var roads: Markup {
    guard !day.timeSpace.isEmpty else { return .empty }
    return section(
      Phrase("Time-space diagrams", "时距图"),
      [
        paragraph(
          Phrase(
            "Across, time; up, the way along the road, in proportion. Each line is a stop line with its "
              + "greens; whoever drives at free flow within a band meets no red.",
            "横轴为时刻，纵轴为沿路距离（按比例）。每条线为一处停止线及其绿灯；以自由流速度在绿波带内行驶者不遇红灯。")),
        gallery(day.timeSpace.map(road)),
      ])
  }

  private func road(_ route: TimeSpaceRoute) -> Markup {
    let ends = [route.stops.first, route.stops.last].compactMap(\.self)
      .map { "\($0.junction) \($0.laneGroup)" }.joined(separator: " – ")
    let times = "\(clock(route.from))–\(clock(route.until))"
    guard let efficiency = route.efficiency else {
      let why = route.missing.map { words(reason($0)) } ?? ""
      return figure(
        "\(ends), \(times)",
        paragraph(Phrase("Not measured: \(why).", "未测得：\(why)。")))
    }
    let share = number(efficiency * 100)
    let caption = words(
      Phrase("\(ends), \(times): \(share) % in a band", "\(ends)，\(times)：绿波带占 \(share) %"))
    let rows = route.stops.map { stop in
      [
        Cell("\(stop.junction) \(stop.laneGroup)"),
        Cell(
          stop.distance, places: 0, field: "distance/\(ends)/\(stop.junction)/\(stop.laneGroup)"),
        Cell(stop.travelTime, field: "travel/\(ends)/\(stop.junction)/\(stop.laneGroup)"),
        Cell("\(stop.greens.count)"),
      ]
    }
    let header = [
      Phrase("stop line", "停止线"), Phrase("way, m", "距离，米"), Phrase("at free flow, s", "自由流时间，秒"),
      Phrase("greens", "绿灯次数"),
    ].map(words)
    return figure(
      caption,
      TimeSpaceChart(route: route).markup(
        label: words(Phrase("Time-space diagram \(ends)", "时距图 \(ends)")),
        green: words(Phrase("green", "绿灯")), band: words(Phrase("band", "绿波带"))),
      table: table(nil, header: header, rows: rows))
  }

  /// Every measure that is missing somewhere, with its reason.
  func missing(_ junction: JunctionMeasures) -> Markup {
    var lines: [String] = []
    func note(_ name: String, _ measure: Phrase, _ figure: Figure) {
      guard let missing = figure.missing else { return }
      let what =
        figure.day == nil
        ? Phrase("not measured", "未测得")
        : Phrase(
          "not measured in some hours", "部分小时未测得")
      lines.append("\(name), \(words(measure)): \(words(what)); \(words(reason(missing)))")
    }
    for group in junction.laneGroups {
      note(group.name, Phrase("vehicles", "车辆"), group.vehicles)
      note(group.name, Phrase("degree of saturation", "饱和度"), group.saturation)
      note(group.name, Phrase("time in the queue", "排队时间"), group.delay)
      note(group.name, Phrase("split failures", "未放空排队的绿灯"), group.splitFailures)
      note(group.name, Phrase("arrivals on green", "绿灯到达"), group.arrivalsOnGreen)
    }
    for approach in junction.approaches {
      note(approach.name, Phrase("degree of saturation", "饱和度"), approach.saturation)
      note(approach.name, Phrase("time in the queue", "排队时间"), approach.delay)
    }
    for stage in junction.stages { note(stage.name, Phrase("greens", "绿灯"), stage.meanGreen) }
    for crossing in junction.crossings {
      note(crossing.name, Phrase("wait", "等待"), crossing.delay)
    }
    for detector in junction.detectors {
      note(detector.id, Phrase("uptime", "可用率"), detector.uptime)
    }
    note(junction.junction, Phrase("manual interventions", "人工干预"), junction.manual.interventions)
    guard !lines.isEmpty else { return .empty }
    return .element(
      "details", [:],
      [
        .element("summary", [:], words(Phrase("What could not be measured", "未能测得的内容"))),
        .element("ul", [:], lines.map { .element("li", [:], $0) }),
      ])
  }

  private func reason(_ missing: Missing) -> Phrase {
    switch missing {
    case .notRecorded: Phrase(missing.rawValue, "该小时内信号机读取不足半小时")
    case .notCounted: Phrase(missing.rawValue, "该小时内没有摄像机计数满半小时")
    case .nobodyCame: Phrase(missing.rawValue, "无车到达")
    case .noQueue: Phrase(missing.rawValue, "该小时内排队已知的时间不足半小时")
    case .noView: Phrase(missing.rawValue, "其摄像机只能看到停止线，看不到到达的车辆")
    case .noSignal: Phrase(missing.rawValue, "不受信号控制")
    case .noGreen: Phrase(missing.rawValue, "没有记录到完整的绿灯")
    }
  }
}
