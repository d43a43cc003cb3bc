import Phrases

/// Answers of the desk as lines for people.
struct OverrideText {
  let language: Language

  /// What was done, or would be.
  func text(_ answer: OverrideAnswer) -> String {
    let head =
      answer.id.map { Phrase("Override \($0) is placed:", "干预 \($0) 已生效：") }
      ?? Phrase("This would be done:", "将执行：")
    let taken = answer.takes_over.map { report in
      Phrase(
        "It ends override \(report.id ?? "") of \(report.who) at \(place(report)): \(report.reason)",
        "将结束 \(report.who) 在\(place(report))的干预 \(report.id ?? "")：\(report.reason)"
      ).text(language)
    }
    let end = Phrase(
      "It ends by itself at \(answer.until), by a checked plan, and when the daemon is stopped or "
        + "started again.",
      "将于 \(answer.until) 自动结束，经检查的方案过渡恢复；守护进程停止或重启时亦结束。")
    return ([head.text(language)] + answer.overrides.map(line) + taken + [end.text(language)])
      .joined(separator: "\n")
  }

  /// What lasts, or has just been ended.
  func text(_ list: OverrideList, isEnd: Bool) -> String {
    guard !list.overrides.isEmpty else {
      return Phrase("No override lasts.", "没有正在生效的干预。").text(language)
    }
    let head = isEnd ? [Phrase("Ended:", "已结束：").text(language)] : []
    return (head + list.overrides.map(line)).joined(separator: "\n")
  }

  private func line(_ report: OverrideReport) -> String {
    let number = report.id.map { "\($0) " } ?? ""
    let span = Phrase(
      "from \(report.ready) until \(report.ends), \(report.who): \(report.reason).",
      "\(report.ready) 至 \(report.ends)，\(report.who)：\(report.reason)。")
    return "\(number)\(place(report)): \(span.text(language)) \(report.words.text(language)) "
      + Phrase("Before: \(report.before.en).", "此前：\(report.before.zh)。").text(language)
  }

  private func place(_ report: OverrideReport) -> String {
    report.junction.isEmpty
      ? Phrase("all junctions", "全部路口").text(language) : report.junction
  }
}
