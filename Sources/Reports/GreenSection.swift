import Phrases
import Simulation

/// Green: splits over time and some minutes in detail.
extension Writer {
  /// The fixed plan and the best control, or what there is.
  private var shown: [Int] {
    var controls: [Int] = []
    if let fixed = study.fixed { controls.append(fixed) }
    if let best = study.best, !controls.contains(best) { controls.append(best) }
    return controls.isEmpty ? Array(study.controls.indices.prefix(1)) : controls
  }

  func splitCharts(_ junction: Int) -> Markup {
    let controls = study.controls.indices
    let figures = controls.compactMap { control in
      study.splits(at: junction, under: control).map { splitFigure(junction, control, $0) }
    }
    let silent = controls.filter { study.splits(at: junction, under: $0) == nil }.map(name(of:))
    let heading = Phrase(
      "Green splits: share of time in which each stage is green, every \(study.minutes) min",
      "绿信比：各相位阶段绿灯时间占比，每 \(study.minutes) 分钟")
    var parts = [Markup.element("h3", [:], words(heading))]
    if !silent.isEmpty {
      let english = silent.map { $0.text(.english) }.joined(separator: ", ")
      let chinese = silent.map { $0.text(.chinese) }.joined(separator: "、")
      parts.append(
        paragraph(
          Phrase(
            "Stages are not in the results of: \(english).",
            "以下控制方式的结果中没有相位阶段记录：\(chinese)。")))
    }
    if !figures.isEmpty {
      parts.append(
        paragraph(
          Phrase(
            "The letters are the names of the stages; what is missing to 100 % is flash, yellow and "
              + "all-red.",
            "字母为相位阶段名称；不足 100 % 的部分为绿闪、黄灯和全红。")))
      parts.append(gallery(figures))
    }
    return .element("div", [:], parts)
  }

  private func splitFigure(_ junction: Int, _ control: Int, _ shares: [[Double]]) -> Markup {
    let stages = study.junctions[junction].stages.map(\.name)
    let name = words(name(of: control))
    let interval = Double(study.minutes) * 60
    let chart = SplitChart(
      begin: study.begin, interval: interval, length: study.length, stages: stages, shares: shares
    ).markup(
      label: words(
        Phrase("Share of green of each stage, \(name)", "各相位阶段绿灯时间占比，\(name)")))
    let rows = shares.enumerated().map { position, greens in
      [Cell(clock(study.begin + Double(position) * interval))]
        + greens.enumerated().map { stage, share in
          Cell(
            number(share * 100),
            field: "split/\(study.controls[control])/\(junction)/\(position)/\(stage)")
        }
    }
    let numbers = table(
      Phrase("Share of green, %", "绿灯时间占比，%"), header: [words(Phrase("from", "起"))] + stages,
      rows: rows)
    return figure(name, chart, table: numbers)
  }

  func stageDiagrams(_ junction: Int) -> Markup {
    let (time, busy) = study.chosenTime(at: junction)
    let figures = shown.compactMap { stageFigure(junction, control: $0, time) }
    let from = clock(study.begin + time.lowerBound)
    let until = clock(study.begin + time.upperBound)
    let heading = Phrase("Stages from \(from) to \(until)", "\(from) 至 \(until) 的相位阶段")
    guard !figures.isEmpty else {
      return .element(
        "div", [:],
        [
          .element("h3", [:], words(heading)),
          paragraph(Phrase("The results hold no stages.", "结果中没有相位阶段记录。")),
        ])
    }
    let arrivals =
      study.source == .model
      ? Phrase(
        "columns: vehicles that arrive in each 10 s", "柱：每 10 秒到达的车辆数")
      : Phrase(
        "arrivals are not drawn: cameras tell who crosses the stop line, not who comes",
        "未绘制到达车辆：摄像机只给出通过停止线的车辆，不给出到达车辆")
    return .element(
      "div", [:],
      [
        .element("h3", [:], words(heading)),
        paragraph(why(busy).adding(keyOfStages(arrivals))),
        gallery(figures),
      ])
  }

