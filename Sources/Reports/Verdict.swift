import Phrases
import Simulation

/// The verdict in words: who wins by how much, what got worse, what is not known.
extension Writer {
  var title: String {
    words(
      Phrase("Signal control report: \(study.title)", "信号控制评价报告：\(study.title)"))
  }

  var heading: Markup {
    let from = clock(study.begin)
    let until = clock(study.begin + study.length)
    let scored = number((study.length - study.warmUp) / 60, places: 0)
    let source =
      study.source == .model
      ? Phrase("built-in traffic model", "内置交通模型")
      : Phrase("attached traffic simulator", "外接交通仿真器")
    let facts = [
      Phrase("\(from)–\(until), \(scored) min of it scored", "\(from)–\(until)，其中计分 \(scored) 分钟"),
      Phrase("seeds: \(seedList)", "随机种子：\(seedList)"),
      Phrase("traffic: \(source.text(.english))", "交通来源：\(source.text(.chinese))"),
    ]
    return .element(
      "header", [:],
      [
        .element("h1", [:], title),
        .element("ul", ["class": "facts"], facts.map { .element("li", [:], words($0)) }),
        links,
      ])
  }

  /// Where each junction is told of: a page of many is long.
  private var links: Markup {
    let links = study.junctions.indices.map { number in
      Markup.element(
        "li", [:],
        [
          .element(
            "a", ["href": "#\(Self.anchor(ofJunction: number))"], study.junctions[number].id)
        ])
    }
    let label = Markup.element("li", [:], words(Phrase("junctions:", "路口：")))
    return .element("ul", ["class": "facts links"], [label] + links)
  }

  var verdict: Markup {
    var parts: [Markup] = []
    if study.fixed == nil {
      parts.append(
        paragraph(
          Phrase(
            "No result of the fixed plan is among the files, so nothing can be said about gains.",
            "所给文件中没有固定配时的结果，因此无法评价改善程度。"), style: "lead"))
    }
    if let best = study.best {
      parts.append(paragraph(sentence(about: best, isBest: true), style: "lead"))
    }
    let others = study.contenders.filter { $0 != study.best }
    if !others.isEmpty {
      parts.append(
        .element(
          "ul", [:],
          others.map { .element("li", [:], words(sentence(about: $0, isBest: false))) }))
    }
    parts += worse
    parts.append(.element("h3", [:], words(Phrase("What is not known", "尚不清楚的方面"))))
    parts.append(.element("ul", [:], unknowns.map { .element("li", [:], words($0)) }))
    return section(Phrase("Verdict", "结论"), parts)
  }

  /// How a control compares with the fixed plan.
  private func sentence(about control: Int, isBest: Bool) -> Phrase {
    let name = name(of: control)
    let (english, chinese) = (name.text(.english), name.text(.chinese))
    guard let delay = study.mean(of: control, \.delay) else {
      return Phrase("“\(english)”: its delay is not told.", "“\(chinese)”：结果未给出延误。")
    }
    guard let fixed = study.fixed, let difference = study.difference(of: control, \.delay),
      let before = pairedMean(of: fixed, with: control)
    else {
      let value = number(delay)
      return Phrase("“\(english)”: \(value) s of delay a vehicle.", "“\(chinese)”：车均延误 \(value) 秒。")
    }
    let after = before + difference.mean
    let share = before > 0 ? number(abs(difference.mean) / before * 100) : "–"
    let isLess = difference.mean <= 0
    let figures = Phrase(
      "\(number(after)) s a vehicle instead of \(number(before)) s, \(share) % \(isLess ? "less" : "more")",
      "车均延误由 \(number(before)) 秒变为 \(number(after)) 秒，\(isLess ? "减少" : "增加") \(share) %")
    let start =
      isBest
      ? Phrase("Least delay has “\(english)”: ", "延误最小的是“\(chinese)”：")
      : Phrase("“\(english)”: ", "“\(chinese)”：")
    let end = confidence(of: difference)
    return Phrase(
      start.text(.english) + figures.text(.english) + end.text(.english),
      start.text(.chinese) + figures.text(.chinese) + end.text(.chinese))
  }

  /// Mean delay of the fixed plan over the seeds that `control` ran with too.
  private func pairedMean(of fixed: Int, with control: Int) -> Double? {
    Study.mean(
      zip(study.runs[fixed], study.runs[control]).map { before, run in
        run?.delay == nil ? nil : before?.delay
      })
  }

