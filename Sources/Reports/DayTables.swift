import Measures
import Optimisation
import Phrases

/// The tables of one junction's day.
extension DayWriter {
  func manual(_ junction: JunctionMeasures) -> Markup {
    let manual = junction.manual
    let rows = junction.peakHours.map { peak in
      [
        Cell(hour(peak)),
        Cell(
          manual.interventions.hours[peak], places: 0,
          field: "manual/\(junction.junction)/\(peak)"),
        Cell(
          manual.seconds.hours[peak].map { $0 / 60 }, field: "by hand/\(junction.junction)/\(peak)"
        ),
      ]
    }
    let day = [
      [
        Cell(words(Phrase("whole day", "全天"))),
        Cell(manual.interventions.day, places: 0, field: "manual/\(junction.junction)/day"),
        Cell(manual.seconds.day.map { $0 / 60 }, field: "by hand/\(junction.junction)/day"),
      ]
    ]
    return part(
      Phrase("Manual interventions at the cabinet", "信号机处人工干预"),
      [
        scrolling(
          table(
            nil,
            header: [
              words(Phrase("hour", "小时")), words(Phrase("interventions", "次数")),
              words(Phrase("by hand, min", "手控，分钟")),
            ], rows: rows + day))
      ])
  }

  /// The lane groups over the whole day and in each peak hour.
  func laneGroups(_ junction: JunctionMeasures) -> Markup {
    byHour(
      Phrase("Lane groups", "车道组"), junction,
      header: [Phrase("lane group", "车道组")] + Self.flowHeader + [
        Phrase("greens that did not clear the queue, %", "未放空排队的绿灯，%"),
        Phrase("arrivals on green, %", "绿灯到达，%"), Phrase("platoon ratio", "车队比"),
      ]
    ) { hour in junction.laneGroups.map { row(of: $0, junction, hour) } }
  }

  private func row(of group: LaneGroupMeasures, _ junction: JunctionMeasures, _ hour: Int?)
    -> [Cell]
  {
    func value(_ figure: Figure) -> Double? { hour.map { figure.hours[$0] } ?? figure.day }
    let place = "\(junction.junction)/\(group.name)/\(hour.map { "\($0)" } ?? "day")"
    let level = hour.map { group.level.hours[$0] } ?? group.level.day
    return [Cell(group.name)]
      + flow(
        vehicles: value(group.vehicles), saturation: value(group.saturation),
        delay: value(group.delay), level: level?.rawValue, at: place) + [
        Cell(value(group.splitFailures).map { $0 * 100 }, field: "failures/\(place)"),
        Cell(value(group.arrivalsOnGreen).map { $0 * 100 }, field: "on green/\(place)"),
        Cell(value(group.platoonRatio), places: 2, field: "platoon ratio/\(place)"),
      ]
  }

  /// The arms over the whole day and in each peak hour.
  func approaches(_ junction: JunctionMeasures) -> Markup {
    byHour(
      Phrase("Approaches", "进口道"), junction, header: [Phrase("approach", "进口道")] + Self.flowHeader
    ) { hour in junction.approaches.map { row(of: $0, junction, hour) } }
  }

  private func row(of approach: ApproachMeasures, _ junction: JunctionMeasures, _ hour: Int?)
    -> [Cell]
  {
    func value(_ figure: Figure) -> Double? { hour.map { figure.hours[$0] } ?? figure.day }
    let place =
      "approach/\(junction.junction)/\(approach.name)/\(hour.map { "\($0)" } ?? "day")"
    return [Cell(approach.name)]
      + flow(
        vehicles: value(approach.vehicles), saturation: value(approach.saturation),
        delay: value(approach.delay),
        level: (hour.map { approach.level.hours[$0] } ?? approach.level.day)?.rawValue, at: place)
  }