  /// Why these minutes were chosen, and of which run they are.
  private func why(_ busy: Int?) -> Phrase {
    let seed = study.seeds.first.flatMap { $0.map { "\($0)" } } ?? "?"
    let run = Phrase("Seed \(seed). ", "种子 \(seed)。")
    guard let busy else { return run }
    let name = name(of: busy)
    return Phrase(
      "The minutes with the longest queues under “\(name.text(.english))”. ",
      "“\(name.text(.chinese))”下排队最长的几分钟。"
    ).adding(run)
  }

  private func keyOfStages(_ arrivals: Phrase) -> Phrase {
    Phrase(
      "Above: the stages; below, for each lane group, thick: green, thin: red; "
        + "\(arrivals.text(.english)).",
      "上方为相位阶段；下方各车道组：粗线为绿灯，细线为红灯；\(arrivals.text(.chinese))。")
  }

  private func stageFigure(_ junction: Int, control: Int, _ time: Range<Double>) -> Markup? {
    let run = study.runs[control].first ?? nil
    guard let stages = study.stages(of: run, at: junction) else { return nil }
    let outline = study.junctions[junction]
    let arrivals = outline.laneGroups.indices.map { group in
      run?.courses?[junction].laneGroups[group].arrivals
    }
    let name = words(name(of: control))
    let label = words(
      Phrase("Stages, green and arrivals, \(name)", "相位阶段、绿灯与到达车辆，\(name)"))
    let diagram = StageDiagram(
      outline: outline, runs: stages, arrivals: arrivals, time: time, begin: study.begin)
    let chart = diagram.markup(label: label) {
      words(Phrase("\($0) vehicles in 10 s", "10 秒到达 \($0) 辆"))
    }
    let numbers = table(
      nil,
      header: [
        words(Phrase("stage", "相位阶段")), words(Phrase("from, s", "开始，秒")),
        words(Phrase("green, s", "绿灯，秒")),
      ],
      rows: stages.stage.indices.filter {
        stages.start[$0] < time.upperBound
          && stages.start[$0] + stages.green[$0] > time.lowerBound
      }.map { position in
        let field = "\(study.controls[control])/\(junction)/\(position)"
        return [
          Cell(outline.stages[stages.stage[position]].name),
          Cell(stages.start[position], field: "start/\(field)"),
          Cell(stages.green[position], field: "green/\(field)"),
        ]
      })
    return figure(name, chart, table: numbers)
  }

  /// What the words mean and how the numbers come about.
  var notes: Markup {
    let delay =
      study.source == .model
      ? Phrase(
        "Delay: time lost against free flow, over all vehicles due in the scored time; the unfinished "
          + "count with what they have lost so far, those never let in with all the time since they "
          + "were due.",
        "延误：相对自由流损失的时间，统计计分时间内应到的全部车辆；未完成者按已损失时间计，未能驶入者按应到后的全部时间计。")
      : Phrase(
        "Delay: time loss and depart delay of all vehicles due, as the simulator's summary tells it; "
          + "vehicles never let in count with the time since they were due.",
        "延误：仿真器汇总给出的全部应到车辆的时间损失与出发延误之和；未能驶入者按应到后的时间计。")
    let items = [
      delay,
      Phrase(
        "Confidence: Student's t on differences of runs with equal seeds, 95 %; n is the number of "
          + "pairs. It covers the chance in the traffic drawn, not errors of the model.",
        "置信区间：对相同种子运行之差作学生 t 检验，95 %；n 为对数。它只反映所抽取交通流的偶然性，不反映模型误差。"),
      Phrase(
        "Degree of saturation X: vehicles due ÷ vehicles that could have crossed in the green that "
          + "was shown; turns that give way by the HCM's gap acceptance. Level of service: HCM "
          + "exhibit 19-8, by mean delay.",
        "饱和度 X：应到车辆 ÷ 实际绿灯时间内可通过的车辆；让行转向按 HCM 间隙接受模型。服务水平：HCM 表 19-8，按平均延误。"),
      Phrase(
        "Differences: minus is less, which is better. Grey ground in charts over "
          + "time: warm-up, not scored.",
        "差值为负表示减少，即改善。时间图中灰色底纹：预热，不计分。"),
    ]
    let kept = study.source == .model ? items : [items[0], items[1]]
    return section(
      Phrase("How to read this", "说明"),
      [.element("ul", [:], kept.map { .element("li", [:], words($0)) })])
  }
}
