/// A piece of a page that is well-formed by the way it is made: text is escaped, elements are closed.
struct Markup: Sendable {
  /// What stands in the page.
  let html: String

  /// Text, escaped.
  init(_ text: String) { html = Self.escaped(text) }

  private init(html: String) { self.html = html }

  /// Nothing.
  static let empty = Markup(html: "")

  /// An element with what it holds. Empty ones close themselves, as HTML's void elements and SVG's do.
  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: [Markup] = []
  ) -> Markup {
    let words = attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
    let inner = content.map(\.html).joined()
    let isVoid = inner.isEmpty && voids.contains(name)
    return Markup(html: isVoid ? "<\(name)\(words)/>" : "<\(name)\(words)>\(inner)</\(name)>")
  }

  /// An element with a text.
  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ text: String
  ) -> Markup { element(name, attributes, [Markup(text)]) }

  /// A style sheet of our own, which must not be escaped.
  static func style(_ sheet: StaticString) -> Markup { Markup(html: "<style>\(sheet)</style>") }

  private static let voids = [
    "meta", "br", "rect", "line", "path", "circle", "polyline", "use", "col",
  ]

  /// `text` with nothing in it that HTML or XML would take for more than text. Control characters,
  /// which neither may hold, become replacement characters.
  private static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": result += "&lt;".unicodeScalars
      case ">": result += "&gt;".unicodeScalars
      case "&": result += "&amp;".unicodeScalars
      case "\"": result += "&quot;".unicodeScalars
      case "'": result += "&#39;".unicodeScalars
      case "\t", "\n": result.append(scalar)
      case _ where scalar.properties.generalCategory == .control || isNoCharacter(scalar):
        result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static func isNoCharacter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isNoncharacterCodePoint
  }
}
