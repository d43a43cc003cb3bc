import Phrases

/// Text of a file as an error shows it: quoted, escaped, and cut where it would fill the line.
func shown(_ text: String) -> String {
  text.count <= 40 ? text.debugDescription : String(text.prefix(40)).debugDescription + "…"
}

/// A key as errors show it: escaped and cut, without quotes.
func bare(_ key: String) -> String {
  String(key.debugDescription.dropFirst().dropLast().prefix(64))
}

/// "a, b or c", without quotes.
func choice(_ names: [String], _ language: Language = .english) -> String {
  guard let last = names.last, names.count > 1 else {
    return names.first ?? Phrase("nothing", "无").text(language)
  }
  let (comma, or) = language == .english ? (", ", " or ") : ("、", " 或 ")
  return names.dropLast().joined(separator: comma) + or + last
}

/// What someone who wrote `name` may have meant: the nearest of `names`, or all of them.
func suggestion(for name: String, among names: [String], of noun: Noun) -> Phrase {
  // A third of the letters wrong is still a slip of the keyboard; more is another word, and of a
  // single letter nothing would be left.
  let limit = (name.count + 1) / 3
  let nearest = names.enumerated().map { (distance($0.element, name), $0.offset) }.min { $0 < $1 }
  if let nearest, nearest.0 <= limit {
    let meant = shown(names[nearest.1])
    return Phrase("did you mean \(meant)?", "是否应为 \(meant)？")
  }
  guard !names.isEmpty else {
    return Phrase("there are no \(noun.plural) here", "此处没有任何\(noun.chinese)")
  }
  let more = names.count > 20 ? ", …" : ""
  let listed = names.prefix(20).joined(separator: ", ") + more
  return Phrase("the \(noun.plural) are \(listed)", "现有\(noun.chinese)：\(listed)")
}

/// Letters to insert, delete or replace to make `b` of `a` (Levenshtein 1966), capitals aside.
private func distance(_ a: String, _ b: String) -> Int {
  let left = Array(a.lowercased().prefix(64))
  let right = Array(b.lowercased().prefix(64))
  var row = Array(0...right.count)
  for (i, letter) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in right.enumerated() {
      let replaced = diagonal + (letter == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
    }
  }
  return row[right.count]
}
