import Optimisation
import Phrases
import Simulation

/// Lane groups and crossings of a junction: gains and losses, saturation, level of service.
extension Writer {
  /// What every lane group and crossing gained or lost under the best control, the busiest first.
  func gainsAndLosses(_ junction: Int) -> Markup {
    guard let best = study.best, study.fixed != nil else { return .empty }
    let outline = study.junctions[junction]
    let groups = places(of: junction).compactMap { place in
      row(outline.laneGroups[place.position].name, best, Study.delay(at: place))
    }
    let crossings = study.crossings.filter { $0.junction == junction }.compactMap { place in
      row(outline.crossings[place.position], best, Study.wait(at: place))
    }
    let name = name(of: best)
    let vehicles = Phrase(
      "Mean delay of each lane group, “\(name.text(.english))” against the fixed plan, s; the busiest "
        + "on top, side streets below",
      "各车道组平均延误，“\(name.text(.chinese))”与固定配时之差，秒；流量大者在上，次要方向在下")
    let people = Phrase(
      "Mean wait of people at each crossing, “\(name.text(.english))” against the fixed plan, s",
      "各人行横道行人平均等待，“\(name.text(.chinese))”与固定配时之差，秒")
    var figures: [Markup] = []
    if !groups.isEmpty {
      figures.append(differenceFigure(groups, vehicles, field: "group/\(junction)"))
    }
    if !crossings.isEmpty {
      figures.append(differenceFigure(crossings, people, field: "crossing/\(junction)"))
    }
    let walks = study.crossings.contains { $0.junction == junction }
    return .element(
      "div", [:],
      [
        .element("h3", [:], words(Phrase("Gains and losses", "得与失"))),
        gallery(figures),
      ] + (walks ? [scrolling(crossingTable(junction))] : []))
  }

  private func row(
    _ label: String, _ control: Int, _ value: (Study.Run) -> Double?
  ) -> DifferenceChart.Row? {
    study.difference(of: control, value).map {
      DifferenceChart.Row(
        label: label, difference: $0, values: study.differences(of: control, value))
    }
  }

  /// Lane groups of a junction, the busiest first.
  private func places(of junction: Int) -> [Place] {
    let first = study.fixed ?? 0
    let own = study.laneGroups.filter { $0.junction == junction }
    let flows = own.map { study.mean(of: first, study.flow(at: $0)) ?? 0 }
    // Equal flows stay in the order of the site.
    return own.indices.sorted { (-flows[$0], $0) < (-flows[$1], $1) }.map { own[$0] }
  }

  private func crossingTable(_ junction: Int) -> Markup {
    let outline = study.junctions[junction]
    let places = study.crossings.filter { $0.junction == junction }
    return table(
      Phrase("People's mean wait, s", "行人平均等待，秒"),
      header: [words(Phrase("crossing", "人行横道")), words(Phrase("people", "行人"))]
        + study.controls.indices.map { words(name(of: $0)) },
      rows: places.map { place in
        let field = "\(junction)/\(place.position)"
        return [
          Cell(outline.crossings[place.position]),
          Cell(
            study.mean(of: 0, Study.people(at: place)), places: 0,
            field: "people/\(study.controls[0])/\(field)"),
        ]
          + study.controls.indices.map { control in
            Cell(
              study.mean(of: control, Study.wait(at: place)),
              field: "wait/\(study.controls[control])/\(field)")
          }
      })
  }

  /// Degree of saturation, delay and level of service of each lane group under every control.
  func laneGroupTable(_ junction: Int) -> Markup {
    let outline = study.junctions[junction]
    let controls = Array(study.controls.indices)
    let header =
      [words(Phrase("lane group", "车道组")), words(Phrase("flow, veh/h", "流量，辆/h"))]
      + controls.map { words(name(of: $0)) }
    let rows = places(of: junction).map { place -> [Cell] in
      let group = outline.laneGroups[place.position]
      let turns = group.turns.map { words(turnName($0)) }.joined(separator: "+")
      let flow = study.mean(of: 0, study.flow(at: place))
      return [
        Cell("\(group.name) \(turns)"),
        Cell(
          flow, places: 0, field: "flow/\(study.controls[0])/\(junction)/\(place.position)"),
      ] + controls.map { cell(of: $0, at: place) }
    }
    return .element(
      "div", [:],
      [
        .element(
          "h3", [:],
          words(
            Phrase(
              "Degree of saturation, delay, level of service", "饱和度、延误与服务水平"))),
        paragraph(
          Phrase(
            "In each cell: degree of saturation X (– without a signal), mean delay in s, level of "
              + "service A to F (HCM; F also where X is above 1).",
            "每格依次为：饱和度 X（– 表示不受信号控制）、平均延误（秒）、服务水平 A 至 F（HCM；X 大于 1 时也为 F）。")),
        scrolling(table(nil, header: header, rows: rows)),
      ])
  }

  private func cell(of control: Int, at place: Place) -> Cell {
    let saturation = study.mean(of: control, Study.saturation(at: place))
    let delay = study.mean(of: control, Study.delay(at: place))
    let level = study.level(at: place, under: control)
    let texts = [
      saturation.map { number($0, places: 2) } ?? "–", delay.map { number($0) } ?? "–",
      level?.rawValue ?? "–",
    ]
    return Cell(
      texts, field: "lane/\(study.controls[control])/\(place.junction)/\(place.position)",
      style: level.map { "los los\($0.rawValue)" } ?? "los")
  }
}
