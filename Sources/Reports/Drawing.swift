import Control

/// `value` with `places` decimal places.
func number(_ value: Double, places: Int = 1) -> String { decimal(value, places: places) }

/// A drawing of fixed width in its own units, which the page scales: as wide as a phone's screen, so
/// that its words never become too small to read.
struct Drawing {
  /// Units; about CSS pixels on a phone.
  static let width = 340.0

  let height: Double
  private var parts: [Markup] = []

  init(height: Double) { self.height = height }

  mutating func add(_ part: Markup) { parts.append(part) }

  /// What has been drawn so far.
  var markups: [Markup] { parts }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    add(
      .element(
        "line",
        [
          "x1": place(x1), "y1": place(y1), "x2": place(x2), "y2": place(y2), "class": style,
        ]))
  }

  mutating func rect(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String,
    title: String? = nil
  ) {
    let title = title.map { [Markup.element("title", [:], $0)] } ?? []
    add(
      .element(
        "rect",
        [
          "x": place(x), "y": place(y), "width": place(max(0, width)),
          "height": place(max(0, height)), "class": style,
        ], title))
  }

  /// A text whose `anchor` (start, middle, end) lies at (`x`, `y`).
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, anchor: String = "start", style: String = "t",
    width: Double? = nil
  ) {
    let shown = width.map { Self.shortened(text, to: $0) } ?? text
    let title = shown == text ? [] : [Markup.element("title", [:], text)]
    add(
      .element(
        "text", ["x": place(x), "y": place(y), "text-anchor": anchor, "class": style],
        [Markup(shown)] + title))
  }

  mutating func polygon(_ points: [(x: Double, y: Double)], _ style: String, title: String) {
    add(
      .element(
        "polygon",
        [
          "points": points.map { "\(place($0.x)),\(place($0.y))" }.joined(separator: " "),
          "class": style,
        ], [.element("title", [:], title)]))
  }

  mutating func circle(_ x: Double, _ y: Double, _ radius: Double, _ style: String) {
    add(
      .element(
        "circle", ["cx": place(x), "cy": place(y), "r": place(radius), "class": style]))
  }

  /// Lines through `points`, broken where one is missing; a point alone is a dot.
  mutating func path(_ points: [(x: Double, y: Double)?], _ style: String, title: String) {
    var text = ""
    for (position, point) in points.enumerated() {
      guard let point else { continue }
      let isFollowing = position > 0 && points[position - 1] != nil
      text += "\(isFollowing ? "L" : "M")\(place(point.x)) \(place(point.y))"
      let isAlone = !isFollowing && (position + 1 >= points.count || points[position + 1] == nil)
      // A line of no length with round ends.
      if isAlone { text += "l0.01 0" }
    }
    guard !text.isEmpty else { return }
    add(.element("path", ["d": text, "class": style], [.element("title", [:], title)]))
  }

  /// The drawing, which a screen reader calls `label`.
  func markup(label: String) -> Markup {
    .element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": "0 0 \(place(Self.width)) \(place(height))", "role": "img",
        "aria-label": label,
      ], [.element("title", [:], label)] + parts)
  }

  /// About how wide `text` is at the size of class `t`: Chinese characters are square.
  static func width(of text: String, size: Double = 10) -> Double {
    text.unicodeScalars.reduce(0) { sum, scalar in
      switch scalar.value {
      case 0x2E80...0x9FFF, 0xAC00...0xD7A3, 0xFF00...0xFFEF, 0x20000...: sum + size
      case 0x41...0x5A, 0x6D, 0x77, 0x40, 0x25: sum + size * 0.76
      default: sum + size * 0.58
      }
    }
  }

  /// As much of `text` as fits into `width`, with an ellipsis where something is left out.
  static func shortened(_ text: String, to width: Double) -> String {
    guard Self.width(of: text) > width else { return text }
    var shown = text
    while !shown.isEmpty, Self.width(of: shown + "…") > width { shown.removeLast() }
    return shown + "…"
  }
}
