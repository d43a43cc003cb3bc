import Control
import Phrases
import Signals

/// An explanation as a paragraph that a duty officer can read aloud.
struct ExplanationWords {
  private let it: Explanation
  private let language: Language

  /// The words of `explanation` in `language`.
  init(_ explanation: Explanation, in language: Language) {
    it = explanation
    self.language = language
  }

  /// The paragraph.
  var paragraph: String {
    [
      situation, waiting, trust, ordered, bounds, worth, alternatives, changes, refusals,
    ].compactMap { $0?.text(language) }.joined(separator: language == .chinese ? "" : " ")
  }

  private var situation: Phrase {
    let rung = it.level.phrase
    let stage = it.stage.map { stage in
      let time = it.timeInStage.map { decimal($0, places: 0) } ?? "?"
      return Phrase(" Stage \(stage) had run for \(time) s.", "阶段 \(stage) 已运行 \(time) 秒。")
    }
    let name = it.name == it.junction ? "" : " \(it.name)"
    return Phrase(
      "\(it.junction)\(name) at \(clock): \(rung.text(.english)), since \(it.cause)."
        + (stage?.text(.english) ?? ""),
      "\(it.junction)\(name)，\(clock)：\(rung.text(.chinese))，原因：\(chinese(it.cause))。"
        + (stage?.text(.chinese) ?? ""))
  }

  /// Local time.
  private var clock: String {
    let local = it.at.advanced(bySeconds: Double(it.timeZoneMinutes) * 60)
    return String(Log.timestamp(local).dropFirst(11).prefix(8))
  }

  /// Those who wait, four lane groups at most, and who is expected there.
  private var waiting: Phrase? {
    guard !it.seen.isEmpty else { return nil }
    let named = it.seen.filter { $0.queue >= 0.5 || $0.expected >= 0.5 }.prefix(4)
    guard !named.isEmpty else {
      return Phrase("Nobody was waiting and nobody expected.", "无车等待，也无车预计到达。")
    }
    func number(_ value: Double) -> String { decimal(value, places: 0) }
    let english = named.map {
      "\($0.laneGroup) \(number($0.queue)) waiting and \(number($0.expected)) expected"
    }
    let chinese = named.map {
      "\($0.laneGroup) 排队 \(number($0.queue)) 辆、预计到达 \(number($0.expected)) 辆"
    }
    return Phrase(
      "Seen, with who is expected within 30 s: \(english.joined(separator: "; ")).",
      "检测与未来 30 秒预测：\(chinese.joined(separator: "；"))。")
  }

  private var trust: Phrase? {
    let doubted = it.seen.filter { $0.trust < 0.995 }
    guard !it.seen.isEmpty else { return nil }
    guard !doubted.isEmpty else {
      return Phrase("All counts are fully trusted.", "全部检测数据可信。")
    }
    let named = doubted.prefix(4).map { seen in
      let share = decimal(seen.trust * 100, places: 0)
      return seen.trust <= 0
        ? Phrase("\(seen.laneGroup) not at all", "\(seen.laneGroup) 无数据")
        : Phrase("\(seen.laneGroup) by \(share) %", "\(seen.laneGroup) \(share)%")
    }
    let more = doubted.count > named.count
    return Phrase(
      "Counts are not fully trusted: \(list(named, .english))\(more ? " and \(doubted.count - 4) more" : "").",
      "部分检测数据可信度不足：\(list(named, .chinese))\(more ? "等 \(doubted.count) 个车道组" : "")。")
  }

  private var ordered: Phrase {
    guard let takeover = it.takeover, !it.plan.isEmpty else {
      let none =
        it.delivery == .advise
        ? Phrase("No plan was advised.", "无建议方案。") : Phrase("No plan was ordered.", "未下发方案。")
      return Phrase(
        "\(none.text(.english)) \(it.reason)", "\(none.text(.chinese))\(chinese(it.reason))")
    }
    let done = delivered(it.delivery)
    let greens = it.plan.map { "\($0.stage) \(decimal($0.green, places: 0)) s" }
      .joined(separator: ", ")
    return Phrase(
      "\(done.text(.english)): \(greens), taking over \(takeover.phrase.text(.english)). \(it.reason)",
      "\(done.text(.chinese))：\(greens)，\(takeover.phrase.text(.chinese))生效。\(chinese(it.reason))")
  }

  private func delivered(_ delivery: Explanation.Delivery?) -> Phrase {
    switch delivery {
    case nil, .control: Phrase("Ordered", "下发方案")
    case .advise: Phrase("Advised, not written", "建议方案（未下发）")
    case .stopped: Phrase("Not written, for all writing is stopped", "已停止写入，方案未下发")
    }
  }

  /// What the decision says, in Chinese.
  private func chinese(_ text: String) -> String { Phrase(recorded: text).text(.chinese) }

  private var bounds: Phrase? {
    let bound = it.plan.compactMap { green -> Phrase? in
      guard let bound = green.bound?.phrase else { return nil }
      return Phrase(
        "\(green.stage) is at \(bound.text(.english))", "\(green.stage) 已达\(bound.text(.chinese))")
    }
    guard !bound.isEmpty else {
      return it.plan.isEmpty ? nil : Phrase("No limit of a green binds.", "无绿灯限值起约束作用。")
    }
    return Phrase("\(list(bound, .english)).", "\(list(bound, .chinese))。")
  }

