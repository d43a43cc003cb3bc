public import Phrases

/// Writes the parts of a page in one language.
struct Writer: PageWriter {
  let study: Study
  let language: Language

  /// The key of the lines: a sample and the name of each control.
  func key(of controls: [Int]) -> Markup {
    key(of: controls.map { (style: $0, name: words(name(of: $0))) })
  }

  /// What a control is called.
  func name(of control: Int) -> Phrase { controlName(study.controls[control]) }

  /// "1, 2, 3".
  var seedList: String {
    let seeds = study.seeds.map { $0.map { "\($0)" } ?? "?" }
    return seeds.joined(separator: words(Phrase(", ", "、")))
  }
}

/// A control's name: ours are translated, others stay as the file has them.
public func controlName(_ name: String) -> Phrase {
  switch name {
  case Study.fixedPlan: return Phrase("fixed plan", "固定配时")
  case "webster": return Phrase("Webster", "韦伯斯特法")
  case "cycle": return Phrase("cycle", "周期级")
  case "stage": return Phrase("stage", "阶段级")
  case "second": return Phrase("second", "秒级")
  case "actuated": return Phrase("actuated", "感应控制")
  default: break
  }
  let parts = name.split(separator: ", ", maxSplits: 1).map(String.init)
  let paces = ["cycle": "周期级", "stage": "阶段级", "second": "秒级"]
  let sequences = ["fixed": "固定次序", "skip": "可跳过阶段", "free": "自由次序"]
  guard parts.count == 2, let pace = paces[parts[0]], let sequence = sequences[parts[1]] else {
    return Phrase(name: name)
  }
  return Phrase(name, "\(pace)·\(sequence)")
}

/// A turn in words.
func turnName(_ turn: String) -> Phrase {
  switch turn {
  case "u-turn": Phrase("u-turn", "掉头")
  case "left": Phrase("left", "左转")
  case "through": Phrase("through", "直行")
  case "right": Phrase("right", "右转")
  default: Phrase(name: turn)
  }
}
