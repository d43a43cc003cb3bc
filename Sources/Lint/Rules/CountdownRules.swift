import Phrases
import Signals
import Sites

private let displays = Phrase("GA/T 508-2014", "GA/T 508-2014")

/// A display that counts down must know when the green ends.
let countdownUntruthful = Rule(
  "countdown-untruthful",
  Phrase("countdown displays cannot be right at pace second", "逐秒控制下倒计时不可能准确"),
  formula: Phrase("pace: stage or cycle", "pace: stage 或 cycle"), source: displays
) { junction in
  guard junction.survey.countdown != .none, junction.site.control.pace == .second else {
    return []
  }
  return [
    Observation(
      "control", nil, "pace", found: "second", expected: "stage, cycle",
      Phrase(
        "at pace second a green may end or go on at any moment, so that countdown displays lie or stay dark; write pace: stage",
        "逐秒控制时绿灯随时可能结束或延长，倒计时会显示错误或熄灭；请写 pace: stage"))
  ]
}

/// A display that learns from the cycles before goes dark when they change.
let countdownDark = Rule(
  "countdown-dark",
  Phrase("learning countdown displays stay dark", "学习式倒计时会熄灭"),
  formula: Phrase("follow: pace cycle, sequence fixed", "follow：pace cycle，sequence fixed"),
  source: displays
) { junction in
  let control = junction.site.control
  let suits = control.pace == .cycle && control.sequence == .fixed
  guard junction.survey.countdown == .follow, !suits, control.pace != .second else { return [] }
  return [
    Observation(
      "control", nil, "countdown", found: "\(control.pace.rawValue), \(control.sequence.rawValue)",
      expected: "cycle, fixed",
      Phrase(
        "displays that learn are dark for up to two cycles after each change; "
          + "write pace: cycle and sequence: fixed, or fit displays that are told",
        "学习式倒计时在每次变化后最多熄灭两个周期；请写 pace: cycle 和 sequence: fixed，或改用通信式"))
  ]
}
