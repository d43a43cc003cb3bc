import Phrases

/// Rows of text in columns that line up; the first column to the left, the others to the right.
struct TextTable {
  private var rows: [[String]]

  init(header: [String]) { rows = [header] }

  init(header: [Phrase], in language: Language) {
    self.init(header: header.map { $0.text(language) })
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// The table, a rule under the header.
  var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].columns }.max() ?? 0 }
    var lines = rows.map { row in
      row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].columns)
        return column == 0 ? row[column] + padding : padding + row[column]
      }.joined(separator: "  ")
    }
    lines.insert(String(repeating: "-", count: lines[0].columns), at: 1)
    return lines.joined(separator: "\n") + "\n"
  }
}

extension String {
  /// Columns that it takes on a terminal: what Unicode calls wide (UAX 11) takes two.
  var columns: Int {
    count
      + count { character in
        character.unicodeScalars.first.map { scalar in Self.wide.contains { $0 ~= scalar } }
          ?? false
      }
  }

  /// Chinese characters, their punctuation and full-width forms. Swift has no property for it, and
  /// keeps the C library's wcwidth() from us.
  private static let wide: [ClosedRange<Unicode.Scalar>] = [
    "\u{2E80}"..."\u{9FFF}", "\u{F900}"..."\u{FAFF}", "\u{FF00}"..."\u{FF60}",
    "\u{20000}"..."\u{3FFFD}",
  ]

  /// It, with blanks up to so many columns.
  func padded(to columns: Int) -> String {
    self + String(repeating: " ", count: max(0, columns - self.columns))
  }
}