  /// How far a difference can be trusted.
  func confidence(of difference: PairedDifference) -> Phrase {
    let number = difference.pairs
    guard let half = difference.half else {
      return Phrase(
        " (n = 1: no confidence interval can be given).", "（n = 1，无法给出置信区间）。")
    }
    let low = signed(difference.mean - half)
    let high = signed(difference.mean + half)
    let doubt =
      difference.isCertain == true
      ? Phrase("", "")
      : Phrase(" The interval holds zero: it may be chance.", "区间包含零，差异可能出于偶然。")
    return Phrase(
      " (difference \(low) to \(high) s with 95 % confidence, n = \(number) pairs of equal seeds)."
        + doubt.text(.english),
      "（差值的 95 % 置信区间为 \(low) 至 \(high) 秒，n = \(number) 对相同种子）。" + doubt.text(.chinese))
  }

  /// What the best control made worse.
  private var worse: [Markup] {
    guard let best = study.best, study.fixed != nil, study.source == .model else { return [] }
    let name = name(of: best)
    let lanes = study.laneGroups.compactMap { place in
      loss(at: place, Study.delay(at: place), best).map { (place: place, difference: $0) }
    }
    let walks = study.crossings.compactMap { place in
      loss(at: place, Study.wait(at: place), best).map { (place: place, difference: $0) }
    }
    let heading = Markup.element(
      "h3", [:],
      words(
        Phrase(
          "What got worse under “\(name.text(.english))”", "“\(name.text(.chinese))”下变差的方面")))
    guard !lanes.isEmpty || !walks.isEmpty else {
      return [
        heading,
        paragraph(
          Phrase(
            "No lane group lost 1 s or more of mean delay, and no crossing 1 s or more of mean wait.",
            "没有车道组的平均延误增加 1 秒以上，也没有人行横道的平均等待增加 1 秒以上。")),
      ]
    }
    let items =
      lanes.map { item -> Phrase in
        let junction = study.junctions[item.place.junction]
        let group = "\(junction.id) \(junction.laneGroups[item.place.position].name)"
        return Phrase(
          "lane group \(group): \(signed(item.difference.mean)) s of mean delay",
          "车道组 \(group)：平均延误 \(signed(item.difference.mean)) 秒"
        ).adding(confidence(of: item.difference))
      }
      + walks.map { item -> Phrase in
        let junction = study.junctions[item.place.junction]
        let crossing = "\(junction.id) \(junction.crossings[item.place.position])"
        return Phrase(
          "crossing \(crossing): \(signed(item.difference.mean)) s of mean wait",
          "人行横道 \(crossing)：行人平均等待 \(signed(item.difference.mean)) 秒"
        ).adding(confidence(of: item.difference))
      }
    return [heading, .element("ul", [:], items.map { .element("li", [:], words($0)) })]
  }

  /// A loss of 1 s or more: less is not felt.
  private func loss(
    at place: Place, _ value: (Study.Run) -> Double?, _ control: Int
  ) -> PairedDifference? {
    study.difference(of: control, value).flatMap { $0.mean >= 1 ? $0 : nil }
  }

  private var unknowns: [Phrase] {
    var found: [Phrase] = []
    if study.seeds.count == 1 {
      found.append(
        Phrase(
          "With one seed nobody knows how much of a difference is chance; run more seeds.",
          "只有一个随机种子，无法判断差异中有多少出于偶然；请增加种子。"))
    }
    let failed = study.controls.indices.filter { study.all($0).contains { $0.failure != nil } }
    for control in failed {
      let reason = study.all(control).compactMap(\.failure).first ?? ""
      let name = name(of: control)
      found.append(
        Phrase(
          "A run of “\(name.text(.english))” ended before its time: \(reason)",
          "“\(name.text(.chinese))”有一次运行提前中止："
            + Phrase(recorded: reason).text(.chinese)))
    }
    switch study.source {
    case .model:
      found.append(
        Phrase(
          "The traffic is that of a model: lane changes, vehicle classes and drivers who choose "
            + "another way are left out.",
          "交通流来自模型：未考虑换道、车型差异以及驾驶人改变路径。"))
    case .plant:
      found.append(
        Phrase(
          "The simulator does not tell delay by approach, lane group or crossing, nor its "
            + "distribution: these are not drawn.",
          "仿真器没有给出各进口道、车道组和人行横道的延误及延误分布，因此不绘制这些图。"))
      found.append(
        Phrase(
          "Queues are the control loop's own estimates from camera counts, not measurements.",
          "排队为控制程序根据摄像机计数的估计值，不是实测值。"))
    }
    return found
  }
}

extension Phrase {
  /// One phrase behind the other.
  func adding(_ other: Phrase) -> Phrase {
    Phrase(
      text(.english) + other.text(.english), text(.chinese) + other.text(.chinese))
  }
}
