public import Phrases

/// What is wrong with a text in two languages: the Chinese has no Chinese in it, or lacks a figure or a
/// quoted name that the English tells; `nil` if nothing is.
public func flaw(ofEnglish english: String, chinese: String) -> String? {
  guard chinese.unicodeScalars.contains(where: { ("\u{4E00}"..."\u{9FFF}").contains($0) }) else {
    return "no Chinese: \(chinese)"
  }
  let told = (figures(in: english) + quoted(in: english)).first { !chinese.contains($0) }
  return told.map { "\($0) is missing: \(chinese)" }
}

/// Runs of digits.
private func figures(in text: String) -> [String] {
  text.split { !("0"..."9").contains($0) }.map(String.init)
}

/// What stands between two plain quotation marks of one line.
private func quoted(in text: String) -> [String] {
  let pieces = text.split(separator: "\"", omittingEmptySubsequences: false)
  return pieces.count % 2 == 1
    ? stride(from: 1, to: pieces.count, by: 2).map { String(pieces[$0]) } : []
}

/// As `flaw(ofEnglish:chinese:)`.
public func flaw(of phrase: Phrase) -> String? {
  flaw(ofEnglish: phrase.text(.english), chinese: phrase.text(.chinese))
}