  /// Where a second more is worth most, and where it would cost most.
  private var worth: Phrase? {
    let known = it.plan.compactMap { green in green.worth.map { (green.stage, $0) } }
    guard let most = known.max(by: { $0.1 < $1.1 }), let least = known.min(by: { $0.1 < $1.1 })
    else { return nil }
    func said(_ one: (stage: String, worth: Double)) -> Phrase {
      let number = decimal(abs(one.worth), places: 0)
      return one.worth >= 0
        ? Phrase(
          "one more second of \(one.stage) would save \(number) vehicle seconds an hour",
          "\(one.stage) 每多 1 秒绿灯，每小时可减少延误 \(number) 车秒")
        : Phrase(
          "one more second of \(one.stage) would cost \(number) vehicle seconds an hour",
          "\(one.stage) 每多 1 秒绿灯，每小时增加延误 \(number) 车秒")
    }
    let both = most.0 == least.0 ? [said(most)] : [said(most), said(least)]
    let english = list(both, .english)
    return Phrase(
      "At these flows \(english).", "按当前流量，\(list(both, .chinese))。")
  }

  private var alternatives: Phrase? {
    let weighed = it.alternative.map { other in
      let more = decimal(max(0, other.more), places: 0)
      return Phrase(
        "To \(other.text) instead would have cost \(more) vehicle seconds more.",
        "次优选择（\(chinese(other.text))）将多延误 \(more) 车秒。")
    }
    let timeOfDay = it.timeOfDay.map { other in
      let number = decimal(abs(other.more), places: 0)
      return other.more >= 0
        ? Phrase(
          "The time-of-day plan would cost \(number) vehicle seconds an hour more.",
          "若运行定时方案，每小时将多延误 \(number) 车秒。")
        : Phrase(
          "Run round and round, the time-of-day plan would cost \(number) vehicle seconds an hour "
            + "less; the plan is made for the vehicles of now.",
          "若长期循环运行，定时方案每小时可少延误 \(number) 车秒；本方案针对当前车辆。")
    }
    let both = [weighed, timeOfDay].compactMap(\.self)
    guard !both.isEmpty else { return nil }
    return Phrase(
      both.map { $0.text(.english) }.joined(separator: " "),
      both.map { $0.text(.chinese) }.joined())
  }

  private var changes: Phrase? {
    guard let changes = it.changes, !it.plan.isEmpty else { return nil }
    guard !changes.isEmpty else {
      return Phrase("Nothing changed since the plan before.", "与上一方案相同。")
    }
    func number(_ value: Double) -> String { decimal(value, places: 0) }
    let said = changes.map { change -> Phrase in
      if change.before == 0 {
        return Phrase(
          "\(change.stage) came in with \(number(change.now)) s",
          "\(change.stage) 加入 \(number(change.now)) 秒")
      }
      if change.now == 0 { return Phrase("\(change.stage) was left out", "\(change.stage) 跳过") }
      return Phrase(
        "\(change.stage) went from \(number(change.before)) to \(number(change.now)) s",
        "\(change.stage) 由 \(number(change.before)) 秒变为 \(number(change.now)) 秒")
    }
    return Phrase(
      "Since the plan before, \(list(said, .english)).", "与上一方案相比，\(list(said, .chinese))。")
  }

  private var refusals: Phrase? {
    guard let first = it.refused.first else { return nil }
    let count = it.refused.count
    return Phrase(
      "The safety check refused \(count) \(count == 1 ? "plan" : "plans") before it: \(first).",
      "安全检查此前否决了 \(count) 个方案：\(chinese(first))。")
  }

  private func list(_ phrases: some Swift.Sequence<Phrase>, _ language: Language) -> String {
    phrases.map { $0.text(language) }.joined(separator: language == .chinese ? "，" : ", ")
  }
}

extension DegradeLevel {
  /// Its name in the words of GA/T 1049.2.
  var phrase: Phrase {
    switch self {
    case .coordinated: Phrase("coordinated adaptive control", "协调自适应")
    case .isolated: Phrase("isolated adaptive control", "单点自适应")
    case .onHistory:
      Phrase("isolated adaptive control, in part on history", "单点自适应，部分检测器失效")
    case .timeOfDay: Phrase("the time-of-day plan", "单点定时")
    case .local: Phrase("the cabinet's own plan", "本地控制")
    }
  }
}

extension Takeover {
  /// When a plan takes over.
  var phrase: Phrase {
    switch self {
    case .cycleStart: Phrase("at the start of the next cycle", "于下一周期开始时")
    case .stageBoundary: Phrase("at the end of the running stage", "于当前阶段结束时")
    case .now: Phrase("at once", "立即")
    }
  }
}

extension Explanation.Bound {
  /// What holds a green, as after "is at".
  var phrase: Phrase {
    switch self {
    case .minimumGreen: Phrase("its minimum green", "最小绿")
    case .pedestrian: Phrase("its pedestrian time", "行人过街时间")
    case .maximumGreen: Phrase("its maximum green", "最大绿")
    case .distrust:
      Phrase("the bound that doubtful counts set", "检测可信度所限")
    }
  }
}