  /// A table of the whole day and one of each peak hour.
  private func byHour(
    _ title: Phrase, _ junction: JunctionMeasures, header: [Phrase], rows: (Int?) -> [[Cell]]
  ) -> Markup {
    let hours = [nil] + junction.peakHours.map(Optional.some)
    return part(
      title,
      hours.map { hour in
        let caption = hour.map { Phrase(self.hour($0), self.hour($0)) } ?? Phrase("whole day", "全天")
        return scrolling(table(caption, header: header.map(words), rows: rows(hour)))
      })
  }

  private static let flowHeader = [
    Phrase("vehicles, pcu", "车辆，标准车"), Phrase("degree of saturation", "饱和度"),
    Phrase("time in the queue, s/veh", "排队时间，秒/辆"), Phrase("level", "服务水平"),
  ]

  /// The cells under `flowHeader`.
  private func flow(
    vehicles: Double?, saturation: Double?, delay: Double?, level: String?, at place: String
  ) -> [Cell] {
    [
      Cell(vehicles, places: 0, field: "vehicles/\(place)"),
      Cell(saturation, places: 2, field: "saturation/\(place)"),
      Cell(delay, field: "delay/\(place)"),
      Cell(
        level ?? "–", field: "level/\(place)",
        style: level.map { "los los\($0)" } ?? "los"),
    ]
  }

  func stages(_ junction: JunctionMeasures) -> Markup {
    let header = [
      Phrase("stage", "阶段"), Phrase("greens", "绿灯次数"), Phrase("mean green, s", "平均绿灯，秒"),
      Phrase("max-out", "到最大绿"), Phrase("ended early", "提前结束"),
      Phrase("at the shortest green", "按最短绿结束"), Phrase("as the fixed plan says", "按定时方案结束"),
      Phrase("skipped", "被跳过"),
    ].map(words)
    let rows = junction.stages.map { stage -> [Cell] in
      let place = "\(junction.junction)/\(stage.name)"
      return [
        Cell(stage.name), Cell(stage.greens.day, places: 0, field: "greens/\(place)"),
        Cell(stage.meanGreen.day, field: "mean green/\(place)"),
        Cell(stage.maxOut.day, places: 0, field: "max-out/\(place)"),
        Cell(stage.early.day, places: 0, field: "early/\(place)"),
        Cell(stage.minimum.day, places: 0, field: "minimum/\(place)"),
        Cell(stage.fixedPlan.day, places: 0, field: "fixed plan/\(place)"),
        Cell(stage.skipped.day, places: 0, field: "skipped/\(place)"),
      ]
    }
    return part(
      Phrase("How greens ended", "绿灯结束原因"), [scrolling(table(nil, header: header, rows: rows))])
  }

  func people(_ junction: JunctionMeasures) -> Markup {
    guard !junction.crossings.isEmpty else { return .empty }
    let rows = junction.crossings.map { crossing in
      [
        Cell(crossing.name),
        Cell(crossing.delay.day, field: "wait/\(junction.junction)/\(crossing.name)/day"),
      ]
        + junction.peakHours.map { hour in
          Cell(
            crossing.delay.hours[hour],
            field: "wait/\(junction.junction)/\(crossing.name)/\(hour)")
        }
    }
    return part(
      Phrase("Mean wait at crossings, s", "人行横道平均等待，秒"),
      [
        scrolling(
          table(
            nil,
            header: [words(Phrase("crossing", "人行横道")), words(Phrase("whole day", "全天"))]
              + junction.peakHours.map(hour), rows: rows))
      ])
  }

  func detectors(_ junction: JunctionMeasures) -> Markup {
    let rows = junction.detectors.map { detector in
      [
        Cell(detector.id),
        Cell(
          detector.uptime.day.map { $0 * 100 }, field: "uptime/\(junction.junction)/\(detector.id)"),
      ]
    }
    return part(
      Phrase("Detectors", "检测器"),
      [
        scrolling(
          table(
            nil,
            header: [
              words(Phrase("detector", "检测器")), words(Phrase("of use, % of the time", "可用时间，%")),
            ], rows: rows))
      ])
  }
}
