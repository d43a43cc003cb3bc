import Phrases

/// Writes the parts of a page in one language.
struct Writer {
  let study: Study
  let language: Language

  /// A phrase in the language of the page; a number and its % stay on one line.
  func words(_ phrase: Phrase) -> String {
    var words = String.UnicodeScalarView()
    var before: Unicode.Scalar?
    for scalar in phrase.text(language).unicodeScalars {
      if scalar == "%", before == " " {
        words.removeLast()
        words.append("\u{A0}")
      }
      words.append(scalar)
      before = scalar
    }
    return String(words)
  }

  func say(_ phrase: Phrase) -> Markup { Markup(words(phrase)) }

  /// A paragraph.
  func paragraph(_ phrase: Phrase, style: String = "") -> Markup {
    .element("p", style.isEmpty ? [:] : ["class": style], words(phrase))
  }

  /// A part of the page under a heading.
  func section(_ heading: Phrase, _ content: [Markup]) -> Markup {
    .element("section", [:], [.element("h2", [:], words(heading))] + content)
  }

  /// A drawing under its caption, and its numbers for those who read rather than look.
  func figure(_ caption: String, _ drawing: Markup, table: Markup? = nil) -> Markup {
    let numbers = table.map { table in
      Markup.element(
        "details", [:],
        [.element("summary", [:], words(Phrase("Numbers", "数据表"))), scrolling(table)])
    }
    return .element(
      "figure", [:],
      [.element("figcaption", [:], caption), drawing] + (numbers.map { [$0] } ?? []))
  }

  /// Drawings side by side as far as there is room.
  func gallery(_ figures: [Markup]) -> Markup { .element("div", ["class": "gallery"], figures) }

  /// A table that scrolls by itself where the screen is too narrow, so that the page does not.
  func scrolling(_ table: Markup) -> Markup { .element("div", ["class": "scroll"], [table]) }

  /// A table; the first cell of each row is its heading.
  func table(_ caption: Phrase?, header: [String], rows: [[Cell]]) -> Markup {
    let head = Markup.element(
      "tr", [:], header.map { .element("th", ["scope": "col"], $0) })
    let body = rows.map { row in
      Markup.element("tr", [:], row.enumerated().map { $1.markup(isHeading: $0 == 0) })
    }
    let caption = caption.map { [Markup.element("caption", [:], words($0))] } ?? []
    return .element(
      "table", [:], caption + [.element("thead", [:], [head]), .element("tbody", [:], body)])
  }

  /// The key of the lines: a sample and the name of each control.
  func key(of controls: [Int]) -> Markup {
    let entries = controls.map { control -> Markup in
      let style = control % 6
      var sample = [
        Markup.element(
          "line", ["x1": "1", "y1": "6", "x2": "27", "y2": "6", "class": "line c\(style)"])
      ]
      var drawing = Drawing(height: 12)
      marker(at: 14, 6, control, &drawing)
      sample += drawing.markups
      return .element(
        "li", [:],
        [
          .element("svg", ["viewBox": "0 0 28 12", "aria-hidden": "true"], sample),
          .element("span", [:], words(name(of: control))),
        ])
    }
    return .element("ul", ["class": "key"], entries)
  }

  /// What a control is called.
  func name(of control: Int) -> Phrase { controlName(study.controls[control]) }

  /// "1, 2, 3".
  var seedList: String {
    let seeds = study.seeds.map { $0.map { "\($0)" } ?? "?" }
    return seeds.joined(separator: words(Phrase(", ", "、")))
  }
}

/// One cell of a table.
struct Cell {
  /// What it shows; several figures stand side by side, or one below the other on a narrow screen.
  let texts: [String]
  /// Which figure of the results it shows, for those who check the page against them.
  let field: String?
  let style: String?

  init(_ text: String, field: String? = nil, style: String? = nil) {
    self.init([text], field: field, style: style)
  }

  init(_ texts: [String], field: String? = nil, style: String? = nil) {
    self.texts = texts
    self.field = field
    self.style = style
  }

  /// A number, or a dash where it is not known: never 0 for it.
  init(_ value: Double?, places: Int = 1, field: String, style: String? = nil) {
    self.init(value.map { number($0, places: places) } ?? "–", field: field, style: style)
  }

  func markup(isHeading: Bool) -> Markup {
    let content: [Markup] =
      texts.count == 1
      ? [Markup(texts[0])]
      : texts.flatMap { [Markup.element("span", [:], $0), Markup(" ")] }.dropLast()
    if isHeading { return .element("th", ["scope": "row"], content) }
    switch (field, style) {
    case (let field?, let style?):
      return .element("td", ["data-is": field, "class": style], content)
    case (let field?, nil): return .element("td", ["data-is": field], content)
    case (nil, let style?): return .element("td", ["class": style], content)
    case (nil, nil): return .element("td", [:], content)
    }
  }
}

/// A control's name: ours are translated, others stay as the file has them.
func controlName(_ name: String) -> Phrase {
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
