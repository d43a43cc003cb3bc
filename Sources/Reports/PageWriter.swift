import Phrases

/// What writes a page in one language.
protocol PageWriter {
  var language: Language { get }
}

extension PageWriter {
  /// A whole page: no scripts, nothing to be fetched, well-formed XML too.
  func page(title: String, _ body: [Markup]) -> String {
    let page = Markup.element(
      "html", ["lang": language.tag],
      [
        .element(
          "head",
          [:],
          [
            .element("meta", ["charset": "utf-8"]),
            .element(
              "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            // Whatever a file might smuggle in: nothing runs, nothing is fetched.
            .element(
              "meta",
              [
                "http-equiv": "Content-Security-Policy",
                "content": "default-src 'none'; style-src 'unsafe-inline'",
              ]),
            .element("title", [:], title), .style(styleSheet),
          ]), .element("body", [:], [.element("main", [:], body)]),
      ])
    return "<!DOCTYPE html>\n\(page.html)\n"
  }

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
  func section(_ heading: Phrase, _ content: [Markup], anchor: String? = nil) -> Markup {
    let attributes: KeyValuePairs = anchor.map { ["id": $0] } ?? [:]
    return .element("section", attributes, [.element("h2", [:], words(heading))] + content)
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

  /// The key of lines: a sample and the name of each.
  func key(of lines: [(style: Int, name: String)]) -> Markup {
    let entries = lines.map { line -> Markup in
      let style = line.style % 6
      var sample = [
        Markup.element(
          "line", ["x1": "1", "y1": "6", "x2": "27", "y2": "6", "class": "line c\(style)"])
      ]
      var drawing = Drawing(height: 12)
      marker(at: 14, 6, line.style, &drawing)
      sample += drawing.markups
      return .element(
        "li", [:],
        [
          .element("svg", ["viewBox": "0 0 28 12", "aria-hidden": "true"], sample),
          .element("span", [:], line.name),
        ])
    }
    return .element("ul", ["class": "key"], entries)
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
