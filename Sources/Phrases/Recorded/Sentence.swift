/// A sentence that the core writes in English, with its Chinese.
///
/// In both, `{1}` stands for a name or a figure, which stays as it is, and `{1*}` for words that are
/// sentences of the catalogue themselves, for a list of such, or for nothing.
struct Sentence: Sendable {
  let english: String
  let chinese: String
  private let pieces: [Piece]

  enum Piece: Sendable, Equatable {
    case words(String)
    case name(String)
    case sentence(String)
  }

  init(_ english: String, _ chinese: String) {
    self.english = english
    self.chinese = chinese
    pieces = Self.pieces(of: english)
  }

  /// What `text`, which may be this sentence, is in Chinese; `nil` if it is another. Sentences within it
  /// may be nested `depth` times.
  func chinese(of text: Substring, depth: Int = 0) -> String? {
    guard let values = match(text, pieces[...], depth) else { return nil }
    return Self.pieces(of: chinese).map { piece in
      switch piece {
      case .words(let words): words
      case .name(let key), .sentence(let key): values.first { $0.key == key }?.value ?? ""
      }
    }.joined()
  }

  static func pieces(of text: String) -> [Piece] {
    var pieces: [Piece] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      if open > rest.startIndex { pieces.append(.words(String(rest[..<open]))) }
      let key = rest[rest.index(after: open)..<close]
      pieces.append(key.hasSuffix("*") ? .sentence(String(key.dropLast())) : .name(String(key)))
      rest = rest[rest.index(after: close)...]
    }
    return rest.isEmpty ? pieces : pieces + [.words(String(rest))]
  }

  private typealias Value = (key: String, value: String)

  /// The values of all places, in Chinese where they are sentences; `nil` if `text` does not fit.
  private func match(_ text: Substring, _ pieces: ArraySlice<Piece>, _ depth: Int) -> [Value]? {
    guard let first = pieces.first else { return text.isEmpty ? [] : nil }
    let rest = pieces.dropFirst()
    if case .words(let words) = first {
      return text.hasPrefix(words) ? match(text.dropFirst(words.count), rest, depth) : nil
    }
    guard case .words(let next)? = rest.first else {
      return value(of: first, text, depth).flatMap { rest.isEmpty ? [$0] : nil }
    }
    // The words that follow may stand in the value too, so each place where they stand is tried.
    var from = text.startIndex
    while let end = text[from...].firstRange(of: next)?.lowerBound {
      if let others = match(text[end...], rest, depth),
        let value = value(of: first, text[..<end], depth)
      {
        return [value] + others
      }
      from = text.index(after: end)
    }
    return nil
  }

  private func value(of piece: Piece, _ text: Substring, _ depth: Int) -> Value? {
    switch piece {
    case .words: nil
    case .name(let key): text.isEmpty ? nil : (key, String(text))
    case .sentence(let key): Catalogue.chinese(of: text, depth: depth - 1).map { (key, $0) }
    }
  }
}
