/// The sentences that the core writes and history keeps, with their Chinese.
///
/// Causes, reasons, findings and events are recorded in English, so that a recording is the same bytes
/// in every language and an old one can still be read. Who shows them to a person takes their Chinese
/// from here.
enum Catalogue {
  static let sentences =
    controlSentences + detectorSentences + safetySentences + cabinetSentences + linkSentences
    + historySentences + feedSentences + replaySentences + plantSentences
    + conformanceSentences + meaningSentences + countSentences

  /// Bytes that are read as a sentence at most, and how deep sentences stand within each other: names
  /// are from outside, and must not keep anybody busy. What goes beyond stays as it is.
  private static let (longest, deepest) = (1000, 5)

  /// `text` in Chinese, as one sentence or as a list of such; `nil` if it is neither.
  static func chinese(of text: Substring, depth: Int = deepest) -> String? {
    let text = text.first == " " ? text.dropFirst() : text
    guard !text.isEmpty else { return "" }
    guard depth > 0 else { return nil }
    // The last place of a sentence would take the rest of a list for its value.
    return list(text, "; ", "；") { enumeration($0, depth) } ?? enumeration(text, depth)
  }

  private static func enumeration(_ text: Substring, _ depth: Int) -> String? {
    one(text, depth) ?? list(text, ", ", "，") { one($0, depth) ?? named($0) } ?? named(text)
  }

  private static func one(_ text: Substring, _ depth: Int) -> String? {
    for sentence in sentences {
      if let chinese = sentence.chinese(of: text, depth: depth) { return chinese }
    }
    return nil
  }

  /// What is found of a detector that is named before it: "J001.N.T no record".
  private static func named(_ text: Substring) -> String? {
    var from = text.startIndex
    while let space = text[from...].firstIndex(of: " ") {
      from = text.index(after: space)
      for sentence in detectorSentences {
        if let chinese = sentence.chinese(of: text[from...]) { return text[..<from] + chinese }
      }
    }
    return nil
  }

  private static func list(
    _ text: Substring, _ separator: String, _ mark: String, _ read: (Substring) -> String?
  ) -> String? {
    let pieces = text.split(separator: separator)
    guard pieces.count > 1 else { return nil }
    let chinese = pieces.compactMap(read)
    return chinese.count == pieces.count ? chinese.joined(separator: mark) : nil
  }

  fileprivate static func phrase(_ text: String) -> Phrase {
    guard text.utf8.count <= longest, let chinese = chinese(of: text[...]) else {
      return Phrase(name: text)
    }
    return Phrase(text, chinese)
  }
}

extension Phrase {
  /// What the core wrote or history keeps, in English, with its Chinese; a text that is none of its
  /// sentences is the same in both.
  public init(recorded english: String) { self = Catalogue.phrase(english) }
}
