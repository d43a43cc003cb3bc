import Phrases
import Simulation

/// One junction: its approaches over time, lane groups, crossings, green.
extension Writer {
  func junction(_ number: Int) -> Markup {
    let outline = study.junctions[number]
    let name = outline.name == outline.id ? outline.id : "\(outline.id) \(outline.name)"
    let parts =
      study.source == .model
      ? [
        gainsAndLosses(number), laneGroupTable(number), overTime(number, of: .delay),
        overTime(number, of: .queue), splitCharts(number), stageDiagrams(number),
      ] : [overTime(number, of: .queue), splitCharts(number), stageDiagrams(number)]
    return section(
      Phrase("Junction \(name)", "路口 \(name)"), parts, anchor: Self.anchor(ofJunction: number))
  }

  /// Where the page's links find the section of a junction.
  static func anchor(ofJunction number: Int) -> String { "junction-\(number + 1)" }

  /// What is drawn over time.
  enum Quantity {
    case delay
    case queue
  }

  private func overTime(_ junction: Int, of quantity: Quantity) -> Markup {
    let outline = study.junctions[junction]
    let approaches = outline.approaches.filter {
      !study.laneGroups(of: $0, at: junction).isEmpty
    }
    let values = approaches.map { approach in
      study.controls.indices.map { control in
        switch quantity {
        case .delay: study.delays(of: approach, at: junction, under: control)
        case .queue: study.queues(of: approach, at: junction, under: control)
        }
      }
    }
    let heading = Markup.element("h3", [:], words(title(of: quantity)))
    let known = study.controls.indices.filter { control in
      values.contains { $0[control].contains { $0 != nil } }
    }
    guard !known.isEmpty else {
      return .element(
        "div", [:],
        [
          heading,
          paragraph(Phrase("The results hold no series of it.", "结果中没有其时间序列。")),
        ])
    }
    // One scale for all approaches, so that they can be compared.
    let axis = Axis(values.flatMap { $0.flatMap { $0.compactMap(\.self) } })
    let figures = approaches.enumerated().map { position, approach in
      timeFigure(approach, quantity, values[position], known, axis: axis, at: junction)
    }
    return .element(
      "div", [:], [heading] + missing(known) + [key(of: known), gallery(figures)])
  }

  private func title(of quantity: Quantity) -> Phrase {
    let minutes = study.minutes
    switch quantity {
    case .delay:
      return Phrase(
        "Mean delay of those who crossed the stop line, s a vehicle, every \(minutes) min",
        "通过停止线车辆的平均延误，秒/辆，每 \(minutes) 分钟")
    case .queue:
      return study.source == .model
        ? Phrase(
          "Queue, vehicles held up, mean of every \(minutes) min", "排队，受阻车辆数，每 \(minutes) 分钟平均")
        : Phrase(
          "Queue as the control loop estimated it, pcu, mean of every \(minutes) min",
          "控制程序估计的排队，标准车，每 \(minutes) 分钟平均")
    }
  }

  /// Says of which controls nothing is drawn.
  private func missing(_ known: [Int]) -> [Markup] {
    let names = study.controls.indices.filter { !known.contains($0) }.map(name(of:))
    guard !names.isEmpty else { return [] }
    return [
      paragraph(
        Phrase(
          "Not in the results, so not drawn: \(names.map { $0.text(.english) }.joined(separator: ", ")).",
          "结果中没有、因此未绘制：\(names.map { $0.text(.chinese) }.joined(separator: "、"))。"))
    ]
  }

  private func timeFigure(
    _ approach: String, _ quantity: Quantity, _ values: [[Double?]], _ known: [Int], axis: Axis,
    at junction: Int
  ) -> Markup {
    let caption = Phrase("Approach \(approach)", "进口道 \(approach)")
    let unit = title(of: quantity)
    let lines = known.map {
      LineChart.Line(name: words(name(of: $0)), style: $0, values: values[$0])
    }
    let interval = Double(study.minutes) * 60
    let chart = LineChart(
      begin: study.begin, interval: interval, warmUp: study.warmUp, length: study.length,
      axis: axis, lines: lines
    ).markup(
      label: "\(words(caption)): \(words(unit))",
      notScored: words(Phrase("warm-up, not scored", "预热，不计分")))
    let kind = quantity == .delay ? "delays" : "queues"
    let rows = (0..<study.intervals).map { position in
      [Cell(clock(study.begin + Double(position) * interval))]
        + known.map { control in
          Cell(
            values[control][position],
            field: "\(kind)/\(study.controls[control])/\(junction)/\(approach)/\(position)")
        }
    }
    let numbers = table(
      unit, header: [words(Phrase("from", "起"))] + known.map { words(name(of: $0)) }, rows: rows)
    return figure(words(caption), chart, table: numbers)
  }
}
