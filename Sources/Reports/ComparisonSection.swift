import Phrases
import Simulation

/// All controls side by side: whole network, all seeds.
extension Writer {
  var comparison: Markup {
    var parts = [scrolling(wholeTable)]
    if study.fixed != nil, let chart = seedChart { parts.append(chart) }
    return section(Phrase("All controls compared", "各控制方式对比"), parts)
  }

  private var wholeTable: Markup {
    let controls = Array(study.controls.indices)
    func row(
      _ heading: Phrase, _ field: String, places: Int = 1, _ value: (Study.Run) -> Double?
    ) -> [Cell] {
      [Cell(words(heading))]
        + controls.map {
          Cell(
            study.mean(of: $0, value), places: places, field: "\(field)/\(study.controls[$0])")
        }
    }
    var rows = [
      [Cell(words(Phrase("runs", "运行次数")))]
        + controls.map { Cell("\(study.all($0).count)", field: "n/\(study.controls[$0])") },
      row(Phrase("mean delay, s", "车均延误，秒"), "delay", \.delay),
    ]
    if study.fixed != nil { rows += differenceRows(controls) }
    rows += [
      row(Phrase("95th percentile, s", "95 % 分位延误，秒"), "delay95", \.delay95),
      row(Phrase("stops a vehicle", "车均停车次数"), "stops", places: 2, \.stops),
      row(Phrase("vehicles due", "到达车辆"), "vehicles", places: 0, \.vehicles),
      row(Phrase("completed", "完成行程"), "completed", places: 0, \.completed),
      row(Phrase("never let in", "未能驶入"), "neverEntered", places: 0, \.neverEntered),
      row(Phrase("plans sent", "下发方案数"), "plans", places: 0) { $0.plans.map(Double.init) },
    ]
    switch study.source {
    case .model:
      rows.append(
        row(Phrase("people's mean wait, s", "行人平均等待，秒"), "peopleWait") { $0.score?.meanWait })
    case .plant:
      rows.append(
        row(Phrase("safety findings", "安全问题"), "safety", places: 0, \.safety))
    }
    return table(
      Phrase(
        "Means over the runs; – where a result does not tell.", "各次运行的平均值；– 表示结果未给出。"),
      header: [""] + controls.map { words(name(of: $0)) }, rows: rows)
  }

  private func differenceRows(_ controls: [Int]) -> [[Cell]] {
    let differences = controls.map { $0 == study.fixed ? nil : study.difference(of: $0, \.delay) }
    return [
      [Cell(words(Phrase("against the fixed plan, s", "与固定配时之差，秒")))]
        + differences.enumerated().map { control, difference in
          Cell(
            difference.map { signed($0.mean) } ?? "–",
            field: "difference/\(study.controls[control])")
        },
      [Cell(words(Phrase("95 % interval, ± s", "95 % 置信区间，± 秒")))]
        + differences.enumerated().map { control, difference in
          Cell(difference?.half, field: "half/\(study.controls[control])")
        },
      [Cell(words(Phrase("pairs of equal seeds, n", "相同种子对数 n")))]
        + differences.enumerated().map { control, difference in
          Cell(difference.map { "\($0.pairs)" } ?? "–", field: "pairs/\(study.controls[control])")
        },
    ]
  }

  /// Differences of equal seeds, control by control.
  private var seedChart: Markup? {
    let rows = study.contenders.compactMap { control -> DifferenceChart.Row? in
      study.difference(of: control, \.delay).map {
        DifferenceChart.Row(
          label: words(name(of: control)), difference: $0,
          values: study.differences(of: control, \.delay))
      }
    }
    guard !rows.isEmpty else { return nil }
    let caption = Phrase(
      "Difference in mean delay from the fixed plan, s. Bar: mean; dots: equal seeds; whisker: "
        + "95 % confidence interval, from two seeds on.",
      "与固定配时相比的车均延误差值，秒。条形：平均值；圆点：相同种子；须线：95 % 置信区间（至少两个种子）。")
    return gallery([differenceFigure(rows, caption, field: "seeds")])
  }

  /// A chart of differences with its numbers.
  func differenceFigure(
    _ rows: [DifferenceChart.Row], _ caption: Phrase, field: String
  ) -> Markup {
    let numbers = table(
      nil,
      header: [
        "", words(Phrase("difference, s", "差值，秒")),
        words(Phrase("95 % interval, ± s", "95 % 置信区间，± 秒")), "n",
      ],
      rows: rows.map { row in
        [
          Cell(row.label), Cell(signed(row.difference.mean), field: "\(field)/mean/\(row.label)"),
          Cell(row.difference.half, field: "\(field)/half/\(row.label)"),
          Cell("\(row.difference.pairs)", field: "\(field)/n/\(row.label)"),
        ]
      })
    return figure(words(caption), differenceChart(rows, caption), table: numbers)
  }

  private func differenceChart(_ rows: [DifferenceChart.Row], _ caption: Phrase) -> Markup {
    DifferenceChart(
      rows: rows, less: words(Phrase("less", "减少")), more: words(Phrase("more", "增加"))
    ) { row in
      let half = row.difference.half.map { " ± \(number($0))" } ?? ""
      let seconds = words(Phrase("s", "秒"))
      return "\(row.label): \(signed(row.difference.mean))\(half) \(seconds), "
        + "n = \(row.difference.pairs)"
    }.markup(label: words(caption))
  }
}

extension Score {
  /// Mean wait of all people, s; `nil` if nobody came.
  var meanWait: Double? {
    let crossings = junctions.flatMap(\.crossings)
    let people = crossings.reduce(0.0) { $0 + Double($1.people) }
    guard people > 0 else { return nil }
    return crossings.reduce(0.0) { $0 + $1.wait * Double($1.people) } / people
  }
}
