/// A sentence that the core writes in English, with its Chinese.
///
/// In both, `{1}` stands for a name or a figure, which stays as it is, and `{1*}` for words that are
/// sentences of the catalogue themselves, for a list of such, or for nothing.
struct Sentence: Sendable {
  let english: String
  let chinese: String
  private let pieces: [Piece]
  /// The words that it begins with or, where it begins with a place, its longest.
  private let mark: [UInt8]
  private let beginsWithWords: Bool

  enum Piece: Sendable, Equatable {
    case words(String)
    case name(String)
    case sentence(String)
  }

  init(_ english: String, _ chinese: String) {
    self.english = english
    self.chinese = chinese
    pieces = Self.pieces(of: english)
    let words = pieces.compactMap {
      if case .words(let words) = $0 { Array(words.utf8) } else { nil }
    }
    beginsWithWords = if case .words? = pieces.first { true } else { false }
    let longest = words.max { $0.count < $1.count } ?? []
    mark = beginsWithWords ? words[0] : longest
  }

  /// Whether `text` may be this sentence, by one look: of hundreds all but a few are put aside so.
  private func mayBe(_ text: Substring) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      guard !beginsWithWords, let first = mark.first else { return bytes.starts(with: mark) }
      return bytes.indices.dropLast(mark.count - 1).contains { start in
        bytes[start] == first && bytes[start...].starts(with: mark)
      }
    }
  }

  /// What `text`, which may be this sentence, is in Chinese; `nil` if it is another, or if `patience` is
  /// at its end.
  func chinese(of text: Substring, _ patience: inout Catalogue.Patience) -> String? {
    guard mayBe(text), let values = match(text, pieces[...], &patience) else { return nil }
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
  private func match(
    _ text: Substring, _ pieces: ArraySlice<Piece>, _ patience: inout Catalogue.Patience
  ) -> [Value]? {
    guard let first = pieces.first else { return text.isEmpty ? [] : nil }
    let rest = pieces.dropFirst()
    if case .words(let words) = first {
      return text.hasPrefix(words) ? match(text.dropFirst(words.count), rest, &patience) : nil
    }
    guard case .words(let next)? = rest.first else {
      return rest.isEmpty ? value(of: first, text, &patience).map { [$0] } : nil
    }
    // The words that follow may stand in the value too, so each place where they stand is tried.
    var from = text.startIndex
    while !patience.isOver, let end = text[from...].firstRange(of: next)?.lowerBound {
      patience.places -= 1
      if let others = match(text[end...], rest, &patience),
        let value = value(of: first, text[..<end], &patience)
      {
        return [value] + others
      }
      from = text.index(after: end)
    }
    return nil
  }

  private func value(
    of piece: Piece, _ text: Substring, _ patience: inout Catalogue.Patience
  ) -> Value? {
    switch piece {
    case .words: return nil
    case .name(let key): return text.isEmpty ? nil : (key, String(text))
    case .sentence(let key):
      patience.depth -= 1
      defer { patience.depth += 1 }
      return Catalogue.chinese(of: text, &patience).map { (key, $0) }
    }
  }
}
